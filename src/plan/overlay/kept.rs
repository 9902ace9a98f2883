//! The parts of the project's database that an overlay keeps if it sets the rest anew.

use super::situation::{Situation, literal};
use crate::python::Value;

/// Keys that say how Django uses a connection, whatever the engine:
/// <https://docs.djangoproject.com/en/stable/ref/settings/#databases>.
const OF_EVERY_ENGINE: &[&str] = &[
    "ATOMIC_REQUESTS",
    "AUTOCOMMIT",
    "CONN_HEALTH_CHECKS",
    "CONN_MAX_AGE",
    "DISABLE_SERVER_SIDE_CURSORS",
    "TIME_ZONE",
];
/// Options are those of the engine's client.
const OF_ONE_ENGINE: &[&str] = &["OPTIONS"];

/// The entries of the default database that stay, each with the Python that gives it.
pub(super) fn entries(situation: &Situation<'_>, engine: &str) -> Vec<(String, String)> {
    let Some(default) = default(situation) else { return Vec::new() };
    let own = default.get("ENGINE").and_then(Value::as_str);
    let same = own.is_some_and(|own| own == engine || situation.database.speaks(own));
    let keys = OF_EVERY_ENGINE.iter().chain(OF_ONE_ENGINE.iter().filter(|_| same));
    let kept = keys.filter_map(|key| {
        let value = default.get(key)?;
        let text = if situation.class.is_some() {
            python(value)?
        } else {
            format!("DATABASES[\"default\"][\"{key}\"]")
        };
        Some(((*key).to_owned(), text))
    });
    kept.collect()
}

/// Tells whether there are databases beside the default one. Of a class of settings only what is known to be there is kept.
pub(super) fn other_databases(situation: &Situation<'_>) -> bool {
    let databases = situation.evaluation.get("DATABASES").and_then(Value::entries).unwrap_or_default();
    situation.class.is_none() && databases.iter().any(|(alias, _)| alias.as_str() != Some("default"))
}

fn default<'a>(situation: &Situation<'a>) -> Option<&'a Value> {
    situation.evaluation.get("DATABASES")?.get("default")
}

/// A value as a Python literal, where it is known.
fn python(value: &Value) -> Option<String> {
    Some(match value {
        Value::None => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Str(text) => literal(text),
        Value::Dict(entries) => {
            let entry = |(key, value): &(Value, Value)| Some(format!("{}: {}", python(key)?, python(value)?));
            let entries: Option<Vec<String>> = entries.iter().map(entry).collect();
            format!("{{{}}}", entries?.join(", "))
        }
        _ => return None,
    })
}
