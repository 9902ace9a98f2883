//! Messages about answers that cannot be taken.

use super::given::Given;
use super::keys;
use super::question::{Kind, Question};
use super::questions::QUESTIONS;
use crate::base::codes::choose::{
    ANSWER_MALFORMED, ANSWER_NOT_YET, ANSWER_UNKNOWN, CONFIG_KEY_UNKNOWN, CONFIG_NEWER, CONFIG_SYNTAX,
    CONFIG_TYPE,
};
use crate::base::wording::{did_you_mean, or_ticked};
use crate::base::{Diagnostic, Place};

/// A word that does not answer its question.
pub fn not_an_answer(question: &Question, given: &Given) -> Diagnostic {
    let (key, word) = (question.key, given.word.as_str());
    match &question.kind {
        Kind::Choice { now, later } if later.contains(&word) => {
            let words: Vec<&str> = now().iter().map(|choice| choice.word).collect();
            let title = format!("`{word}` for `{key}` is not possible yet");
            at(Diagnostic::error(ANSWER_NOT_YET, title), given)
                .because(format!("this version of djdock knows {}", or_ticked(&words)))
                .help(format!("choose {}", or_ticked(&words)))
        }
        Kind::Choice { .. } | Kind::YesNo => {
            let words = question.words();
            let title = format!("`{word}` is no answer to `{key}`");
            let diagnostic = at(Diagnostic::error(ANSWER_UNKNOWN, title), given);
            match did_you_mean(word, words.iter().copied()) {
                Some(meant) => diagnostic.help(format!("write `{meant}`")),
                None => diagnostic,
            }
            .help(format!("choose {}", or_ticked(&words)))
        }
        Kind::OneOfThese { form, .. } | Kind::Open { form, .. } => {
            let title = format!("`{word}` is no answer to `{key}`");
            at(Diagnostic::error(ANSWER_MALFORMED, title), given).help(format!("write {}", form.en))
        }
    }
}

/// A key of `djdock.toml` that is no question.
pub fn unknown_key(key: &str, place: &Place) -> Diagnostic {
    let beside = [keys::IGNORE, keys::VERSION];
    let keys: Vec<&str> = QUESTIONS.iter().map(|question| question.key).chain(beside).collect();
    let diagnostic =
        Diagnostic::error(CONFIG_KEY_UNKNOWN, format!("djdock.toml has the unknown key `{key}`"))
            .at(place, "not one of djdock's questions");
    match did_you_mean(key, keys.iter().copied()) {
        Some(meant) => diagnostic.help(format!("write `{meant}`")),
        None => diagnostic.help("delete the line"),
    }
    .help("list what can be written there: `djdock explain questions`")
}

/// A `djdock.toml` of a form that this djdock does not know.
pub fn newer(version: i64, place: &Place) -> Diagnostic {
    let newest = keys::NEWEST;
    Diagnostic::error(CONFIG_NEWER, "djdock.toml was written by a later djdock")
        .at(place, format!("form {version}, and this djdock reads forms up to {newest}"))
        .help("install the djdock that wrote it, or a later one")
}

/// A version of the file's form that is no number from 1.
pub fn no_version(place: &Place) -> Diagnostic {
    let (key, newest) = (keys::VERSION, keys::NEWEST);
    Diagnostic::error(CONFIG_TYPE, format!("`{key}` in djdock.toml is the number of the file's form"))
        .at(place, "a whole number from 1 is expected")
        .help(format!("write `{key} = {newest}`"))
}

/// A value of `djdock.toml` that is of another type than its question has.
pub fn wrong_type(question: &Question, found: &str, place: &Place) -> Diagnostic {
    let (key, wanted, example) = match &question.kind {
        Kind::YesNo => (question.key, "`true` or `false`", "true".to_owned()),
        Kind::Choice { now, .. } => (question.key, "text", format!("\"{}\"", now()[0].word)),
        Kind::OneOfThese { .. } | Kind::Open { .. } => (question.key, "text", "\"…\"".to_owned()),
    };
    Diagnostic::error(CONFIG_TYPE, format!("`{key}` in djdock.toml is {wanted}, and {found} stands there"))
        .at(place, format!("{found}, where {wanted} is expected"))
        .help(format!("write `{key} = {example}`"))
}

/// Something in the list of what is ignored that is no code of a warning.
pub fn not_ignorable(word: &str, place: &Place) -> Diagnostic {
    let codes: Vec<&str> = crate::base::codes::all().map(|entry| entry.code.0).collect();
    let diagnostic = Diagnostic::error(
        CONFIG_KEY_UNKNOWN,
        format!("`ignore` in djdock.toml has `{word}`, which is no code"),
    )
    .at(place, "the codes of warnings and notes stand here");
    match did_you_mean(word, codes.iter().copied()) {
        Some(meant) => diagnostic.help(format!("write `{meant}`")),
        None => diagnostic.help("write the code that stands in brackets: `warning[CODE]`"),
    }
}

/// A list of what is ignored that is none.
pub fn no_list_of_codes(place: &Place) -> Diagnostic {
    Diagnostic::error(CONFIG_TYPE, "`ignore` in djdock.toml is a list of codes")
        .at(place, "a list of texts is expected")
        .help("write `ignore = [\"own-steps-left-out\"]`")
}

/// `djdock.toml` that is not TOML.
pub fn not_toml(message: &str, place: &Place) -> Diagnostic {
    let first = message.lines().next().unwrap_or_default().to_owned();
    Diagnostic::error(CONFIG_SYNTAX, "djdock.toml is not TOML")
        .at(place, first)
        .help("mend the line, or delete djdock.toml and run `djdock init` again")
}

fn at(diagnostic: Diagnostic, given: &Given) -> Diagnostic {
    match &given.place {
        place @ Place::Line { .. } => diagnostic.at(place, "said here"),
        Place::Flag(flag) => diagnostic.because(format!("said by the flag `{flag}`")),
        other => diagnostic.because(format!("said by {other}")),
    }
}
