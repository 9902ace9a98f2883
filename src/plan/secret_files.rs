//! Files of secrets that the settings open and that are not in the project: `.secrets/base.json`.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

use super::layout;
use super::stack::VariableValue;
use super::wiring::placeholder::placeholder;
use super::wiring::propose::candidates;
use super::wiring::{Assignment, Goal, Samples, Want};
use crate::base::document::{self, DocumentFormat};
use crate::python::evaluation::FileFormat;
use crate::python::{Evaluation, Value};

/// A file to be made, or completed by the person, beside the project. Never in an image.
///
/// Containers read it as another user than its owner, who belongs to the owner's group: it has mode 0640.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SecretFile {
    /// Relative to the folder that the user named; in the git-ignored folder that compose mounts it from.
    pub path: Utf8PathBuf,
    /// The same keys with placeholders, to be committed.
    pub example: Utf8PathBuf,
    /// In the container: where the settings open it.
    pub target: String,
    pub format: SecretFormat,
    pub entries: Vec<SecretEntry>,
}

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

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SecretEntry {
    /// The keys that lead to it: `["DATABASES", "default", "PASSWORD"]`.
    pub keys: Vec<String>,
    pub value: SecretValue,
}

/// What stands under a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SecretValue {
    /// As in the env file; a generated secret is the same one as there.
    Variable(VariableValue),
    Json {
        value: serde_json::Value,
    },
}

impl SecretFormat {
    /// The format of the document, where it is one with keys.
    pub fn document(self) -> Option<DocumentFormat> {
        match self {
            Self::Json => Some(DocumentFormat::Json),
            Self::Toml => Some(DocumentFormat::Toml),
            Self::Yaml => Some(DocumentFormat::Yaml),
            Self::Ini => Some(DocumentFormat::Ini),
            Self::Env | Self::Text => None,
        }
    }
}

impl SecretFile {
    /// The keys whose values only the person knows; the file's own name where it has no keys.
    pub fn asked(&self) -> Vec<String> {
        let is_asked =
            |value: &SecretValue| matches!(value, SecretValue::Variable(VariableValue::Asked { .. }));
        let asked = self.entries.iter().filter(|entry| is_asked(&entry.value));
        asked
            .map(|entry| match entry.keys.join(".") {
                keys if keys.is_empty() => self.path.file_name().unwrap_or_default().to_owned(),
                keys => keys,
            })
            .collect()
    }

    /// Whether an entry is this generated secret.
    pub fn holds(&self, secret: &str) -> bool {
        self.entries.iter().any(|entry| {
            matches!(&entry.value, SecretValue::Variable(VariableValue::Generated { secret: own, .. }) if own == secret)
        })
    }
}

/// Where Docker and Compose put secrets.
const MOUNTED_AT: &str = "/run/secrets";

/// Variables without which the import fails and that name a file which it opens, each with a path for that file:
/// `open(os.environ["SECRET_KEY_FILE"])`.
pub(super) fn paths(open: &Evaluation) -> Assignment {
    let is_needed =
        |name: &&String| open.reads.iter().any(|read| read.name == **name && read.fails_when_unset);
    let path = |name: &String| {
        let lower = name.to_ascii_lowercase();
        let stem = ["_file", "_path"].iter().find_map(|end| lower.strip_suffix(end)).unwrap_or(&lower);
        format!("{MOUNTED_AT}/{stem}")
    };
    open.opened.iter().filter(is_needed).map(|name| (name.clone(), path(name))).collect()
}

