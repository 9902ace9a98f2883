//! Which variables stand in the env file, and which on the services themselves.
//!
//! A secret, and what its person may want to change, is in the env file; what only connects the stack's own
//! parts is on the services, where it can be seen beside what it connects.

use std::collections::{BTreeMap, BTreeSet};

use super::entry_points;
use super::ground::{Ground, Placed};
use super::secret_files::generated;
use super::settle::Settled;
use super::wiring::placeholder::{is_plain, placeholder};
use super::wiring::{Goal, Want};
use crate::base::wording::is_secret_variable;
use crate::inspect::facts::Variable as Known;
use crate::stack::{Text, TextPart, Variable, VariableGroup, VariableValue};

/// The variables of one stack.
#[derive(Clone, Debug)]
pub(super) struct Split {
    pub env_file: Vec<Variable>,
    pub services: BTreeMap<String, Text>,
}

/// Splits what was settled. `elsewhere` is the other stack's env file, with which this one must agree.
pub(super) fn split(ground: &Ground<'_>, settled: &Settled, elsewhere: &[Variable]) -> Split {
    let mut env_file: Vec<Variable> = Vec::new();
    let mut services = BTreeMap::new();
    for (name, value) in &settled.variables {
        let wanted = if settled.samples.variable_of(value) == Some(name) {
            Some(generated(name))
        } else if settled.placeholders.contains(name) && is_own_secret(name) {
            Some(own_secret(name, value))
        } else if settled.placeholders.contains(name) {
            Some(VariableValue::Asked { placeholder: value.clone() })
        } else if ground.is_prod() && is_for_the_person(ground, settled, name, value) {
            Some(VariableValue::Plain { text: value.clone() })
        } else {
            None
        };
        let other = elsewhere.iter().find(|other| other.name == *name).map(|other| &other.value);
        match wanted.filter(|value| other.is_none_or(|other| is_shared(value, other))) {
            // One line serves both stacks: the other's, unless that is a comment.
            Some(value) => {
                let line = other.filter(|other| !matches!(other, VariableValue::Optional { .. }));
                env_file.push(variable(ground, settled, name, line.cloned().unwrap_or(value)));
            }
            None => {
                services.insert(name.clone(), settled.samples.to_text(value));
            }
        }
    }
    // Secrets that are only parts of other values, or that only the database's own container is told.
    let mut needed: Vec<String> = services
        .values()
        .flat_map(|text| &text.0)
        .filter_map(|part| match part {
            TextPart::Variable { name } => Some(name.clone()),
            TextPart::Known { .. } | TextPart::VariableOr { .. } => None,
        })
        .collect();
    needed.extend(ground.credentials.as_ref().map(|credentials| credentials.password.clone()));
    let stores = ground.stores(settled.store_login.as_ref());
    needed.extend(stores.into_iter().filter_map(|placed| placed.login).map(|login| login.password));
    for name in needed {
        if !env_file.iter().any(|variable| variable.name == name) {
            env_file.push(variable(ground, settled, &name, generated(&name)));
        }
    }
    if ground.is_prod() {
        env_file.extend(optional(ground, settled, &env_file, &services));
    } else {
        let own = |name: &str, value, because: &str| Variable {
            name: name.to_owned(),
            value,
            because: because.to_owned(),
            group: VariableGroup::Stack,
        };
        let because = "who owns the files that the development container makes";
        env_file.push(own("HOST_UID", VariableValue::HostUser, because));
        env_file.push(own("HOST_GID", VariableValue::HostGroup, because));
    }
    env_file.sort_by(|a, b| (a.group, &a.name).cmp(&(b.group, &b.name)));
    Split { env_file, services }
}

/// Tells whether a line of the env file can serve a stack that wants `value` and another one that has `other`: the same, a
/// comment there, or what only the person knows in both.
fn is_shared(value: &VariableValue, other: &VariableValue) -> bool {
    let is_asked = |value: &VariableValue| matches!(value, VariableValue::Asked { .. });
    value == other || matches!(other, VariableValue::Optional { .. }) || is_asked(value) && is_asked(other)
}

