//! Assignments of variables that may make a setting come to what is wanted.

use std::collections::BTreeMap;

use super::assignment::{Assignment, is_plain_host};
use super::candidates::found_on_the_way;
use super::goal::{Goal, Want};
use super::url::{names_one_database, with_host};
use super::{entries, parts, template, words};
use crate::python::{Cast, EnvRead, Evaluation, Value};

/// The URLs that databases and caches must have, if a variable holds a URL.
#[derive(Clone, Debug, Default)]
pub struct Urls {
    /// By alias, the usual scheme first.
    pub databases: BTreeMap<String, Vec<String>>,
    pub cache: Option<String>,
}

/// Returns the assignments to try for `goal`, the likeliest first.
pub(super) fn proposals(goal: &Goal, open: &Evaluation, urls: &Urls) -> Vec<Assignment> {
    if let Want::Origins { origin, .. } = &goal.want {
        let want = Want::Item { item: origin.clone(), also: Vec::new(), empty: true };
        return proposals(&Goal { want, ..goal.clone() }, open, urls);
    }
    let mut found = Vec::new();
    for (value, rest) in found_on_the_way(goal, open) {
        if let (Want::Truth(_), Some(name)) = (&goal.want, value.tests_presence_of()) {
            // Any word is as good as another, and `False` would be read as its contrary.
            found.push(BTreeMap::from([(name.to_owned(), "1".to_owned())]));
        }
        if let Want::Truth(wanted) = goal.want {
            found.extend(words::for_comparison(value, wanted, open));
            found.extend(words::for_compared_truth(value, wanted, open));
        }
        if let Want::Engine { word, .. } = &goal.want {
            found.extend(words::for_engine(value, word, open));
        }
        for alternative in value.alternatives() {
            if let Value::Env(read) = alternative {
                found.extend(entries::proposal(read, rest, goal));
            }
        }
        from_value(value, goal, urls, &mut found);
    }
    let mut unique: Vec<Assignment> = Vec::new();
    // What a goal wants is no module that could be imported.
    let names_module = |assignment: &Assignment| assignment.keys().any(|name| open.imported.contains(name));
    for assignment in found {
        let names_file = |name: &String| open.opened.contains(name) || words::names_file(name);
        if !wants_path(&goal.want) && assignment.keys().any(names_file) {
            continue;
        }
        if !assignment.is_empty() && !names_module(&assignment) && !unique.contains(&assignment) {
            unique.push(assignment);
        }
    }
    unique
}

/// Tells whether the goal is about a place in the file system: the path of a file that holds a password is no password.
fn wants_path(want: &Want) -> bool {
    matches!(want, Want::Folder { .. } | Want::File { .. })
}

fn from_value(value: &Value, goal: &Goal, urls: &Urls, found: &mut Vec<Assignment>) {
    match value {
        Value::OneOf(alternatives) => {
            // A variable that holds the whole comes before those from which it would else be made.
            let is_made = |value: &&Value| matches!(value, Value::Unknown { .. });
            let (made, whole): (Vec<&Value>, Vec<&Value>) = alternatives.iter().partition(is_made);
            for alternative in whole.into_iter().chain(made) {
                from_value(alternative, goal, urls, found);
            }
        }
        Value::Env(read) => {
            found.extend(from_read(read, goal, urls));
            // `get(A) or get(B)`, `get(A, default=get(B))`.
            if let Some(default) = &read.default {
                from_value(default, goal, urls, found);
            }
        }
        Value::Text(parts) => {
            found.extend(solve(parts, goal));
        }
        Value::List(items) => {
            if let Want::Item { item, also, .. } = &goal.want {
                // `[*env.list("MORE"), "example.org"]`, `[env("DOMAIN")]`.
                for part in items {
                    if let Value::Env(read) = part
                        && read.cast == Cast::Str
                    {
                        // One that is also the domain of cookies begins with a dot, and may be checked for it.
                        let default = read.default.as_ref().and_then(Value::as_text);
                        let dotted = also.iter().find(|also| also.strip_prefix('.') == Some(item));
                        let dotted = dotted.filter(|_| default.is_some_and(|text| text.starts_with('.')));
                        let item = dotted.unwrap_or(item);
                        found.push(BTreeMap::from([(read.name.clone(), item.clone())]));
                    }
                    if !part.reads().is_empty() {
                        from_value(part, goal, urls, found);
                    }
                }
            }
            if let Want::Host { host, port, .. } = &goal.want {
                for (index, part) in items.iter().enumerate() {
                    if let Value::Env(read) = part {
                        let text = if index == 0 { host.clone() } else { port.to_string() };
                        found.push(BTreeMap::from([(read.name.clone(), text)]));
                    }
                }
                if let [Value::Env(host_read), Value::Env(port_read)] = items.as_slice() {
                    found.push(BTreeMap::from([
                        (host_read.name.clone(), host.clone()),
                        (port_read.name.clone(), port.to_string()),
                    ]));
                }
            }
        }
        Value::Unknown { .. } => {
            if let Want::Host { host, port, schemes, login, .. } = &goal.want {
                found.extend(parts::of_url(&value.reads(), schemes, (host, *port), &login.credentials()));
            }
            for read in value.reads() {
                found.extend(from_read(read, goal, urls));
            }
        }
        _ => {}
    }
}

