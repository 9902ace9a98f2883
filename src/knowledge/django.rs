//! Release lines of Django: Pythons, oldest databases, end of support.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Date;
use crate::python::{Minor, Specifiers, Version};

pub(super) const TEXT: &str = include_str!("django.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    checked: Date,
    #[expect(dead_code, reason = "for whoever edits the table")]
    sources: Vec<String>,
    release: Vec<Release>,
}

/// One release line.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    pub line: Minor,
    /// Documented, the oldest first.
    pub pythons: Vec<Minor>,
    /// The newest on which it is known to start, where that is newer than the documented ones.
    pub runs_until: Option<Minor>,
    pub end_of_life: Date,
    postgresql: String,
    mysql: String,
    mariadb: Option<String>,
}

/// A database server that Django talks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    Postgresql,
    Mysql,
    Mariadb,
}

impl Release {
    /// The oldest documented Python.
    pub fn oldest_python(&self) -> Option<Minor> {
        self.pythons.first().copied()
    }

    /// The newest Python on which it runs.
    pub fn newest_python(&self) -> Option<Minor> {
        self.pythons.last().copied().max(self.runs_until)
    }

    /// The oldest version of the server that it works with, as written in its documentation.
    pub fn database_floor(&self, server: Server) -> Option<&str> {
        match server {
            Server::Postgresql => Some(&self.postgresql),
            Server::Mysql => Some(&self.mysql),
            Server::Mariadb => self.mariadb.as_deref(),
        }
    }

    /// Tells whether support had ended when the table was checked.
    pub fn is_over(&self) -> bool {
        self.end_of_life < TABLE.checked
    }
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

/// Every release line, the oldest first.
pub fn releases() -> &'static [Release] {
    &TABLE.release
}

/// The line, or the nearest older one: a line newer than the table is taken for its last.
pub fn release(line: Minor) -> Option<&'static Release> {
    releases().iter().rev().find(|release| release.line <= line)
}

/// The newest line that `wanted` allows and that runs on `python`, where one is given.
pub fn newest(wanted: Option<&Specifiers>, python: Option<Minor>) -> Option<&'static Release> {
    releases().iter().rev().find(|release| {
        wanted.is_none_or(|wanted| wanted.allows(release.line))
            && python.is_none_or(|python| release.pythons.contains(&python))
    })
}

/// The oldest line that `wanted` allows.
pub fn oldest(wanted: &Specifiers) -> Option<&'static Release> {
    releases().iter().find(|release| wanted.allows(release.line))
}

/// Tells whether version `offered` of a database server is too old for the line; the floor where it is.
pub fn database_too_old(line: Minor, server: Server, offered: &str) -> Option<&'static str> {
    let floor = release(line)?.database_floor(server)?;
    let (offered, needed) = (Version::parse(offered)?, Version::parse(floor)?);
    // `8` and `8.0` offer whatever is newest of that line, so only as many numbers as were said are compared.
    let said = offered.to_string().split('.').count();
    let needed = needed.to_string().split('.').take(said).collect::<Vec<_>>().join(".");
    (offered < Version::parse(&needed)?).then_some(floor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases_below_the_floor_are_found() {
        assert_eq!(database_too_old(Minor(5, 2), Server::Postgresql, "13"), Some("14"));
        assert_eq!(database_too_old(Minor(5, 2), Server::Postgresql, "14"), None);
        assert_eq!(database_too_old(Minor(4, 2), Server::Mysql, "5.7"), Some("8"));
        assert_eq!(database_too_old(Minor(5, 2), Server::Mysql, "8"), None);
        assert_eq!(database_too_old(Minor(5, 2), Server::Mysql, "8.0"), None);
        assert_eq!(database_too_old(Minor(6, 1), Server::Mysql, "8.0"), Some("8.4"));
        assert_eq!(database_too_old(Minor(6, 1), Server::Mariadb, "10.6"), Some("10.11"));
        assert_eq!(database_too_old(Minor(2, 2), Server::Mariadb, "10.6"), None);
    }

    #[test]
    fn ranges_imply_the_newest_line_that_the_python_runs() {
        let wanted = |text: &str| Specifiers::parse(text).unwrap();
        let line = |text: &str, python| newest(Some(&wanted(text)), python).map(|release| release.line);
        assert_eq!(line(">=5.0,<6.0", None), Some(Minor(5, 2)));
        assert_eq!(line(">=5.0", Some(Minor(3, 11))), Some(Minor(5, 2)));
        assert_eq!(line("~=4.1.2", None), Some(Minor(4, 1)));
        assert_eq!(oldest(&wanted(">=3.2")).map(|release| release.line), Some(Minor(3, 2)));
    }

    #[test]
    fn a_line_newer_than_the_table_is_taken_for_its_last() {
        assert_eq!(release(Minor(9, 0)).map(|release| release.line), releases().last().map(|last| last.line));
    }
}
