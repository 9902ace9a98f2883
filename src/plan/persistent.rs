//! Connections to the database that outlive a request, where the project leaves that open.
//!
//! Only for the stack's own server, in production. Whoever keeps a database elsewhere knows how many connections that takes, and
//! whether a pooler stands before it; `runserver` makes a thread for each request, and a connection of each thread serves nobody
//! else. WSGI gets `CONN_MAX_AGE`: each thread of the app server keeps one connection, as many as it opens under load anyway.
//! For ASGI Django advises against that (<https://docs.djangoproject.com/en/stable/ref/databases/#caveats>); there the driver's
//! pool serves, where it is installed and Django knows it. Never both: Django refuses a pool beside `CONN_MAX_AGE`.
//!
//! The project has decided where the settings, as they come to under the stack's variables, have a key about it in the table of the
//! database, however it came there; and where their text has a word about it, because a branch that another variable takes, or a
//! call that is not evaluated, may set the key.

use std::collections::BTreeMap;

use super::ground::Ground;
use super::overlay::Lines;
use super::wiring::candidates::candidates;
use super::wiring::{Assignment, Goal, Want};
use crate::catalog::database::{Kept, Pool};
use crate::python::{Cast, EnvRead, Evaluation, Minor, Specifiers, Value, Version};

const AGE: &str = "CONN_MAX_AGE";
const CHECKS: &str = "CONN_HEALTH_CHECKS";
const OPTIONS: &str = "OPTIONS";

/// Seconds that a connection lives.
const SECONDS: &str = "60";

/// Since this Django a connection is checked before a request uses it; an unchecked one fails after a restart of the database:
/// <https://docs.djangoproject.com/en/stable/ref/settings/#conn-health-checks>.
const CHECKED_SINCE: Minor = Minor(4, 1);

/// Since this version django-environ takes `conn_health_checks` out of a URL for Django; an older one leaves it to the driver,
/// which refuses it: <https://django-environ.readthedocs.io/en/latest/changelog.html>.
const ENVIRON: (&str, &str) = ("django-environ", "0.10.0");

/// Other readers of database URLs: they hand every word of a query to the driver.
const OTHER_READERS: &[&str] = &["dj-database-url", "environs"];

/// The connections of one process. A pool keeps at least four open unless it is told otherwise, and no more than that:
/// <https://www.psycopg.org/psycopg3/docs/api/pool.html>.
const SIZE: &str = "{\"min_size\": 1, \"max_size\": 10}";

const BECAUSE: &str = "a connection to the database serves many requests and is checked before each: without it, every \
                       request makes one of its own";
const BECAUSE_POOL: &str = "connections to the database wait in a pool for the next request: without it, every request makes one of its own";

/// The way in which connections outlive requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Age,
    Pool,
}

/// Returns the way that the stack leaves open, whatever the settings say.
fn way(ground: &Ground<'_>) -> Option<Way> {
    let django = Minor::parse(ground.facts.django_version.value.as_deref()?)?;
    if !ground.is_prod() || !matches!(ground.database.kept, Kept::Server(_)) {
        return None;
    }
    if !ground.serves_asgi() {
        return (django >= CHECKED_SINCE).then_some(Way::Age);
    }
    let installed =
        ground.database.drivers.iter().filter(|driver| ground.has_distribution(driver.distribution));
    let mut pools = installed.filter_map(|driver| driver.pool);
    let has = |pool: Pool| {
        let Minor(major, minor) = django;
        let with_extra = |name: &str| {
            ground
                .facts
                .distributions
                .iter()
                .any(|one| one.name == name && one.extras.iter().any(|extra| extra == pool.extra))
        };
        let is_installed = ground.has_distribution(pool.distribution)
            || ground.database.drivers.iter().any(|driver| with_extra(driver.distribution));
        (major, minor) >= pool.since && is_installed
    };
    pools.any(has).then_some(Way::Pool)
}

