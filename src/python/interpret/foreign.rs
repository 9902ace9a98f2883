//! Settings that come from other distributions: what their modules and functions set is not read, and so nobody knows
//! of a name that is not there whether it is set.

use std::collections::BTreeMap;

use super::Interp;
use super::object::Obj;
use super::source::Pos;
use crate::python::evaluation::{Presence, Setting};
use crate::python::value::{LEFT_TO_ANOTHER, Value};

/// Names that may be set elsewhere and that decide what a container needs.
const LEFT_OPEN: &[&str] = &[
    "ALLOWED_HOSTS",
    "AUTH_USER_MODEL",
    "CACHES",
    "DATABASES",
    "DEBUG",
    "EMAIL_BACKEND",
    "INSTALLED_APPS",
    "MEDIA_ROOT",
    "MEDIA_URL",
    "MIDDLEWARE",
    "SECRET_KEY",
    "SESSION_ENGINE",
    "STATIC_ROOT",
    "STATIC_URL",
];

/// Modules that set names of their own alone, or Django's defaults.
const HARMLESS: &[&str] = &["django.conf.global_settings", "oscar.defaults"];

/// Who may set names in the settings, and where it is let.
#[derive(Clone, Debug)]
pub(super) struct Foreign {
    by: String,
    pos: Pos,
}

impl Interp<'_> {
    /// `from shop_base.settings import *`, of a distribution.
    pub(super) fn note_foreign_module(&mut self, dotted: &str, pos: Pos) {
        let Some((first, _)) = dotted.split_once('.') else { return };
        let told = ["settings", "config", "conf", "defaults"].iter().any(|word| dotted.contains(word));
        let own = self.request.roots.iter().chain(&self.extra_roots).any(|root| {
            let at = crate::base::path::join(root, first);
            at.is_some_and(|at| self.request.tree.kind(&at).is_some())
        });
        let harmless = HARMLESS.contains(&dotted) || super::standard::is_standard(first);
        if told && !own && !harmless && !self.catches("ImportError") {
            self.foreign.get_or_insert_with(|| Foreign { by: dotted.to_owned(), pos });
        }
    }

    /// `export(__name__, loaded)`, of a distribution: it sets what it pleases in the module of that name.
    pub(super) fn note_foreign_call(&mut self, dotted: &str, args: &[Obj], pos: Pos) {
        let told = ["settings", "config"].iter().any(|word| dotted.contains(word));
        let Some(Obj::Str(first)) = args.first().filter(|_| told) else { return };
        let module = self.frames.last().map(|frame| &self.modules[frame.module].dotted);
        let standard = super::standard::is_standard(dotted.split('.').next().unwrap_or(dotted));
        if !standard && module.is_some_and(|module| **module == **first) {
            self.foreign.get_or_insert_with(|| Foreign { by: format!("{dotted}()"), pos });
        }
    }

    /// Names that may be set elsewhere are not known to be absent.
    pub(super) fn leave_open(&self, settings: &mut BTreeMap<String, Setting>) {
        let Some(foreign) = &self.foreign else { return };
        let celery = settings.keys().any(|name| name.starts_with("CELERY_")).then_some(&"CELERY_BROKER_URL");
        for name in LEFT_OPEN.iter().chain(celery) {
            settings.entry((*name).to_owned()).or_insert_with(|| Setting {
                value: Value::Unknown {
                    why: format!("`{}` {LEFT_TO_ANOTHER}", foreign.by),
                    place: Some(self.place(foreign.pos)),
                    from: Vec::new(),
                    assumed: None,
                },
                place: self.place(foreign.pos),
                presence: Presence::Always,
            });
        }
    }
}
