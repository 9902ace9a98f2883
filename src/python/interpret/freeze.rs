//! The result of the interpreter: values without identity, places instead of offsets.

use std::collections::BTreeMap;

use super::Interp;
use super::exceptions::Failed;
use super::heap::{Bound, Cell};
use super::messages;
use super::object::{Missing, Obj};
use super::source::Pos;
use crate::base::Place;
use crate::python::evaluation::{
    Evaluation, Exported, Failure, FailureKind, FileRead, ModuleRead, NamedSettings, Presence, Setting,
};
use crate::python::value::{EnvRead, Value};

/// Values that one evaluation may come to, counted with everything inside.
const MOST_VALUES: usize = 200_000;
/// How deep lists and dicts may be nested.
const DEEPEST: u32 = 40;

impl Interp<'_> {
    /// The settings in this scope that are asked for, and whatever was met on the way.
    pub(super) fn freeze(self, space: Option<usize>, is_asked_for: impl Fn(&str) -> bool) -> Evaluation {
        let mut freezer = Freezer { interp: &self, left: MOST_VALUES };
        let mut settings = BTreeMap::new();
        let mut decided_by = BTreeMap::new();
        if let Some(space) = space {
            for (name, binding) in self.heap.names(space) {
                if !is_setting(name) || !is_asked_for(name) {
                    continue;
                }
                let pos = self.decided(&binding.value, binding.at).unwrap_or(binding.pos);
                let presence = match binding.presence {
                    Bound::Always => Presence::Always,
                    Bound::Assumed => Presence::Assumed,
                    Bound::Elsewhere => Presence::Elsewhere,
                };
                let value = freezer.value(&binding.value, DEEPEST);
                let deciders = self.deciders_of(name, &binding.value);
                if !deciders.is_empty() {
                    decided_by.insert(name.to_string(), deciders);
                }
                settings.insert(name.to_string(), Setting { value, place: self.place(pos), presence });
            }
        }
        self.leave_open(&mut settings);
        let named = self.named.iter().map(|(value, overrules, pos)| NamedSettings {
            value: freezer.value(value, DEEPEST),
            overrules: *overrules,
            place: self.place(*pos),
        });
        let named = named.collect();
        let exported = self.exported.iter().map(|(name, value, pos)| Exported {
            name: name.to_string(),
            value: freezer.value(value, DEEPEST),
            place: self.place(*pos),
        });
        let exported = exported.collect();
        let reads = self.reads.iter().map(|read| EnvRead {
            name: read.name.to_string(),
            default: read
                .default
                .as_ref()
                .filter(|default| !matches!(default, Obj::None))
                .map(|default| freezer.value(default, DEEPEST)),
            cast: read.cast.clone(),
            fails_when_unset: read.fails,
            place: self.place(read.pos),
        });
        let reads = reads.collect();
        let files = self.files.iter().map(|file| FileRead {
            path: file.path.clone(),
            exists: file.exists,
            required: file.required,
            keys: file.keys.clone(),
            tables: file.tables.clone(),
            optional: file.optional.clone(),
            format: file.format,
            place: self.place(file.pos),
        });
        let modules = self.modules.iter().filter(|module| module.source.is_some());
        let mut modules: Vec<ModuleRead> = modules
            .map(|module| ModuleRead { dotted: module.dotted.clone(), path: module.path.clone() })
            .collect();
        if let Some(at) = modules.iter().position(|module| module.dotted == self.request.module) {
            modules[..=at].rotate_right(1);
        }
        let mut seen = Vec::new();
        modules.retain(|module| {
            let new = !seen.contains(&module.path);
            seen.push(module.path.clone());
            new
        });
        Evaluation {
            settings,
            reads,
            files: files.collect(),
            modules,
            failures: self.failures.iter().map(|failed| self.failure(failed)).collect(),
            possible_failures: self.conditional.iter().map(|failed| self.failure(failed)).collect(),
            compared: self
                .compared
                .iter()
                .map(|(name, texts)| (name.to_string(), texts.iter().map(ToString::to_string).collect()))
                .collect(),
            decided_by,
            opened: self.opened.iter().map(ToString::to_string).collect(),
            named,
            exported,
            outside: self.outside_calls(),
            imported: self.imported.iter().map(ToString::to_string).collect(),
            tested: self.tested.iter().map(ToString::to_string).collect(),
            diagnostics: messages::of(&self),
        }
    }

    /// Returns the position where a list or dict was changed after it was bound.
    fn decided(&self, value: &Obj, at: u64) -> Option<Pos> {
        let (Obj::List(cell) | Obj::Dict(cell) | Obj::Set(cell)) = value else { return None };
        self.heap.changed(*cell).filter(|(_, changed)| *changed > at).map(|(pos, _)| pos)
    }

    pub(super) fn place(&self, pos: Pos) -> Place {
        match self.sources.get(pos.source as usize) {
            Some(source) => source.place(pos.offset),
            None => Place::Default,
        }
    }

    fn failure(&self, failed: &Failed) -> Failure {
        let exception = &failed.exception;
        let kind = match (&exception.variable, &exception.missing) {
            (Some(variable), _) => FailureKind::MissingVariable(variable.to_string()),
            (None, Some(Missing::Module(dotted))) => FailureKind::MissingModule(dotted.clone()),
            (None, Some(Missing::File(path))) => FailureKind::MissingFile(path.clone()),
            (None, None) => FailureKind::Raise {
                exception: exception.class().to_owned(),
                message: exception.message.clone(),
            },
        };
        let mut leaves = Vec::new();
        for part in &failed.from {
            super::measure::leaves(part, &mut leaves, 8);
        }
        let mut variables: Vec<String> = exception.variable.iter().map(ToString::to_string).collect();
        for leaf in leaves {
            if let Obj::Env(env) = leaf
                && !variables.iter().any(|other| *other == *env.name)
            {
                variables.push(env.name.to_string());
            }
        }
        Failure { kind, place: self.place(failed.pos), variables }
    }
}