/// Returns the table of the default database, where the project has decided nothing about its connections: no key says how long
/// they live or that they are pooled, every key is known, and the backend is Django's own (others bring pools).
fn undecided<'a>(ground: &Ground<'_>, evaluation: &'a Evaluation) -> Option<&'a Value> {
    let default = evaluation.get("DATABASES")?.get("default")?;
    let is_known = default.entries()?.iter().all(|(key, _)| key.as_str().is_some());
    let engine = default.get("ENGINE").and_then(Value::as_str)?;
    let is_pooled = match default.get(OPTIONS) {
        None => false,
        Some(options) => options
            .entries()
            .is_none_or(|all| all.iter().any(|(key, _)| key.as_str().is_none_or(|key| key == "pool"))),
    };
    let is_decided = default.get(AGE).is_some() || default.get(CHECKS).is_some() || is_pooled;
    (is_known && !is_decided && ground.database.engines.contains(&engine)).then_some(default)
}

/// Tells whether a settings module has a word about connections that last. Where the settings do not come to such a key, a branch
/// that another variable takes sets the key, or a function that was not evaluated: the project decides, and not the stack.
fn is_spoken_of(ground: &Ground<'_>, evaluation: &Evaluation) -> bool {
    let modules = evaluation.modules.iter().chain(&ground.open().modules);
    let mut texts = modules.filter_map(|module| ground.tree.text(&module.path));
    texts.any(|text| {
        let text = text.to_ascii_lowercase();
        ["conn_max_age", "conn_health_checks", "\"pool\"", "'pool'"].iter().any(|word| text.contains(word))
    })
}

/// Returns the variables whose URL the table of the default database is made from.
fn urls<'a>(ground: &'a Ground<'_>) -> Vec<&'a EnvRead> {
    let host = Goal::new(&["DATABASES", "default", "HOST"], Want::Truth(true), "");
    let found = candidates(&host, ground.open()).into_iter().flat_map(Value::reads);
    found.filter(|read| read.cast == Cast::DatabaseUrl).collect()
}

/// Tells whether the installed reader of URLs is the one that knows the words.
fn is_read_by_environ(ground: &Ground<'_>) -> bool {
    let (name, since) = ENVIRON;
    let Some(environ) = ground.facts.distributions.iter().find(|one| one.name == name) else { return false };
    let is_new = match environ.version.as_deref().and_then(Version::parse) {
        Some(version) => Version::parse(since).is_some_and(|since| version >= since),
        // The newest is installed.
        None => {
            let specifiers = environ.specifier.as_deref().and_then(Specifiers::parse);
            specifiers.is_none_or(|all| !all.has_upper_bound())
        }
    };
    is_new && !OTHER_READERS.iter().any(|reader| ground.has_distribution(reader))
}

/// Tells whether a file is code or a configuration that may hand a variable to a program.
fn is_code(file: &camino::Utf8Path) -> bool {
    const NAMES: &[&str] = &["Makefile", "Procfile", "justfile", "crontab"];
    const EXTENSIONS: &[&str] = &["py", "sh", "bash", "ini", "json", "js", "ts", "rb"];
    file.extension().is_some_and(|extension| EXTENSIONS.contains(&extension))
        || file.file_name().is_some_and(|name| NAMES.contains(&name))
}

/// Tells whether something else than the reader of URLs gets the variable: libraries refuse words that they do not know.
fn is_read_elsewhere(ground: &Ground<'_>, name: &str) -> bool {
    let evaluation = ground.open();
    let is_raw = evaluation.reads.iter().any(|read| read.name == name && read.cast != Cast::DatabaseUrl);
    let is_settings = |file: &camino::Utf8Path| evaluation.modules.iter().any(|module| module.path == file);
    let mut others = ground.tree.files().filter(|file| is_code(file) && !is_settings(file));
    is_raw || others.any(|file| ground.tree.text(file).is_some_and(|text| text.contains(name)))
}

