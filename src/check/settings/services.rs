//! Caches, brokers, channel layers and mail servers that are looked for on the machine itself.

use crate::base::codes::check::settings::{CHANNEL_LAYER_IN_MEMORY, SERVICE_ON_LOCALHOST};
use crate::base::{Diagnostic, Place};
use crate::check::subject::{is_this_machine, url_host};
use crate::check::{Rule, Subject};
use crate::knowledge::servers;
use crate::python::Value;

pub const RULES: &[Rule] = &[
    Rule { codes: &[SERVICE_ON_LOCALHOST], find: services },
    Rule { codes: &[CHANNEL_LAYER_IN_MEMORY], find: channel_layer },
];

/// Settings that name a service, and what the service is for.
pub(crate) const NAMED: &[(&str, &str)] = &[
    ("CELERY_BROKER_URL", "the Celery broker"),
    ("BROKER_URL", "the Celery broker"),
    ("CELERY_RESULT_BACKEND", "the Celery result backend"),
    ("CACHES", "a cache"),
    ("CHANNEL_LAYERS", "a channel layer"),
    ("REDIS_URL", "Redis"),
    ("REDIS_HOST", "Redis"),
    ("RQ_QUEUES", "a queue of RQ"),
    ("HUEY", "Huey's queue"),
    ("ELASTICSEARCH_DSL", "the search service"),
    ("HAYSTACK_CONNECTIONS", "the search service"),
];

fn services(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let named = NAMED.iter().filter_map(|(name, what)| Some((*name, *what, subject.setting(name)?)));
    named
        .filter(|(name, _, (value, _))| !is_of_no_service(name, value))
        .filter_map(|(name, what, (value, place))| Some(localhost(name, what, local_host(value)?, place)))
        .collect()
}

/// The first text inside `value` that names this machine: a host, a URL, or `host:port`.
pub(crate) fn local_host(value: &Value) -> Option<&str> {
    match value {
        Value::Str(text) => {
            let host = url_host(text).or_else(|| text.split(':').next());
            host.filter(|host| is_this_machine(host))
        }
        Value::List(items) => items.iter().find_map(local_host),
        Value::Dict(entries) => entries.iter().find_map(|(_, value)| local_host(value)),
        _ => None,
    }
}

/// Tells whether the address is that of a server of which no stack has a service: the plan says so.
fn is_of_no_service(name: &str, value: &Value) -> bool {
    // The broker's own message says what becomes of it.
    if name.contains("BROKER") || name.starts_with("CELERY") {
        return false;
    }
    match value {
        Value::Str(text) => {
            let scheme = text.split_once("://").map(|(scheme, _)| scheme);
            let rest = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
            let port = rest.split(['/', '?']).next().and_then(|rest| rest.rsplit_once(':')?.1.parse().ok());
            servers::find(&[name.to_owned()], scheme, port).is_some()
        }
        Value::List(items) => items.iter().any(|item| is_of_no_service(name, item)),
        Value::Dict(entries) => entries.iter().any(|(_, value)| is_of_no_service(name, value)),
        _ => false,
    }
}

fn localhost(name: &str, what: &str, host: &str, place: &Place) -> Diagnostic {
    Diagnostic::error(
        SERVICE_ON_LOCALHOST,
        format!("`{name}` looks for {what} on `{host}`, whatever the environment says"),
    )
    .at(place, "decided here")
    .because("in a container that is the container itself, and the service runs in another one")
    .help("read the address from a variable, with this one as its default")
    .help("or leave the file as it is: `djdock init` overrides it in a settings module of its own")
}

/// Tells whether messages between connections stay in one process.
pub(crate) fn channel_layer(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let Some((layers, place)) = subject.setting("CHANNEL_LAYERS") else { return Vec::new() };
    let backend = layers.get("default").and_then(|layer| layer.get("BACKEND")).and_then(Value::as_str);
    if backend != Some("channels.layers.InMemoryChannelLayer") {
        return Vec::new();
    }
    vec![
        Diagnostic::warning(CHANNEL_LAYER_IN_MEMORY, "the channel layer is in memory, so two processes do not share it")
            .at(place, "decided here")
            .because("with more than one worker process or container a message reaches only those connected to the same one")
            .help("use `channels_redis.core.RedisChannelLayer` in production"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_settings as findings;

    #[test]
    fn services_on_this_machine_are_found_wherever_the_address_stands() {
        assert_eq!(
            findings(RULES, "CELERY_BROKER_URL = 'redis://localhost:6379/0'", &[]),
            ["service-on-localhost:1"]
        );
        let cache = "CACHES = {'default': {'BACKEND': 'x', 'LOCATION': ['127.0.0.1:6379']}}";
        assert_eq!(findings(RULES, cache, &[]), ["service-on-localhost:1"]);
        // The plan, which overrides no address of a server that it lacks, says that it lacks it.
        assert!(findings(RULES, &cache.replace("6379", "11211"), &[]).is_empty());
        let layer =
            "CHANNEL_LAYERS = {'default': {'BACKEND': 'x', 'CONFIG': {'hosts': [('localhost', 6379)]}}}";
        assert_eq!(findings(RULES, layer, &[]), ["service-on-localhost:1"]);
        let read = "import os\nCELERY_BROKER_URL = os.environ.get('B', 'redis://localhost:6379/0')";
        assert!(findings(RULES, read, &[]).is_empty());
    }

    #[test]
    fn a_channel_layer_in_memory_is_not_shared() {
        let settings = "CHANNEL_LAYERS = {'default': {'BACKEND': 'channels.layers.InMemoryChannelLayer'}}";
        assert_eq!(findings(RULES, settings, &[]), ["channel-layer-in-memory:1"]);
    }
}
