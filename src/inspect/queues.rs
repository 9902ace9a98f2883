//! Task queues and schedulers other than Celery: which are used, what carries their tasks, and how their queues are called.

use super::facts::TaskQueue;
use super::project::{Project, Settings, mentions};
use crate::base::{Evidence, Fact, Place};
use crate::catalog::worker::{self, Carrier, Queues, Worker};
use crate::python::Value;

/// Every one that is installed and used, by word.
pub(super) fn read(project: &Project<'_>) -> (Fact<Vec<String>>, Vec<TaskQueue>) {
    let rows = worker::ALL.iter().copied().filter(|row| !row.apps.is_empty());
    // What is configured and not installed is a leftover.
    let installed = rows.filter(|row| project.installs(row.distributions) != Some(false));
    let found: Vec<TaskQueue> = installed.filter_map(|row| used(project, row)).collect();
    let mut evidence: Vec<Evidence> = found.iter().map(|queue| queue.evidence.clone()).collect();
    if evidence.is_empty() {
        evidence = project.prod.evidence("INSTALLED_APPS", "installs no task queue");
    }
    let words = found.iter().map(|queue| queue.worker.word.to_owned()).collect();
    (Fact::with(words, evidence), found)
}

fn used(project: &Project<'_>, row: &'static Worker) -> Option<TaskQueue> {
    let installed = [&project.prod, &project.dev].into_iter().find_map(|settings| {
        let app = app_of(settings, row)?;
        let place = settings.get("INSTALLED_APPS")?.place.clone();
        Some(Evidence::new(place, format!("installs `{app}`")))
    });
    let configured = || {
        [&project.prod, &project.dev].into_iter().find_map(|settings| {
            let mut names = row.settings.iter();
            names.find_map(|name| {
                Some(Evidence::new(settings.get(name)?.place.clone(), format!("sets `{name}`")))
            })
        })
    };
    let evidence = installed.or_else(configured)?;
    let (carrier, carried) = carrier(project, row).unwrap_or((row.carrier, evidence.place.clone()));
    Some(TaskQueue {
        worker: row,
        has_commands: app_of(&project.prod, row).is_some(),
        carrier,
        carried,
        names: names(&project.prod, row.queues),
        evidence,
    })
}

/// The installed app that brings it.
fn app_of(settings: &Settings, row: &Worker) -> Option<String> {
    let is_app = |app: &String| {
        row.apps
            .iter()
            .any(|own| app == own || app.strip_prefix(own).is_some_and(|rest| rest.starts_with('.')))
    };
    settings.texts("INSTALLED_APPS").into_iter().find(is_app)
}

/// Returns the carrier of tasks that a setting names, with the line.
fn carrier(project: &Project<'_>, row: &Worker) -> Option<(Carrier, Place)> {
    let settings = &project.prod;
    row.carried_by.iter().find_map(|name| {
        let setting = settings.get(name)?;
        // Where every variable is unset; a class that is called is seen in the line alone.
        let value = settings.assumed(name).unwrap_or_else(|| setting.value.clone());
        let is_on = |key: &str| value.get(key).is_some_and(|value| *value == Value::Bool(true));
        if is_on("immediate") || is_on("sync") {
            return Some((Carrier::Site, setting.place.clone()));
        }
        let line = line_at(project, &setting.place).unwrap_or_default();
        let is_there = |word: &str| {
            let is_it = |text: &str| text.rsplit(['.', ':']).next() == Some(word);
            mentions(&value, &is_it, 0)
                || line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
        };
        let (_, carrier) = row.carriers.iter().find(|(word, _)| is_there(word))?;
        Some((*carrier, setting.place.clone()))
    })
}

fn line_at<'a>(project: &Project<'a>, place: &Place) -> Option<&'a str> {
    let number = usize::try_from(place.line_number()?).ok()?;
    project.sources.text(place.path()?)?.lines().nth(number.checked_sub(1)?)
}

/// The names of the queues, as far as they can stand in a command as they are.
fn names(settings: &Settings, queues: Queues) -> Vec<String> {
    let texts: Vec<String> = match queues {
        Queues::All => Vec::new(),
        Queues::KeysOf(name) => {
            let value = settings.assumed(name);
            let entries = value.as_ref().and_then(Value::entries).unwrap_or_default();
            entries.iter().filter_map(|(key, _)| key.as_str().map(str::to_owned)).collect()
        }
        Queues::ListAt(path) => {
            let Some((name, keys)) = path.split_first() else { return Vec::new() };
            let value = settings.assumed(name);
            let list =
                value.as_ref().and_then(|value| keys.iter().try_fold(value, |value, key| value.get(key)));
            let items = list.and_then(Value::items).unwrap_or_default();
            items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
        }
    };
    let is_plain = |name: &String| {
        name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':'))
    };
    texts.into_iter().filter(is_plain).collect()
}
