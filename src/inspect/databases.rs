//! The engines of `DATABASES`, for development and production.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{DatabaseEngine, DatabaseEngines};
use super::project::{Project, Settings};
use crate::base::wording::and_ticked;
use crate::base::{Evidence, Fact};
use crate::python::{Cast, Value};

/// Distributions that talk to a server of one kind.
const DRIVERS: &[&str] = &[
    "psycopg",
    "psycopg2",
    "psycopg2-binary",
    "psycopg-binary",
    "psycopg-c",
    "mysqlclient",
    "pymysql",
    "mysql-connector-python",
    "oracledb",
    "cx-oracle",
];

pub(super) fn read(project: &Project<'_>) -> Fact<BTreeMap<String, DatabaseEngines>> {
    let (dev, prod) = (engines(project, &project.dev), engines(project, &project.prod));
    let mut aliases: BTreeMap<String, DatabaseEngines> = BTreeMap::new();
    let none = DatabaseEngines { dev: DatabaseEngine::Unknown, prod: DatabaseEngine::Unknown };
    for (alias, engine) in &dev.engines {
        aliases.entry(alias.clone()).or_insert(none).dev = *engine;
    }
    for (alias, engine) in &prod.engines {
        aliases.entry(alias.clone()).or_insert(none).prod = *engine;
    }
    let default = aliases.entry("default".to_owned()).or_insert(none);
    let known = !matches!(default.prod, DatabaseEngine::Unknown | DatabaseEngine::Other);
    let mut evidence = prod.evidence;
    evidence.extend(dev.evidence.into_iter().filter(|one| !evidence.contains(one)).collect::<Vec<_>>());
    Fact { value: aliases, evidence, unknown: if known { None } else { prod.why } }
}

#[derive(Default)]
struct Read {
    engines: BTreeMap<String, DatabaseEngine>,
    evidence: Vec<Evidence>,
    /// Why the default's is not known.
    why: Option<String>,
}

fn engines(project: &Project<'_>, settings: &Settings) -> Read {
    let mut read = Read::default();
    let Some(setting) = settings.get("DATABASES") else {
        read.evidence = vec![Evidence::new(settings.place("DATABASES"), "does not set DATABASES")];
        read.why = Some("the settings do not set `DATABASES`, as far as they can be read".to_owned());
        return read;
    };
    // The dict may differ by a test; each form tells of its aliases, the first of what is usual.
    let forms = setting.value.alternatives();
    let mut aliases: Vec<String> = Vec::new();
    for form in &forms {
        for (key, _) in form.entries().unwrap_or_default() {
            let Some(key) = key.assumed().and_then(|key| key.as_text()) else { continue };
            if !aliases.contains(&key) {
                aliases.push(key);
            }
        }
    }
    for alias in aliases {
        let entries: Vec<&Value> = forms.iter().filter_map(|form| entry(form, &alias)).collect();
        let deciders = settings.evaluation.decided_by.get("DATABASES");
        let (engine, why) = engine_of(project, &entries, deciders.into_iter().flatten());
        if alias == "default" {
            read.why.clone_from(&why);
            let reason = why.unwrap_or_else(|| format!("the engine of `default` is {}", word(engine)));
            read.evidence.push(Evidence::new(setting.place.clone(), reason));
        }
        read.engines.insert(alias, engine);
    }
    if !read.engines.contains_key("default") {
        read.evidence.extend(settings.evidence("DATABASES", "sets DATABASES"));
        let names = names(&setting.value);
        read.why = Some(if names.is_empty() {
            settings.why("DATABASES", "what `DATABASES` holds is known only at run time")
        } else {
            format!("what `DATABASES` holds is decided by {}", and_ticked(&names))
        });
    }
    read
}

fn entry<'a>(form: &'a Value, alias: &str) -> Option<&'a Value> {
    let entries = form.entries()?;
    entries
        .iter()
        .rev()
        .find(|(key, _)| key.assumed().and_then(|key| key.as_text()).as_deref() == Some(alias))
        .map(|(_, value)| value)
}

