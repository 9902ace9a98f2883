//! Settings that lead to Redis: found by what they hold and by what they are called, wherever they are.

pub mod login;

use super::credentials::is_service_name;
use super::wiring::candidates::candidates;
use super::wiring::url::host_of;
use super::wiring::{Credentials, Goal, Want};
use crate::catalog::cache::Cache;
use crate::python::{Evaluation, Value};

/// Settings are trees of limited depth; addresses lie near the top.
const DEEPEST: usize = 6;
/// Settings of the broker's address.
const BROKERS: &[&str] = &["CELERY_BROKER_URL", "BROKER_URL", "CELERY.BROKER_URL"];
/// Transports of tasks that stay on one machine: <https://docs.celeryq.dev/projects/kombu/en/stable/userguide/connections.html>.
const IN_ONE_PLACE: &[&str] = &["sqla", "sqlalchemy", "filesystem", "memory"];
const AMQP: &[&str] = &["amqp", "pyamqp", "librabbitmq"];

/// The service's name: what the settings call it already, where that can be a service.
pub fn service_name(open: &Evaluation, cache: &Cache) -> String {
    let mut found = Vec::new();
    for (name, setting) in &open.settings {
        walk(&setting.value, &mut vec![name.clone()], &mut found, DEEPEST);
    }
    let schemes = schemes(cache);
    let stated = found.iter().filter(|(path, value)| leads_to_cache(open, path, value, &schemes));
    let mut hosts = stated.filter_map(|(_, value)| {
        let (host, _) = host_of(&value.assumed()?, &schemes)?;
        (is_service_name(&host) && host != "db").then_some(host)
    });
    hosts.next().unwrap_or_else(|| cache.word.to_owned())
}

/// A place in the settings, with one of the values that it may have.
type Found<'a> = (Vec<String>, &'a Value);

/// The settings that lead to a store of this stack, each with every value that it may have.
struct Leads<'a> {
    addresses: Vec<Found<'a>>,
    passwords: Vec<Found<'a>>,
    users: Vec<Found<'a>>,
}

/// Returns the settings that lead to the store on this machine, or to one that only a variable knows, and the logins of the
/// clients that go there.
fn leads<'a>(open: &'a Evaluation, cache: &Cache) -> Leads<'a> {
    let schemes = schemes(cache);
    let mut found = Vec::new();
    for (name, setting) in &open.settings {
        walk(&setting.value, &mut vec![name.clone()], &mut found, DEEPEST);
    }
    let (mut addresses, mut passwords, mut users) = (Vec::new(), Vec::new(), Vec::new());
    for (path, value) in found {
        if login::is_password(&path) {
            passwords.push((path, value));
        } else if login::is_user(&path) {
            users.push((path, value));
        } else if leads_to_cache(open, &path, value, &schemes) && !is_elsewhere(value, &schemes) {
            addresses.push((path, value));
        }
    }
    let is_of_store =
        |(path, _): &Found<'_>| addresses.iter().any(|(address, _)| login::is_of_one_server(address, path));
    passwords.retain(is_of_store);
    users.retain(is_of_store);
    Leads { addresses, passwords, users }
}

/// A goal for every setting that leads to the store; where its clients log in, with `credentials`.
pub fn goals(open: &Evaluation, cache: &Cache, host: &str, credentials: Option<&Credentials>) -> Vec<Goal> {
    let schemes = schemes(cache);
    let port = cache.container.port;
    let leads = leads(open, cache);
    let mut goals: Vec<Goal> = Vec::new();
    for (path, _) in &leads.addresses {
        let last = path.last().map(|name| name.to_ascii_uppercase()).unwrap_or_default();
        let because = format!("{} is the service `{host}`", cache.name);
        let want = if last.ends_with("PORT") {
            Want::Text { text: port.to_string(), also: Vec::new(), absent: true }
        } else {
            let database = i32::from(last.contains("RESULT"));
            let login = login::of_address(path, &leads, credentials);
            let url = format!("{}://{}{host}:{port}/{database}", cache.word, login.in_url());
            Want::Host { host: host.to_owned(), port, schemes: schemes.clone(), url, login }
        };
        if !goals.iter().any(|goal| goal.path == *path) {
            goals.push(Goal { path: path.clone(), want, because, only_if_present: true });
        }
    }
    goals.extend(login::goals(&leads, cache, credentials));
    goals
}

fn schemes(cache: &Cache) -> Vec<String> {
    cache.schemes.iter().map(|scheme| (*scheme).to_owned()).collect()
}

