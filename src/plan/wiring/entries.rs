//! Entries of files of secrets, wired as if each were a variable of the environment.
//!
//! Such a variable is called by the file and the keys, put together with characters that no name of a variable
//! has, and what it is set to is text, or a value of JSON where the file's format knows more than text.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value as Json;

use super::assignment::{Assignment, is_plain_host};
use super::goal::{Goal, Want};
use crate::python::{Cast, EnvRead, Evaluation, Value};

/// Between the file and its key.
const MARK: char = '\u{1f}';
/// Before a value of JSON.
const TYPED: char = '\u{1e}';
/// Parts inside of parts that are looked through.
const DEEPEST: u8 = 32;

/// Returns the name of the entry of `file` below `key`; the keys of nested entries are joined with dots.
pub fn name(file: &Utf8Path, key: &str) -> String {
    format!("{file}{MARK}{key}")
}

/// The file and the key of an entry; nothing for a variable of the environment.
pub fn split(name: &str) -> Option<(&Utf8Path, &str)> {
    name.split_once(MARK).map(|(file, key)| (Utf8Path::new(file), key))
}

pub(super) fn is_entry(value: &Value) -> bool {
    matches!(value, Value::Env(read) if split(&read.name).is_some())
}

/// A value that is no text, as an assignment holds it.
pub fn typed(value: &Json) -> String {
    format!("{TYPED}{value}")
}

/// Returns the value that an assignment gives to an entry.
pub fn value(assigned: &str) -> Json {
    let typed = assigned.strip_prefix(TYPED).and_then(|text| serde_json::from_str(text).ok());
    typed.unwrap_or_else(|| assigned.into())
}

/// An entry of a file of secrets that goes where the goal looks as it is, or holds what is there: a value of the type
/// that is asked for, as much deeper in the file as the goal looks below it.
pub(super) fn proposal(read: &EnvRead, rest: &[String], goal: &Goal) -> Option<Assignment> {
    split(&read.name)?;
    // What is optional is not put where nothing asks for it.
    if goal.only_if_present && !rest.is_empty() {
        return None;
    }
    let below: String = rest.iter().map(|key| format!(".{key}")).collect();
    let value: Json = match &goal.want {
        Want::Truth(wanted) => (*wanted).into(),
        Want::Item { item, also, .. } => {
            let second = also.iter().find(|also| is_plain_host(also));
            std::iter::once(item).chain(second).cloned().collect::<Vec<_>>().into()
        }
        Want::Text { text, .. } if !rest.is_empty() => text.clone().into(),
        Want::Engine { usual, .. } if !rest.is_empty() => usual.clone().into(),
        _ => return None,
    };
    Some(Assignment::from([(format!("{}{below}", read.name), typed(&value))]))
}

/// The settings with each entry of `files` as a variable.
pub fn as_variables(open: &Evaluation, files: &BTreeSet<Utf8PathBuf>) -> Evaluation {
    let mut open = open.clone();
    for setting in open.settings.values_mut() {
        replace(&mut setting.value, files, DEEPEST);
    }
    open
}

fn replace(value: &mut Value, files: &BTreeSet<Utf8PathBuf>, depth: u8) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::SecretFile { path, key, place } if files.contains(path) => {
            *value = Value::Env(Box::new(EnvRead {
                name: name(path, key.as_deref().unwrap_or_default()),
                default: None,
                cast: Cast::Str,
                fails_when_unset: true,
                place: place.clone(),
            }));
        }
        Value::Text(parts) | Value::List(parts) | Value::OneOf(parts) => {
            for part in parts {
                replace(part, files, depth);
            }
        }
        Value::Dict(entries) => {
            for (_, value) in entries {
                replace(value, files, depth);
            }
        }
        Value::Env(read) => {
            if let Some(default) = &mut read.default {
                replace(default, files, depth);
            }
        }
        Value::Unknown { from, assumed, .. } => {
            for part in from.iter_mut().chain(assumed.as_deref_mut()) {
                replace(part, files, depth);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Place;

    #[test]
    fn names_and_values_survive_the_way_there_and_back() {
        assert_eq!(split(&name("a/b.json".into(), "db.HOST")), Some(("a/b.json".into(), "db.HOST")));
        assert_eq!(split("DB_HOST"), None);
        assert_eq!(value(&typed(&serde_json::json!([1, "a"]))), serde_json::json!([1, "a"]));
        assert_eq!(value("5432"), serde_json::json!("5432"));
    }

    #[test]
    fn entries_are_found_however_deep() {
        let secret = Value::SecretFile {
            path: "s.json".into(),
            key: Some("PORT".into()),
            place: Place::line("settings.py", 1),
        };
        let mut value = Value::Dict(vec![(
            Value::Str("PORT".into()),
            Value::Unknown { why: "int()".into(), place: None, from: vec![secret.clone()], assumed: None },
        )]);
        let mut other = value.clone();
        replace(&mut value, &BTreeSet::from(["s.json".into()]), DEEPEST);
        assert_eq!(value.get("PORT").unwrap().reads()[0].name, name("s.json".into(), "PORT"));
        replace(&mut other, &BTreeSet::from(["other.json".into()]), DEEPEST);
        assert!(other.get("PORT").unwrap().reads().is_empty());
    }
}
