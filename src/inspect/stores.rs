//! Uses of a store, such as Redis, that the stack can run; and every line that shows them.

use std::collections::BTreeSet;

use super::celery::{self, Celery};
use super::elsewhere::is_elsewhere;
use super::facts::{Distribution, Stacks, TaskQueue, UsedStore};
use super::project::{Project, Settings};
use crate::base::{Evidence, Fact, address};
use crate::catalog::store::{self, Store, Use};
use crate::catalog::worker::Carrier;
use crate::knowledge::distributions;
use crate::python::Value;
use crate::python::value::{Cast, EnvRead};

/// Settings that name other things with the word of a store in them.
const NO_ADDRESS: &[&str] = &["LOGGING", "INSTALLED_APPS", "MIDDLEWARE", "CACHES", "CHANNEL_LAYERS"];
/// Settings that only name modules and loggers.
const NAMES_ONLY: &[&str] = &["LOGGING", "INSTALLED_APPS", "MIDDLEWARE"];
/// The ends of names of settings that hold an address or what is made of one.
const ADDRESSES: &[&str] =
    &["HOST", "URL", "URI", "CONNECTION", "SERVER", "LOCATION", "REDIS", "ADDRESS", "DSN"];

/// Returns the uses of either stack, and the stacks that have any.
pub(super) fn of_both(
    project: &Project<'_>,
    caches: &Fact<Vec<String>>,
    celery: &Celery,
    queues: &[TaskQueue],
) -> (Fact<bool>, Stacks) {
    let store = read(project, caches, &celery.broker, celery.broker_elsewhere, queues);
    let stacks = stacks(project, &store, celery.app.value.is_some(), queues);
    // Of development, where it alone uses the store.
    let is_of_development = stacks.dev && !stacks.prod;
    (if is_of_development { Fact::with(true, certain_uses(&project.dev)) } else { store }, stacks)
}

/// The uses of production, the most telling first: cache, broker, channel layer, task queue, sessions, addresses.
fn read(
    project: &Project<'_>,
    caches: &Fact<Vec<String>>,
    broker: &Fact<Option<String>>,
    broker_elsewhere: bool,
    queues: &[TaskQueue],
) -> Fact<bool> {
    let store = store::DEFAULT;
    let settings = &project.prod;
    let mut uses = Vec::new();
    let at = |name: &str, reason: &str| settings.evidence(name, format!("{reason} {}", store.name));
    if caches.value.iter().any(|backend| backend == store.word) && !is_elsewhere(settings, "CACHES") {
        uses.extend(at("CACHES", "keeps a cache in"));
    }
    if broker.value.as_deref() == Some(store.word)
        && !broker_elsewhere
        && let Some(place) = broker.decided_by()
    {
        uses.push(Evidence::new(place.clone(), format!("sends Celery's tasks through {}", store.name)));
    }
    if settings.mentions("CHANNEL_LAYERS", |text| store.speaks(text))
        && !is_elsewhere(settings, "CHANNEL_LAYERS")
    {
        uses.extend(at("CHANNEL_LAYERS", "sends the messages of channels through"));
    }
    for queue in queues.iter().filter(|queue| queue.carrier == Carrier::Store) {
        let reason = format!("sends the tasks of {} through {}", queue.worker.name, store.name);
        uses.push(Evidence::new(queue.carried.clone(), reason));
    }
    if settings.mentions("SESSION_ENGINE", |text| store.speaks(text)) {
        uses.extend(at("SESSION_ENGINE", "keeps sessions in"));
    }
    let client = client(&project.dependencies.distributions, store);
    if client.is_some() || project.dependencies.distributions.is_empty() {
        uses.extend(addresses(settings, store));
    }
    // A broker of which only a variable knows is what the store's client is there for; and where that is so, the store can
    // stand for a broker that no stack has.
    if uses.is_empty()
        && matches!(broker.value.as_deref(), Some("unknown"))
        && !broker_elsewhere
        && let Some(place) = broker.decided_by()
        && let Some(add_on) = project.existing.add_ons.iter().find(|one| is_store(store, &one.name))
    {
        uses.push(Evidence::new(
            place.clone(),
            format!("names the broker, and `{}` is {}", add_on.name, store.name),
        ));
        uses.push(Evidence::new(add_on.place.clone(), format!("brings `{}`", add_on.name)));
    } else if uses.is_empty()
        && matches!(broker.value.as_deref(), Some("unknown"))
        && !broker_elsewhere
        && let Some(place) = broker.decided_by()
        && let Some((client, name)) = client
    {
        uses.push(Evidence::new(
            place.clone(),
            format!("names the broker, and `{name}` talks to {}", store.name),
        ));
        uses.push(Evidence::new(client.place.clone(), format!("requires `{name}`")));
    }
    let mut seen = BTreeSet::new();
    uses.retain(|one| seen.insert(one.place.to_string()));
    if uses.is_empty() {
        let evidence =
            vec![Evidence::new(settings.place("CACHES"), format!("no setting leads to {}", store.name))];
        return Fact::with(false, evidence);
    }
    Fact::with(true, uses)
}