/// The files that a stack's settings open and that are not in the project, with contents under which the goals
/// are met: for each, the file and its text with stand-ins.
pub(super) fn needed(
    open: &Evaluation,
    goals: &[Goal],
    samples: &Samples,
    config_dir: &Utf8Path,
) -> Vec<(SecretFile, Utf8PathBuf, String)> {
    let mut found = Vec::new();
    let wanted = wanted(open, goals);
    for file in open.files.iter().filter(|file| !file.exists) {
        let format = match file.format {
            FileFormat::Json => SecretFormat::Json,
            FileFormat::Text if file.required => SecretFormat::Text,
            // Where they may be missing, variables or other files bring what they would.
            FileFormat::Toml if file.required => SecretFormat::Toml,
            FileFormat::Yaml if file.required => SecretFormat::Yaml,
            FileFormat::Ini if file.required => SecretFormat::Ini,
            FileFormat::Text | FileFormat::Toml | FileFormat::Yaml | FileFormat::Ini | FileFormat::Env => {
                continue;
            }
        };
        let mut keys = file.keys.clone();
        keys.extend(
            wanted.iter().filter(|((path, _), _)| *path == file.path).map(|((_, key), _)| key.clone()),
        );
        match format {
            SecretFormat::Text => keys = vec![String::new()],
            _ => keys.retain(|key| !key.is_empty()),
        }
        keys.sort();
        keys.dedup();
        let known = found.iter().any(|(_, path, _): &(SecretFile, Utf8PathBuf, String)| *path == file.path);
        if known || (keys.is_empty() && !file.required) {
            continue;
        }
        let mut document = serde_json::Map::new();
        let mut entries = Vec::new();
        let mut whole = String::new();
        for key in keys {
            let path: Vec<String> = key.split('.').filter(|key| !key.is_empty()).map(str::to_owned).collect();
            let want = wanted.get(&(file.path.clone(), key.clone())).copied();
            let value = contents(want, &key);
            whole = value.as_str().unwrap_or_default().to_owned();
            put(&mut document, &path, value.clone());
            entries.push(SecretEntry { value: entry(&value, want.is_some(), samples), keys: path });
        }
        let name = file.path.file_name().unwrap_or("secrets.json");
        let inside = !file.path.is_absolute() && !file.path.starts_with("..");
        let path = if inside { file.path.clone() } else { config_dir.join("secrets").join(name) };
        let stem = path.file_stem().unwrap_or(name);
        let example = match path.extension() {
            Some(extension) => path.with_file_name(format!("{stem}.example.{extension}")),
            None => path.with_file_name(format!("{stem}.example")),
        };
        let target = if inside { layout::source(&file.path) } else { file.path.to_string() };
        let text = match format.document() {
            // On one line: it is written on a command line, too.
            Some(DocumentFormat::Json) => serde_json::Value::Object(document).to_string(),
            Some(format) => document::write(format, &document),
            None => whole,
        };
        found.push((SecretFile { path, example, target, format, entries }, file.path.clone(), text));
    }
    found
}

/// What is wanted of each key, by the settings that it goes into.
fn wanted<'a>(open: &Evaluation, goals: &'a [Goal]) -> BTreeMap<(Utf8PathBuf, String), &'a Want> {
    let mut found = BTreeMap::new();
    for goal in goals {
        for value in candidates(goal, open) {
            for value in value.alternatives() {
                if let Value::SecretFile { path, key, .. } = value {
                    found.entry((path.clone(), key.clone().unwrap_or_default())).or_insert(&goal.want);
                }
            }
        }
    }
    found
}

fn contents(want: Option<&Want>, key: &str) -> serde_json::Value {
    match want {
        Some(Want::Truth(truth)) => serde_json::Value::Bool(*truth),
        Some(Want::Item { item, also, .. }) => {
            let second = also.first().filter(|second| *second != "*");
            std::iter::once(item).chain(second).cloned().collect::<Vec<_>>().into()
        }
        Some(Want::Text { text, .. } | Want::Something { text }) => text.clone().into(),
        Some(Want::Folder { path } | Want::File { path, .. }) => path.clone().into(),
        Some(Want::Engine { usual, .. }) => usual.clone().into(),
        Some(Want::Host { host, url, .. }) => {
            if key.to_ascii_uppercase().ends_with("HOST") {
                host.clone().into()
            } else {
                url.clone().into()
            }
        }
        Some(Want::Stream) | None => placeholder(None, key.rsplit('.').next().unwrap_or(key)).into(),
    }
}

fn entry(value: &serde_json::Value, is_wired: bool, samples: &Samples) -> SecretValue {
    match value.as_str() {
        Some(text) if is_wired => match samples.variable_of(text) {
            Some(variable) => SecretValue::Variable(generated(variable)),
            None => SecretValue::Variable(VariableValue::Plain { text: text.to_owned() }),
        },
        Some(text) => SecretValue::Variable(VariableValue::Asked { placeholder: text.to_owned() }),
        None => SecretValue::Json { value: value.clone() },
    }
}

/// The secret of a variable; the same name means the same secret wherever it stands.
pub(super) fn generated(variable: &str) -> VariableValue {
    // Django warns of keys under 50 characters.
    let length = if variable.contains("PASS") { 32 } else { 64 };
    VariableValue::Generated { secret: variable.to_owned(), length }
}

/// Puts a value under keys inside of keys.
pub fn put(
    document: &mut serde_json::Map<String, serde_json::Value>,
    path: &[String],
    value: serde_json::Value,
) {
    match path {
        [] => {}
        [key] => {
            document.insert(key.clone(), value);
        }
        [key, rest @ ..] => {
            let inner = document
                .entry(key.clone())
                .or_insert_with(|| serde_json::Value::Object(serde_json::Map::new()));
            if let Some(inner) = inner.as_object_mut() {
                put(inner, rest, value);
            }
        }
    }
}