/// Every leaf, in every branch, and every pair that may be an address.
fn walk<'a>(
    value: &'a Value,
    path: &mut Vec<String>,
    found: &mut Vec<(Vec<String>, &'a Value)>,
    depth: usize,
) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::OneOf(alternatives) => {
            for alternative in alternatives {
                walk(alternative, path, found, depth + 1);
            }
        }
        Value::Dict(entries) => {
            for (key, value) in entries {
                if let Some(key) = key.as_str() {
                    path.push(key.to_owned());
                    walk(value, path, found, depth);
                    path.pop();
                }
            }
        }
        Value::List(items) => {
            if items.len() == 2
                && (port_of(&items[1]) == Some(6379) || is_read_as_port(&items[1]) || is_entry_of_hosts(path))
            {
                found.push((path.clone(), value));
                return;
            }
            for (index, item) in items.iter().enumerate() {
                path.push(index.to_string());
                walk(item, path, found, depth);
                path.pop();
            }
        }
        leaf => found.push((path.clone(), leaf)),
    }
}

fn port_of(value: &Value) -> Option<u16> {
    value.assumed()?.as_text()?.parse().ok()
}

/// A port that a variable alone knows: `(os.environ["REDIS_HOST"], os.environ["REDIS_PORT"])`.
fn is_read_as_port(value: &Value) -> bool {
    let named = |name: &str| name.to_ascii_uppercase().split('_').any(|word| word == "PORT");
    matches!(value, Value::Env(read) if named(&read.name))
}

/// Tells whether the path is that of an entry of a channel layer's `hosts`, which is a URL, a table, or a host and a port
/// whatever they are made of: <https://github.com/django/channels_redis#hosts>.
fn is_entry_of_hosts(path: &[String]) -> bool {
    let [layers, .., hosts, entry] = path else { return false };
    layers == "CHANNEL_LAYERS" && hosts.eq_ignore_ascii_case("hosts") && entry.parse::<usize>().is_ok()
}

fn leads_to_cache(open: &Evaluation, path: &[String], value: &Value, schemes: &[String]) -> bool {
    let assumed = value.assumed();
    let setting = whole_setting(path);
    if let Some(text) = assumed.as_ref().and_then(Value::as_str)
        && let Some((scheme, _)) = text.split_once("://")
    {
        // No stack has RabbitMQ: tasks that go through it on this machine go through Redis.
        let is_broker = BROKERS.contains(&setting.join(".").to_ascii_uppercase().as_str());
        let stands_in = AMQP.contains(&scheme) && is_broker;
        // A file or the memory of one process carries nothing between containers: a variable may name a server.
        let is_local = IN_ONE_PLACE.iter().any(|local| scheme.starts_with(local));
        let is_wired = is_local && is_broker && !value.reads().is_empty();
        return stands_in || is_wired || schemes.iter().any(|known| known == scheme);
    }
    if matches!(value, Value::List(_)) {
        return true;
    }
    let upper: Vec<String> = path.iter().map(|part| part.to_ascii_uppercase()).collect();
    let Some(last) = upper.last() else { return false };
    let whole = upper[..setting.len()].join(".");
    let is_address = ["HOST", "PORT", "URL", "URI", "LOCATION"].iter().any(|word| last.ends_with(word));
    // What an alias is called says nothing: the backend of a cache tells where its location leads.
    let is_named_by_alias =
        ["CACHES", "DATABASES", "CHANNEL_LAYERS", "STORAGES"].contains(&upper[0].as_str());
    let of_redis = whole.contains("REDIS") && is_address && !whole.contains("OPTIONS") && !is_named_by_alias;
    // A default that is a plain host says enough under these names.
    let text = assumed.as_ref().and_then(Value::as_text);
    let is_open = text.as_deref().is_none_or(str::is_empty) && !matches!(value, Value::None | Value::Bool(_));
    let broker = BROKERS.contains(&whole.as_str()) || whole == "CELERY_RESULT_BACKEND";
    // An entry of the list is an address; a table in its place has keys for other things too.
    let is_entry = last == "HOSTS" || last == "ADDRESS" || last.parse::<usize>().is_ok() || is_address;
    let hosts = whole.starts_with("CHANNEL_LAYERS") && whole.contains("HOSTS") && is_entry;
    // A whole alias is a table with a backend: an address in its place stops every use of the cache.
    if is_named_by_alias && path.len() == 2 {
        return false;
    }
    // A cache or channel layer that is known to be of something else leads there, whatever its variable is called.
    if is_named_by_alias && path.len() > 1 && is_of_another_store(open, path) {
        return false;
    }
    let named = value.reads().iter().any(|read| {
        let name = read.name.to_ascii_uppercase();
        name.contains("REDIS") && ["HOST", "PORT", "URL", "URI"].iter().any(|word| name.ends_with(word))
    });
    let queue =
        (whole.starts_with("RQ_QUEUES") || whole.starts_with("Q_CLUSTER.REDIS") || whole.starts_with("HUEY"))
            && is_address;
    of_redis || queue || (is_open && (broker || hosts || named || is_cache_of_redis(open, setting)))
}

/// The path without the index of an entry: a broker or a cache may have several addresses.
fn whole_setting(path: &[String]) -> &[String] {
    match path.split_last() {
        Some((last, setting)) if !setting.is_empty() && last.parse::<usize>().is_ok() => setting,
        _ => path,
    }
}

