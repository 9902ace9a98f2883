//! Settings that an app demands while Django starts: it raises an error where they hold nothing.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use super::project::Settings;
use super::sources::Sources;
use super::started;
use super::words::Words;
use crate::base::Place;

/// Conditions that spread over more lines are not followed.
const MOST_LINES: usize = 8;

/// Returns the names of the settings that a module demands which Django imports while it starts with `settings`, with the place
/// of the test.
pub(super) fn read(sources: &Sources<'_>, words: &Words, settings: &Settings) -> BTreeMap<String, Place> {
    // To look at the lines of a few files takes less time than to follow the imports that lead to them.
    let demands = words.files(|held| held.demands).filter_map(|file| {
        let demands = at_import(&sources.tree.glance(file)?);
        (!demands.is_empty()).then_some((file, demands))
    });
    let demands: BTreeMap<&Utf8Path, Vec<(u32, String)>> = demands.collect();
    let mut found = BTreeMap::new();
    for file in started::imported_of(sources, settings, demands.keys().copied()) {
        for (line, name) in &demands[file] {
            found.entry(name.clone()).or_insert_with(|| Place::line(file, *line));
        }
    }
    found
}

/// A test of settings that ends in an error.
struct Demand<'a> {
    line: usize,
    names: Vec<&'a str>,
    /// The names, one of which must be called for the test to be done: the function, or the class of `__init__`. Empty outside
    /// of functions.
    by: Option<&'a str>,
}

/// Returns the settings that are demanded when the module is imported, with their lines.
fn at_import(text: &str) -> Vec<(u32, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut demands: Vec<Demand<'_>> = Vec::new();
    let mut outside: Vec<&str> = Vec::new();
    // Heads of classes and functions around the line: indentation, name, and whether a function.
    let mut around: Vec<(usize, &str, bool)> = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        if code.is_empty() || code.starts_with('#') {
            continue;
        }
        if !code.starts_with([')', ']', '}']) {
            around.retain(|(head, ..)| *head < indent);
        }
        if let Some((name, is_function)) = head(code) {
            around.push((indent, name, is_function));
            continue;
        }
        let function = around.iter().position(|(_, _, is_function)| *is_function);
        if function.is_none() {
            outside.push(code);
        }
        let names = demanded(&lines[number..], indent);
        if names.is_empty() {
            continue;
        }
        let by = function.map(|at| match (around[at].1, at.checked_sub(1)) {
            ("__init__" | "__new__", Some(class)) => around[class].1,
            (name, _) => name,
        });
        demands.push(Demand { line: number, names, by });
    }
    // `ready()` of an app's configuration is called by Django.
    let calls = |name: &str| name == "ready" || outside.iter().any(|line| line.contains(&format!("{name}(")));
    let of_import = demands.into_iter().filter(|demand| demand.by.is_none_or(calls));
    let found = of_import.flat_map(|demand| {
        let line = u32::try_from(demand.line + 1).unwrap_or(1);
        demand.names.into_iter().map(move |name| (line, name.to_owned()))
    });
    found.collect()
}

/// Returns the name of the class or function that a line begins, and whether it is a function.
fn head(code: &str) -> Option<(&str, bool)> {
    let (rest, is_function) = match code.strip_prefix("class ") {
        Some(rest) => (rest, false),
        None => (code.strip_prefix("async ").unwrap_or(code).strip_prefix("def ")?, true),
    };
    Some((rest.split(['(', ':', ' ']).next().unwrap_or(rest), is_function))
}

/// Returns the settings that hold nothing where the test at the beginning of `lines` ends in an error.
fn demanded<'a>(lines: &[&'a str], indent: usize) -> Vec<&'a str> {
    if !lines.first().is_some_and(|line| line.trim_start().starts_with("if ")) {
        return Vec::new();
    }
    let is_end = |line: &&str| line.split('#').next().unwrap_or(line).trim_end().ends_with(':');
    let Some(end) = lines.iter().take(MOST_LINES).position(is_end) else { return Vec::new() };
    let raises = lines.get(end + 1).is_some_and(|line| {
        let code = line.trim_start();
        line.len() - code.len() > indent && code.starts_with("raise ImproperlyConfigured")
    });
    let condition = &lines[..=end];
    let is_of_nothing = ["not ", "is None", "== \"\"", "== ''"];
    if !raises || !condition.iter().any(|line| is_of_nothing.iter().any(|part| line.contains(part))) {
        return Vec::new();
    }
    let names: BTreeSet<&str> = condition.iter().flat_map(|line| settings_in(line)).collect();
    names.into_iter().collect()
}

/// Returns the settings that a line asks for: `settings.X`, `getattr(settings, "X", None)`.
fn settings_in(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (before, rest) in
        line.match_indices("settings").map(|(at, word)| (&line[..at], &line[at + word.len()..]))
    {
        let is_word = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let name = rest
            .strip_prefix('.')
            .or_else(|| before.ends_with("getattr(").then(|| rest.trim_start_matches([',', ' ', '"', '\''])))
            .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or(rest));
        let is_setting =
            |name: &&str| name.starts_with(|c: char| c.is_ascii_uppercase()) && *name == name.to_uppercase();
        found.extend(name.filter(is_setting).filter(|_| is_word));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        at_import(text).into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn what_importing_a_module_demands_is_found() {
        let raise = "raise ImproperlyConfigured('credentials')\n";
        for text in [
            format!("if not settings.GATE_KEY:\n    {raise}"),
            format!("if settings.GATE_KEY is None:  # set it\n    {raise}"),
            format!("if getattr(settings, 'GATE_KEY', '') == '':\n    {raise}"),
            format!(
                "class Gate:\n    def __init__(self):\n        if not settings.GATE_KEY:\n            {raise}\n\ngate = Gate()\n"
            ),
            format!("def check():\n    if not settings.GATE_KEY:\n        {raise}\n\ncheck()\n"),
            format!(
                "class ShopConfig(AppConfig):\n    name = 'shop'\n\n    def ready(self):\n        if not settings.GATE_KEY:\n            {raise}"
            ),
        ] {
            assert_eq!(names(&text), ["GATE_KEY"], "{text}");
        }
        let both = format!("if not (\n    settings.GATE_KEY\n    and settings.GATE_URL\n):\n    {raise}");
        assert_eq!(names(&both), ["GATE_KEY", "GATE_URL"]);
    }

    #[test]
    fn what_is_demanded_only_when_something_is_done_is_not() {
        let raise = "raise ImproperlyConfigured('credentials')\n";
        for text in [
            format!("def pay():\n    if not settings.GATE_KEY:\n        {raise}"),
            format!(
                "class Gate:\n    def __init__(self):\n        if not settings.GATE_KEY:\n            {raise}"
            ),
            format!(
                "class Gate:\n    def pay(self):\n        if not settings.GATE_KEY:\n            {raise}\n\ngate = Gate()\n"
            ),
            format!("if settings.OLD_KEY:\n    {raise}"),
            "if not settings.GATE_KEY:\n    log('no gate')\n".to_owned(),
            format!("if not my_settings.GATE_KEY:\n    {raise}"),
        ] {
            assert_eq!(names(&text), Vec::<String>::new(), "{text}");
        }
    }
}
