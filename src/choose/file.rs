//! `djdock.toml`: the answers that a person gave, and those that djdock would not find a second time.
//!
//! It belongs to the person. djdock adds lines and changes values; their order, comments and everything else stays.

use std::ops::Range;

use camino::Utf8Path;
use toml::de::{DeTable, DeValue};

use super::ignored;
use super::keys;
use super::messages;
use super::question::{Kind, Question, is_yes, yes_no};
use super::questions::by_key;
use super::{Chosen, Draft, Ignored};
use crate::base::{Diagnostic, Place, Tree};

/// The path of the file, seen from the folder that the user named.
pub const PATH: &str = "djdock.toml";

const HEADER: &str = "\
# Your answers for djdock. `djdock explain questions` lists what can stand here; `djdock update` writes the files again
# after a change.
";

/// Returns the first lines of a new file.
fn header() -> String {
    format!("{HEADER}{} = {}\n", keys::VERSION, keys::NEWEST)
}

/// Returns what the person wants to hear no more of.
pub fn ignored(tree: &Tree) -> Ignored {
    tree.text(PATH).map(ignored::read).unwrap_or_default()
}

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
    if let Some(value) = table.get_ref().get(keys::VERSION) {
        let place = place(text, value.span());
        match integer(value.get_ref()) {
            // Answers of a form that is not known yet would all look wrong.
            Some(version) if version > keys::NEWEST => {
                return (draft, vec![messages::newer(version, &place)]);
            }
            Some(1..) => {}
            Some(_) | None => diagnostics.push(messages::no_version(&place)),
        }
    }
    for (key, value) in table.get_ref() {
        if key.get_ref() == keys::VERSION {
            continue;
        }
        if key.get_ref() == keys::IGNORE {
            diagnostics.extend(ignored::problems(value.get_ref(), &place(text, value.span())));
            continue;
        }
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

/// Returns the new text of the file, given its present text: every answer that somebody gave, also where djdock would suggest
/// the same, because tomorrow it may suggest something else; and every suggestion that rests on a file that djdock
/// replaces, which `is_replaced` tells.
pub fn write(existing: Option<&str>, chosen: &Chosen, is_replaced: impl Fn(&Utf8Path) -> bool) -> String {
    let mut text = existing.map_or_else(header, ToOwned::to_owned);
    for (question, suggestion, answer) in chosen.each() {
        let value = toml_value(question, &answer);
        let is_given =
            chosen.answers.origins.get(question.key).is_some_and(|origin| *origin != Place::Default);
        let mut places = suggestion.because.iter().map(|evidence| &evidence.place);
        let learned = places.find(|place| place.path().is_some_and(&is_replaced));
        match (stands_at(&text, question.key), learned) {
            (Some((_, word)), _) if word.as_deref() == Some(answer.as_str()) => {}
            (Some((span, _)), _) => text.replace_range(span, &value),
            (None, Some(_)) if !is_given && !question.accepts(&answer) => {}
            (None, Some(place)) if !is_given => {
                append(
                    &mut text,
                    &format!("{} = {value} # said by {place}, which djdock replaced", question.key),
                );
            }
            (None, None) if !is_given && !question.pinned => {}
            (None, _) => append(&mut text, &format!("{} = {value}", question.key)),
        }
    }
    text
}

/// Returns the range of the value of `key` in `text`, and the word for it.
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

fn integer(value: &DeValue<'_>) -> Option<i64> {
    value.as_integer().and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok())
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
        write(existing, &choose(&Facts::default(), "shop", &draft, None).unwrap(), |_| false)
    }

    fn check(existing: Option<&str>, flags: &[(&'static str, &str)], expected: &Expect) {
        expected.assert_eq(&written(existing, flags));
    }

    #[test]
    fn every_answer_that_was_given_is_written_and_what_is_pinned() {
        check(
            None,
            &[("proxy", "none"), ("comments", "brief"), ("cache", "yes")],
            &expect![[r#"
                # Your answers for djdock. `djdock explain questions` lists what can stand here; `djdock update` writes the files again
                # after a change.
                version = 1
                cache = true
                proxy = "none"
                name = "shop"
                comments = "brief"
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
    fn what_was_learned_from_a_replaced_file_is_written_down() {
        let facts = Facts {
            python_version: crate::base::Fact::new(
                Some("3.9".to_owned()),
                Place::line("Dockerfile", 1),
                "builds on `python:3.9`",
            ),
            ..Facts::default()
        };
        let chosen = choose(&facts, "shop", &Draft::default(), None).unwrap();
        let once = write(None, &chosen, |path| path == "Dockerfile");
        assert!(once.contains("python = \"3.9\" # said by Dockerfile:1, which djdock replaced\n"), "{once}");
        assert_eq!(write(Some(&once), &chosen, |path| path == "Dockerfile"), once);
        assert!(!write(None, &chosen, |_| false).contains("python"));
    }

    #[test]
    fn a_file_of_a_later_form_is_refused_as_a_whole_at_its_version() {
        let (draft, found) = read("# ours\nproxies = [\"nginx\"]\nname = \"shop\"\nversion = 2\n");
        assert!(draft.given("name").is_none());
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].code.0, found[0].labels[0].line), ("config-newer", 4));
    }

    #[test]
    fn the_version_of_the_form_is_a_number_and_may_be_missing() {
        for right in ["version = 1\nname = \"shop\"\n", "name = \"shop\"\n", "version = 0x1\n"] {
            assert_eq!(read(right).1, [], "{right}");
        }
        for wrong in ["version = \"1\"", "version = 0", "version = -1", "version = true", "version = 1.0"] {
            let (_, found) = read(wrong);
            let codes: Vec<_> = found.iter().map(|one| (one.code.0, one.labels[0].column)).collect();
            assert_eq!(codes, [("config-type", 11)], "{wrong}");
        }
    }

    #[test]
    fn a_file_of_a_person_gets_no_version() {
        assert_eq!(written(Some("name = \"shop\"\n"), &[]), "name = \"shop\"\n");
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
