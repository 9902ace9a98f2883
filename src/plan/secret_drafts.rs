//! Files of secrets while the wiring looks for what they must hold.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::wiring::placeholder::placeholder;
use super::wiring::{Assignment, entries};
use crate::base::document::{self, DocumentFormat};
use crate::python::Evaluation;
use crate::python::evaluation::FileFormat;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretFormat {
    Json,
    Toml,
    Yaml,
    Ini,
    /// Lines of `NAME=value`.
    Env,
    /// The first entry's value alone.
    Text,
}

/// A file that the settings open and that is not in the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The path under which the settings open the file: absolute, or relative to the folder that the user named.
    pub path: Utf8PathBuf,
    pub format: SecretFormat,
    /// The keys that the settings read, nested keys joined with dots; one empty key if the file is text as a whole.
    keys: BTreeSet<String>,
    /// Keys below which anything may be read.
    tables: BTreeSet<String>,
    /// Keys that may be missing.
    optional: BTreeSet<String>,
    /// True if stand-ins for truths and numbers are such, and not their texts.
    typed: bool,
}

/// The value under a key of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub value: Json,
    /// A goal asks for it; else it is a stand-in for what only the person knows.
    pub is_wired: bool,
}

impl Draft {
    /// Every such file, in order of their paths. Where a file may be missing, variables or other files bring what it
    /// would: it is wanted only where the import fails without.
    pub fn all(open: &Evaluation, typed: bool, optional: bool) -> Vec<Self> {
        let mut found: BTreeMap<&Utf8PathBuf, Self> = BTreeMap::new();
        for file in open.files.iter().filter(|file| !file.exists) {
            let wanted = file.required || (optional && !file.keys.is_empty());
            let format = match file.format {
                FileFormat::Json => SecretFormat::Json,
                FileFormat::Text if file.required => SecretFormat::Text,
                FileFormat::Toml if wanted => SecretFormat::Toml,
                FileFormat::Yaml if wanted => SecretFormat::Yaml,
                FileFormat::Ini if wanted => SecretFormat::Ini,
                _ => continue,
            };
            let keys: BTreeSet<String> = match format {
                SecretFormat::Text => BTreeSet::from([String::new()]),
                _ => file.keys.iter().filter(|key| !key.is_empty()).cloned().collect(),
            };
            if !keys.is_empty() || file.required {
                let set = |keys: &[String]| keys.iter().cloned().collect();
                let (tables, optional) = (set(&file.tables), set(&file.optional));
                let new = Self { path: file.path.clone(), format, keys, tables, optional, typed };
                found.entry(&file.path).or_insert(new);
            }
        }
        found.into_values().collect()
    }

    /// One file for two stacks, where they open the same and each reads something of it.
    pub fn join(&mut self, other: &Self) {
        if self.path != other.path {
            return;
        }
        self.keys.extend(other.keys.iter().cloned());
        self.tables.extend(other.tables.iter().cloned());
        // What one stack cannot do without is needed.
        self.optional.retain(|key| other.optional.contains(key) || !other.keys.contains(key));
        self.typed &= other.typed;
    }

    /// Returns the entries of the file, by key, when these variables are assigned.
    pub fn contents(&self, assigned: &Assignment) -> BTreeMap<String, Held> {
        let of_this = assigned.iter().filter_map(|(name, value)| {
            let (path, key) = entries::split(name)?;
            (path == self.path).then(|| (key.to_owned(), entries::value(value)))
        });
        let wired: BTreeMap<String, Json> = of_this.collect();
        let mut held: BTreeMap<String, Held> =
            self.keys.iter().filter_map(|key| self.stand_in(key)).collect();
        held.extend(wired.into_iter().map(|(key, value)| (key, Held { value, is_wired: true })));
        // What is there more deeply is not there as a whole.
        let keys: Vec<String> = held.keys().cloned().collect();
        held.retain(|key, _| !keys.iter().any(|deeper| deeper.starts_with(&format!("{key}."))));
        held
    }