/// Tells whether Django takes the name for a setting: `str.isupper()`.
fn is_setting(name: &str) -> bool {
    !name.starts_with('_') && name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase)
}

struct Freezer<'a, 'b> {
    interp: &'a Interp<'b>,
    left: usize,
}

impl Freezer<'_, '_> {
    fn unknown(
        &mut self,
        why: &str,
        pos: Option<Pos>,
        parts: &[Obj],
        assumed: Option<&Obj>,
        depth: u32,
    ) -> Value {
        let mut leaves = Vec::new();
        for part in parts {
            super::measure::leaves(part, &mut leaves, 8);
        }
        Value::Unknown {
            why: why.to_owned(),
            place: pos.filter(|pos| *pos != Pos::default()).map(|pos| self.interp.place(pos)),
            from: leaves.iter().map(|leaf| self.value(leaf, depth)).collect(),
            assumed: assumed.map(|assumed| Box::new(self.value(assumed, depth))),
        }
    }

    fn values(&mut self, objs: &[Obj], depth: u32) -> Vec<Value> {
        // Beyond what may be kept, one unknown item stands for the rest.
        let mut values = Vec::new();
        for obj in objs {
            values.push(self.value(obj, depth));
            if self.left == 0 {
                values.push(too_large());
                break;
            }
        }
        values
    }

