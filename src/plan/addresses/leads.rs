//! The settings that lead to a store: found by what they hold and by what they are called, wherever they are.

use crate::base::address;
use crate::catalog::store::{self, Store, Use};
use crate::plan::wiring::candidates::candidates;
use crate::plan::wiring::url::host_of;
use crate::plan::wiring::{Goal, Want};
use crate::python::{Cast, Evaluation, Value};

/// Settings are trees of limited depth; addresses lie near the top.
pub(super) const DEEPEST: usize = 6;
/// Settings of the broker's address.
const BROKERS: &[&str] = &["CELERY_BROKER_URL", "BROKER_URL", "CELERY.BROKER_URL"];
/// Transports of tasks that stay on one machine: <https://docs.celeryq.dev/projects/kombu/en/stable/userguide/connections.html>.
const IN_ONE_PLACE: &[&str] = &["sqla", "sqlalchemy", "filesystem", "memory"];

/// The key of a cache's address.
const LOCATION: &str = "LOCATION";

/// A place in the settings, with one of the values that it may have.
pub(super) type Found<'a> = (Vec<String>, &'a Value);

/// The settings that lead to a store of this stack, each with every value that it may have.
pub(super) struct Leads<'a> {
    pub(super) addresses: Vec<Found<'a>>,
    pub(super) passwords: Vec<Found<'a>>,
    pub(super) users: Vec<Found<'a>>,
}

/// Returns the settings that lead to the store on this machine, or to one that only a variable knows, and the logins of the
/// clients that go there.
pub(super) fn leads<'a>(open: &'a Evaluation, store: &Store) -> Leads<'a> {
    let mut found = Vec::new();
    for (name, setting) in &open.settings {
        walk(&setting.value, &mut vec![name.clone()], &mut found, DEEPEST);
    }
    let (mut addresses, mut passwords, mut users) = (Vec::new(), Vec::new(), Vec::new());
    for (path, value) in found {
        if is_password(&path) {
            passwords.push((path, value));
        } else if is_user(&path) {
            users.push((path, value));
        } else if leads_to(open, &path, value, store) && !is_elsewhere(value, store) {
            addresses.push((path, value));
        } else if location_of_url(value, store).is_some_and(|location| !is_elsewhere(location, store)) {
            addresses.push(([path, vec![LOCATION.to_owned()]].concat(), value));
        }
    }
    let is_of_store =
        |(path, _): &Found<'_>| addresses.iter().any(|(address, _)| is_of_one_server(store, address, path));
    passwords.retain(is_of_store);
    users.retain(is_of_store);
    Leads { addresses, passwords, users }
}

/// Returns the address in the table that a reader of cache URLs makes of a variable's default, where the table is that of the store:
/// `env.cache("CACHE_URL", default="redis://…")`.
fn location_of_url<'a>(value: &'a Value, store: &Store) -> Option<&'a Value> {
    let Value::Env(read) = value else { return None };
    let table = read.default.as_ref().filter(|_| read.cast == Cast::CacheUrl)?;
    let location = table.get(LOCATION)?;
    scheme_of(location).is_some_and(|scheme| store.schemes.contains(&scheme.as_str())).then_some(location)
}

/// Tells whether the path is that of a password: a client that has one sends it, and a server without one refuses.
fn is_password(path: &[String]) -> bool {
    path.last().is_some_and(|last| {
        let last = last.to_ascii_uppercase();
        last.ends_with("PASSWORD") || last.ends_with("_PASS")
    })
}

/// Tells whether the path is that of a user's name.
fn is_user(path: &[String]) -> bool {
    path.last().is_some_and(|last| {
        let last = last.to_ascii_uppercase();
        last.ends_with("USERNAME") || last.ends_with("USER")
    })
}

/// Tells whether a password or user belongs to the server at an address: both are of one alias, one entry of a list, or one
/// group of settings (`REDIS_HOST`, `REDIS_PASSWORD`).
pub(super) fn is_of_one_server(store: &Store, address: &[String], login: &[String]) -> bool {
    let [name] = login else {
        let alike = address.iter().zip(login).take_while(|(one, other)| one == other).count();
        let entry = login.iter().position(|part| part.parse::<usize>().is_ok()).map(|at| at + 1);
        let is_by_alias = ["CACHES", "CHANNEL_LAYERS", "RQ_QUEUES"].contains(&login[0].as_str());
        return alike >= entry.unwrap_or(if is_by_alias { 2 } else { 1 });
    };
    let upper = name.to_ascii_uppercase();
    let group = ["PASSWORD", "PASS", "USERNAME", "USER"]
        .iter()
        .find_map(|end| upper.strip_suffix(end))
        .unwrap_or(&upper);
    let is_of_group = address[0].to_ascii_uppercase().starts_with(group);
    store.is_named(group) && address.len() == 1 && is_of_group
}

/// Every leaf, in every branch, and every pair that may be an address.
pub(super) fn walk<'a>(
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
                && (is_port(&items[1]) || is_read_as_port(&items[1]) || is_entry_of_hosts(path))
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

