//! Apps whose management command makes static files.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Date;

pub(super) const TEXT: &str = include_str!("static_builds.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[expect(dead_code, reason = "for whoever edits the table")]
    checked: Date,
    row: Vec<Row>,
}

/// The command of one app.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// As `INSTALLED_APPS` names it.
    pub app: String,
    /// The words behind `manage.py`.
    pub command: Vec<String>,
    /// The words behind `manage.py` for development: that command never returns.
    #[serde(default)]
    pub watch: Vec<String>,
    /// Folders beside `manage.py` for what it fetches.
    #[serde(default)]
    pub caches: Vec<String>,
    pub source: String,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

/// The rows of the apps that are installed, in the order of the table.
pub fn of_apps(installed: &[String]) -> impl Iterator<Item = &'static Row> {
    let is_installed = |row: &&Row| {
        installed.iter().any(|app| {
            *app == row.app || app.strip_prefix(&row.app).is_some_and(|rest| rest.starts_with('.'))
        })
    };
    TABLE.row.iter().filter(is_installed).collect::<Vec<_>>().into_iter()
}
