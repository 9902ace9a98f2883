//! Settings that the Celery application starts with and the site does not.

use std::collections::BTreeSet;

use camino::Utf8Path;

use super::facts::WorkerSettings;
use super::naming::named_by;
use super::project::Settings;
use super::settings::Modules;
use super::settings::words::Purpose;
use super::sources::Sources;
use crate::base::{Evidence, Place};
use crate::python::{Request, World, evaluate};

impl WorkerSettings {
    /// For those who read settings.
    pub(super) fn as_settings(&self) -> Settings {
        Settings { name: Some(self.module.clone()), evaluation: self.evaluation.clone(), decided: None }
    }
}

/// The settings that `file`, which makes the Celery application, sets for itself: a module that is built on those of the
/// site. `None` where the worker runs with the site's.
pub(super) fn read(
    sources: &Sources<'_>,
    modules: &Modules,
    file: &Utf8Path,
    site: &Settings,
) -> Option<WorkerSettings> {
    let scan = sources.scan(file)?;
    let site = site.module()?;
    let named = named_by(&scan).into_iter().find(|named| is_built_upon(modules, &named.module, site))?;
    let request = Request {
        tree: sources.tree,
        roots: &sources.roots,
        module: &named.module,
        class: None,
        world: World::Open,
    };
    let place: Place = named.place.clone();
    Some(WorkerSettings {
        evaluation: evaluate(&request),
        evidence: Some(Evidence::new(place, "sets DJANGO_SETTINGS_MODULE for the worker")),
        module: named.module,
    })
}

/// Tells whether a module takes over all that `base` sets, in however many steps, and is not for development or tests.
fn is_built_upon(modules: &Modules, name: &str, base: &str) -> bool {
    let Some(module) = modules.all.get(name).filter(|_| name != base) else { return false };
    if matches!(module.purpose, Some(Purpose::Development | Purpose::Test)) {
        return false;
    }
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut queue: Vec<&str> = module.upon.iter().map(String::as_str).collect();
    while let Some(upon) = queue.pop() {
        if upon == base {
            return true;
        }
        if seen.insert(upon) {
            let above = modules.all.get(upon).into_iter().flat_map(|module| &module.upon);
            queue.extend(above.map(String::as_str));
        }
    }
    false
}