fn solve(parts: &[Value], goal: &Goal) -> Option<Assignment> {
    match &goal.want {
        Want::Host { host, port, schemes, login, url } => {
            let scheme = schemes.first().map_or("", String::as_str);
            template::solve_url(parts, scheme, (host, *port), login, names_one_database(url)).or_else(|| {
                // Not a URL: `f"{host}:{port}"`.
                template::solve(parts, &format!("{host}:{port}"))
            })
        }
        Want::Text { text, .. } | Want::Something { text } => template::solve(parts, text),
        Want::Folder { path } | Want::File { path, .. } => template::solve(parts, path),
        Want::Engine { usual, .. } => template::solve(parts, usual),
        Want::Truth(_)
        | Want::Item { .. }
        | Want::Entry { .. }
        | Want::Origins { .. }
        | Want::Stream
        | Want::Nothing => None,
    }
}

fn from_read(read: &EnvRead, goal: &Goal, urls: &Urls) -> Vec<Assignment> {
    let Some((_, key)) = entries::split(&read.name) else { return from_variable(read, goal, urls) };
    // What an entry is for is told by its keys, as by the name of a variable.
    let called = EnvRead { name: key.replace('.', "_"), ..read.clone() };
    let texts = from_variable(&called, goal, urls).into_iter().filter_map(|mut one| one.remove(&called.name));
    let mut texts: Vec<String> = texts.collect();
    if let Want::Truth(wanted) = goal.want {
        // After the usual word: what is made of an entry works on text more often than not.
        texts.insert(texts.len().min(1), entries::typed(&wanted.into()));
    }
    texts.into_iter().map(|text| BTreeMap::from([(read.name.clone(), text)])).collect()
}

