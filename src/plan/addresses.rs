//! Goals for the settings that lead to a store.

mod leads;
pub mod login;

use self::leads::{DEEPEST, leads, leads_to, walk};
use super::credentials::is_service_name;
use super::wiring::url::host_of;
use super::wiring::{Credentials, Goal, Want};
use crate::catalog::store::Store;
use crate::python::{Evaluation, Value};

/// The service's name: what the settings call it already, where that can be a service.
pub fn service_name(open: &Evaluation, store: &Store) -> String {
    let mut found = Vec::new();
    for (name, setting) in &open.settings {
        walk(&setting.value, &mut vec![name.clone()], &mut found, DEEPEST);
    }
    let schemes = schemes_of(store);
    let stated = found.iter().filter(|(path, value)| leads_to(open, path, value, store));
    // `unix:/run/memcached.sock` is a path.
    let is_path = |value: &Value| value.as_str().is_some_and(|text| text.starts_with("unix:"));
    let mut hosts = stated.filter(|(_, value)| !is_path(value)).filter_map(|(_, value)| {
        let (host, _) = host_of(&value.assumed()?, &schemes)?;
        (is_service_name(&host) && host != "db").then_some(host)
    });
    hosts.next().unwrap_or_else(|| store.word.to_owned())
}

/// Tells whether some setting can be led to the store.
pub fn has_leads(open: &Evaluation, store: &Store) -> bool {
    !leads(open, store).addresses.is_empty()
}

/// Returns the address of a store as its clients want it; `login` stands before the host.
pub fn address(store: &Store, host: &str, login: &str, database: i32) -> String {
    let parts = [
        ("{login}", login.to_owned()),
        ("{host}", host.to_owned()),
        ("{port}", store.container.port.to_string()),
        ("{number}", database.to_string()),
    ];
    parts.iter().fold(store.address.to_owned(), |text, (mark, part)| text.replace(mark, part))
}

fn schemes_of(store: &Store) -> Vec<String> {
    store.schemes.iter().map(|scheme| (*scheme).to_owned()).collect()
}

/// A goal for every setting that leads to the store; where its clients log in, with `credentials`.
pub fn goals(open: &Evaluation, store: &Store, host: &str, credentials: Option<&Credentials>) -> Vec<Goal> {
    let schemes = schemes_of(store);
    let port = store.container.port;
    let leads = leads(open, store);
    let mut goals: Vec<Goal> = Vec::new();
    for (path, _) in &leads.addresses {
        let last = path.last().map(|name| name.to_ascii_uppercase()).unwrap_or_default();
        let because = format!("{} is the service `{host}`", store.name);
        let want = if last.ends_with("PORT") {
            Want::Text { text: port.to_string(), also: Vec::new(), absent: true }
        } else {
            let database = i32::from(last.contains("RESULT"));
            let login = login::of_address(store, path, &leads, credentials);
            let url = address(store, host, &login.in_url(), database);
            Want::Host { host: host.to_owned(), port, schemes: schemes.clone(), url, login }
        };
        if !goals.iter().any(|goal| goal.path == *path) {
            goals.push(Goal { path: path.clone(), want, because, only_if_present: true });
        }
    }
    goals.extend(login::goals(&leads, store, credentials));
    goals
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::base::Place;
    use crate::catalog::store;
    use crate::python::Value;
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
            goals(&open, store::DEFAULT, "redis", None).iter().map(Goal::setting).collect();
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
        assert!(goals(&open, store::DEFAULT, "redis", None).is_empty());
        let rabbit = |address: &str, store: &Store| {
            let open = settings(vec![("CELERY", dict(vec![("broker_url", text(address))]))]);
            goals(&open, store, store.word, None).len()
        };
        let [other] =
            store::ALL.iter().filter(|store| store.schemes.contains(&"amqp")).collect::<Vec<_>>()[..]
        else {
            panic!("one store is a broker alone")
        };
        assert_eq!(rabbit("amqp://guest:guest@127.0.0.1:5672//", other), 1);
        assert_eq!(rabbit("amqp://guest:guest@127.0.0.1:5672//", store::DEFAULT), 0);
        assert_eq!(rabbit("amqp://guest:guest@rabbit.example.org//", other), 0);
        let named = settings(vec![("CELERY_BROKER_URL", text("redis://broker:6379/0"))]);
        assert_eq!(service_name(&named, store::DEFAULT), "broker");
    }
}
