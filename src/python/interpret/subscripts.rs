//! Items of lists and dicts: reading, setting, deleting, slicing, merging.

use super::heap::{Cell, Dict};
use super::limits;
use super::object::{Exception, Obj};
use super::source::Pos;
use super::{Interp, Outcome};

impl Interp<'_> {
    /// `owner[key]`.
    pub(super) fn item(&mut self, owner: &Obj, key: &Obj, pos: Pos) -> Outcome {
        match owner {
            Obj::External(dotted) if super::environment::is_environ(dotted) => {
                return self.read_required(key, "KeyError", pos);
            }
            Obj::External(dotted) => {
                // `sys.modules[...]`, generics in annotations, constants of libraries.
                return self.external_item(&dotted.clone(), key, pos);
            }
            Obj::OneOf(alternatives) => {
                let mut values = Vec::new();
                for alternative in alternatives.iter().filter(|one| !matches!(one, Obj::None)) {
                    values.push(self.item(alternative, key, pos)?);
                }
                return Ok(self.heap.one_of(values));
            }
            Obj::Dict(cell) => return self.dict_item(*cell, key, pos),
            Obj::Names(space) => {
                if let Obj::Str(name) = key {
                    return match self.heap.get(*space, name) {
                        Some(binding) => Ok(binding.value.clone()),
                        None => self.key_error(key, pos),
                    };
                }
            }
            Obj::Secret(secret) => return Ok(self.secret_item(&secret.clone(), key, pos)),
            Obj::Made(made) => {
                if let Some(value) = self.made_item(&made.clone(), key, pos)? {
                    return Ok(value);
                }
                if let Some(secret) = super::calls::secret_of(owner) {
                    return Ok(Obj::unknown(secret, pos, &[]));
                }
            }
            Obj::Instance(instance) => {
                if let Some(value) = self.call_special(*instance, "__getitem__", vec![key.clone()], pos)? {
                    return Ok(value);
                }
                if let Some(data) = self.instances[*instance].data.clone() {
                    return self.item(&data, key, pos);
                }
            }
            Obj::Class(class) => {
                if let Obj::Str(name) = key
                    && let Some(member) = self.class_attribute(*class, name)
                {
                    return Ok(member);
                }
            }
            Obj::Env(env) => {
                if let (true, Some(default)) = (super::urls::is_url(&env.cast), &env.default) {
                    let default = default.clone();
                    let value = self.item(&default, key, pos)?;
                    return Ok(Obj::unknown_assumed(
                        "a part of a URL",
                        pos,
                        std::slice::from_ref(owner),
                        value.assumed(),
                    ));
                }
            }
            _ => {}
        }
        if matches!(owner, Obj::List(_) | Obj::Tuple(_) | Obj::Str(_))
            && let Obj::Int(index) = key
        {
            let alternatives = self.alternatives_of(owner);
            let mut values = Vec::new();
            for items in &alternatives {
                match at(items, *index) {
                    Some(item) => values.push(item.clone()),
                    None if alternatives.len() == 1 => {
                        // An unknown item may stand for several.
                        let several = items.iter().any(|item| !item.is_known());
                        if several {
                            return Ok(Obj::unknown("an item of a list", pos, items));
                        }
                        return self.raise(Exception::new("IndexError", "list index out of range"), pos);
                    }
                    None => {}
                }
            }
            return Ok(self.heap.one_of(values));
        }
        let assumed = owner.assumed().filter(|assumed| assumed.is_known() && !owner.is_known());
        let assumed = match assumed {
            Some(assumed) if matches!(assumed, Obj::List(_) | Obj::Tuple(_) | Obj::Dict(_) | Obj::Str(_)) => {
                self.heap.begin();
                let value = self.quietly(|interp| interp.item(&assumed, key, pos));
                let _ = self.heap.take_back();
                value.and_then(|value| value.assumed())
            }
            _ => None,
        };
        Ok(Obj::unknown_assumed(
            "an item of something that is not known",
            pos,
            &[owner.clone(), key.clone()],
            assumed,
        ))
    }

    /// A database by URL of which the engine is stated by hand: a dict whose other entries are parts of the URL.
    pub(super) fn laid_open(
        &mut self,
        owner: &Obj,
        key: &Obj,
        pos: Pos,
    ) -> Result<Option<Obj>, Box<Exception>> {
        let by_url = match owner {
            Obj::Env(env) => env.cast == crate::python::value::Cast::DatabaseUrl,
            Obj::Unknown(unknown) => match &unknown.assumed {
                Some(Obj::Dict(cell)) => self
                    .heap
                    .entries(*cell)
                    .is_some_and(|dict| dict.entries.iter().any(|(key, _)| key.as_str() == Some("ENGINE"))),
                _ => false,
            },
            _ => false,
        };
        if !by_url || key.as_str() != Some("ENGINE") {
            return Ok(None);
        }
        self.parts_of_url(owner, super::urls::DATABASE_KEYS, pos).map(Some)
    }

    /// A URL of a variable as the dict that its reader makes of it.
    pub(super) fn parts_of_url(&mut self, url: &Obj, keys: &[&str], pos: Pos) -> Outcome {
        let mut entries = Vec::new();
        for key in keys {
            let key = Obj::str(*key);
            let value = self.item(url, &key, pos)?;
            entries.push((key, value));
        }
        Ok(Obj::Dict(self.heap.dict(entries)))
    }

    /// Evaluates what must leave no trace: neither failures nor reads that fail.
    pub(super) fn quietly(&mut self, work: impl FnOnce(&mut Self) -> Outcome) -> Option<Obj> {
        let (failures, conditional) = (self.failures.len(), self.conditional.len());
        let done = work(self);
        let clean = self.failures.len() == failures;
        self.failures.truncate(failures);
        self.conditional.truncate(conditional);
        done.ok().filter(|_| clean)
    }

    fn dict_item(&mut self, cell: usize, key: &Obj, pos: Pos) -> Outcome {
        match self.dict_get(cell, key, pos) {
            Some(value) => Ok(value),
            None => self.key_error(key, pos),
        }
    }

    fn key_error(&mut self, key: &Obj, pos: Pos) -> Outcome {
        let mut exception = Exception::new("KeyError", key.display().unwrap_or_default());
        exception.from = vec![key.clone()];
        self.raise(exception, pos)
    }

    /// The value under a key; `None` where it is certainly missing.
    pub(super) fn dict_get(&mut self, cell: usize, key: &Obj, pos: Pos) -> Option<Obj> {
        if let Obj::OneOf(keys) = key {
            let values: Vec<Obj> = keys.iter().filter_map(|key| self.dict_get(cell, key, pos)).collect();
            return Some(if values.is_empty() {
                Obj::unknown("no such key", pos, keys)
            } else {
                self.heap.one_of(values)
            });
        }
        self.note_comparison(key, &Obj::Dict(cell));
        let mut values = Vec::new();
        for contents in self.heap.contents(cell) {
            let Cell::Dict(dict) = contents else { continue };
            if let Some(value) = find(&dict, key) {
                values.push(value);
            } else if !key.is_known() || key.is_opaque() {
                let mut parts: Vec<Obj> = vec![key.clone()];
                parts.extend(dict.entries.iter().take(20).map(|(_, value)| value.clone()));
                // Under the key's default, where it has one; else whatever there is, where that is one.
                let only = match dict.entries.as_slice() {
                    [(_, only)] if dict.others.is_empty() && dict.fallback.is_none() => Some(only.clone()),
                    _ => None,
                };
                let assumed = key.assumed().map_or(only, |key| find(&dict, &key));
                let assumed = assumed.and_then(|value| value.assumed());
                values.push(Obj::unknown_assumed(
                    "an entry under a key that is not known",
                    pos,
                    &parts,
                    assumed,
                ));
            } else if let Some(fallback) = &dict.fallback {
                let fallback = fallback.clone();
                values.push(self.fallback_for(&fallback, key, pos));
            } else if !dict.others.is_empty() {
                values.push(Obj::unknown("an entry of something that is not known", pos, &dict.others));
            }
        }
        if values.is_empty() { None } else { Some(self.heap.one_of(values)) }
    }

    /// Returns the value that a file of secrets or a `defaultdict` gives for a missing key.
    fn fallback_for(&mut self, fallback: &Obj, key: &Obj, pos: Pos) -> Obj {
        match fallback {
            Obj::Secret(secret) => self.secret_item(&secret.clone(), key, pos),
            Obj::Made(made) if &*made.class == super::merging::OVER_ENVIRONMENT => {
                if let Some(Obj::Secret(secret)) = made.args.first() {
                    self.secret_item(&secret.clone(), key, pos);
                }
                self.read_required(key, "KeyError", pos).unwrap_or(Obj::None)
            }
            other => self.call(other, Vec::new(), Vec::new(), pos).unwrap_or(Obj::None),
        }
    }

    /// `owner[key] = value`.
    pub(super) fn set_item(
        &mut self,
        owner: &Obj,
        key: &Obj,
        value: Obj,
        pos: Pos,
    ) -> Result<(), Box<Exception>> {
        match owner {
            Obj::Dict(cell) => {
                if let Obj::OneOf(keys) = key {
                    for key in keys.iter() {
                        self.set_entry(*cell, key, value.clone(), pos);
                    }
                } else {
                    self.set_entry(*cell, key, value, pos);
                }
            }
            Obj::List(cell) => {
                let Obj::Int(index) = key else { return Ok(()) };
                self.heap.change_list(*cell, pos, |items| {
                    let position = position_of(*index, items.len());
                    if let Some(item) = position.and_then(|position| items.get_mut(position)) {
                        *item = value.clone();
                    }
                });
            }
            Obj::Names(space) => {
                if let Obj::Str(name) = key {
                    let name = self.name(name);
                    self.heap.bind(*space, &name, value, pos);
                }
            }
            Obj::External(dotted) if super::environment::is_environ(dotted) => {
                if let Obj::Str(name) = key {
                    let name = self.name(name);
                    self.note_named(&name, &value, true, pos);
                    self.note_exported(&name, &value, pos);
                    self.environ.insert(name, value);
                }
            }
            Obj::Made(made) if &*made.class == super::dynaconf::SETTINGS => {
                if let Some(key) = key.as_str() {
                    return self.set_in_dynaconf(&made.clone(), key, value, pos);
                }
            }
            Obj::OneOf(alternatives) => {
                for alternative in alternatives.iter() {
                    self.set_item(alternative, key, value.clone(), pos)?;
                }
            }
            Obj::Instance(instance) => {
                if self
                    .call_special(*instance, "__setitem__", vec![key.clone(), value.clone()], pos)?
                    .is_none()
                    && let Some(data) = self.instances[*instance].data.clone()
                {
                    return self.set_item(&data, key, value, pos);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn set_entry(&mut self, cell: usize, key: &Obj, value: Obj, pos: Pos) {
        let known = key.is_known() && !matches!(key, Obj::External(_) | Obj::Made(_))
            || matches!(key, Obj::External(_));
        self.heap.change_dict(cell, pos, |dict| {
            if known {
                put(dict, key.clone(), value.clone());
            } else if dict.others.len() < 64 {
                dict.others.push(value.clone());
            }
        });
    }

    pub(super) fn delete_item(&mut self, owner: &Obj, key: &Obj, pos: Pos) -> Result<(), Box<Exception>> {
        match owner {
            Obj::Dict(cell) => {
                if self.dict_get(*cell, key, pos).is_none() {
                    self.key_error(key, pos)?;
                }
                self.heap.change_dict(*cell, pos, |dict| {
                    dict.entries.retain(|(other, _)| !same_key(other, key));
                });
            }
            Obj::List(cell) => {
                if let Obj::Int(index) = key {
                    self.heap.change_list(*cell, pos, |items| {
                        let position = position_of(*index, items.len());
                        if let Some(position) = position
                            && position < items.len()
                        {
                            items.remove(position);
                        }
                    });
                }
            }
            Obj::Names(space) => {
                if let Obj::Str(name) = key {
                    let name = self.name(name);
                    self.heap.unbind(*space, &name);
                }
            }
            Obj::External(dotted) if super::environment::is_environ(dotted) => {
                if let Obj::Str(name) = key {
                    self.environ.remove(&**name);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

pub(super) fn same_key(a: &Obj, b: &Obj) -> bool {
    match (a, b) {
        (Obj::Tuple(_), Obj::Tuple(_)) if !limits::work(1) => false,
        (Obj::Str(a), Obj::Str(b)) | (Obj::External(a), Obj::External(b)) => a == b,
        (Obj::Int(a), Obj::Int(b)) => a == b,
        (Obj::Bool(a), Obj::Bool(b)) => a == b,
        (Obj::Path(a), Obj::Path(b)) => a == b,
        (Obj::None, Obj::None) => true,
        (Obj::Instance(a), Obj::Instance(b)) | (Obj::Class(a), Obj::Class(b)) => a == b,
        (Obj::Tuple(a), Obj::Tuple(b)) => {
            a.items.len() == b.items.len() && a.items.iter().zip(&b.items).all(|(a, b)| same_key(a, b))
        }
        _ => false,
    }
}

pub(super) fn find(dict: &Dict, key: &Obj) -> Option<Obj> {
    limits::work(dict.entries.len() / 4);
    dict.entries.iter().find(|(other, _)| same_key(other, key)).map(|(_, value)| value.clone())
}

pub(super) fn put(dict: &mut Dict, key: Obj, value: Obj) {
    limits::work(dict.entries.len() / 4);
    match dict.entries.iter_mut().find(|(other, _)| same_key(other, &key)) {
        Some((_, old)) => *old = value,
        None => dict.entries.push((key, value)),
    }
}

fn at(items: &[Obj], index: i64) -> Option<&Obj> {
    let position = if index < 0 {
        items.len().checked_sub(usize::try_from(index.unsigned_abs()).ok()?)?
    } else {
        usize::try_from(index).ok()?
    };
    let first_open = items
        .iter()
        .position(|item| !item.is_known() && matches!(item, Obj::Unknown(_)))
        .unwrap_or(items.len());
    if index >= 0 && position > first_open { None } else { items.get(position) }
}

/// Returns the position of a Python index in a sequence: negative indexes count from the end.
fn position_of(index: i64, length: usize) -> Option<usize> {
    let index = if index < 0 { index.checked_add(i64::try_from(length).ok()?)? } else { index };
    usize::try_from(index).ok()
}
