//! Releases that exist as source alone, and the build tools that they need.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{Date, wheels};
use crate::python::{Minor, Specifiers, Version};

pub(super) const TEXT: &str = include_str!("build_constraints.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[expect(dead_code, reason = "for whoever edits the table")]
    checked: Date,
    row: Vec<Row>,
}

/// Releases of one distribution that current build tools do not build.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Normalised.
    pub distribution: String,
    /// Which releases, as a PEP 440 specifier.
    pub versions: String,
    /// The build tools with which they build, as a requirement: `setuptools<72`.
    pub constraint: String,
    /// The newest Python on which these build tools run; `None` where they run on every one.
    pub until_python: Option<Minor>,
    /// The reason, as a clause: "its `setup.py` imports `convert_path`, which setuptools 72 no longer has".
    pub because: String,
    pub source: String,
}

impl Row {
    /// Returns whether the build tools run on `python`.
    pub fn runs_on(&self, python: Minor) -> bool {
        self.until_python.is_none_or(|until| python <= until)
    }
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

pub fn rows() -> &'static [Row] {
    &TABLE.row
}

/// Returns what is known of building this release of `name` (normalised) on `python`: nothing where it has a wheel.
pub fn rows_of(name: &str, version: &Version, python: Minor) -> Vec<&'static Row> {
    let has_wheel = wheels::is_compiled(name, Some(version), python) == Some(false);
    let fits = |row: &&Row| {
        !has_wheel
            && row.distribution == name
            && Specifiers::parse(&row.versions).is_some_and(|versions| versions.contains(version))
    };
    rows().iter().filter(fits).collect()
}