/// Returns the other stores that a stack talks to, each with the settings that use it.
pub(super) fn others(project: &Project<'_>, celery: &Celery) -> Vec<UsedStore> {
    let others = store::ALL.iter().copied().filter(|store| store.word != store::DEFAULT.word);
    let used = others.filter_map(|store| {
        let prod = other_uses(project, &project.prod, celery, store);
        let dev = other_uses(project, &project.dev, celery, store);
        let stacks = Stacks { dev: !dev.is_empty(), prod: !prod.is_empty() };
        let evidence = if stacks.prod { prod } else { dev };
        (!evidence.is_empty()).then_some(UsedStore { store, evidence, stacks })
    });
    used.collect()
}

/// Returns the settings that use a store other than the default one: caches by their backends, brokers by their addresses.
fn other_uses(project: &Project<'_>, settings: &Settings, celery: &Celery, store: &Store) -> Vec<Evidence> {
    let mut uses = Vec::new();
    if store.is_for(Use::Cache)
        && settings.mentions("CACHES", |text| store.speaks(text))
        && !is_elsewhere(settings, "CACHES")
        && !is_far_away(settings, store)
    {
        uses.extend(settings.evidence("CACHES", format!("keeps a cache in {}", store.name)));
    }
    if store.is_for(Use::Broker) && celery.app.value.is_some() && !celery.broker_elsewhere {
        let is_its = |kind: &str| store.schemes.contains(&kind);
        let reason = format!("sends Celery's tasks through {}", store.name);
        let set = celery::BROKERS.iter().find_map(|name| Some((name, settings.get(name)?)));
        match set {
            Some((name, setting)) if celery::scheme(&setting.value).is_some_and(is_its) => {
                uses.extend(settings.evidence(name, reason));
            }
            None if celery.broker.value.as_deref().is_some_and(is_its) && project.worker.is_none() => {
                uses.extend(celery.broker.decided_by().map(|place| Evidence::new(place.clone(), reason)));
            }
            _ => {}
        }
    }
    uses
}

/// Tells whether every cache of the store is written down to lie on a machine elsewhere: `cache.example.org:11211`.
fn is_far_away(settings: &Settings, store: &Store) -> bool {
    let caches = settings.get("CACHES").map(|setting| setting.value.alternatives()).unwrap_or_default();
    let entries = caches.into_iter().filter_map(Value::entries).flatten().map(|(_, cache)| cache);
    let backend = |cache: &&Value| {
        cache.get("BACKEND").is_some_and(|backend| backend.as_str().is_some_and(|text| store.speaks(text)))
    };
    let locations: Vec<&Value> = entries.filter(backend).filter_map(|cache| cache.get("LOCATION")).collect();
    let is_far = |value: &Value| {
        let host = value.as_str().map(|text| text.split(':').next().unwrap_or(text));
        host.is_some_and(address::is_elsewhere)
    };
    let all_far = |value: &&Value| match value {
        Value::List(items) => !items.is_empty() && items.iter().all(is_far),
        value => is_far(value),
    };
    !locations.is_empty() && locations.iter().all(all_far)
}

/// Returns the stacks that use the store; `store` says whether production does.
fn stacks(project: &Project<'_>, store: &Fact<bool>, has_celery: bool, queues: &[TaskQueue]) -> Stacks {
    let dev = if store.value {
        may_be_used_in_development(project, has_celery, queues)
    } else {
        project.dev.name != project.prod.name && !certain_uses(&project.dev).is_empty()
    };
    Stacks { dev, prod: store.value }
}