    fn value(&mut self, obj: &Obj, depth: u32) -> Value {
        // Text is copied as often as it is met.
        let size = if let Obj::Str(text) = obj { 1 + text.len() / 16 } else { 1 };
        if depth == 0 || self.left < size {
            self.left = self.left.saturating_sub(size);
            return too_large();
        }
        self.left -= size;
        let depth = depth - 1;
        match obj {
            Obj::None => Value::None,
            Obj::Bool(value) => Value::Bool(*value),
            Obj::Int(number) => Value::Int(*number),
            Obj::Float(number) => Value::Float(*number),
            Obj::Str(text) => Value::Str(text.to_string()),
            Obj::Text(parts) => Value::Text(self.values(parts, depth)),
            Obj::Path(path) => Value::Path((**path).clone()),
            Obj::Tuple(tuple) => Value::List(self.values(&tuple.items, depth)),
            Obj::List(cell) | Obj::Set(cell) | Obj::Dict(cell) => {
                let mut alternatives: Vec<Value> =
                    self.interp.heap.contents(*cell).iter().map(|cell| self.cell(cell, depth)).collect();
                if alternatives.len() == 1 { alternatives.remove(0) } else { distinct(alternatives) }
            }
            Obj::Env(env) => {
                let row = &self.interp.reads.get(env.read).filter(|row| row.name == env.name);
                let place = row.map_or(Place::Default, |row| self.interp.place(row.pos));
                let fails = row.is_some_and(|row| row.fails) && env.default.is_none();
                Value::Env(Box::new(EnvRead {
                    name: env.name.to_string(),
                    default: env.default.as_ref().map(|default| self.value(default, depth)),
                    cast: env.cast.clone(),
                    fails_when_unset: fails,
                    place,
                }))
            }
            Obj::Secret(secret) => Value::SecretFile {
                path: secret.path.clone(),
                key: secret.key.clone(),
                place: self.interp.place(secret.pos),
            },
            Obj::OneOf(alternatives) => distinct(self.values(alternatives, depth)),
            Obj::Unknown(unknown) => {
                self.unknown(&unknown.why, Some(unknown.pos), &unknown.from, unknown.assumed.as_ref(), depth)
            }
            Obj::External(dotted) => {
                self.unknown(&format!("`{dotted}` of a library"), None, &[], None, depth)
            }
            Obj::Made(made) => self.unknown(
                &format!("the result of `{}()`", made.class),
                Some(made.pos),
                std::slice::from_ref(obj),
                None,
                depth,
            ),
            Obj::Instance(instance) => {
                let instance = &self.interp.instances[*instance];
                if let Some(data) = &instance.data {
                    return self.value(data, depth);
                }
                if let Some(binding) = self.interp.heap.get(instance.space, "value") {
                    return self.value(&binding.value, depth);
                }
                let class = &self.interp.classes[instance.class];
                let parts: Vec<Obj> = self
                    .interp
                    .heap
                    .names(instance.space)
                    .values()
                    .map(|binding| binding.value.clone())
                    .collect();
                self.unknown(
                    &format!("an object of class `{}`", class.name),
                    Some(class.pos),
                    &parts,
                    None,
                    depth,
                )
            }
            Obj::Names(_) | Obj::Module(_) => self.unknown("a module", None, &[], None, depth),
            Obj::Class(class) => {
                let class = &self.interp.classes[*class];
                self.unknown(&format!("the class `{}`", class.name), Some(class.pos), &[], None, depth)
            }
            Obj::Function(_) | Obj::Bound(_) | Obj::Method(_) => {
                self.unknown("a function", None, std::slice::from_ref(obj), None, depth)
            }
            Obj::Property(_)
            | Obj::ClassMethod(_)
            | Obj::StaticMethod(_)
            | Obj::Super(_)
            | Obj::Exception(_) => self.unknown("an object", None, &[], None, depth),
        }
    }

    fn cell(&mut self, cell: &Cell, depth: u32) -> Value {
        match cell {
            Cell::List(items) => Value::List(self.values(items, depth)),
            Cell::Dict(dict) => {
                let mut entries: Vec<(Value, Value)> = Vec::new();
                for (key, value) in &dict.entries {
                    entries.push((self.value(key, depth), self.value(value, depth)));
                    if self.left == 0 {
                        entries.push((too_large(), too_large()));
                        break;
                    }
                }
                if entries.is_empty() {
                    if let Some(Obj::Secret(_)) = &dict.fallback {
                        return dict
                            .fallback
                            .as_ref()
                            .map_or(Value::None, |secret| self.value(secret, depth));
                    }
                    if !dict.others.is_empty() {
                        return self.unknown(
                            "a dict of which nothing is known",
                            None,
                            &dict.others,
                            None,
                            depth,
                        );
                    }
                }
                let secret = dict.fallback.iter().filter(|fallback| matches!(fallback, Obj::Secret(_)));
                for other in dict.others.iter().take(16).chain(secret) {
                    let key = self.unknown("more entries", None, &[], None, depth);
                    entries.push((key, self.value(other, depth)));
                }
                Value::Dict(entries)
            }
            Cell::OneOf(cells) => {
                let alternatives = cells.iter().map(|cell| self.cell(cell, depth)).collect();
                distinct(alternatives)
            }
        }
    }
}

fn too_large() -> Value {
    Value::Unknown {
        why: "nested too deeply, or of too many parts".to_owned(),
        place: None,
        from: Vec::new(),
        assumed: None,
    }
}

/// One of these, each once; alternatives inside alternatives are laid open.
fn distinct(values: Vec<Value>) -> Value {
    let mut kept: Vec<Value> = Vec::new();
    for value in values {
        let several = if let Value::OneOf(inner) = value { inner } else { vec![value] };
        for value in several {
            if !kept.contains(&value) {
                kept.push(value);
            }
        }
    }
    match kept.len() {
        1 => kept.remove(0),
        _ => Value::OneOf(kept),
    }
}
