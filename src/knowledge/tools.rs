//! Distributions that djdock adds to an image: package managers, app servers, drivers.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Date;
use crate::python::{Minor, Specifiers, Version};

pub(super) const TEXT: &str = include_str!("tools.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[expect(dead_code, reason = "for whoever edits the table")]
    checked: Date,
    #[expect(dead_code, reason = "for whoever edits the table")]
    source: String,
    tool: Vec<Tool>,
}

/// A distribution.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// Normalised.
    pub name: String,
    /// Installed beside the environment of the project: `pins.toml` holds all that it needs.
    #[serde(default)]
    pub apart: bool,
    versions: Vec<Row>,
}

#[cfg(test)]
impl Tool {
    pub(super) fn version_numbers(&self) -> impl Iterator<Item = &Version> {
        self.versions.iter().map(|row| &row.version)
    }

    /// Returns each version with the bounds of what it needs.
    pub(super) fn bounds(&self) -> impl Iterator<Item = (&Version, &str)> {
        self.versions.iter().flat_map(|row| row.below.iter().map(|bound| (&row.version, bound.as_str())))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    version: Version,
    /// The oldest that it runs on.
    python: Minor,
    /// The oldest Django that it runs with; `None` for what Django does not load.
    #[serde(default)]
    django: Option<Minor>,
    /// Requirements that are installed with it.
    #[serde(default)]
    beside: Vec<String>,
    /// Bounds of what it needs, where a later release does not fit: `pins.toml` is resolved under them.
    #[serde(default)]
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "read by the script that makes pins.toml, and by its test")
    )]
    below: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

pub fn tools() -> &'static [Tool] {
    &TABLE.tool
}

/// Returns the requirements that are installed with this version of `name`.
pub fn beside(name: &str, version: &Version) -> &'static [String] {
    let tool = tools().iter().find(|tool| tool.name == name);
    let row = tool.and_then(|tool| tool.versions.iter().find(|row| row.version == *version));
    row.map_or(&[], |row| &row.beside)
}

/// Returns the newest version of `name` for `python` that `wanted` allows, where the project asks for one. A wish that
/// no row fulfils is not followed.
pub fn choose(name: &str, python: Minor, wanted: Option<&Specifiers>) -> Option<&'static Version> {
    let mut running = running(name, python, None).peekable();
    let newest = running.peek().copied();
    running.find(|version| wanted.is_none_or(|wanted| wanted.contains(version))).or(newest)
}

/// Returns the newest version of `name` that runs on `python` and with `django`; of a Django that is not known, with the
/// newest.
pub fn choose_for_django(name: &str, python: Minor, django: Option<Minor>) -> Option<&'static Version> {
    running(name, python, django).next()
}

/// Returns the versions of `name` that run on `python` and with `django`, the newest first.
fn running(name: &str, python: Minor, django: Option<Minor>) -> impl Iterator<Item = &'static Version> {
    let tool = tools().iter().find(|tool| tool.name == name);
    let runs_with = move |oldest: Minor| django.is_none_or(|django| django >= oldest);
    tool.into_iter()
        .flat_map(|tool| &tool.versions)
        .filter(move |row| python >= row.python && row.django.is_none_or(runs_with))
        .map(|row| &row.version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_in_order_and_every_supported_python_has_one() {
        for tool in tools() {
            assert!(
                tool.versions.is_sorted_by(|a, b| a.version > b.version && a.python >= b.python),
                "{}",
                tool.name
            );
            assert!(choose(&tool.name, Minor(3, 10), None).is_some(), "{}", tool.name);
        }
    }

    #[test]
    fn f38_a_tool_is_pinned_to_a_version_that_runs_on_the_python() {
        let version = |python| choose("poetry", python, None).map(ToString::to_string);
        assert_eq!(version(Minor(3, 13)).as_deref(), Some("2.5.1"));
        assert_eq!(version(Minor(3, 8)).as_deref(), Some("1.8.5"));
        assert_eq!(version(Minor(2, 7)), None);
    }

    #[test]
    fn a_distribution_that_django_loads_suits_the_django_of_the_project() {
        let version = |python, django| {
            choose_for_django("whitenoise", python, django).map(ToString::to_string).unwrap_or_default()
        };
        for (python, django, expected) in [
            (Minor(3, 13), Some(Minor(5, 2)), "6.12.0"),
            (Minor(3, 13), None, "6.12.0"),
            (Minor(3, 9), Some(Minor(4, 2)), "6.11.0"),
            (Minor(3, 11), Some(Minor(4, 1)), "6.7.0"),
            (Minor(3, 8), Some(Minor(2, 2)), "6.0.0"),
            (Minor(3, 7), Some(Minor(3, 2)), "6.2.0"),
            (Minor(3, 6), Some(Minor(2, 0)), "5.3.0"),
            (Minor(3, 6), Some(Minor(1, 8)), ""),
        ] {
            assert_eq!(version(python, django), expected, "Python {python}, Django {django:?}");
        }
    }

    #[test]
    fn a_lock_of_poetry_is_exported_by_the_plugin_that_does_so() {
        let beside = |version| beside("poetry", &Version::parse(version).unwrap());
        assert_eq!(beside("2.5.1"), ["poetry-plugin-export~=1.0"]);
        assert!(beside("1.1.15").is_empty(), "it exports by itself");
    }

    #[test]
    fn what_the_project_asks_of_its_manager_is_followed() {
        let wanted = Specifiers::parse("<2").unwrap();
        assert_eq!(choose("poetry", Minor(3, 13), Some(&wanted)).unwrap().to_string(), "1.8.5");
    }
}
