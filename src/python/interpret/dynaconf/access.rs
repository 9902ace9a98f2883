//! Reading what was loaded: `settings.X`, `settings["X"]`, `settings.get("A.B", default)`.

use std::rc::Rc;

use super::super::environment::Reading;
use super::super::object::{Exception, MadeObj, Obj};
use super::super::source::Pos;
use super::super::{Interp, Outcome};
use super::options::Options;
use crate::python::evaluation::World;
use crate::python::value::Cast;

/// Names of its methods: all else are settings.
const METHODS: &[&str] = &[
    "get",
    "exists",
    "get_fresh",
    "exists_in_environ",
    "get_environ",
    "as_bool",
    "as_int",
    "as_float",
    "as_json",
    "set",
    "update",
    "load_file",
    "populate_obj",
    "from_env",
    "using_env",
    "setenv",
    "reload",
    "configure",
    "to_dict",
    "as_dict",
    "items",
    "keys",
    "values",
    "validators",
    "clone",
    "setdefault",
    "execute_loaders",
    "clean",
    "unset",
    "path_for",
    "find_file",
    "is_overridden",
    "fresh",
    "flag",
    "logger",
    "store",
];
/// Last words of keys inside a dict whose values differ at every place.
const OF_A_PLACE: &[&str] = &[
    "NAME", "USER", "PASS", "HOST", "PORT", "URL", "URI", "DSN", "LOCATION", "ENGINE", "KEY", "SECRET",
    "TOKEN", "DATABASE", "BUCKET", "DOMAIN", "ENDPOINT", "DEBUG", "BROKER",
];

impl Options {
    /// A value of which each part may be set by a variable of its own.
    pub(super) fn parts(&self, interp: &mut Interp<'_>, path: &str, value: &Obj, pos: Pos) -> Obj {
        self.parts_within(interp, path, value, pos, 5)
    }

    fn parts_within(&self, interp: &mut Interp<'_>, path: &str, value: &Obj, pos: Pos, depth: u8) -> Obj {
        if let (Obj::OneOf(several), true) = (value, depth > 0)
            && several.iter().any(|one| matches!(one, Obj::Dict(_)))
        {
            let parts = several.iter().map(|one| self.parts_within(interp, path, one, pos, depth - 1));
            let parts = parts.collect();
            return interp.heap.one_of(parts);
        }
        let Obj::Dict(cell) = value else { return self.leaf(interp, &self.variable(path), value, pos) };
        let alternatives = interp.heap.contents(*cell);
        if alternatives.len() > 1 && depth > 0 {
            let mut several = Vec::new();
            for contents in alternatives {
                let one = Obj::Dict(interp.heap.cell(contents));
                several.push(self.parts_within(interp, path, &one, pos, depth - 1));
            }
            return interp.heap.one_of(several);
        }
        let certain = interp.heap.entries(*cell);
        let certain = certain.filter(|dict| dict.others.is_empty() && dict.fallback.is_none());
        let (Some(dict), true) = (certain, depth > 0) else { return value.clone() };
        let mut entries = Vec::with_capacity(dict.entries.len());
        for (key, value) in &dict.entries {
            let set = match (key.as_str(), value) {
                (Some(name), Obj::Dict(_)) => {
                    self.parts_within(interp, &format!("{path}.{name}"), value, pos, depth - 1)
                }
                (Some(name), Obj::Str(_) | Obj::Int(_) | Obj::Bool(_) | Obj::Path(_))
                    if is_of_a_place(name) =>
                {
                    self.leaf(interp, &self.variable(&format!("{path}.{name}")), value, pos)
                }
                _ => value.clone(),
            };
            entries.push((key.clone(), set));
        }
        self.add_absent_parts(interp, path, &mut entries, pos);
        Obj::Dict(interp.heap.dict(entries))
    }
}

impl Options {
    /// Adds the keys of a database that the settings leave out: Django takes them to be empty, and a variable may bring them.
    fn add_absent_parts(&self, interp: &mut Interp<'_>, path: &str, entries: &mut Vec<(Obj, Obj)>, pos: Pos) {
        let has =
            |entries: &[(Obj, Obj)], name: &str| entries.iter().any(|(key, _)| key.as_str() == Some(name));
        let of_database = path.starts_with("DATABASES.") && path.matches('.').count() == 1;
        if !of_database || !has(entries, "ENGINE") || matches!(interp.request.world, World::Closed { .. }) {
            return;
        }
        for part in ["NAME", "USER", "PASSWORD", "HOST", "PORT"] {
            if !has(entries, part) {
                let variable = self.variable(&format!("{path}.{part}"));
                let value = self.leaf(interp, &variable, &Obj::str(""), pos);
                entries.push((Obj::str(part), value));
            }
        }
    }
}

fn is_of_a_place(key: &str) -> bool {
    let key = key.to_uppercase();
    OF_A_PLACE.iter().any(|word| key.contains(word))
}

