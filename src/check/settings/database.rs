//! DATABASES.

use crate::base::codes::check::settings::{
    DATABASE_DRIVER_ABSENT, DATABASE_ON_LOCALHOST, DATABASE_PASSWORD_IN_SETTINGS, DATABASES_UNSET,
    SQLITE_IN_SOURCE,
};
use crate::base::{Diagnostic, Place};
use crate::check::subject::{in_project, is_this_machine};
use crate::check::{Rule, Subject};
use crate::inspect::facts::DatabaseEngine;
use crate::python::Value;

pub const RULES: &[Rule] = &[
    Rule { codes: &[DATABASE_ON_LOCALHOST, DATABASE_PASSWORD_IN_SETTINGS, SQLITE_IN_SOURCE], find: aliases },
    Rule { codes: &[DATABASE_DRIVER_ABSENT], find: driver },
    Rule { codes: &[DATABASES_UNSET], find: unset },
];

/// Words in the names of backends whose server is found by `HOST`.
const SERVERS: [&str; 6] = ["postgres", "postgis", "psqlextra", "mysql", "mariadb", "oracle"];

fn aliases(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let Some((databases, place)) = subject.setting("DATABASES") else { return Vec::new() };
    let mut found = Vec::new();
    for (alias, database) in databases.entries().unwrap_or_default() {
        let (Some(alias), Some(engine)) = (alias.as_str(), database.get("ENGINE").and_then(Value::as_str))
        else {
            continue;
        };
        if engine.contains("sqlite") || engine.contains("spatialite") {
            if let Some(path) = database.get("NAME").and_then(in_project) {
                found.push(sqlite(alias, path.as_str(), place));
            }
            continue;
        }
        // No HOST is a socket for PostgreSQL and MySQL: the machine itself too. Other engines have other keys.
        let known = SERVERS.iter().any(|server| engine.to_lowercase().contains(server));
        let host = match database.get("HOST") {
            Some(host) => host.as_str(),
            None => (known && !is_in_a_file(database)).then_some(""),
        };
        if let Some(host) = host.filter(|host| host.is_empty() || is_this_machine(host)) {
            found.push(localhost(alias, host, place));
        }
        if database.get("PASSWORD").and_then(Value::as_str).is_some_and(|password| !password.is_empty()) {
            found.push(password(alias, place));
        }
    }
    found
}

/// Tells whether a file of the driver's own says where the server is.
fn is_in_a_file(database: &Value) -> bool {
    database.get("OPTIONS").is_some_and(|options| {
        ["read_default_file", "read_default_group", "service"].iter().any(|key| options.get(key).is_some())
    })
}

fn localhost(alias: &str, host: &str, place: &Place) -> Diagnostic {
    let title = if host.is_empty() {
        format!("the database `{alias}` has no `HOST`, so it is looked for on the same machine")
    } else {
        format!("the database `{alias}` is on `{host}`, whatever the environment says")
    };
    Diagnostic::error(DATABASE_ON_LOCALHOST, title)
        .at(place, "decided here")
        .because("in a container that is the container itself, and the database runs in another one")
        .help("read it from a variable: `\"HOST\": os.environ.get(\"DATABASE_HOST\", \"localhost\")`")
        .help("or leave the file as it is: `djdock init` overrides it in a settings module of its own")
}

fn password(alias: &str, place: &Place) -> Diagnostic {
    Diagnostic::warning(
        DATABASE_PASSWORD_IN_SETTINGS,
        format!("the password of the database `{alias}` stands in the settings"),
    )
    .at_secret(place, "in the source, so in every image and every clone")
    .because("whoever can pull the image can read it, and no two servers can have different ones")
    .help(
        "read it from a variable: `\"PASSWORD\": os.environ[\"DATABASE_PASSWORD\"]`, and change the password",
    )
}

fn sqlite(alias: &str, path: &str, place: &Place) -> Diagnostic {
    Diagnostic::warning(SQLITE_IN_SOURCE, format!("the SQLite database `{alias}` is the file `{path}` beside the code"))
        .at(place, "decided here")
        .because("a container's own files are gone when it is replaced, and the folder must be writable for SQLite's journal")
        .help("read the path from a variable and keep the file in a folder of its own, which can be a volume")
        .help("or leave the file as it is: `djdock init` moves it to a volume by a settings module of its own")
}

/// Distributions that give Django a driver, by engine.
const DRIVERS: &[(&[DatabaseEngine], &[&str])] = &[
    (
        &[DatabaseEngine::Postgresql, DatabaseEngine::Postgis],
        &["psycopg", "psycopg2", "psycopg2-binary", "psycopg-binary", "psycopg-c", "psycopg2cffi"],
    ),
    (
        &[DatabaseEngine::Mysql, DatabaseEngine::Mariadb],
        &["mysqlclient", "pymysql", "mysql-connector-python"],
    ),
    (&[DatabaseEngine::Oracle], &["oracledb", "cx-oracle"]),
];

