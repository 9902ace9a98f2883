//! System packages that distributions need, to build and to run, by suite.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Date;

pub(super) const TEXT: &str = include_str!("system_packages.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[expect(dead_code, reason = "for whoever edits the table")]
    checked: Date,
    suites: Vec<String>,
    row: Vec<Row>,
}

/// The system packages of one distribution.
#[derive(Debug, Deserialize)]
pub struct Row {
    /// Normalised, or one of `compression`, `django.contrib.gis`, `gettext`, `git` and `ssh`, which are no distributions.
    pub distribution: String,
    pub extra: Option<String>,
    /// Not when one of these is installed as well: `name` or `name[extra]`.
    #[serde(default)]
    pub unless: Vec<String>,
    /// Only these, as a PEP 440 specifier.
    pub versions: Option<String>,
    pub when: When,
    build: Vec<String>,
    run: Vec<String>,
    /// Of `run`, what it works without, more slowly or less well.
    #[serde(default)]
    optional: Vec<String>,
    pub source: String,
    #[serde(flatten)]
    pub suites: BTreeMap<String, Columns>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    Always,
    /// Only when it is compiled.
    Source,
}

/// The packages that replace the columns for one suite.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    build: Option<Vec<String>>,
    run: Option<Vec<String>>,
}

impl Row {
    /// Packages to build on `suite`.
    pub fn build(&self, suite: &str) -> &[String] {
        self.column(suite, |columns| columns.build.as_ref(), &self.build)
    }

    /// Packages to run on `suite`.
    pub fn run(&self, suite: &str) -> &[String] {
        self.column(suite, |columns| columns.run.as_ref(), &self.run)
    }

    /// Packages to run that `suite`, a suite of Debian, has no more under any name.
    pub fn gone(&self, suite: &str) -> &[String] {
        let names_none = self.suites.get(suite).and_then(|columns| columns.run.as_deref()) == Some(&[]);
        if names_none && TABLE.suites.iter().any(|known| known == suite) { &self.run } else { &[] }
    }

    fn column<'a>(
        &'a self,
        suite: &str,
        pick: impl Fn(&'a Columns) -> Option<&'a Vec<String>>,
        debian: &'a [String],
    ) -> &'a [String] {
        match self.suites.get(suite).and_then(pick) {
            Some(packages) => packages,
            // Debian's names mean nothing to Alpine.
            None if suite == "alpine" => &[],
            None => debian,
        }
    }
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

pub fn rows() -> &'static [Row] {
    &TABLE.row
}

/// Tells whether nothing fails where `package` is missing.
pub fn is_optional(package: &str) -> bool {
    TABLE.row.iter().any(|row| row.optional.iter().any(|optional| optional == package))
}

/// The Debian suites that the names were checked in, the oldest first.
pub fn suites() -> &'static [String] {
    &TABLE.suites
}

/// Returns the packages that compiling anything takes on `suite`.
pub fn compiler(suite: &str) -> [&'static str; 2] {
    if suite == "alpine" { ["gcc", "musl-dev"] } else { ["gcc", "libc6-dev"] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suite_replaces_only_the_column_that_it_names() {
        let ldap = rows().iter().find(|row| row.distribution == "python-ldap").unwrap();
        assert!(ldap.run("trixie").contains(&"libldap2".to_owned()));
        assert!(ldap.run("bookworm").contains(&"libldap-2.5-0".to_owned()));
        assert!(ldap.build("bookworm").contains(&"libldap-dev".to_owned()));
        assert!(ldap.build("bullseye").contains(&"libldap2-dev".to_owned()));
    }
}
