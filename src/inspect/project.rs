//! The project as readers of single facts see it: files, evaluated settings, distributions.

use camino::Utf8PathBuf;

use super::dependencies::Dependencies;
use super::existing::Existing;
use super::sources::Sources;
use crate::base::{Evidence, Place, path};
use crate::python::evaluation::{Presence, Setting};
use crate::python::{Evaluation, Value};

pub(super) struct Project<'a> {
    pub(super) sources: Sources<'a>,
    pub(super) dependencies: Dependencies,
    pub(super) existing: Existing,
    pub(super) dev: Settings,
    pub(super) prod: Settings,
    /// The settings of the Celery worker, if it has its own.
    pub(super) worker: Option<Settings>,
}

/// A settings module, as it is evaluated.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// Dotted, `module:Class` for class-based ones; `None` where none was found.
    pub(super) name: Option<String>,
    /// In an open world.
    pub(super) evaluation: Evaluation,
    /// An evaluation in which the target decides `DEBUG` and the name of the environment, as far as these are left to variables.
    pub(super) decided: Option<Evaluation>,
}

impl Settings {
    /// The module's dotted name without a class.
    pub(super) fn module(&self) -> Option<&str> {
        self.name.as_deref().map(|name| name.split(':').next().unwrap_or(name))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Setting> {
        self.decided.as_ref().unwrap_or(&self.evaluation).settings.get(name)
    }

    /// The value where every variable has its default; `None` where it is not there then, or not known.
    pub(super) fn assumed(&self, name: &str) -> Option<Value> {
        let setting = self.get(name).filter(|setting| setting.presence != Presence::Elsewhere)?;
        setting.value.assumed()
    }

    /// Every text in the list or tuple `name` that may be there in some world, with those that are there by
    /// default first.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(setting) = self.get(name) {
            if let Some(assumed) = setting.value.assumed() {
                collect_texts(&assumed, &mut found, 0);
            }
            collect_texts(&setting.value, &mut found, 0);
        }
        let mut seen = std::collections::BTreeSet::new();
        found.retain(|text| seen.insert(text.clone()));
        found
    }

    /// Every text anywhere in the setting `name`, also as keys' values of dicts.
    pub(super) fn mentions(&self, name: &str, test: impl Fn(&str) -> bool) -> bool {
        self.get(name).is_some_and(|setting| mentions(&setting.value, &test, 0))
    }

    pub(super) fn evidence(&self, name: &str, reason: impl Into<String>) -> Vec<Evidence> {
        let reason = reason.into();
        let reason = |setting: &Setting| {
            if setting.value.is_left_to().is_some() { "may set it".to_owned() } else { reason }
        };
        self.get(name)
            .map(|setting| Evidence::new(setting.place.clone(), reason(setting)))
            .into_iter()
            .collect()
    }

    /// Why the value of `name` is not known: what may set it, else `otherwise`.
    pub(super) fn why(&self, name: &str, otherwise: impl Into<String>) -> String {
        let left = self.get(name).and_then(|setting| setting.value.is_left_to());
        left.map_or_else(|| otherwise.into(), str::to_owned)
    }

    /// The place of a setting, or that it is not there.
    pub(super) fn place(&self, name: &str) -> Place {
        match (self.get(name), self.evaluation.modules.first()) {
            (Some(setting), _) => setting.place.clone(),
            (None, Some(module)) => Place::Path(module.path.clone()),
            (None, None) => Place::Default,
        }
    }
}

/// Why a setting of this value is not known: the variables that decide it, where there are any.
pub(super) fn undecided(name: &str, value: &Value) -> String {
    let mut names: Vec<&str> = value.reads().iter().map(|read| read.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        format!("{name} is known only at run time")
    } else {
        format!("{name} is decided by {}", crate::base::wording::and_ticked(&names))
    }
}

impl Project<'_> {
    /// The apps that may be installed in production.
    pub(super) fn apps(&self) -> Vec<String> {
        self.prod.texts("INSTALLED_APPS")
    }

    pub(super) fn has_app(&self, test: impl Fn(&str) -> bool) -> bool {
        self.apps().iter().any(|app| test(app))
            || self.dev.texts("INSTALLED_APPS").iter().any(|app| test(app))
    }

    /// Tells whether the production install brings any of these distributions; `None` where what it brings is unknown.
    pub(super) fn installs(&self, names: &[&str]) -> Option<bool> {
        if self.dependencies.distributions.is_empty() {
            return None;
        }
        Some(names.iter().any(|name| self.dependencies.get(name).is_some()))
    }

    /// Python files by the end of their names, outside of tests and the like, the nearest first.
    pub(super) fn files(&self, test: impl Fn(&str) -> bool) -> Vec<Utf8PathBuf> {
        let mut found: Vec<Utf8PathBuf> = self
            .sources
            .tree
            .files()
            .filter(|path| path.as_str().ends_with(".py") && test(path.as_str()))
            .filter(|path| !path::parts(path).any(|part| matches!(part, "tests" | "test" | "migrations")))
            .filter(|path| self.sources.dotted(path).is_some())
            .map(ToOwned::to_owned)
            .collect();
        found.sort_by_cached_key(|path| (path::depth(path), path.clone()));
        found
    }
}

fn collect_texts(value: &Value, found: &mut Vec<String>, depth: usize) {
    if depth > 20 {
        return;
    }
    match value {
        Value::Str(text) => found.push(text.clone()),
        Value::List(items) | Value::OneOf(items) => {
            for item in items {
                collect_texts(item, found, depth + 1);
            }
        }
        Value::Unknown { from, assumed, .. } => {
            for item in from {
                collect_texts(item, found, depth + 1);
            }
            if let Some(assumed) = assumed {
                collect_texts(assumed, found, depth + 1);
            }
        }
        Value::Env(read) => {
            if let Some(default) = &read.default {
                collect_texts(default, found, depth + 1);
            }
        }
        _ => {}
    }
}

pub(super) fn mentions(value: &Value, test: &impl Fn(&str) -> bool, depth: usize) -> bool {
    if depth > 20 {
        return false;
    }
    let any = |items: &[Value]| items.iter().any(|item| mentions(item, test, depth + 1));
    match value {
        Value::Str(text) => test(text),
        Value::Text(items) | Value::List(items) | Value::OneOf(items) => any(items),
        Value::Dict(entries) => entries
            .iter()
            .any(|(key, value)| mentions(key, test, depth + 1) || mentions(value, test, depth + 1)),
        Value::Unknown { from, assumed, .. } => {
            any(from) || assumed.as_ref().is_some_and(|assumed| mentions(assumed, test, depth + 1))
        }
        Value::Env(read) => read.default.as_ref().is_some_and(|default| mentions(default, test, depth + 1)),
        _ => false,
    }
}
