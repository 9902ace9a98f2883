//! Names of conda's packages, with the names that pip knows them by.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::Date;

pub(super) const TEXT: &str = include_str!("conda.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[expect(dead_code, reason = "for whoever edits the table")]
    checked: Date,
    #[expect(dead_code, reason = "for whoever edits the table")]
    source: String,
    along: BTreeSet<String>,
    programs: BTreeSet<String>,
    names: BTreeMap<String, String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

/// A package of conda, as pip sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Package<'a> {
    /// The distribution of this name.
    Distribution(&'a str),
    /// Nobody has to ask for it: images or wheels bring it.
    Along,
    /// A program or server: pip has none.
    Program,
}

/// Returns what the package called `name` (in lower case) is for pip.
pub fn find(name: &str) -> Package<'_> {
    if TABLE.along.contains(name) {
        Package::Along
    } else if TABLE.programs.contains(name) {
        Package::Program
    } else {
        Package::Distribution(TABLE.names.get(name).map_or(name, String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_of_conda_are_distributions_programs_or_come_along() {
        assert_eq!(find("opencv"), Package::Distribution("opencv-python-headless"));
        assert_eq!(find("pytorch"), Package::Distribution("torch"));
        assert_eq!(find("django"), Package::Distribution("django"));
        assert_eq!(find("ffmpeg"), Package::Program);
        assert_eq!(find("libpq"), Package::Along);
    }

    #[test]
    fn no_name_stands_in_two_lists() {
        for name in TABLE.along.iter().chain(&TABLE.programs) {
            assert!(!TABLE.names.contains_key(name), "{name}");
        }
        assert!(TABLE.along.is_disjoint(&TABLE.programs));
    }
}