/// Tells whether a variable holds a secret of the project's own, that nobody else has to know: it signs or encrypts what
/// only the project reads. Keys of other people's services are called alike, but never by these words.
fn is_own_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let words: Vec<&str> = name.split('_').collect();
    let has = |word: &str| words.contains(&word);
    let is_half_of_a_pair = has("PUBLIC") || has("PRIVATE") || has("VERIFYING");
    let signs = has("SIGNING") || has("JWT") || has("ENCRYPTION") || has("FERNET") || has("HASHIDS");
    let is_key = ["KEY", "SECRET", "SALT"].iter().any(|last| words.last() == Some(last));
    signs && is_key && !is_half_of_a_pair
}

/// Such a secret, in the form of the placeholder with which the settings could be imported.
fn own_secret(name: &str, placeholder: &str) -> VariableValue {
    const FERNET: usize = 44;
    match generated(name) {
        VariableValue::Generated { secret, .. }
            if placeholder.len() == FERNET && placeholder.ends_with('=') =>
        {
            VariableValue::Generated { secret, length: FERNET - 1, ending: "=" }
        }
        other => other,
    }
}

/// Hosts and origins: nobody but the person knows under which names the site will be reached.
fn is_for_the_person(ground: &Ground<'_>, settled: &Settled, name: &str, value: &str) -> bool {
    let is_origin = |goal: &Goal| matches!(&goal.want, Want::Origins { origin, .. } if origin == value);
    if settled.goals.iter().any(is_origin) {
        return true;
    }
    let known = ground.facts.variables.value.iter().find(|known| known.name == name);
    let goes_into = |setting: &String| {
        known.is_some_and(|known| known.feeds.iter().any(|feed| feed.split('.').next() == Some(setting)))
    };
    let name = name.to_ascii_uppercase();
    let holds_host = |goal: &Goal| match &goal.want {
        Want::Item { item, .. } => {
            value.contains(item.as_str()) && (goes_into(&goal.path[0]) || name.contains("HOST"))
        }
        _ => false,
    };
    settled.goals.iter().any(holds_host) && !settled.samples.has_secret(value) || name.contains("ORIGIN")
}

fn variable(ground: &Ground<'_>, settled: &Settled, name: &str, value: VariableValue) -> Variable {
    let known = ground.facts.variables.value.iter().find(|variable| variable.name == name);
    let is_password = ground.credentials.as_ref().is_some_and(|credentials| credentials.password == name);
    let stores = ground.stores(settled.store_login.as_ref());
    let is_its = |placed: &&Placed| placed.login.as_ref().is_some_and(|login| login.password == name);
    let store = stores.iter().find(is_its).map(|placed| placed.store);
    let because = match (&value, known) {
        _ if let Some(store) = store => format!("password of the stack's own {}", store.name),
        _ if is_password => {
            let files = settled.secret_files(&ground.answers.config_dir);
            let also = files.iter().find(|(file, _)| file.holds(name));
            let also =
                also.map(|(file, _)| format!("; the same stands in {}", file.path)).unwrap_or_default();
            format!("password of the stack's own database{also}")
        }
        (VariableValue::Plain { text }, _) if text.contains("://") => {
            "an address that browsers show, with its scheme; put yours in its place".to_owned()
        }
        (VariableValue::Plain { text }, _) if is_one_name(text) => {
            "the name under which the site is reached; put yours in its place".to_owned()
        }
        (VariableValue::Plain { .. }, _) => "names under which the site is reached; add yours".to_owned(),
        (VariableValue::Asked { .. }, _) if let Some(path) = entry_points::demands(ground, name) => {
            format!("{path} needs it when the project starts")
        }
        (_, Some(known)) if !known.feeds.is_empty() => goes_into(&known.feeds),
        (VariableValue::Asked { .. }, Some(_)) => "the settings cannot be imported without it".to_owned(),
        (value, _) => match (goal_of(settled, name), entry_points::reads(ground).get(name)) {
            (Some(goal), _) => goal.because.clone(),
            (None, Some((entry, _))) if matches!(value, VariableValue::Asked { .. }) => {
                format!("{} needs it when the project starts", entry.path)
            }
            (None, Some((entry, _))) => format!("{} reads it", entry.path),
            (None, None) => "the settings read it".to_owned(),
        },
    };
    let group = match store {
        Some(_) => VariableGroup::Services,
        None if is_password => VariableGroup::Database,
        None => group(known, name),
    };
    Variable { name: name.to_owned(), value, because, group }
}

/// Tells whether text is a host, and no list of hosts.
fn is_one_name(text: &str) -> bool {
    !text.contains([',', ';', ' ', '['])
}