fn from_variable(read: &EnvRead, goal: &Goal, urls: &Urls) -> Vec<Assignment> {
    let one = |text: String| BTreeMap::from([(read.name.clone(), text)]);
    match (&read.cast, &goal.want) {
        (Cast::DatabaseUrl, _) => database_urls(goal, urls).into_iter().map(one).collect(),
        (Cast::CacheUrl, _) => urls.cache.iter().cloned().map(one).collect(),
        (_, Want::Truth(wanted)) => {
            let mut texts = words::for_truth(*wanted);
            if words::names_environment(&read.name) {
                let environment = if *wanted { words::DEVELOPMENT } else { words::PRODUCTION };
                texts = [environment, &texts].concat();
            }
            texts.into_iter().map(|text| one(text.to_owned())).collect()
        }
        (Cast::List(separator), Want::Item { item, also, .. }) => {
            let joined = std::iter::once(item).chain(also.iter().filter(|also| is_plain_host(also)));
            let all: Vec<&str> = joined.map(String::as_str).collect();
            vec![one(all.join(separator)), one(item.clone())]
        }
        (Cast::Json, Want::Item { item, .. }) => vec![one(format!("[\"{item}\"]")), one(item.clone())],
        (_, Want::Item { item, also, .. }) => {
            // A separator that is not known: what most people split at.
            let second = also.iter().find(|also| is_plain_host(also));
            let mut tried: Vec<Assignment> = second
                .map(|second| {
                    [",", " ", ";", ", "].iter().map(|sep| one(format!("{item}{sep}{second}"))).collect()
                })
                .unwrap_or_default();
            tried.push(one(item.clone()));
            tried.push(one(format!("[\"{item}\"]")));
            tried
        }
        (Cast::Json, Want::Text { text, .. }) => vec![one(format!("\"{text}\"")), one(text.clone())],
        (_, Want::Text { text, also, .. }) => {
            // A database URL that is parsed by what the evaluator does not know.
            let mut tried = vec![one(text.clone())];
            if read.name.to_ascii_uppercase().contains("URL") {
                let mut by_url: Vec<_> = database_urls(goal, urls).into_iter().map(one).collect();
                by_url.append(&mut tried);
                tried = by_url;
            }
            tried.extend(also.iter().filter(|also| !also.is_empty()).cloned().map(one));
            tried
        }
        (_, Want::Something { text }) => vec![one(text.clone())],
        (_, Want::Engine { usual, word }) => words::of_engine(usual, word).into_iter().map(one).collect(),
        (_, Want::Stream | Want::Nothing | Want::Origins { .. } | Want::Entry { .. }) => Vec::new(),
        (_, Want::Folder { path }) => vec![one(path.clone())],
        (_, Want::File { path, .. }) => vec![one(path.clone())],
        (_, Want::Host { host, port, schemes, url, login }) => {
            let name = read.name.to_ascii_uppercase();
            let setting = goal.path.last().map(|last| last.to_ascii_uppercase()).unwrap_or_default();
            let is_url = ["URL", "URI", "BROKER", "LOCATION", "BACKEND", "DSN"]
                .iter()
                .any(|word| name.contains(word) || setting.contains(word));
            let default = read.default.as_ref().and_then(Value::as_text);
            // The path of a default is kept: it names the database in Redis.
            let by_default =
                default.as_deref().and_then(|text| with_host(text, host, *port, schemes, &login.in_url()));
            let address = format!("{host}:{port}");
            let is_port = name.contains("PORT");
            let mut texts: Vec<String> = by_default.into_iter().collect();
            if is_port {
                texts.push(port.to_string());
            } else if is_url {
                texts.extend([url.clone(), host.clone(), address]);
            } else {
                texts.extend([host.clone(), url.clone(), address]);
            }
            texts.into_iter().map(one).collect()
        }
    }
}