/// Tells whether the path is the location of a cache whose backend is one of Redis.
fn is_cache_of_redis(open: &Evaluation, path: &[String]) -> bool {
    let [caches, alias, location] = path else { return false };
    let backend = Goal::new(&[caches.as_str(), alias.as_str(), "BACKEND"], Want::Truth(true), "");
    caches == "CACHES"
        && location == "LOCATION"
        && candidates(&backend, open)
            .into_iter()
            .flat_map(Value::alternatives)
            .any(|value| value.as_str().is_some_and(|backend| backend.to_ascii_lowercase().contains("redis")))
}

/// Tells whether every backend that the entry of `path` may have is named, and none of them is one of Redis.
fn is_of_another_store(open: &Evaluation, path: &[String]) -> bool {
    let backend = Goal::new(&[path[0].as_str(), path[1].as_str(), "BACKEND"], Want::Truth(true), "");
    let stated = candidates(&backend, open);
    let mut backends = stated.into_iter().flat_map(Value::alternatives).peekable();
    backends.peek().is_some()
        && backends.all(|value| {
            value.as_str().is_some_and(|backend| {
                let backend = backend.to_ascii_lowercase();
                !backend.contains("redis") && !backend.contains("valkey")
            })
        })
}

/// Tells whether it names a machine that is neither this one nor a service: somebody runs that.
fn is_elsewhere(value: &Value, schemes: &[String]) -> bool {
    // What a variable decides is wired, whatever its default.
    if !value.reads().is_empty() {
        return false;
    }
    let all: Vec<String> = schemes.iter().cloned().chain(AMQP.iter().map(ToString::to_string)).collect();
    let Some((host, _)) = value.assumed().and_then(|value| host_of(&value, &all)) else { return false };
    let local = ["localhost", "127.0.0.1", "0.0.0.0", "::1", "host.docker.internal", ""];
    host.contains('.') && !local.contains(&host.as_str())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::base::Place;
    use crate::catalog::cache;
    use crate::python::evaluation::Presence;
    use crate::python::{Cast, EnvRead, Setting};

    fn text(text: &str) -> Value {
        Value::Str(text.to_owned())
    }

    fn dict(entries: Vec<(&str, Value)>) -> Value {
        Value::Dict(entries.into_iter().map(|(key, value)| (text(key), value)).collect())
    }

    fn settings(entries: Vec<(&str, Value)>) -> Evaluation {
        let settings: BTreeMap<String, Setting> = entries
            .into_iter()
            .map(|(name, value)| {
                let place = Place::line("settings.py", 1);
                (name.to_owned(), Setting { value, place, presence: Presence::Always })
            })
            .collect();
        Evaluation { settings, ..Evaluation::default() }
    }

    #[test]
    fn addresses_are_found_by_value_and_by_name() {
        let broker = Value::Env(Box::new(EnvRead {
            name: "BROKER".into(),
            default: None,
            cast: Cast::Str,
            fails_when_unset: true,
            place: Place::line("settings.py", 1),
        }));
        let open = settings(vec![
            ("CELERY_BROKER_URL", broker),
            ("CACHES", dict(vec![("default", dict(vec![("LOCATION", text("redis://127.0.0.1:6379/1"))]))])),
            (
                "CHANNEL_LAYERS",
                dict(vec![(
                    "default",
                    dict(vec![(
                        "CONFIG",
                        dict(vec![(
                            "hosts",
                            Value::List(vec![Value::List(vec![text("localhost"), Value::Int(6379)])]),
                        )]),
                    )]),
                )]),
            ),
            ("REDIS_HOST", text("localhost")),
            ("SITE_URL", text("http://localhost")),
            ("CELERY_RESULT_BACKEND", text("django-db")),
        ]);
        let found: Vec<String> =
            goals(&open, cache::DEFAULT, "redis", None).iter().map(Goal::setting).collect();
        assert_eq!(
            found,
            [
                "CACHES[\"default\"][\"LOCATION\"]",
                "CELERY_BROKER_URL",
                "CHANNEL_LAYERS[\"default\"][\"CONFIG\"][\"hosts\"][0]",
                "REDIS_HOST",
            ]
        );
    }

    #[test]
    fn a_server_elsewhere_is_left_alone_and_a_service_keeps_its_name() {
        let open = settings(vec![(
            "CACHES",
            dict(vec![("default", dict(vec![("LOCATION", text("redis://cache.example.org/0"))]))]),
        )]);
        assert!(goals(&open, cache::DEFAULT, "redis", None).is_empty());
        let rabbit = |address: &str| {
            let open = settings(vec![("CELERY", dict(vec![("broker_url", text(address))]))]);
            goals(&open, cache::DEFAULT, "redis", None).len()
        };
        assert_eq!(rabbit("amqp://guest:guest@127.0.0.1:5672//"), 1);
        assert_eq!(rabbit("amqp://guest:guest@rabbit.example.org//"), 0);
        let named = settings(vec![("CELERY_BROKER_URL", text("redis://broker:6379/0"))]);
        assert_eq!(service_name(&named, cache::DEFAULT), "broker");
    }
}