/// Tells whether the value is the port of a store.
fn is_port(value: &Value) -> bool {
    port_of(value).is_some_and(|port| store::ALL.iter().any(|store| store.container.port == port))
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

/// Tells whether a setting leads to the store.
pub(super) fn leads_to(open: &Evaluation, path: &[String], value: &Value, store: &Store) -> bool {
    // Whatever names no store in particular leads to the default one.
    let is_default = store.word == store::DEFAULT.word;
    let assumed = value.assumed();
    let setting = whole_setting(path);
    if let Some(scheme) = scheme_of(value) {
        // A file or the memory of one process carries nothing between containers: a variable may name a server.
        let is_broker = BROKERS.contains(&setting.join(".").to_ascii_uppercase().as_str());
        let is_local = IN_ONE_PLACE.iter().any(|local| scheme.starts_with(local));
        let is_wired = is_default && is_local && is_broker && !value.reads().is_empty();
        return is_wired || store.schemes.contains(&scheme.as_str());
    }
    let others = || store::ALL.iter().filter(|other| other.word != store.word);
    if let Value::List(items) = value {
        let port = items.last().and_then(port_of);
        let is_anothers = others().any(|other| Some(other.container.port) == port);
        return port == Some(store.container.port) || is_default && !is_anothers;
    }
    let upper: Vec<String> = path.iter().map(|part| part.to_ascii_uppercase()).collect();
    let Some(last) = upper.last() else { return false };
    let whole = upper[..setting.len()].join(".");
    let is_address = ["HOST", "PORT", "URL", "URI", "LOCATION"].iter().any(|word| last.ends_with(word));
    // What an alias is called says nothing: the backend of a cache tells where its location leads.
    let is_named_by_alias =
        ["CACHES", "DATABASES", "CHANNEL_LAYERS", "STORAGES"].contains(&upper[0].as_str());
    let is_called_so =
        store.is_named(&whole) && is_address && !whole.contains("OPTIONS") && !is_named_by_alias;
    // A default that is a plain host says enough under these names.
    let text = assumed.as_ref().and_then(Value::as_text);
    let is_open = text.as_deref().is_none_or(str::is_empty) && !matches!(value, Value::None | Value::Bool(_));
    let reads = value.reads();
    let is_anothers = reads.iter().any(|read| others().any(|other| other.is_named(&read.name)));
    let broker = is_default && (BROKERS.contains(&whole.as_str()) || whole == "CELERY_RESULT_BACKEND");
    // An entry of the list is an address; a table in its place has keys for other things too.
    let is_entry = last == "HOSTS" || last == "ADDRESS" || last.parse::<usize>().is_ok() || is_address;
    let hosts = store.is_for(Use::Channels)
        && whole.starts_with("CHANNEL_LAYERS")
        && whole.contains("HOSTS")
        && is_entry;
    // A whole alias is a table with a backend: an address in its place stops every use of the cache.
    if is_named_by_alias && path.len() == 2 {
        return false;
    }
    // A cache or channel layer that is known to be of something else leads there, whatever its variable is called.
    if is_named_by_alias && path.len() > 1 && is_of_another_store(open, path, store) {
        return false;
    }
    let named = reads.iter().any(|read| {
        let name = read.name.to_ascii_uppercase();
        store.is_named(&name) && ["HOST", "PORT", "URL", "URI"].iter().any(|word| name.ends_with(word))
    });
    let queue = is_default
        && (whole.starts_with("RQ_QUEUES")
            || whole.starts_with("Q_CLUSTER.REDIS")
            || whole.starts_with("HUEY"))
        && is_address;
    // Clients of a store without URLs take a host and a port.
    let is_cache = is_location_of(open, setting, store) && (is_open || store.schemes.is_empty());
    is_called_so || queue || is_cache || (is_open && (named || (broker || hosts) && !is_anothers))
}

/// Returns the scheme of a URL, also of one that is put together from variables.
fn scheme_of(value: &Value) -> Option<String> {
    let scheme = |text: &str| text.split_once("://").map(|(scheme, _)| scheme.to_owned());
    if let Some(scheme) = value.assumed().as_ref().and_then(Value::as_str).and_then(scheme) {
        return Some(scheme);
    }
    match value {
        Value::Text(parts) => parts.first().and_then(Value::as_str).and_then(scheme),
        _ => None,
    }
}

/// The path without the index of an entry: a broker or a cache may have several addresses.
fn whole_setting(path: &[String]) -> &[String] {
    match path.split_last() {
        Some((last, setting)) if !setting.is_empty() && last.parse::<usize>().is_ok() => setting,
        _ => path,
    }
}

/// Tells whether the path is the location of a cache whose backend is one of the store.
fn is_location_of(open: &Evaluation, path: &[String], store: &Store) -> bool {
    let [caches, alias, location] = path else { return false };
    let backend = Goal::new(&[caches.as_str(), alias.as_str(), "BACKEND"], Want::Truth(true), "");
    caches == "CACHES"
        && location == "LOCATION"
        && candidates(&backend, open)
            .into_iter()
            .flat_map(Value::alternatives)
            .any(|value| value.as_str().is_some_and(|backend| store.speaks(backend)))
}

/// Tells whether every backend that the entry of `path` may have is named, and none of them is one of the store.
fn is_of_another_store(open: &Evaluation, path: &[String], store: &Store) -> bool {
    let backend = Goal::new(&[path[0].as_str(), path[1].as_str(), "BACKEND"], Want::Truth(true), "");
    let stated = candidates(&backend, open);
    let mut backends = stated.into_iter().flat_map(Value::alternatives).peekable();
    backends.peek().is_some()
        && backends.all(|value| value.as_str().is_some_and(|backend| !store.speaks(backend)))
}

/// Tells whether it names a machine that is neither this one nor a service: somebody runs that.
fn is_elsewhere(value: &Value, store: &Store) -> bool {
    // What a variable decides is wired, whatever its default.
    if !value.reads().is_empty() {
        return false;
    }
    let schemes: Vec<String> = store.schemes.iter().map(ToString::to_string).collect();
    let Some((host, _)) = value.assumed().and_then(|value| host_of(&value, &schemes)) else { return false };
    address::is_elsewhere(&host)
}
