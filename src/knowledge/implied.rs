//! Distributions that common distributions bring along and that need system packages, for projects without a lockfile.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Date;
use crate::python::{Specifiers, Version};

pub(super) const TEXT: &str = include_str!("implied.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[expect(dead_code, reason = "for whoever edits the table")]
    checked: Date,
    #[expect(dead_code, reason = "for whoever edits the table")]
    source: String,
    row: Vec<Implied>,
}

/// A distribution and what it brings along.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Implied {
    /// Normalised.
    pub name: String,
    /// The extra that brings it; `None` where the distribution alone does.
    pub extra: Option<String>,
    /// Only these releases, as a PEP 440 specifier, where the newest one brings less.
    pub versions: Option<String>,
    /// Distributions with rows in `system_packages.toml`, as requirements: `psycopg[c]`.
    pub brings: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

pub fn rows() -> &'static [Implied] {
    &TABLE.row
}

/// Returns what the distribution called `name` (normalised) brings when it is required with these extras. An unknown
/// version is the newest.
pub fn brought_by<'a>(
    name: &'a str,
    extras: &'a [String],
    version: Option<&'a Version>,
) -> impl Iterator<Item = &'static str> + 'a {
    let is_meant = move |versions: &String| {
        let versions = Specifiers::parse(versions);
        version.zip(versions).is_some_and(|(version, versions)| versions.contains(version))
    };
    let asked = move |row: &&Implied| {
        row.name == name
            && row.extra.as_ref().is_none_or(|extra| extras.contains(extra))
            && row.versions.as_ref().is_none_or(is_meant)
    };
    rows().iter().filter(asked).flat_map(|row| row.brings.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::knowledge::system_packages;

    #[test]
    fn what_is_brought_along_has_system_packages() {
        for row in rows() {
            assert!(!row.brings.is_empty(), "{}", row.name);
            for brought in &row.brings {
                let name = brought.split('[').next().unwrap_or(brought);
                let known = system_packages::rows().iter().any(|known| known.distribution == name);
                assert!(known, "{} brings {name}, which has no row", row.name);
            }
        }
    }

    #[test]
    fn rows_are_sorted_and_stand_once() {
        assert!(
            rows().is_sorted_by(|a, b| (&a.name, &a.extra, &a.versions) < (&b.name, &b.extra, &b.versions))
        );
    }

    #[test]
    fn the_usual_distributions_that_need_system_libraries_are_known() {
        let direct = system_packages::rows().iter().map(|row| row.distribution.as_str());
        let all: BTreeSet<&str> = direct.chain(rows().iter().map(|row| row.name.as_str())).collect();
        assert!(all.len() >= 150, "{} are known", all.len());
    }
}
