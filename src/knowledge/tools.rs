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
    versions: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    version: Version,
    /// The oldest that it runs on.
    python: Minor,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

pub fn tools() -> &'static [Tool] {
    &TABLE.tool
}

/// The newest version of `name` for `python` that `wanted` allows, where the project asks for one. A wish that
/// no row fulfils is not followed.
pub fn choose(name: &str, python: Minor, wanted: Option<&Specifiers>) -> Option<&'static Version> {
    let tool = tools().iter().find(|tool| tool.name == name)?;
    let mut running =
        tool.versions.iter().filter(|row| python >= row.python).map(|row| &row.version).peekable();
    let newest = running.peek().copied();
    running.find(|version| wanted.is_none_or(|wanted| wanted.contains(version))).or(newest)
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
    fn what_the_project_asks_of_its_manager_is_followed() {
        let wanted = Specifiers::parse("<2").unwrap();
        assert_eq!(choose("poetry", Minor(3, 13), Some(&wanted)).unwrap().to_string(), "1.8.5");
    }
}
