//! Which versions of a distribution have binary wheels for which Python.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Date;
use crate::python::{Minor, Version};

pub(super) const TEXT: &str = include_str!("wheels.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[expect(dead_code, reason = "for whoever edits the table")]
    checked: Date,
    #[expect(dead_code, reason = "for whoever edits the table")]
    source: String,
    distribution: Vec<Distribution>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Distribution {
    pub name: String,
    /// True if its source can be compiled instead; without it, installing fails.
    pub sdist: bool,
    /// The first Python that brings the same module itself: from there on nothing needs it.
    #[serde(default)]
    pub standard_since: Option<Minor>,
    pub wheels: Vec<Row>,
}

/// From a version on, the newest Python that has a wheel.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub from: Version,
    pub newest: Newest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newest {
    /// Source only.
    None,
    Python(Minor),
    /// A wheel for every later Python as well.
    Any,
}

impl<'de> Deserialize<'de> for Newest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "none" => Ok(Self::None),
            "any" => Ok(Self::Any),
            other => Minor::parse(other)
                .map(Self::Python)
                .ok_or_else(|| serde::de::Error::custom(format!("`{other}` is no Python version"))),
        }
    }
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

pub fn distributions() -> &'static [Distribution] {
    &TABLE.distribution
}

pub fn distribution(name: &str) -> Option<&'static Distribution> {
    distributions().iter().find(|distribution| distribution.name == name)
}

/// The newest Python with a wheel of this version; `None` where the table does not know.
///
/// Without a version the newest release is meant.
pub fn newest(name: &str, version: Option<&Version>) -> Option<Newest> {
    let rows = &distribution(name)?.wheels;
    let row = match version {
        Some(version) => rows.iter().rev().find(|row| row.from <= *version),
        None => rows.last(),
    };
    Some(row.map_or(Newest::None, |row| row.newest))
}

/// Tells whether installing this version on `python` compiles it; `None` where the table does not know.
pub fn is_compiled(name: &str, version: Option<&Version>, python: Minor) -> Option<bool> {
    Some(match newest(name, version)? {
        Newest::None => true,
        Newest::Any => false,
        Newest::Python(newest) => python > newest,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failure_6_an_old_binary_driver_is_compiled_on_a_new_python() {
        let compiled =
            |version: &str, python| is_compiled("psycopg2-binary", Version::parse(version).as_ref(), python);
        assert_eq!(compiled("2.9.5", Minor(3, 13)), Some(true));
        assert_eq!(compiled("2.9.5", Minor(3, 11)), Some(false));
        assert_eq!(compiled("2.9.11", Minor(3, 13)), Some(false));
        assert_eq!(is_compiled("psycopg2-binary", None, Minor(3, 14)), Some(false));
        assert_eq!(is_compiled("mysqlclient", None, Minor(3, 13)), Some(true));
        assert_eq!(is_compiled("never-heard-of", None, Minor(3, 13)), None);
    }

    #[test]
    fn a_backport_ends_where_python_brings_the_module() {
        for row in distributions() {
            let Some(since) = row.standard_since else { continue };
            let last = row.wheels.last().map(|row| row.newest);
            assert_eq!(last, Some(Newest::Python(Minor(since.0, since.1 - 1))), "{}", row.name);
        }
    }
}
