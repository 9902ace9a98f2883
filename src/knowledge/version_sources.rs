//! Build tools that read a version from the repository, and the variable that stands for what they would read.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Date;

pub(super) const TEXT: &str = include_str!("version_sources.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[expect(dead_code, reason = "for whoever edits the table")]
    checked: Date,
    row: Vec<VersionSource>,
}

/// A build tool that reads the version of what it builds from git.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VersionSource {
    /// Names under which a build requires the tool, normalised.
    pub distributions: Vec<String>,
    /// The variable that it takes the version from instead; `None` where there is none.
    pub variable: Option<String>,
    /// The variable's value in an image.
    #[serde(default)]
    pub value: String,
    /// A key of `pyproject.toml` and the value that it must have for the version to come from git.
    pub only_with: Option<(String, String)>,
    /// Keys of `pyproject.toml` that state a version for builds without a repository.
    #[serde(default)]
    pub unless: Vec<String>,
    /// The remedy where there is no variable: what to write.
    pub remedy: Option<String>,
    pub source: String,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

pub fn all() -> &'static [VersionSource] {
    &TABLE.row
}