/// The URLs for the alias that a goal below `DATABASES` speaks of; those of the default alias elsewhere.
fn database_urls(goal: &Goal, urls: &Urls) -> Vec<String> {
    let alias = match goal.path.as_slice() {
        [name, alias, ..] if name == "DATABASES" => alias.as_str(),
        _ => "default",
    };
    urls.databases.get(alias).or_else(|| urls.databases.get("default")).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Place;
    use crate::python::Setting;

    fn env(name: &str, cast: Cast, default: Option<Value>) -> Value {
        Value::Env(Box::new(EnvRead {
            name: name.to_owned(),
            default,
            cast,
            fails_when_unset: false,
            place: Place::line("settings.py", 1),
        }))
    }

    fn text(text: &str) -> Value {
        Value::Str(text.to_owned())
    }

    fn dict(entries: Vec<(&str, Value)>) -> Value {
        Value::Dict(entries.into_iter().map(|(key, value)| (text(key), value)).collect())
    }

    fn open(name: &str, value: Value) -> Evaluation {
        let setting = Setting {
            value,
            place: Place::line("settings.py", 1),
            presence: crate::python::evaluation::Presence::Always,
        };
        Evaluation { settings: BTreeMap::from([(name.to_owned(), setting)]), ..Evaluation::default() }
    }

    fn first(goal: &Goal, open: &Evaluation, urls: &Urls) -> Vec<(String, String)> {
        proposals(goal, open, urls).into_iter().next().unwrap_or_default().into_iter().collect()
    }

    fn pair(name: &str, value: &str) -> Vec<(String, String)> {
        vec![(name.to_owned(), value.to_owned())]
    }

    #[test]
    fn f10_the_host_goes_into_the_variable_that_the_settings_read() {
        let settings = open(
            "DATABASES",
            dict(vec![(
                "default",
                dict(vec![("HOST", env("RDS_HOSTNAME", Cast::Str, Some(text("localhost"))))]),
            )]),
        );
        let goal = Goal::new(
            &["DATABASES", "default", "HOST"],
            Want::Text { text: "db".into(), also: Vec::new(), absent: false },
            "",
        );
        assert_eq!(first(&goal, &settings, &Urls::default()), pair("RDS_HOSTNAME", "db"));
    }

    #[test]
    fn a_whole_database_comes_from_one_url() {
        let settings =
            open("DATABASES", dict(vec![("default", env("DATABASE_URL", Cast::DatabaseUrl, None))]));
        let urls = Urls {
            databases: BTreeMap::from([("default".to_owned(), vec!["postgres://a:b@db:5432/c".to_owned()])]),
            cache: None,
        };
        let goal = Goal::new(
            &["DATABASES", "default", "HOST"],
            Want::Text { text: "db".into(), also: Vec::new(), absent: false },
            "",
        );
        assert_eq!(first(&goal, &settings, &urls), pair("DATABASE_URL", "postgres://a:b@db:5432/c"));
    }

    #[test]
    fn what_was_laid_over_a_dict_is_looked_at() {
        let read = env("URL", Cast::DatabaseUrl, Some(Value::Dict(Vec::new())));
        let key = Value::Unknown { why: "a key".into(), place: None, from: Vec::new(), assumed: None };
        let default = Value::Dict(vec![(text("HOST"), text("")), (key, read)]);
        let settings = open("DATABASES", dict(vec![("default", default)]));
        let databases = BTreeMap::from([("default".to_owned(), vec!["postgres://db/c".to_owned()])]);
        let want = Want::Text { text: "db".into(), also: Vec::new(), absent: false };
        let goal = Goal::new(&["DATABASES", "default", "HOST"], want, "");
        let urls = Urls { databases, cache: None };
        assert_eq!(first(&goal, &settings, &urls), pair("URL", "postgres://db/c"));
    }

    #[test]
    fn every_branch_is_looked_at() {
        let settings = open(
            "DATABASES",
            Value::OneOf(vec![
                dict(vec![("default", dict(vec![("NAME", text("db.sqlite3"))]))]),
                dict(vec![("default", dict(vec![("HOST", env("DB_HOST", Cast::Str, None))]))]),
            ]),
        );
        let goal = Goal::new(
            &["DATABASES", "default", "HOST"],
            Want::Text { text: "db".into(), also: Vec::new(), absent: false },
            "",
        );
        assert_eq!(first(&goal, &settings, &Urls::default()), pair("DB_HOST", "db"));
    }

    #[test]
    fn hosts_are_joined_as_the_reader_splits_them() {
        let goal = Goal::new(
            &["ALLOWED_HOSTS"],
            Want::Item { item: "localhost".into(), also: vec!["127.0.0.1".into(), "*".into()], empty: false },
            "",
        );
        let spaces = open("ALLOWED_HOSTS", env("HOSTS", Cast::List(" ".into()), None));
        assert_eq!(first(&goal, &spaces, &Urls::default()), pair("HOSTS", "localhost 127.0.0.1"));
        let unknown = open("ALLOWED_HOSTS", env("HOSTS", Cast::Other("split".into()), None));
        assert_eq!(first(&goal, &unknown, &Urls::default()), pair("HOSTS", "localhost,127.0.0.1"));
    }

    #[test]
    fn a_default_keeps_its_path() {
        let goal = Goal::new(
            &["CELERY_BROKER_URL"],
            Want::Host {
                host: "redis".into(),
                port: 6379,
                schemes: vec!["redis".into(), "rediss".into()],
                url: "redis://redis:6379/0".into(),
                login: crate::plan::wiring::Login::Nowhere,
            },
            "",
        );
        let settings =
            open("CELERY_BROKER_URL", env("BROKER", Cast::Str, Some(text("redis://localhost:6379/3"))));
        assert_eq!(first(&goal, &settings, &Urls::default()), pair("BROKER", "redis://redis:6379/3"));
    }

    #[test]
    fn names_of_environments_are_tried_before_truths() {
        let goal = Goal::new(&["DEBUG"], Want::Truth(false), "");
        let settings = open(
            "DEBUG",
            Value::Unknown {
                why: "a comparison".into(),
                place: None,
                from: vec![env("APP_ENV", Cast::Str, None)],
                assumed: None,
            },
        );
        assert_eq!(first(&goal, &settings, &Urls::default()), pair("APP_ENV", "production"));
    }
}
