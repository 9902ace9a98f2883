//! Files of secrets that the settings open and that are not in the project: `.secrets/base.json`.

use camino::Utf8PathBuf;
use serde::Serialize;

use super::stack::VariableValue;

/// A file to be made, or completed by the person, beside the project. Never in an image.
///
/// Containers read it as another user than its owner, so it has mode 0644; the folder that djdock makes for it
/// has 0700.
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