/// Returns the variable whose URL can ask for such connections, and the query that does; `None` where the settings, which come
/// to `evaluation`, decide it themselves or would not understand it.
pub(super) fn query(
    ground: &Ground<'_>,
    evaluation: &Evaluation,
    variables: &Assignment,
) -> Option<(String, String)> {
    undecided(ground, evaluation)?;
    if way(ground) != Some(Way::Age) || !is_read_by_environ(ground) {
        return None;
    }
    let found = urls(ground);
    let read = found.first().filter(|first| found.iter().all(|read| read.name == first.name))?;
    let url = variables.get(&read.name)?;
    if !url.contains("://") || url.contains('?') || is_read_elsewhere(ground, &read.name) {
        return None;
    }
    // The URL that the project has for itself may say it: the stack's takes its place, and says it again.
    let own = |key: &str| read.default.as_ref()?.get(key);
    let query = match (own(AGE), own(CHECKS)) {
        (None, None) if is_spoken_of(ground, evaluation) => return None,
        (None, None) => format!("?conn_max_age={SECONDS}&conn_health_checks=True"),
        (Some(Value::Int(age)), None) => format!("?conn_max_age={age}"),
        (Some(Value::Int(age)), Some(Value::Bool(true))) => {
            format!("?conn_max_age={age}&conn_health_checks=True")
        }
        _ => return None,
    };
    Some((read.name.clone(), query))
}

/// Tells whether the settings took the query, and nothing else of the database has changed.
pub(super) fn took_query(before: &Evaluation, after: &Evaluation) -> bool {
    let table = |evaluation: &Evaluation| evaluation.get("DATABASES")?.get("default").cloned();
    let (Some(before), Some(after)) = (table(before), table(after)) else { return false };
    let rest = |value: &Value| -> Vec<(Value, Value)> {
        let entries = value.entries().unwrap_or_default().iter();
        entries
            .filter(|(key, _)| key.as_str() != Some(AGE) && key.as_str() != Some(CHECKS))
            .cloned()
            .collect()
    };
    after.get(AGE).is_some() && rest(&before) == rest(&after)
}

/// Returns the lines of an overlay that keep connections open, for settings that come to `evaluation` and say nothing of it.
pub(super) fn lines(ground: &Ground<'_>, evaluation: &Evaluation) -> Option<Lines> {
    // The body of a class does not see the names of the class that it extends.
    if ground.class.is_some() || is_spoken_of(ground, evaluation) {
        return None;
    }
    let default = undecided(ground, evaluation)?;
    let target = |key: &str| format!("DATABASES[\"default\"][\"{key}\"]");
    let (because, assignments) = match way(ground)? {
        Way::Age => (BECAUSE, vec![(target(AGE), SECONDS.to_owned()), (target(CHECKS), "True".to_owned())]),
        Way::Pool => {
            let own = if default.get(OPTIONS).is_some() {
                format!("**{}, ", target(OPTIONS))
            } else {
                String::new()
            };
            (BECAUSE_POOL, vec![(target(OPTIONS), format!("{{{own}\"pool\": {SIZE}}}"))])
        }
    };
    Some(Lines {
        name: "DATABASES".to_owned(),
        because: vec![because.to_owned()],
        evidence: Vec::new(),
        assignments,
        variables: BTreeMap::new(),
        uses_own: true,
    })
}

/// Returns the lines for an overlay that development shares, where connections end with the request. Where the settings have no
/// `DEBUG` to ask for, nothing is set.
pub(super) fn for_both(mut lines: Vec<Lines>, has_debug: bool) -> Vec<Lines> {
    let is_age = |(target, _): &(String, String)| target.ends_with(&format!("[\"{AGE}\"]"));
    if !has_debug {
        lines.retain(|entry| !entry.assignments.iter().any(is_age));
    }
    for entry in lines.iter_mut().filter(|entry| entry.assignments.iter().any(is_age)) {
        for because in entry.because.iter_mut().filter(|because| *because == BECAUSE) {
            because.push_str(" (not in development, where each request has a thread to itself)");
        }
        for assignment in entry.assignments.iter_mut().filter(|assignment| is_age(assignment)) {
            assignment.1 = format!("0 if DEBUG else {}", assignment.1);
        }
    }
    lines
}
