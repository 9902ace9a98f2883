//! The implications of a distribution for the project that requires it.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Date;
use crate::python::{Minor, Specifiers, Version};

pub(super) const TEXT: &str = include_str!("distributions.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[expect(dead_code, reason = "for whoever edits the table")]
    checked: Date,
    distribution: Vec<Implication>,
    needs: Vec<Needs>,
    foreign: Vec<Foreign>,
    absent: Vec<Absent>,
    vendor: Vec<VendorDriver>,
    client: Vec<ClientOf>,
    stuck: Vec<Stuck>,
    asks: Vec<Asks>,
    threads: Vec<Threads>,
}

/// A distribution with threads or connections that a fork leaves behind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threads {
    /// The distribution, normalised; with `*` at its end, every one whose name begins so.
    pub name: String,
    /// A phrase that names the threads or connections a fork leaves behind.
    pub because: String,
    /// The page that says so. Never read by the program.
    pub source: String,
}

/// An app that asks the database while it is loaded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asks {
    /// The distribution, normalised.
    pub name: String,
    /// Its versions that ask, as a specifier.
    pub versions: String,
    /// As `INSTALLED_APPS` names it.
    pub app: String,
    /// The setting that keeps it from asking.
    pub setting: String,
    /// The value of the setting, as Python writes it.
    pub value: String,
    /// The page that describes the setting. Never read by the program.
    pub source: String,
}

/// A distribution that imports a module which Python dropped.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stuck {
    name: String,
    versions: String,
    module: String,
    #[expect(dead_code, reason = "for whoever edits the table")]
    source: String,
}

/// A distribution that drives a database through a library which no distribution of Linux may pass on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VendorDriver {
    pub name: String,
    /// The library: `Microsoft's ODBC driver for SQL Server`.
    pub driver: String,
    /// Remedies, each a clause that says what to do.
    pub remedies: Vec<String>,
    pub source: String,
}

/// The facts about a project that requires the distribution.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Implication {
    pub name: String,
    /// The database engine that it drives: `postgresql`, `mysql`, `mariadb`, `oracle`.
    pub engine: Option<String>,
    /// `redis` or `memcached`.
    pub cache: Option<String>,
    /// The app server: `gunicorn`.
    pub server: Option<String>,
    /// The task queue: `celery`, `rq`.
    pub queue: Option<String>,
}

/// A task queue whose requirement leaves its transport open, while the newest transport refuses older clients of a store.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientOf {
    /// The task queue's distribution, normalised.
    pub name: String,
    /// Its versions, as a specifier.
    pub versions: String,
    /// The store's word in the catalog.
    pub store: String,
    /// The versions of the store's client that the row is about, as a specifier; any where this is absent.
    pub client: Option<String>,
    /// The transport's distribution: where a manifest or lockfile names one, its version is chosen already.
    pub transport: String,
    /// The requirement that lets the installer choose a transport which takes the project's client.
    pub requirement: String,
    /// The page that shows the refusal. Never read by the program.
    pub source: String,
}

/// A distribution that imports another one without requiring it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Needs {
    pub name: String,
    pub versions: String,
    /// The distribution that must be installed beside it, as a requirement: `setuptools<82`.
    pub distribution: String,
    /// The first Python whose images lack it.
    pub from_python: Minor,
    /// Requirements that bring it along: where one of these versions is installed, nothing is missing.
    #[serde(default)]
    pub brought_by: Vec<String>,
    pub source: String,
}

/// A distribution that installs on another system alone: what a list frozen there holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Foreign {
    pub name: String,
    /// The system on which it exists: `on Windows`.
    pub system: String,
    /// The distribution that brings the same modules on Linux, where there is one.
    pub instead: Option<String>,
    pub source: String,
}

/// A requirement that the index has nothing for, at all or in some releases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absent {
    pub name: String,
    /// Releases that can be installed.
    #[serde(default)]
    installs: Vec<String>,
    /// The newest release stops the install.
    #[serde(default)]
    refuses_newest: bool,
    /// A clause: "its author took the older releases from the index".
    pub because: String,
    /// The distribution that brings the modules which the name stands for, where a site may import them.
    pub instead: Option<String>,
    pub source: String,
}

impl Absent {
    /// Tells whether some release that can be installed is chosen for these versions.
    fn installs(&self, wanted: &Specifiers) -> bool {
        let fits =
            |version: &String| Version::parse(version).is_some_and(|version| wanted.contains(&version));
        let is_one = wanted.exact().is_some();
        (is_one || !self.refuses_newest) && self.installs.iter().any(fits)
    }
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

pub fn implications() -> &'static [Implication] {
    &TABLE.distribution
}

/// Returns the implications of the distribution called `name` (normalised).
pub fn implied_by(name: &str) -> Option<&'static Implication> {
    implications().iter().find(|implication| implication.name == name)
}

/// Returns the driver that the distribution called `name` (normalised) needs from a vendor.
pub fn vendor_driver(name: &str) -> Option<&'static VendorDriver> {
    TABLE.vendor.iter().find(|row| row.name == name)
}

/// Returns the row for the distribution called `name` (normalised), if Linux has none of that name.
pub fn foreign(name: &str) -> Option<&'static Foreign> {
    TABLE.foreign.iter().find(|row| row.name == name)
}

/// Returns the row for the requirement of `name` (normalised) in the `wanted` versions, if the index has nothing to install for
/// it.
pub fn absent(name: &str, wanted: &Specifiers) -> Option<&'static Absent> {
    TABLE.absent.iter().find(|row| row.name == name && !row.installs(wanted))
}

