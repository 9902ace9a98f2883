//! Files of secrets that the settings open and that are not in the project: `.secrets/base.json`.

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

use super::layout;
use super::secret_drafts::{self, Draft, Held};
pub use super::secret_drafts::{SecretFormat, put};
use super::wiring::{Assignment, Samples};
use crate::base::document::DocumentFormat;
use crate::python::Evaluation;
use crate::stack::{Text, TextPart, VariableValue};

/// A file to be made, or completed by the person, beside the project. Never in an image.
///
/// Containers read it as another user than its owner, who belongs to the owner's group: it has mode 0640.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SecretFile {
    /// Relative to the folder that the user named; in the git-ignored folder that compose mounts it from.
    pub path: Utf8PathBuf,
    /// The file with placeholders, to be committed.
    pub example: Utf8PathBuf,
    /// In the container: where the settings open it.
    pub target: String,
    pub format: SecretFormat,
    pub entries: Vec<SecretEntry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SecretEntry {
    /// The keys that lead to it: `["DATABASES", "default", "PASSWORD"]`.
    pub keys: Vec<String>,
    pub value: SecretValue,
}

/// The value under a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SecretValue {
    /// As in the env file; a generated secret is the same one as there.
    Variable(VariableValue),
    /// Text around secrets of the env file: a database's URL.
    Text { text: Text },
    Json {
        value: serde_json::Value,
        /// Only the person can know it, and this is a stand-in.
        fill_in: bool,
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
        let asked = self.entries.iter().filter(|entry| entry.value.is_asked());
        asked
            .map(|entry| match entry.keys.join(".") {
                keys if keys.is_empty() => self.path.file_name().unwrap_or_default().to_owned(),
                keys => keys,
            })
            .collect()
    }

    /// Tells whether an entry is this generated secret.
    pub fn holds(&self, secret: &str) -> bool {
        self.entries.iter().any(|entry| {
            matches!(&entry.value, SecretValue::Variable(VariableValue::Generated { secret: own, .. }) if own == secret)
        }) || self.secrets_inside().any(|inside| inside == secret)
    }

    /// The secrets of the env file that stand inside of its texts.
    pub fn secrets_inside(&self) -> impl Iterator<Item = &str> {
        let texts = self.entries.iter().filter_map(|entry| match &entry.value {
            SecretValue::Text { text } => Some(&text.0),
            _ => None,
        });
        texts.flatten().filter_map(|part| match part {
            TextPart::Variable { name } => Some(name.as_str()),
            _ => None,
        })
    }
}

impl SecretValue {
    /// Tells whether only the person can know it.
    pub fn is_asked(&self) -> bool {
        matches!(self, Self::Variable(VariableValue::Asked { .. }) | Self::Json { fill_in: true, .. })
    }
}

/// The folder where Docker and Compose put secrets.
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

/// The file as it is made, where its entries are assigned with stand-ins for secrets.
pub(super) fn made(
    draft: &Draft,
    assigned: &Assignment,
    samples: &Samples,
    config_dir: &Utf8Path,
) -> SecretFile {
    let name = draft.path.file_name().unwrap_or("secrets.json");
    let inside = !draft.path.is_absolute() && !draft.path.starts_with("..");
    let path = if inside { draft.path.clone() } else { config_dir.join("secrets").join(name) };
    let stem = path.file_stem().unwrap_or(name);
    let example = match path.extension() {
        Some(extension) => path.with_file_name(format!("{stem}.example.{extension}")),
        None => path.with_file_name(format!("{stem}.example")),
    };
    let target = if inside { layout::source(&draft.path) } else { draft.path.to_string() };
    let entries = draft.contents(assigned).into_iter();
    let entries = entries
        .map(|(key, held)| SecretEntry { keys: secret_drafts::path(&key), value: value(held, samples) })
        .collect();
    SecretFile { path, example, target, format: draft.format, entries }
}

fn value(held: Held, samples: &Samples) -> SecretValue {
    let Held { value, is_wired } = held;
    match value.as_str() {
        Some(text) if !is_wired => {
            SecretValue::Variable(VariableValue::Asked { placeholder: text.to_owned() })
        }
        Some(text) => match samples.variable_of(text) {
            Some(variable) => SecretValue::Variable(generated(variable)),
            None if samples.has_secret(text) => SecretValue::Text { text: samples.to_text(text) },
            None => SecretValue::Variable(VariableValue::Plain { text: text.to_owned() }),
        },
        None => SecretValue::Json { value, fill_in: !is_wired },
    }
}

/// The secret of a variable; the same name means the same secret wherever it stands.
pub(super) fn generated(variable: &str) -> VariableValue {
    VariableValue::Generated { secret: variable.to_owned(), length: length_of(variable), ending: "" }
}

/// How long a secret is made: Django warns of keys under 50 characters.
pub fn length_of(secret: &str) -> usize {
    if secret.contains("PASS") { 32 } else { 64 }
}
