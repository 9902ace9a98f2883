//! `djdock.toml`: the answers that are not what djdock would suggest.
//!
//! It belongs to the person. djdock adds lines and changes values; their order, comments and everything else stays.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::messages;
use super::question::{Kind, Question, is_yes, yes_no};
use super::questions::by_key;
use super::{Chosen, Draft};
use crate::base::{Diagnostic, Place};

/// Where it stands, seen from the folder that the user named.
pub const PATH: &str = "djdock.toml";

const HEADER: &str = "\
# Answers for djdock that are not what it would suggest. `djdock explain questions` lists what can stand here;
# `djdock update` writes the files again after a change.
";

/// The answers in `text`, and what is wrong with it. An answer that is wrong is left out.
pub fn read(text: &str) -> (Draft, Vec<Diagnostic>) {
    let mut draft = Draft::default();
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            let place = place(text, error.span().unwrap_or_default());
            return (draft, vec![messages::not_toml(error.message(), &place)]);
        }
    };
    let mut diagnostics = Vec::new();
    for (key, value) in table.get_ref() {
        let Some(question) = by_key(key.get_ref()) else {
            diagnostics.push(messages::unknown_key(key.get_ref(), &place(text, key.span())));
            continue;
        };
        let place = place(text, value.span());
        match word(question, value.get_ref()) {
            Some(word) => draft.give(question.key, word, place),
            None => diagnostics.push(messages::wrong_type(question, type_name(value.get_ref()), &place)),
        }
    }
    (draft, diagnostics)
}

/// What the file is to say, given what it says now: every answer that is neither the suggestion nor there already.
pub fn write(existing: Option<&str>, chosen: &Chosen) -> String {
    let mut text = existing.map_or_else(|| HEADER.to_owned(), ToOwned::to_owned);
    for (question, suggestion, answer) in chosen.each() {
        let line = format!("{} = {}", question.key, toml_value(question, &answer));
        match stands_at(&text, question.key) {
            Some((_, word)) if word.as_deref() == Some(answer.as_str()) => {}
            Some((span, _)) => text.replace_range(span, &toml_value(question, &answer)),
            None if answer == suggestion.word && !question.pinned => {}
            None => append(&mut text, &line),
        }
    }
    text
}

/// Where the value of `key` stands in `text`, and the word for it.
fn stands_at(text: &str, key: &str) -> Option<(Range<usize>, Option<String>)> {
    let table = DeTable::parse(text).ok()?;
    let value = table.get_ref().get(key)?;
    Some((value.span(), word(by_key(key)?, value.get_ref())))
}

/// Every key stands above the first table, of which djdock knows none.
fn append(text: &mut String, line: &str) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(line);
    text.push('\n');
}

fn word(question: &Question, value: &DeValue<'_>) -> Option<String> {
    match (&question.kind, value) {
        (Kind::YesNo, DeValue::Boolean(yes)) => Some(yes_no(*yes).to_owned()),
        (Kind::YesNo, _) => None,
        (_, DeValue::String(text)) => Some(text.clone().into_owned()),
        _ => None,
    }
}

fn toml_value(question: &Question, word: &str) -> String {
    match (&question.kind, is_yes(word)) {
        (Kind::YesNo, Some(yes)) => yes.to_string(),
        _ => toml::Value::String(word.to_owned()).to_string(),
    }
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

fn place(text: &str, span: Range<usize>) -> Place {
    let before = text.get(..span.start).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Place::Line {
        path: PATH.into(),
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: u32::try_from(column).unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::choose::choose;
    use crate::inspect::Facts;

    fn written(existing: Option<&str>, flags: &[(&'static str, &str)]) -> String {
        let mut draft = Draft::default();
        for (key, word) in flags {
            draft.give(key, (*word).to_owned(), Place::Flag(format!("--{key}")));
        }
        let draft = draft.or(read(existing.unwrap_or_default()).0);
        write(existing, &choose(&Facts::default(), "shop", &draft, None).unwrap())
    }

    fn check(existing: Option<&str>, flags: &[(&'static str, &str)], expected: &Expect) {
        expected.assert_eq(&written(existing, flags));
    }

    #[test]
    fn only_what_differs_from_the_suggestions_and_what_is_pinned_is_written() {
        check(
            None,
            &[("proxy", "none"), ("comments", "brief"), ("cache", "yes")],
            &expect![[r#"
                # Answers for djdock that are not what it would suggest. `djdock explain questions` lists what can stand here;
                # `djdock update` writes the files again after a change.
                cache = true
                proxy = "none"
                name = "shop"
            "#]],
        );
    }

    #[test]
    fn a_persons_lines_and_comments_stay() {
        check(
            Some(
                "# ours\nname = 'blog'   # as in production\n\n# teach the new people\ncomments = \"teach\"",
            ),
            &[("comments", "none"), ("database", "postgres")],
            &expect![[r#"
                # ours
                name = 'blog'   # as in production

                # teach the new people
                comments = "none"
                database = "postgres"
            "#]],
        );
    }

    #[test]
    fn writing_twice_changes_nothing() {
        let once = written(None, &[("proxy", "none")]);
        assert_eq!(written(Some(&once), &[]), once);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let (draft, diagnostics) =
            read("proxi = \"none\"\ncache = \"yes\"\npython = 3.13\nserver = \"gunicorn\"\n");
        assert_eq!(draft.given("server").map(|given| given.word.as_str()), Some("gunicorn"));
        let titles: Vec<String> = diagnostics
            .iter()
            .map(|diagnostic| {
                format!("{} {}:{}", diagnostic.code, diagnostic.labels[0].line, diagnostic.labels[0].column)
            })
            .collect();
        assert_eq!(titles, ["config-type 2:9", "config-key-unknown 1:1", "config-type 3:10"]);
    }
}