/// Tells whether anything in the settings for development leads to the store. Whoever is in doubt has it: a service too many
/// only takes room.
fn may_be_used_in_development(project: &Project<'_>, has_celery: bool, queues: &[TaskQueue]) -> bool {
    let store = store::DEFAULT;
    let settings = &project.dev;
    let evaluation = settings.decided.as_ref().unwrap_or(&settings.evaluation);
    if evaluation.settings.is_empty()
        || queues.iter().any(|queue| queue.carrier == Carrier::Store)
        || has_celery && sends_tasks(settings)
    {
        return true;
    }
    let word = store.word.to_ascii_uppercase();
    let is_asked_for =
        |read: &EnvRead| read.name.to_ascii_uppercase().contains(&word) || read.cast == Cast::CacheUrl;
    let is_unknown = |name: &&str| {
        let setting = evaluation.settings.get(*name);
        setting.is_some_and(|setting| matches!(setting.value, Value::Unknown { .. } | Value::Env(_)))
    };
    let leads = |name: &String| settings.mentions(name, |text| has_scheme(store, text) || store.speaks(text));
    let named = evaluation.settings.keys().filter(|name| !NAMES_ONLY.contains(&name.as_str()));
    evaluation.reads.iter().any(is_asked_for)
        || ["CACHES", "CHANNEL_LAYERS"].iter().any(is_unknown)
        || !addresses(settings, store).is_empty()
        || named.into_iter().any(leads)
}

/// Tells whether Celery's tasks may go through the store: not where they run at once, or through another broker.
fn sends_tasks(settings: &Settings) -> bool {
    let at_once = ["CELERY_TASK_ALWAYS_EAGER", "CELERY_ALWAYS_EAGER"];
    if at_once.iter().any(|name| settings.assumed(name).is_some_and(|value| value.as_bool() == Some(true))) {
        return false;
    }
    let mut brokers = celery::BROKERS.iter().filter(|name| settings.get(name).is_some()).peekable();
    let is_other = |name: &&str| {
        let broker = settings.assumed(name);
        broker
            .as_ref()
            .and_then(Value::as_str)
            .is_some_and(|broker| broker.contains("://") && !has_scheme(store::DEFAULT, broker))
    };
    brokers.peek().is_none() || !brokers.all(is_other)
}

/// Every setting that leads to the store by its default.
fn certain_uses(settings: &Settings) -> Vec<Evidence> {
    let store = store::DEFAULT;
    let mut uses = Vec::new();
    for (name, reason) in [
        ("CACHES", "keeps a cache in"),
        ("CHANNEL_LAYERS", "sends the messages of channels through"),
        ("SESSION_ENGINE", "keeps sessions in"),
    ] {
        if settings.mentions(name, |text| store.speaks(text)) && !is_elsewhere(settings, name) {
            uses.extend(settings.evidence(name, format!("{reason} {} in development", store.name)));
        }
    }
    uses
}

/// The installed distribution that talks to the store, with its name as it is required.
pub(crate) fn client<'a>(all: &'a [Distribution], store: &Store) -> Option<(&'a Distribution, String)> {
    let talks =
        |name: &str| distributions::implied_by(name).and_then(|row| row.cache.as_deref()) == Some(store.word);
    all.iter().find_map(|distribution| {
        if talks(&distribution.name) {
            return Some((distribution, distribution.name.clone()));
        }
        let mut extras = distribution.extras.iter().map(|extra| format!("{}[{extra}]", distribution.name));
        Some((distribution, extras.find(|name| talks(name))?))
    })
}

/// Tells whether what a platform runs is the store: `heroku-redis`, `rediscloud`, `keyvalue`.
fn is_store(store: &Store, add_on: &str) -> bool {
    std::iter::once(&store.word)
        .chain(store.backends)
        .chain(store.rented_as)
        .any(|word| add_on.contains(word))
}

/// Every setting that holds an address of the store: by the scheme of a URL, or by its own name.
fn addresses(settings: &Settings, store: &Store) -> Vec<Evidence> {
    let evaluation = settings.decided.as_ref().unwrap_or(&settings.evaluation);
    let mut found = Vec::new();
    for (name, setting) in &evaluation.settings {
        if NO_ADDRESS.contains(&name.as_str()) || is_off(&setting.value) || is_elsewhere(settings, name) {
            continue;
        }
        let upper = name.to_ascii_uppercase();
        let word = store.word.to_ascii_uppercase();
        let by_name = upper.contains(&word)
            && ADDRESSES.iter().any(|end| upper.ends_with(end))
            && !matches!(setting.value, Value::Unknown { .. });
        let is_address = |text: &str| has_scheme(store, text);
        if by_name || settings.mentions(name, is_address) {
            let reason = format!("holds an address of {}", store.name);
            found.push(Evidence::new(setting.place.clone(), reason));
        }
    }
    found
}

fn has_scheme(store: &Store, text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| store.schemes.contains(&scheme))
}

/// Tells whether it is unset by default: nothing uses it then.
fn is_off(value: &Value) -> bool {
    match value.assumed() {
        Some(Value::None | Value::Bool(_)) => true,
        Some(Value::Str(text)) => text.is_empty(),
        // A variable without a default is filled in.
        _ => false,
    }
}
