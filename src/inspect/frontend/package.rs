//! A `package.json`.

use serde::Deserialize;

/// The parts of a `package.json` that say how the front end is installed and built.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Package {
    pub(super) scripts: serde_json::Map<String, serde_json::Value>,
    pub(super) dependencies: serde_json::Map<String, serde_json::Value>,
    pub(super) dev_dependencies: serde_json::Map<String, serde_json::Value>,
    pub(super) optional_dependencies: serde_json::Map<String, serde_json::Value>,
    /// Replacements by npm for the requirements of other packages.
    pub(super) overrides: serde_json::Map<String, serde_json::Value>,
    /// Replacements by yarn for the requirements of other packages.
    pub(super) resolutions: serde_json::Map<String, serde_json::Value>,
    pub(super) pnpm: Pnpm,
    #[serde(rename = "packageManager")]
    pub(super) manager: Option<String>,
    pub(super) workspaces: Workspaces,
}

/// The part that pnpm alone reads.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Pnpm {
    pub(super) overrides: serde_json::Map<String, serde_json::Value>,
}

/// Patterns of folders: a list, or a table with one.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Workspaces {
    List(Vec<String>),
    Table { packages: Vec<String> },
}

impl Default for Workspaces {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl Workspaces {
    /// Returns the patterns of the folders that are workspaces.
    pub(super) fn patterns(&self) -> &[String] {
        match self {
            Self::List(patterns) | Self::Table { packages: patterns } => patterns,
        }
    }
}

/// Returns the line of `key` in the text of a `package.json`; the first line where the key is not found.
pub(super) fn line_of(text: &str, key: &str) -> u32 {
    let quoted = format!("\"{key}\"");
    let at = text.lines().position(|line| line.trim_start().starts_with(&quoted));
    at.map_or(1, |at| u32::try_from(at + 1).unwrap_or(1))
}
