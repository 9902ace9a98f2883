//! Releases of `CPython` and their official images.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Date;
use crate::python::Minor;

pub(super) const TEXT: &str = include_str!("python.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    checked: Date,
    preferred: Minor,
    #[expect(dead_code, reason = "for whoever edits the table")]
    sources: Vec<String>,
    release: Vec<Release>,
}

impl Default for Table {
    fn default() -> Self {
        Self { checked: Date::default(), preferred: Minor(3, 13), sources: Vec::new(), release: Vec::new() }
    }
}

/// One release line.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    pub version: Minor,
    pub first: Date,
    /// The last day of security fixes.
    pub end_of_life: Date,
    /// Debian suites that it has images for, the one to use first.
    pub suites: Vec<String>,
    /// A late release of Alpine that it has images for: `3.22`.
    pub alpine: String,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

/// Every release line that has images, the oldest first.
pub fn releases() -> &'static [Release] {
    &TABLE.release
}

pub fn release(version: Minor) -> Option<&'static Release> {
    releases().iter().find(|release| release.version == version)
}

/// The version for a project that states none.
pub fn preferred() -> Minor {
    TABLE.preferred
}

/// The day on which the table was last compared with its sources.
pub fn checked() -> &'static Date {
    &TABLE.checked
}

/// Tells whether security fixes had ended when the table was checked.
pub fn is_over(version: Minor) -> bool {
    release(version).is_none_or(|release| release.end_of_life < TABLE.checked)
}

/// The Debian suite for the image of `version`: `trixie`.
pub fn suite(version: Minor) -> Option<&'static str> {
    release(version)?.suites.first().map(String::as_str)
}

/// The image to build on: `python:3.13-slim-trixie`. The suite is always said, so that a moved tag breaks
/// nothing.
pub fn image(version: Minor, suite: &str) -> String {
    if suite == "alpine" {
        format!("python:{version}-alpine")
    } else {
        format!("python:{version}-slim-{suite}")
    }
}

/// Returns the message about a version whose fixes have ended: "Python 3.8 had its last security fixes on 2024-10-07".
pub fn end_of_life(version: Minor) -> Option<String> {
    let release = release(version)?;
    is_over(version)
        .then(|| format!("Python {version} had its last security fixes on {}", release.end_of_life))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failure_21_every_tag_names_its_suite() {
        for release in releases() {
            for suite in &release.suites {
                assert!(image(release.version, suite).ends_with(suite.as_str()));
            }
        }
        assert_eq!(image(preferred(), suite(preferred()).unwrap()), "python:3.13-slim-trixie");
    }

    #[test]
    fn the_end_of_a_version_is_said_with_its_date() {
        assert_eq!(
            end_of_life(Minor(3, 8)).as_deref(),
            Some("Python 3.8 had its last security fixes on 2024-10-07")
        );
        assert_eq!(end_of_life(Minor(3, 13)), None);
    }
}