fn driver(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let Some(engines) = subject.facts.databases.value.get("default") else { return Vec::new() };
    let Some((_, drivers)) = DRIVERS.iter().find(|(of, _)| of.contains(&engines.prod)) else {
        return Vec::new();
    };
    let absent = drivers.iter().all(|name| subject.distribution(name).is_none());
    // Without a list of distributions nothing can be said to be absent from it, and a transitive driver shows
    // only in a lockfile.
    let is_listed = !subject.facts.distributions.is_empty() && subject.facts.proposed_requirements.is_none();
    if !absent || !is_listed {
        return Vec::new();
    }
    let mut diagnostic = Diagnostic::warning(
        DATABASE_DRIVER_ABSENT,
        format!(
            "no driver for the database is required: none of {}",
            crate::base::wording::or_ticked(drivers)
        ),
    );
    for evidence in subject.facts.databases.evidence.iter().take(1) {
        diagnostic = diagnostic.at(&evidence.place, "this engine needs one");
    }
    let imported = drivers.iter().find_map(|name| Some((*name, imported(subject, name)?)));
    if let Some((name, place)) = &imported {
        diagnostic = diagnostic.at(place, format!("imports `{name}`"));
    }
    let advised = imported.map(|(name, _)| name).or(drivers.first().copied());
    let advice = advised.map_or_else(String::new, |name| match name {
        "psycopg" => "psycopg[binary]".to_owned(),
        name => name.to_owned(),
    });
    vec![
        diagnostic
            .because("the production install brings no module that Django's backend could import")
            .help(format!("add `{advice}` to {}", subject.manifest())),
    ]
}

/// Reports production without databases if development has some, and nothing was left unread that may bring them.
fn unset(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let (prod, dev) = (subject.prod(), &subject.facts.evaluated_dev);
    let is_complete = prod.diagnostics.is_empty()
        && prod.failures.is_empty()
        && prod.settings.values().all(|setting| setting.value.is_left_to().is_none());
    let (Some(set), Some(module)) = (dev.settings.get("DATABASES"), prod.modules.first()) else {
        return Vec::new();
    };
    if prod.settings.contains_key("DATABASES") || !is_complete {
        return Vec::new();
    }
    vec![
        Diagnostic::error(DATABASES_UNSET, "the production settings set no database")
            .at(&set.place, "only development has it")
            .because(format!("{} sets no `DATABASES`, nor does what it imports", module.path))
            .because("`migrate` and every query end with `settings.DATABASES is improperly configured`")
            .help("move it into the module that both take from, and read what differs from variables")
            .help("or leave the files as they are: `djdock init` sets it in a settings module of its own"),
    ]
}

/// Returns the place where the settings import the driver of this name: `pymysql.install_as_MySQLdb()`.
fn imported(subject: &Subject<'_>, driver: &str) -> Option<Place> {
    let settings = subject.facts.evaluated_prod.modules.iter();
    settings.into_iter().find_map(|module| {
        let text = subject.tree.text(&module.path)?;
        let statement = format!("import {driver}");
        let (line, _) = (1..).zip(text.lines()).find(|(_, line)| line.trim_end() == statement)?;
        Some(Place::line(module.path.clone(), line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_settings as findings;

    fn of(body: &str) -> String {
        format!("DATABASES = {{'default': {body}}}")
    }

    #[test]
    fn a_database_on_this_machine_is_not_in_the_container() {
        let postgres = of("{'ENGINE': 'django.db.backends.postgresql', 'HOST': 'localhost'}");
        assert_eq!(findings(RULES, &postgres, &[]), ["database-on-localhost:1"]);
        let socket = of("{'ENGINE': 'django.db.backends.mysql', 'NAME': 'x'}");
        assert_eq!(findings(RULES, &socket, &[]), ["database-on-localhost:1"]);
        let file =
            of("{'ENGINE': 'django.db.backends.mysql', 'OPTIONS': {'read_default_file': '/etc/my.cnf'}}");
        assert!(findings(RULES, &file, &[]).is_empty());
        assert!(findings(RULES, &of("{'ENGINE': 'djongo', 'CLIENT': {'host': 'mongodb'}}"), &[]).is_empty());
        let read =
            format!("import os\n{}", of("{'ENGINE': 'django.db.backends.mysql', 'HOST': os.environ['H']}"));
        assert!(findings(RULES, &read, &[]).is_empty());
    }

    #[test]
    fn a_sqlite_file_beside_the_code_is_lost() {
        let sqlite = of("{'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}");
        let settings =
            format!("from pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\n{sqlite}");
        assert_eq!(findings(RULES, &settings, &[]), ["sqlite-in-source:3"]);
    }

    #[test]
    fn a_driver_must_be_required() {
        let postgres = format!(
            "import os\n{}",
            of("{'ENGINE': 'django.db.backends.postgresql', 'HOST': os.environ['H']}")
        );
        assert_eq!(
            findings(RULES, &postgres, &[("requirements.txt", "django==5.2\n")]),
            ["database-driver-absent:2"]
        );
        assert!(
            findings(RULES, &postgres, &[("requirements.txt", "django==5.2\npsycopg[binary]\n")]).is_empty()
        );
    }
}
