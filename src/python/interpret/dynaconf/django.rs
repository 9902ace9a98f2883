//! `settings = dynaconf.DjangoDynaconf(__name__)` and `settings.populate_obj(...)`: what was loaded becomes the
//! names of the settings module.

use std::collections::BTreeSet;

use super::super::Interp;
use super::super::environment::Reading;
use super::super::heap::{Binding, Bound};
use super::super::limits;
use super::super::object::{Name, Obj};
use super::super::raised::IMPROPERLY_CONFIGURED;
use super::super::source::Pos;
use super::load::Loaded;
use super::options::Options;
use crate::python::value::Cast;

/// Settings that are for every place of its own: a variable is likely to set them.
const OF_A_PLACE: &[&str] = &[
    "ALLOWED_HOSTS",
    "BROKER_URL",
    "CACHES",
    "CELERY_BROKER_URL",
    "CELERY_RESULT_BACKEND",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASES",
    "DEBUG",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_HOST",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_HOST_USER",
    "EMAIL_PORT",
    "EMAIL_USE_TLS",
    "REDIS_URL",
    "SECRET_KEY",
    "SECURE_SSL_REDIRECT",
    "SENTRY_DSN",
];

/// Ends of names of settings that say how the project is made: no place has its own.
const OF_THE_PROJECT: &[&str] = &[
    "_APPLICATION",
    "_BACKEND",
    "_CODE",
    "_ENGINE",
    "_FIELD",
    "_MODEL",
    "_SERIALIZER",
    "_STORAGE",
    "_URLCONF",
    "_ZONE",
];

fn is_structure(name: &str) -> bool {
    OF_THE_PROJECT.iter().any(|end| name.ends_with(end))
}

/// Which names are bound, and how.
pub(super) struct Population<'a> {
    pub(super) options: &'a Options,
    pub(super) loaded: &'a Loaded,
    pub(super) ignored: BTreeSet<String>,
    pub(super) only: Option<BTreeSet<String>>,
    pub(super) pos: Pos,
}

impl Population<'_> {
    /// Binds in `space` what was loaded, and lays the variables over it.
    pub(super) fn bind(&self, interp: &mut Interp<'_>, space: usize) {
        let mut touched: BTreeSet<String> = BTreeSet::new();
        for store in &self.loaded.stores {
            touched.extend(store.set_by.keys().cloned());
        }
        let names: Vec<Name> = interp.heap.names(space).keys().cloned().collect();
        let own = names.iter().filter(|name| OF_A_PLACE.contains(&&***name)).map(ToString::to_string);
        let all: BTreeSet<String> =
            touched.iter().cloned().chain(own).chain(self.documented(interp)).collect();
        for name in all {
            let meant = self.only.as_ref().is_none_or(|only| only.contains(&name));
            if meant && !self.ignored.contains(&name) {
                self.bind_one(interp, space, &name, touched.contains(&name));
            }
        }
        if self.only.is_none() && interp.heap.get(space, "SECRET_KEY").is_none() {
            self.bind_required(interp, space, "SECRET_KEY");
        }
    }

    fn bind_one(&self, interp: &mut Interp<'_>, space: usize, name: &str, touched: bool) {
        let key = interp.name(name);
        let before = interp.heap.get(space, name).cloned();
        let mut presence = before.as_ref().map_or(Bound::Always, |before| before.presence);
        let (value, pos) = if touched {
            let values = self.loaded.value(interp, self.options, name, self.pos);
            let or_before =
                |value: Option<Obj>| value.or_else(|| before.as_ref().map(|before| before.value.clone()));
            let values: Vec<Option<Obj>> = values.into_iter().map(or_before).collect();
            if values.iter().any(Option::is_none) {
                presence = if values.first().is_some_and(Option::is_some) {
                    Bound::Assumed
                } else {
                    Bound::Elsewhere
                };
            }
            let there: Vec<Obj> = values.into_iter().flatten().collect();
            if there.is_empty() {
                return;
            }
            let pos = self.loaded.stores.iter().find_map(|store| store.set_by.get(name)).copied();
            (interp.heap.one_of(there), pos.unwrap_or(self.pos))
        } else {
            match &before {
                Some(before) => (before.value.clone(), before.pos),
                // Only a variable brings it.
                None => {
                    let variable = Obj::str(self.options.variable(name));
                    let Ok(value) = interp.read(&variable, Reading::text(None), self.pos) else { return };
                    if !matches!(value, Obj::Env(_)) {
                        return;
                    }
                    presence = Bound::Elsewhere;
                    (value, self.pos)
                }
            }
        };
        let value =
            if is_structure(name) { value } else { self.options.parts(interp, name, &value, self.pos) };
        if name == "DEBUG" {
            interp.note_debug(&value);
        }
        interp.heap.bind_as(space, &key, Binding { value, pos, at: 0, presence });
    }

    /// Binds a setting that Django does not start without and nothing brings: a variable has to.
    fn bind_required(&self, interp: &mut Interp<'_>, space: usize, name: &str) {
        if self.options.prefixes.is_empty() {
            return;
        }
        let value = match self.options.remote {
            Some(remote) => Obj::unknown(remote, self.pos, &[]),
            None => {
                let exception = Some(IMPROPERLY_CONFIGURED);
                let reading = Reading { default: None, cast: Cast::Str, exception };
                match interp.read(&Obj::str(self.options.variable(name)), reading, self.pos) {
                    Ok(value) => value,
                    Err(_) => return,
                }
            }
        };
        let key = interp.name(name);
        interp.heap.bind(space, &key, value, self.pos);
    }

    /// Settings whose variables a template of the file of variables names.
    fn documented(&self, interp: &mut Interp<'_>) -> Vec<String> {
        let mut found = Vec::new();
        let Some(prefix) = self.options.prefixes.last().filter(|prefix| !prefix.is_empty()) else {
            return found;
        };
        let start = format!("{prefix}_");
        for path in [".env.example", ".env.template", ".env.sample", ".env.dist", "env.example", ".env"] {
            let Some(text) = interp.request.tree.text(path) else { continue };
            if !limits::reading(text.len()) {
                break;
            }
            for (name, _) in super::super::files::variables(text) {
                let key = name.strip_prefix(&start).unwrap_or_default();
                let first = key.split("__").next().unwrap_or_default();
                let is_setting = !first.is_empty() && first.chars().all(|letter| !letter.is_lowercase());
                if is_setting
                    && !matches!(first, "SETTINGS_MODULE" | "CONFIGURATION")
                    && name != self.options.switcher
                {
                    found.push(first.to_owned());
                }
            }
        }
        found
    }
}