/// Returns the distribution that must be installed beside this version of `name` on `python`, because it is imported and not required.
///
/// An unknown version is taken for the newest, which needs nothing unless every version does.
pub fn unstated_need(name: &str, version: Option<&Version>, python: Minor) -> Option<&'static Needs> {
    TABLE.needs.iter().find(|row| {
        row.name == name
            && python >= row.from_python
            && match (version, Specifiers::parse(&row.versions)) {
                (Some(version), Some(versions)) => versions.contains(version),
                (None, Some(versions)) => !versions.has_upper_bound(),
                (_, None) => false,
            }
    })
}

/// Returns the rows for this version of `name`. An unknown version is taken for the newest.
pub fn asks_when_loaded(
    name: &str,
    version: Option<&Version>,
) -> impl Iterator<Item = &'static Asks> + use<> {
    let fits = |row: &&Asks| {
        let versions = Specifiers::parse(&row.versions);
        row.name == name && versions.zip(version).is_some_and(|(all, version)| all.contains(version))
    };
    TABLE.asks.iter().filter(fits).collect::<Vec<_>>().into_iter()
}

/// Returns the first row whose distribution is among `names`.
pub fn first_with_threads<'a>(names: &(impl Iterator<Item = &'a str> + Clone)) -> Option<&'static Threads> {
    let is_named = |row: &&Threads| match row.name.strip_suffix('*') {
        Some(start) => names.clone().any(|name| name.starts_with(start)),
        None => names.clone().any(|name| name == row.name),
    };
    TABLE.threads.iter().find(is_named)
}

/// Returns the module that this version of `name` imports and that Python dropped. An unknown version is taken for the newest,
/// which imports none.
pub fn removed_import(name: &str, version: Option<&Version>) -> Option<&'static str> {
    let version = version?;
    let holds = |row: &&Stuck| {
        row.name == name && Specifiers::parse(&row.versions).is_some_and(|all| all.contains(version))
    };
    TABLE.stuck.iter().find(holds).map(|row| row.module.as_str())
}

/// Returns the row for a task queue that talks to `store` with this version of its client; `None` if the queue's own
/// requirements fit. `wanted` are the versions of the queue that may be installed.
pub fn client_of(
    name: &str,
    wanted: &Specifiers,
    store: &str,
    client: Option<&Version>,
) -> Option<&'static ClientOf> {
    let lines: Vec<Minor> = (3..8)
        .flat_map(|major| (0..20).map(move |minor| Minor(major, minor)))
        .filter(|line| wanted.allows(*line))
        .collect();
    TABLE.client.iter().find(|row| {
        let Some(versions) = Specifiers::parse(&row.versions) else { return false };
        let fits = match row.client.as_deref().map(Specifiers::parse) {
            // The installer is to choose a version of the queue that goes together with the client.
            Some(clients) => {
                let is_old = clients.zip(client).is_some_and(|(clients, client)| clients.contains(client));
                is_old && lines.iter().any(|line| versions.allows(*line))
            }
            None => !lines.is_empty() && lines.iter().all(|line| versions.allows(*line)),
        };
        fits && row.name == name && row.store == store
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failure_40_old_gunicorn_needs_setuptools_on_a_new_python() {
        let need = |version: &str, python| {
            unstated_need("gunicorn", Version::parse(version).as_ref(), python)
                .map(|row| row.distribution.as_str())
        };
        assert_eq!(need("20.1.0", Minor(3, 12)), Some("setuptools<82"));
        assert_eq!(need("20.1.0", Minor(3, 11)), None);
        assert_eq!(need("21.2.0", Minor(3, 12)), None);
        assert!(unstated_need("gunicorn", None, Minor(3, 13)).is_none());
    }

    #[test]
    fn a_requirement_is_absent_where_no_release_that_installs_fits() {
        let is_absent =
            |name: &str, wanted: &str| absent(name, &Specifiers::parse(wanted).unwrap()).is_some();
        assert!(is_absent("codecov", "==2.0.15") && is_absent("codecov", "<2.1"));
        assert!(
            !is_absent("codecov", "==2.1.13")
                && !is_absent("codecov", ">=2.0.15")
                && !is_absent("codecov", "*")
        );
        assert!(
            is_absent("sklearn", "*") && is_absent("sklearn", ">=0.0") && is_absent("sklearn", "==0.0.post1")
        );
        assert!(!is_absent("sklearn", "==0.0"), "this release brings scikit-learn");
        assert!(is_absent("pil", "*") && is_absent("opencv", "==4.8") && !is_absent("pillow", "*"));
    }

    #[test]
    fn stuck_distributions_import_what_python_dropped() {
        for row in &TABLE.stuck {
            assert!(super::super::modules::removal_of(&row.module).is_some(), "{}", row.name);
            assert!(
                Specifiers::parse(&row.versions).is_some_and(|all| all.has_upper_bound()),
                "{}",
                row.name
            );
        }
        let module = |version| removed_import("django-background-tasks", Version::parse(version).as_ref());
        assert_eq!(module("1.2.5"), Some("imp"));
        assert_eq!(module("1.2.8"), None);
    }

    #[test]
    fn drivers_imply_their_database() {
        assert_eq!(implied_by("psycopg2-binary").and_then(|row| row.engine.as_deref()), Some("postgresql"));
        assert_eq!(implied_by("mysqlclient").and_then(|row| row.engine.as_deref()), Some("mysql"));
        assert!(implied_by("django").is_none());
    }
}