/// The engine that these alternatives for one alias come to, or why that is not known.
///
/// `deciders` are the variables that choose among them.
fn engine_of<'s>(
    project: &Project<'_>,
    entries: &[&Value],
    deciders: impl Iterator<Item = &'s String>,
) -> (DatabaseEngine, Option<String>) {
    let mut found: Vec<DatabaseEngine> = Vec::new();
    let mut reads: Vec<String> = Vec::new();
    let mut by_variable = false;
    let mut unknown = false;
    for value in entries.iter().flat_map(|entry| entry.alternatives()) {
        let engine = match value {
            Value::Dict(_) => value.get("ENGINE").or_else(|| value.get("engine")),
            Value::Env(read) => {
                by_variable = true;
                reads.push(read.name.clone());
                if read.cast == Cast::DatabaseUrl && read.default.is_none() {
                    unknown = true;
                }
                continue;
            }
            other => {
                unknown = true;
                reads.extend(names(other));
                continue;
            }
        };
        let Some(engine) = engine else {
            // A dict without an engine, or one that is updated later.
            unknown |= value.entries().is_some_and(|entries| !entries.is_empty());
            continue;
        };
        for one in engine.alternatives() {
            match one {
                Value::Str(path) => found.push(named(path)),
                Value::Env(read) => {
                    by_variable = true;
                    reads.push(read.name.clone());
                }
                other => {
                    let assumed = other.assumed();
                    match assumed.as_ref().and_then(Value::as_str) {
                        Some(path) => {
                            by_variable = true;
                            found.push(named(path));
                        }
                        None => unknown = true,
                    }
                    reads.extend(names(other));
                }
            }
        }
    }
    let mut distinct: Vec<DatabaseEngine> = found.clone();
    distinct.dedup();
    distinct.sort_unstable();
    distinct.dedup();
    let first = found.first().copied().unwrap_or_default();
    let undecided = |why: &str| {
        // What a value is made of says more than what was asked on the way to it.
        let reads: BTreeSet<&String> =
            if reads.is_empty() { deciders.collect() } else { reads.iter().collect() };
        let by: Vec<&String> = reads.into_iter().collect();
        let by = if by.is_empty() { String::new() } else { format!(" by {}", and_ticked(&by)) };
        (DatabaseEngine::Unknown, Some(format!("the engine is {why}{by}")))
    };
    let is_server = |one: &DatabaseEngine| !matches!(one, DatabaseEngine::Sqlite | DatabaseEngine::Unknown);
    match distinct.as_slice() {
        [] => undecided("decided at run time"),
        [DatabaseEngine::Unknown] => {
            // A wrapper of the project's own needs a driver that is known; a server of another kind brings its own.
            let other = project.installs(DRIVERS) == Some(false);
            let engine = if other { DatabaseEngine::Other } else { DatabaseEngine::Unknown };
            (engine, Some("the engine is one that djdock does not know".to_owned()))
        }
        // A file is what is used where no variable is set; a driver says that a server is meant.
        [DatabaseEngine::Sqlite] if by_variable && project.installs(DRIVERS) == Some(true) => {
            undecided("SQLite unless set otherwise")
        }
        [only] => (*only, None),
        several if (unknown || first == DatabaseEngine::Sqlite) && several.iter().any(is_server) => {
            undecided("decided at run time")
        }
        _ => (first, None),
    }
}

fn names(value: &Value) -> Vec<String> {
    let mut names: Vec<String> = value.reads().into_iter().map(|read| read.name.clone()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The engine of a backend's dotted name: Django's own, its old names, and what wraps them.
pub(super) fn named(path: &str) -> DatabaseEngine {
    let path = path.to_ascii_lowercase();
    let has = |part: &str| path.contains(part);
    if has("postgis") {
        DatabaseEngine::Postgis
    } else if has("spatialite") {
        DatabaseEngine::Spatialite
    } else if has("postgres") || has("psqlextra") || has("timescale") || has("cockroach") || has("psycopg") {
        DatabaseEngine::Postgresql
    } else if has("mariadb") {
        DatabaseEngine::Mariadb
    } else if has("mysql") {
        DatabaseEngine::Mysql
    } else if has("sqlite") {
        DatabaseEngine::Sqlite
    } else if has("oracle") {
        DatabaseEngine::Oracle
    } else if path.ends_with("tenants.postgresql_backend") || has("django_tenants") {
        DatabaseEngine::Postgresql
    } else {
        DatabaseEngine::Unknown
    }
}

fn word(engine: DatabaseEngine) -> &'static str {
    match engine {
        DatabaseEngine::Sqlite => "SQLite",
        DatabaseEngine::Postgresql => "PostgreSQL",
        DatabaseEngine::Mysql => "MySQL",
        DatabaseEngine::Mariadb => "MariaDB",
        DatabaseEngine::Oracle => "Oracle",
        DatabaseEngine::Postgis => "PostGIS",
        DatabaseEngine::Spatialite => "SpatiaLite",
        DatabaseEngine::Unknown | DatabaseEngine::Other => "not known",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backend_is_known_by_any_of_its_names() {
        let check = |path: &str, expected: DatabaseEngine| assert_eq!(named(path), expected, "{path}");
        check("django.db.backends.postgresql_psycopg2", DatabaseEngine::Postgresql);
        check("django_prometheus.db.backends.postgresql", DatabaseEngine::Postgresql);
        check("django.contrib.gis.db.backends.postgis", DatabaseEngine::Postgis);
        check("django_tenants.postgresql_backend", DatabaseEngine::Postgresql);
        check("mysql.connector.django", DatabaseEngine::Mysql);
        check("django.db.backends.sqlite3", DatabaseEngine::Sqlite);
        check("djongo", DatabaseEngine::Unknown);
    }
}