    /// Its text, as a file on disk.
    pub fn text(&self, assigned: &Assignment) -> String {
        let contents = self.contents(assigned);
        let Some(format) = self.format.document() else {
            let whole = contents.values().next().and_then(|held| held.value.as_str());
            return whole.unwrap_or_default().to_owned();
        };
        let mut root = Map::new();
        for (key, held) in contents {
            put(&mut root, &path(&key), held.value);
        }
        match format {
            // On one line: it is written on a command line, too.
            DocumentFormat::Json => Json::Object(root).to_string(),
            format => document::write(format, &root),
        }
    }

    /// Returns a stand-in for an entry of which nothing is known, and its key. An entry that may be missing is missing, and
    /// leaves the table that it would be in.
    fn stand_in(&self, key: &str) -> Option<(String, Held)> {
        let held = |key: &str, value: Json| Some((key.to_owned(), Held { value, is_wired: false }));
        let table = || Json::Object(Map::new());
        if self.optional.contains(key) {
            let (outer, _) = key.rsplit_once('.')?;
            return Some((outer.to_owned(), Held { value: table(), is_wired: true }));
        }
        if self.tables.contains(key) {
            return held(key, table());
        }
        let text = placeholder(None, &key.replace('.', "_"));
        let typed = match (text.as_str(), text.parse::<u32>()) {
            ("True", _) => Some(Json::Bool(true)),
            ("False", _) => Some(Json::Bool(false)),
            (_, Ok(number)) => Some(number.into()),
            _ => None,
        };
        held(key, typed.filter(|_| self.typed).unwrap_or_else(|| text.into()))
    }
}

/// The keys that lead to an entry.
pub fn path(key: &str) -> Vec<String> {
    key.split('.').filter(|key| !key.is_empty()).map(str::to_owned).collect()
}

/// Puts a value under keys inside of keys.
pub fn put(document: &mut Map<String, serde_json::Value>, path: &[String], value: serde_json::Value) {
    match path {
        [] => {}
        [key] => {
            document.insert(key.clone(), value);
        }
        [key, rest @ ..] => {
            let inner = document.entry(key.clone()).or_insert_with(|| serde_json::Value::Object(Map::new()));
            if let Some(inner) = inner.as_object_mut() {
                put(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(keys: &[&str]) -> Draft {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        Draft {
            path: "s.json".into(),
            format: SecretFormat::Json,
            keys,
            tables: BTreeSet::new(),
            optional: BTreeSet::new(),
            typed: true,
        }
    }

    fn assigned(entries: &[(&str, &str)]) -> Assignment {
        entries
            .iter()
            .map(|(key, value)| (entries::name("s.json".into(), key), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn what_nobody_knows_has_a_stand_in_of_its_type() {
        let text = draft(&["TOKEN", "email.tls", "email.port"]).text(&Assignment::new());
        assert_eq!(text, r#"{"TOKEN":"change-me","email":{"port":587,"tls":false}}"#);
        let texts = Draft { typed: false, ..draft(&["tls"]) };
        assert_eq!(texts.text(&Assignment::new()), r#"{"tls":"False"}"#);
    }

    #[test]
    fn what_is_assigned_below_a_key_makes_it_a_table() {
        let assigned = assigned(&[("DATABASES.default.HOST", "db"), ("DATABASES", "db")]);
        let text = draft(&["DATABASES"]).text(&assigned);
        assert_eq!(text, r#"{"DATABASES":{"default":{"HOST":"db"}}}"#);
    }

    #[test]
    fn other_files_and_variables_are_not_in_it() {
        let mut assigned = assigned(&[("A", &entries::typed(&Json::Bool(true)))]);
        assigned.insert(entries::name("other.json".into(), "B"), "x".to_owned());
        assigned.insert("C".to_owned(), "x".to_owned());
        assert_eq!(draft(&[]).text(&assigned), r#"{"A":true}"#);
    }
}
