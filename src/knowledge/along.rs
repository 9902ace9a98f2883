//! Distributions that others bring along, for projects without a lockfile.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Date;
use crate::python::{Minor, Specifiers, Version};

pub(super) const TEXT: &str = include_str!("along.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[expect(dead_code, reason = "for whoever edits the table")]
    checked: Date,
    #[expect(dead_code, reason = "for whoever edits the table")]
    source: String,
    row: Vec<Row>,
}

/// The distributions that some major versions of another one bring along without an extra.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// Normalised.
    name: String,
    majors: Vec<u64>,
    /// Normalised names, as far as `modules.toml` has them.
    brings: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

/// Returns what the distribution called `name` (normalised) brings along in the newest major version that may be installed; nothing
/// where the table does not know this version. `version` is pinned or locked, `specifier` as written in a requirement.
pub fn brought_by(name: &str, version: Option<&str>, specifier: Option<&str>) -> &'static [String] {
    let pinned = version.and_then(Version::parse).map(|version| version.major());
    let specifiers = specifier.and_then(Specifiers::parse);
    // An upper bound within a major version (`<7.2`) leaves its first releases.
    let is_allowed = |major: u64| match (pinned, &specifiers) {
        (Some(pinned), _) => pinned == major,
        (None, Some(specifiers)) => allows_any(specifiers, major),
        (None, None) => true,
    };
    let rows = TABLE.row.iter().filter(|row| row.name == name);
    let newest = |row: &&Row| row.majors.iter().copied().filter(|major| is_allowed(*major)).max();
    rows.filter(|row| newest(row).is_some()).max_by_key(newest).map_or(&[], |row| &row.brings)
}

/// Tells whether some minor version of a major one is allowed.
fn allows_any(specifiers: &Specifiers, major: u64) -> bool {
    const MOST_MINORS: u32 = 100;
    u32::try_from(major)
        .is_ok_and(|major| (0..MOST_MINORS).any(|minor| specifiers.allows(Minor(major, minor))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::normalised;

    #[test]
    fn the_newest_major_version_that_may_be_installed_says_what_comes_along() {
        let brings = |version, specifier| {
            brought_by("wagtail", version, specifier).contains(&"djangorestframework".to_owned())
        };
        assert!(brings(None, None));
        assert!(brings(Some("7.0.1"), Some("==7.0.1")));
        assert!(
            brings(None, Some(">=7.0,<7.1")) && brings(None, Some(">=2.0")) && brings(None, Some("~=7.1"))
        );
        assert!(
            !brings(Some("2.16"), Some("==2.16"))
                && !brings(None, Some("<3"))
                && !brings(None, Some("~=4.0"))
        );
        assert!(brought_by("django", None, None).is_empty());
    }

    #[test]
    fn names_are_normalised_and_no_row_brings_itself() {
        for row in &TABLE.row {
            assert!(!row.brings.contains(&row.name) && !row.majors.is_empty(), "{}", row.name);
            for name in row.brings.iter().chain([&row.name]) {
                assert_eq!(*name, normalised(name));
            }
        }
    }
}
