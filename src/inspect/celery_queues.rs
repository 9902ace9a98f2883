//! The queues that Celery's tasks are sent to. A worker takes from the default one alone, unless it is told.

use std::collections::BTreeSet;

use camino::Utf8Path;

use super::existing::commands::Command;
use super::project::{Project, Settings};
use crate::base::{Evidence, Fact, Place};
use crate::python::Value;
use crate::python::scan::Expression;

/// The name of Celery's default queue.
const DEFAULT: &str = "celery";
/// Routes are a dict of dicts, or a list with such dicts.
const DEEPEST: usize = 4;
/// More are not queues that somebody works off by hand.
const MOST: usize = 32;

/// Every queue, the default first, where tasks are sent to others than that one; else nothing.
pub(super) fn read(project: &Project<'_>, file: &Utf8Path) -> Fact<Vec<String>> {
    let settings = &project.prod;
    let scan = project.sources.scan(file).unwrap_or_default();
    for name in ["CELERY_TASK_QUEUES", "CELERY_QUEUES"] {
        if settings.get(name).is_some() {
            let evidence = settings.evidence(name, format!("sets `{name}`: a worker takes from each"));
            return Fact::with(Vec::new(), evidence);
        }
    }
    if let Some(queues) = scan.bindings.iter().find(|one| one.target.ends_with("task_queues")) {
        let place = Place::line(file, queues.line);
        return Fact::new(Vec::new(), place, "defines the queues: a worker takes from each");
    }
    let mut found = Found::default();
    for command in project.existing.commands.iter().filter(|one| one.has("celery") && one.has("worker")) {
        let names = named_in(command);
        found.add(names, || vec![Evidence::new(command.place.clone(), "starts a worker for it")]);
    }
    for name in ["CELERY_TASK_ROUTES", "CELERY_ROUTES", "CELERY_BEAT_SCHEDULE", "CELERYBEAT_SCHEDULE"] {
        let mut names = Vec::new();
        if let Some(routes) = settings.get(name).and_then(|_| settings.assumed(name)) {
            routed(&routes, &mut names, DEEPEST);
        }
        found.add(names, || settings.evidence(name, format!("sets `{name}`")));
    }
    let sends = |target: &str| target.ends_with("task_routes") || target.ends_with("beat_schedule");
    for routes in scan.bindings.iter().filter(|one| sends(&one.target)) {
        let mut names = Vec::new();
        expressed(&routes.value, &mut names, DEEPEST);
        found.add(names, || vec![Evidence::new(Place::line(file, routes.line), "sends tasks to it")]);
    }
    let default = default_queue(settings);
    found.names.remove(&default);
    if found.names.is_empty() {
        return Fact::new(Vec::new(), Place::Path(file.to_owned()), "tasks go to the default queue");
    }
    Fact::with(std::iter::once(default).chain(found.names).take(MOST).collect(), found.evidence)
}

#[derive(Default)]
struct Found {
    names: BTreeSet<String>,
    evidence: Vec<Evidence>,
}

impl Found {
    fn add(&mut self, names: Vec<String>, evidence: impl FnOnce() -> Vec<Evidence>) {
        let before = self.names.len();
        self.names.extend(names.into_iter().filter(|name| is_name(name)));
        if self.names.len() > before {
            self.evidence.extend(evidence());
        }
    }
}

fn default_queue(settings: &Settings) -> String {
    let names = ["CELERY_TASK_DEFAULT_QUEUE", "CELERY_DEFAULT_QUEUE"];
    let said = names.iter().find_map(|name| settings.assumed(name)?.as_str().map(str::to_owned));
    said.filter(|name| is_name(name)).unwrap_or_else(|| DEFAULT.to_owned())
}

/// Tells whether the word can stand in a command as it is: no variable, no part of a template.
fn is_name(word: &str) -> bool {
    !word.is_empty()
        && !word.starts_with('-')
        && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':'))
}

/// The words after `-Q` or `--queues`: what commas parted.
fn named_in(command: &Command) -> Vec<String> {
    let words = &command.words;
    let at = words.iter().position(|word| {
        word == "-Q" || word == "--queues" || word.starts_with("--queues=") || word.starts_with("-Q")
    });
    let Some((first, rest)) = at.and_then(|at| words[at..].split_first()) else { return Vec::new() };
    let glued = first.trim_start_matches("--queues").trim_start_matches("-Q").trim_start_matches('=');
    let glued = (!glued.is_empty()).then_some(glued);
    let rest = rest.iter().map(String::as_str).take_while(|word| is_name(word));
    glued.into_iter().chain(rest).filter(|word| *word != "worker").map(str::to_owned).collect()
}

/// `{"shop.tasks.mail": {"queue": "mail"}}`, also in a list and below `options` of a schedule.
fn routed(value: &Value, names: &mut Vec<String>, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    for item in value.items().unwrap_or_default() {
        routed(item, names, depth);
    }
    for (key, value) in value.entries().unwrap_or_default() {
        match value.as_str() {
            Some(name) if key.as_str() == Some("queue") => names.push(name.to_owned()),
            Some(_) => {}
            None => routed(value, names, depth),
        }
    }
}

/// Collects the names from an expression as the source has it.
fn expressed(value: &Expression, names: &mut Vec<String>, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Expression::List(items) => items.iter().for_each(|item| expressed(item, names, depth)),
        Expression::Dict(entries) => {
            for (key, value) in entries {
                match value.as_str() {
                    Some(name) if key.as_str() == Some("queue") => names.push(name.to_owned()),
                    Some(_) => {}
                    None => expressed(value, names, depth),
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(line: &str) -> Vec<String> {
        let words = line.replace(',', " ").split_whitespace().map(str::to_owned).collect();
        named_in(&Command { words, place: Place::Default })
    }

    #[test]
    fn queues_of_a_command_are_found_in_every_form() {
        assert_eq!(named("celery -A shop worker -Q mail,celery -l info"), ["mail", "celery"]);
        assert_eq!(named("celery -A shop worker --queues=mail,slow && echo done"), ["mail", "slow"]);
        assert_eq!(named("celery -A shop worker -Qmail"), ["mail"]);
        assert_eq!(named("celery -A shop -Q mail worker"), ["mail"]);
        assert!(named("celery -A shop worker -Q $QUEUES -l info").is_empty());
        assert!(named("celery -A shop worker -l info").is_empty());
    }
}
