//! The distributions that each pinned package manager needs, at one version each.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Date;
use crate::python::{Minor, Requirement, Target, Version};

pub(super) const TEXT: &str = include_str!("pins.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    checked: Date,
    #[expect(dead_code, reason = "for whoever edits the table")]
    source: String,
    pin: Vec<Pin>,
}

/// A version of a package manager.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pin {
    pub tool: String,
    pub version: Version,
    /// `name==version`, with a marker where not every Python takes that version.
    pub needs: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

#[cfg(test)]
pub(super) fn pins() -> &'static [Pin] {
    &TABLE.pin
}

/// Returns the day on which the versions were resolved.
pub fn checked() -> &'static Date {
    &TABLE.checked
}

/// Returns what `tool` of that version needs on `python`, as requirements without markers, sorted by name. Empty where
/// the tool needs nothing, or the table does not hold the version.
pub fn needs(tool: &str, version: &Version, python: Minor) -> Vec<&'static str> {
    let pin = TABLE.pin.iter().find(|pin| pin.tool == tool && pin.version == *version);
    let target = Target::linux(python);
    let applies = |line: &&'static str| {
        let marker = Requirement::parse(line).map(|requirement| requirement.marker);
        target.as_ref().zip(marker.ok()).is_none_or(|(target, marker)| marker.holds(target, &[]))
    };
    let lines = pin.into_iter().flat_map(|pin| pin.needs.iter().map(String::as_str));
    lines.filter(applies).map(|line| line.split(" ; ").next().unwrap_or(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::tools;

    #[test]
    fn each_version_of_a_manager_is_pinned_with_what_it_needs() {
        for tool in tools::tools().iter().filter(|tool| tool.apart) {
            for version in tool.version_numbers() {
                assert!(
                    pins().iter().any(|pin| pin.tool == tool.name && pin.version == *version),
                    "pins.toml lacks {} {version}: run `.ci/knowledge/pins.py write`",
                    tool.name
                );
            }
        }
    }

    #[test]
    fn each_need_names_one_version_for_a_python() {
        for pin in pins() {
            for python in (6..=15).map(|minor| Minor(3, minor)) {
                let mut names: Vec<&str> = needs(&pin.tool, &pin.version, python)
                    .into_iter()
                    .map(|line| line.split_once("==").expect("a version").0)
                    .collect();
                let all = names.len();
                names.dedup();
                assert_eq!(names.len(), all, "{} {} on {python}", pin.tool, pin.version);
            }
        }
    }

    #[test]
    fn bounds_of_the_table_of_tools_hold_in_the_pins() {
        for tool in tools::tools() {
            for (version, bound) in tool.bounds() {
                let bound = Requirement::parse(bound).unwrap();
                let pinned = needs(&tool.name, version, Minor(3, 13))
                    .into_iter()
                    .map(|line| Requirement::parse(line).unwrap())
                    .find(|requirement| requirement.name == bound.name)
                    .expect("a pin of what is bounded");
                let version = pinned.specifiers.and_then(|all| all.exact()).unwrap();
                assert!(bound.specifiers.unwrap().contains(&version), "{} {version}", bound.name);
            }
        }
    }
}
