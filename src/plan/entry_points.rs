//! Variables that are read beside the settings: by `manage.py` and its like, and by modules that apps import at the start.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use super::ground::Ground;
use super::wiring::Assignment;
use super::wiring::placeholder::{insistent, placeholder};
use crate::inspect::entry_points::{EntryPoint, around_variable};
use crate::python::{EnvRead, Request, Value, World, required_beyond};

/// Variables that complete the name of the settings module (`f"config.settings.{MODE}"`), so that it is the stack's.
pub(super) fn naming(ground: &Ground<'_>) -> Assignment {
    let named = ground.facts.entry_points.iter().flat_map(|entry| &entry.named);
    let solved = named.flat_map(|named| named.value.alternatives()).filter_map(|value| {
        let (before, read, after) = around_variable(value)?;
        let word = ground.module.strip_prefix(&before)?.strip_suffix(&after)?;
        (!word.is_empty()).then(|| (read.name.clone(), word.to_owned()))
    });
    solved.collect()
}

/// Variables beyond those that are `set` without which an entry point cannot be run, with text that lets it run.
pub(super) fn required(ground: &Ground<'_>, set: &Assignment) -> Assignment {
    let mut found = Assignment::new();
    let none = BTreeMap::new();
    for entry in ground.facts.entry_points.iter().filter(|entry| may_fail(entry, set)) {
        let request = Request {
            tree: ground.tree,
            roots: ground.roots(),
            module: &entry.module,
            class: None,
            world: World::Closed { variables: set, files: &none },
        };
        for name in required_beyond(&request, set).into_keys() {
            if !set.contains_key(&name) {
                let text = placeholder(read_of(entry, &name), &name);
                found.entry(name).or_insert(text);
            }
        }
    }
    for name in ground.facts.demanded_settings.keys() {
        if let Some(Value::Env(read)) = ground.open().get(name)
            && read.default.as_ref().is_none_or(holds_nothing)
            && !set.contains_key(&read.name)
        {
            found.entry(read.name.clone()).or_insert_with(|| insistent(Some(read), &read.name));
        }
    }
    found
}

fn holds_nothing(value: &Value) -> bool {
    match value {
        Value::None | Value::Bool(false) => true,
        Value::Str(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        _ => false,
    }
}

/// Returns the file that demands a setting into which the variable goes.
pub(super) fn demands<'a>(ground: &Ground<'a>, variable: &str) -> Option<&'a Utf8Path> {
    let mut demanded = ground.facts.demanded_settings.iter();
    let goes_in =
        |name: &str| matches!(ground.open().get(name), Some(Value::Env(read)) if read.name == variable);
    demanded.find(|(name, _)| goes_in(name)).and_then(|(_, place)| place.path())
}

/// Tells whether something is read that is not set and has no default.
fn may_fail(entry: &EntryPoint, set: &Assignment) -> bool {
    entry.reads.iter().any(|read| !set.contains_key(&read.name))
}

fn read_of<'a>(entry: &'a EntryPoint, name: &str) -> Option<&'a EnvRead> {
    entry.reads.iter().find(|read| read.name == name)
}

/// Every variable that an entry point reads, by name: where it is read first.
pub(super) fn reads<'a>(ground: &Ground<'a>) -> BTreeMap<&'a str, (&'a EntryPoint, &'a EnvRead)> {
    let mut all = BTreeMap::new();
    for entry in &ground.facts.entry_points {
        for read in &entry.reads {
            all.entry(read.name.as_str()).or_insert((entry, read));
        }
    }
    all
}

/// The names of the variables that entry points read.
pub(super) fn names(ground: &Ground<'_>) -> BTreeSet<String> {
    reads(ground).into_keys().map(str::to_owned).collect()
}