fn goal_of<'a>(settled: &'a Settled, name: &str) -> Option<&'a Goal> {
    settled.goals.iter().find(|goal| goal.path.last().is_some_and(|last| last == name))
}

fn group(known: Option<&Known>, name: &str) -> VariableGroup {
    let feeds = known.map(|known| known.feeds.join(" ")).unwrap_or_default();
    let of = |words: &[&str]| {
        words.iter().any(|word| feeds.contains(word) || name.to_ascii_uppercase().contains(word))
    };
    match () {
        () if of(&["DATABASES", "DATABASE", "POSTGRES", "MYSQL", "DB_"]) => VariableGroup::Database,
        () if of(&["CACHES", "CELERY", "BROKER", "REDIS", "CHANNEL"]) => VariableGroup::Services,
        () if of(&[
            "SECRET_KEY",
            "DEBUG",
            "ALLOWED_HOSTS",
            "CSRF",
            "DJANGO",
            "SETTINGS",
            "STATIC",
            "MEDIA",
        ]) =>
        {
            VariableGroup::Django
        }
        () => VariableGroup::External,
    }
}

/// Returns the other variables that the settings read: comments, with their values unless set otherwise.
fn optional(
    ground: &Ground<'_>,
    settled: &Settled,
    env_file: &[Variable],
    services: &BTreeMap<String, Text>,
) -> Vec<Variable> {
    let is_set =
        |name: &str| env_file.iter().any(|variable| variable.name == name) || services.contains_key(name);
    let of_settings = ground.facts.variables.value.iter();
    let known: BTreeSet<&str> = of_settings.clone().map(|known| known.name.as_str()).collect();
    let by_settings = of_settings.map(|known| {
        let read = settled.evaluation.reads.iter().find(|read| read.name == known.name);
        let default = known.default.as_ref().and_then(|default| match default {
            serde_json::Value::String(text) => Some(text.clone()),
            serde_json::Value::Bool(truth) => Some(if *truth { "True" } else { "False" }.to_owned()),
            serde_json::Value::Number(number) => Some(number.to_string()),
            _ => None,
        });
        let example = default.filter(|text| is_plain(text)).unwrap_or_else(|| placeholder(read, &known.name));
        (known.name.as_str(), example)
    });
    let beside = entry_points::reads(ground).into_iter().filter(|(name, _)| !known.contains(name));
    let beside = beside.map(|(name, (_, read))| {
        // A default that may be a real secret is repeated nowhere.
        let read = Some(read).filter(|_| !is_secret_variable(name));
        (name, placeholder(read, name))
    });
    let replaced = replaced_by_set_variables(ground, settled);
    let all = by_settings.chain(beside).filter(|(name, _)| !is_set(name) && is_name(name));
    let all = all.filter(|(name, _)| !replaced.contains(name.strip_suffix("_FILE").unwrap_or(name)));
    all.map(|(name, example)| variable(ground, settled, name, VariableValue::Optional { example })).collect()
}

/// Returns the variables that the settings no longer read, because variables that the stack sets take their place: the
/// parts of an address, where the address is set as a whole. As comments they would look like something to fill in.
fn replaced_by_set_variables<'a>(ground: &'a Ground<'_>, settled: &Settled) -> BTreeSet<&'a str> {
    let known = &ground.facts.variables.value;
    let is_set = |name: &str| settled.variables.contains_key(name);
    let feeds_of_set: BTreeSet<&String> =
        known.iter().filter(|known| is_set(&known.name)).flat_map(|known| &known.feeds).collect();
    let is_read = |name: &str| settled.evaluation.reads.iter().any(|read| read.name == name);
    let unread = known.iter().filter(|known| !is_set(&known.name) && !is_read(&known.name));
    let replaced = unread.filter(|known| {
        !known.feeds.is_empty() && known.feeds.iter().all(|feed| feeds_of_set.contains(feed))
    });
    replaced.map(|known| known.name.as_str()).collect()
}

/// Tells whether an env file can hold a variable of this name.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
/// The settings that a variable feeds, the first few by name.
fn goes_into(feeds: &[String]) -> String {
    const FEW: usize = 3;
    match feeds.len().checked_sub(FEW) {
        None | Some(0 | 1) => format!("goes into {}", feeds.join(", ")),
        Some(more) => format!("goes into {} and {more} more settings", feeds[..FEW].join(", ")),
    }
}