/// The result of a key that is not there.
pub(super) enum Otherwise {
    Raise(&'static str),
    Default(Obj),
}

impl Interp<'_> {
    /// A setting by its path; a variable may bring it, or set it otherwise.
    pub(super) fn dynaconf_setting(
        &mut self,
        made: &MadeObj,
        key: &str,
        otherwise: Otherwise,
        pos: Pos,
    ) -> Outcome {
        let options = Options::of(self, &made.kwargs);
        let path = key.replace("__", ".");
        let first = path.split('.').next().unwrap_or_default().to_uppercase();
        if matches!(first.as_str(), "CURRENT_ENV" | "ENV_FOR_DYNACONF") {
            let default = Obj::str(&options.default_environment);
            return self.read(&Obj::str(&options.switcher), Reading::text(Some(default)), pos);
        }
        if let Some(found) = self.dynaconf_found(made, &path, pos) {
            return Ok(options.parts(self, &path, &found, pos));
        }
        if let Some(remote) = options.remote {
            return Ok(Obj::unknown(remote, pos, &[]));
        }
        if options.prefixes.is_empty() {
            return match otherwise {
                Otherwise::Default(default) => Ok(default),
                Otherwise::Raise(class) => {
                    self.raise(Exception::new(class, format!("`{key}` is not set")), pos)
                }
            };
        }
        let variable = Obj::str(options.variable(&path));
        let (default, exception) = match otherwise {
            Otherwise::Raise(class) => (None, Some(class)),
            Otherwise::Default(Obj::None) => (None, None),
            Otherwise::Default(default) => (Some(default), None),
        };
        let cast = match &default {
            Some(Obj::Bool(_)) => Cast::Bool,
            Some(Obj::Int(_)) => Cast::Int,
            Some(Obj::Float(_)) => Cast::Float,
            Some(Obj::List(_) | Obj::Tuple(_)) => Cast::Json,
            Some(Obj::Dict(_)) => Cast::Other("TOML".to_owned()),
            _ => Cast::Str,
        };
        self.read(&variable, Reading { default, cast, exception }, pos)
    }

    /// Returns the value that the files or the project give a key.
    pub(super) fn dynaconf_found(&mut self, made: &MadeObj, path: &str, pos: Pos) -> Option<Obj> {
        let mut value = made.args.first()?.clone();
        for (at, part) in path.split('.').enumerate() {
            let Obj::Dict(cell) = value else { return None };
            let part = if at == 0 { part.to_uppercase() } else { part.to_owned() };
            value = match self.heap.entries(cell) {
                Some(dict) => {
                    let named = |key: &Obj| key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(&part));
                    let found =
                        dict.entries.iter().find(|(key, _)| named(key)).map(|(_, value)| value.clone());
                    match found {
                        Some(value) => value,
                        None if dict.others.is_empty() => return None,
                        // It was given something of which nothing is known.
                        None => Obj::unknown("an entry of something that is not known", pos, &dict.others),
                    }
                }
                None => self.dict_get(cell, &Obj::str(part), pos)?,
            };
        }
        Some(value)
    }

    pub(in crate::python::interpret) fn dynaconf_attribute(
        &mut self,
        made: &Rc<MadeObj>,
        name: &str,
        pos: Pos,
    ) -> Result<Option<Obj>, Box<Exception>> {
        if name == "validators" {
            return Ok(Some(Obj::made(
                "dynaconf.validators",
                vec![Obj::Made(made.clone())],
                Vec::new(),
                pos,
            )));
        }
        if METHODS.contains(&name) || name.starts_with('_') {
            return Ok(None);
        }
        self.dynaconf_setting(made, name, Otherwise::Raise("AttributeError"), pos).map(Some)
    }

    pub(in crate::python::interpret) fn dynaconf_item(
        &mut self,
        made: &Rc<MadeObj>,
        key: &Obj,
        pos: Pos,
    ) -> Outcome {
        let Some(key) = key.as_str() else {
            return Ok(Obj::unknown("a setting whose name is not known", pos, std::slice::from_ref(key)));
        };
        self.dynaconf_setting(made, key, Otherwise::Raise("KeyError"), pos)
    }

    /// `"X" in settings`, `settings.exists("X")`.
    pub(in crate::python::interpret) fn dynaconf_has(&mut self, made: &MadeObj, key: &Obj, pos: Pos) -> Obj {
        let Some(key) = key.as_str() else {
            return Obj::unknown("whether there is a setting", pos, std::slice::from_ref(key));
        };
        let options = Options::of(self, &made.kwargs);
        let path = key.replace("__", ".");
        if self.dynaconf_found(made, &path, pos).is_some() {
            return Obj::Bool(true);
        }
        if let Some(remote) = options.remote {
            return Obj::unknown(remote, pos, &[]);
        }
        if options.prefixes.is_empty() {
            Obj::Bool(false)
        } else {
            self.is_set(&Obj::str(options.variable(&path)), pos)
        }
    }
}
