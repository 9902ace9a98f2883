//! Every variable that the settings read: whether they can do without it, its default, what it goes into.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use super::facts::Variable;
use super::project::Settings;
use crate::base::wording::is_secret_variable;
use crate::base::{Evidence, Fact, Place};
use crate::python::{EnvRead, Value};

/// Deeper than this a setting's parts are not named.
const DEEPEST: usize = 6;

/// `required` are the variables without which the production settings cannot be imported.
pub(super) fn read(
    dev: &Settings,
    prod: &Settings,
    required: &BTreeMap<String, Place>,
) -> Fact<Vec<Variable>> {
    let mut all: BTreeMap<String, Variable> = BTreeMap::new();
    // Production first: its defaults are the ones that count.
    for settings in [prod, dev] {
        // What names the environment may choose files of which the open world saw others.
        for evaluation in std::iter::once(&settings.evaluation).chain(&settings.decided) {
            for read in &evaluation.reads {
                note(&mut all, read, settings);
            }
            for (name, setting) in &evaluation.settings {
                feeds(&mut all, &setting.value, name, settings);
            }
        }
    }
    for (name, place) in required {
        let variable = all.entry(name.clone()).or_insert_with(|| empty(name, place));
        variable.required = true;
    }
    for variable in all.values_mut() {
        variable.settings.sort_unstable();
        variable.settings.dedup();
        let mut seen = BTreeSet::new();
        variable.feeds.retain(|feed| seen.insert(feed.clone()));
    }
    let evidence = all
        .values()
        .filter_map(|variable| {
            Some(Evidence::new(variable.place.clone()?, format!("reads `{}`", variable.name)))
        })
        .collect();
    Fact::with(all.into_values().collect(), evidence)
}

fn empty(name: &str, place: &Place) -> Variable {
    Variable {
        name: name.to_owned(),
        required: false,
        settings: Vec::new(),
        default: None,
        feeds: Vec::new(),
        place: Some(place.clone()),
    }
}

fn note(all: &mut BTreeMap<String, Variable>, read: &EnvRead, settings: &Settings) {
    if !is_name(&read.name) {
        return;
    }
    let variable = all.entry(read.name.clone()).or_insert_with(|| empty(&read.name, &read.place));
    if variable.default.is_none() {
        variable.default =
            read.default.as_ref().and_then(default).filter(|value| !is_secret(&read.name, value));
    }
    if let Some(module) = read.place.path().and_then(|path| module_of(settings, path)) {
        variable.settings.push(module);
    }
}

/// Returns the default, if it is known throughout.
fn default(value: &Value) -> Option<serde_json::Value> {
    match value.assumed()? {
        Value::None => None,
        known => Some(known.to_json()),
    }
}

/// Tells whether it may be a real secret that somebody left in the code: it is repeated nowhere.
fn is_secret(name: &str, default: &serde_json::Value) -> bool {
    is_secret_variable(name) && default.as_str().is_some_and(|text| !text.is_empty())
}

/// A name that the environment of a container can hold.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(['=', '\0', ' ', '\n'])
}

fn module_of(settings: &Settings, path: &Utf8Path) -> Option<String> {
    let decided = settings.decided.iter().flat_map(|decided| &decided.modules);
    let module = settings.evaluation.modules.iter().chain(decided).find(|module| module.path == path);
    module.map(|module| module.dotted.clone())
}

/// Notes for each variable in `value` that it goes into `at`: `DATABASES.default.HOST`.
fn feeds(all: &mut BTreeMap<String, Variable>, value: &Value, at: &str, settings: &Settings) {
    if at.split('.').count() <= DEEPEST
        && let Some(entries) = value.entries()
    {
        for (key, value) in entries {
            let key = key.assumed().and_then(|key| key.as_text()).unwrap_or_else(|| "*".to_owned());
            feeds(all, value, &format!("{at}.{key}"), settings);
        }
        return;
    }
    if let Value::OneOf(alternatives) = value {
        for alternative in alternatives {
            feeds(all, alternative, at, settings);
        }
        return;
    }
    for read in value.reads() {
        note(all, read, settings);
        if let Some(variable) = all.get_mut(&read.name) {
            variable.feeds.push(at.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_secret_in_the_code_is_not_repeated() {
        let text = serde_json::Value::from("8f2c1");
        assert!(is_secret("MAIL_API_KEY", &text) && is_secret("DB_PASSWORD", &text));
        assert!(!is_secret("DB_PASSWORD", &serde_json::Value::from("")) && !is_secret("DB_HOST", &text));
    }
}
