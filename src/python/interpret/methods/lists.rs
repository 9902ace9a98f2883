//! Methods of lists, tuples, sets and dicts.

use crate::python::interpret::heap::Cell;
use crate::python::interpret::limits;
use crate::python::interpret::object::{Exception, Name, Obj};
use crate::python::interpret::operators::number;
use crate::python::interpret::source::Pos;
use crate::python::interpret::subscripts::{put, same_key};
use crate::python::interpret::{Interp, Outcome};

impl Interp<'_> {
    pub(super) fn list_method(
        &mut self,
        cell: usize,
        name: &str,
        args: Vec<Obj>,
        kwargs: &[(Name, Obj)],
        pos: Pos,
    ) -> Outcome {
        let this = Obj::List(cell);
        let first = args.first().cloned();
        match (name, first) {
            ("append", Some(item)) => self.heap.change_list(cell, pos, |items| items.push(item.clone())),
            ("extend", Some(more)) => self.extend_list(cell, &more, pos),
            ("insert", Some(at)) => {
                let item = args.get(1).cloned().unwrap_or(Obj::None);
                let Obj::Int(at) = at else {
                    self.heap.change_list(cell, pos, |items| items.push(item.clone()));
                    return Ok(Obj::None);
                };
                self.heap.change_list(cell, pos, |items| {
                    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
                    let at = if at < 0 { at.saturating_add(length).max(0) } else { at.min(length) };
                    items.insert(usize::try_from(at).unwrap_or(0), item.clone());
                });
            }
            ("remove", Some(item)) => {
                let mut found = false;
                let known = self.heap.contents(cell);
                let holds =
                    |heap: &crate::python::interpret::heap::Heap, other: &Obj| heap.same(other, &item, 6);
                for contents in &known {
                    if let Cell::List(items) = contents {
                        found |= items.iter().any(|other| holds(&self.heap, other));
                    }
                }
                if !found {
                    return self.raise(Exception::new("ValueError", "list.remove(x): x not in list"), pos);
                }
                self.heap.change_list(cell, pos, |items| {
                    if let Some(at) = items.iter().position(|other| same_key(other, &item)) {
                        items.remove(at);
                    }
                });
            }
            ("pop", at) => {
                let at = if let Some(Obj::Int(at)) = at { at } else { -1 };
                let value = self.item(&this, &Obj::Int(at), pos)?;
                self.heap.change_list(cell, pos, |items| {
                    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
                    let at = if at < 0 { at.saturating_add(length) } else { at };
                    if let Some(at) = usize::try_from(at).ok().filter(|at| *at < items.len()) {
                        items.remove(at);
                    }
                });
                return Ok(value);
            }
            ("clear", _) => self.heap.change_list(cell, pos, Vec::clear),
            ("reverse", _) => self.heap.change_list(cell, pos, |items| items.reverse()),
            ("sort", _) => {
                if let Some(items) = self.sequence(&this) {
                    let sorted = self.sorted(items, kwargs, pos);
                    self.heap.change_list(cell, pos, |items| items.clone_from(&sorted));
                }
            }
            ("copy", _) => {
                let contents = self.heap.contents(cell);
                let copy = self.heap.list(Vec::new());
                self.heap.replace(copy, contents, pos);
                self.heap.fresh(copy);
                return Ok(Obj::List(copy));
            }
            _ => return self.tuple_method(&this, name, &args, pos),
        }
        Ok(Obj::None)
    }

    /// Sorted by the key function, where every key is known.
    pub(in crate::python::interpret) fn sorted(
        &mut self,
        items: Vec<Obj>,
        kwargs: &[(Name, Obj)],
        pos: Pos,
    ) -> Vec<Obj> {
        let find =
            |name: &str| kwargs.iter().find(|(other, _)| &**other == name).map(|(_, value)| value.clone());
        let key = find("key");
        let mut keyed: Vec<(Obj, Obj)> = Vec::new();
        for item in items {
            let by = match &key {
                Some(key) => self.call(key, vec![item.clone()], Vec::new(), pos).unwrap_or(Obj::None),
                None => item.clone(),
            };
            // Sorting reads every text several times.
            limits::reading(16 * by.as_str().map_or(1, str::len));
            keyed.push((by, item));
        }
        if limits::exhausted() {
            return keyed.into_iter().map(|(_, item)| item).collect();
        }
        keyed.sort_by(|a, b| in_order(&a.0, &b.0, 4));
        let mut sorted: Vec<Obj> = keyed.into_iter().map(|(_, item)| item).collect();
        if matches!(find("reverse"), Some(Obj::Bool(true))) {
            sorted.reverse();
        }
        sorted
    }

    pub(super) fn tuple_method(&mut self, this: &Obj, name: &str, args: &[Obj], pos: Pos) -> Outcome {
        let items = self.sequence(this);
        match (name, args.first(), items) {
            ("index", Some(item), Some(items)) => {
                match items.iter().position(|other| self.heap.same(other, item, 6)) {
                    Some(at) => Ok(Obj::Int(i64::try_from(at).unwrap_or(0))),
                    None if items.iter().all(Obj::is_known) => {
                        self.raise(Exception::new("ValueError", "x is not in list"), pos)
                    }
                    None => Ok(Obj::unknown("the place of an item", pos, &items)),
                }
            }
            ("count", Some(item), Some(items)) => {
                let count = items.iter().filter(|other| self.heap.same(other, item, 6)).count();
                Ok(Obj::Int(i64::try_from(count).unwrap_or(0)))
            }
            ("index", Some(item), None) => {
                let mut places = Vec::new();
                for items in self.sequences(this).unwrap_or_default() {
                    let at = items.iter().position(|other| self.heap.same(other, item, 6));
                    places.extend(at.and_then(|at| i64::try_from(at).ok()).map(Obj::Int));
                }
                Ok(self.heap.one_of(places))
            }
            _ => Ok(Obj::unknown(format!("the result of `.{name}()`"), pos, std::slice::from_ref(this))),
        }
    }

    pub(super) fn set_method(&mut self, this: &Obj, name: &str, args: &[Obj], pos: Pos) -> Outcome {
        let Obj::Set(cell) = this else { return Ok(Obj::None) };
        match (name, args.first()) {
            ("add", Some(item)) => self.add_to_set(this, item.clone(), pos),
            ("update" | "union", Some(_)) => {
                let target = if name == "update" {
                    this.clone()
                } else {
                    let items = self.sequence(this).unwrap_or_default();
                    self.set_of(items)
                };
                for more in args {
                    for item in self.sequence(more).unwrap_or_else(|| vec![more.clone()]) {
                        self.add_to_set(&target, item, pos);
                    }
                }
                return Ok(if name == "update" { Obj::None } else { target });
            }
            ("discard" | "remove", Some(item)) => {
                self.heap.change_list(*cell, pos, |items| items.retain(|other| !same_key(other, item)));
            }
            ("copy", _) => {
                let items = self.sequence(this).unwrap_or_default();
                return Ok(self.set_of(items));
            }
            _ => {
                return Ok(Obj::unknown(
                    format!("the result of `.{name}()`"),
                    pos,
                    std::slice::from_ref(this),
                ));
            }
        }
        Ok(Obj::None)
    }

    pub(super) fn dict_method(
        &mut self,
        this: &Obj,
        cell: usize,
        name: &str,
        args: Vec<Obj>,
        kwargs: &[(Name, Obj)],
        pos: Pos,
    ) -> Outcome {
        match (name, args.first()) {
            ("get", Some(key)) => {
                let default = args.get(1).cloned().unwrap_or(Obj::None);
                if self.is_left_to_environment(cell, key) {
                    let default = Some(default).filter(|default| !matches!(default, Obj::None));
                    return self.read(key, super::super::environment::Reading::text(default), pos);
                }
                self.note_optional(this, key);
                let found = self.dict_get(cell, key, pos);
                Ok(match found {
                    // A file of secrets may lack the key.
                    Some(value @ Obj::Secret(_)) if !matches!(default, Obj::None) => Obj::unknown_assumed(
                        "a key of a file, with a default",
                        pos,
                        &[value],
                        default.assumed(),
                    ),
                    Some(value) => value,
                    None => default,
                })
            }
            ("setdefault", Some(key)) => {
                if let Some(value) = self.dict_get(cell, key, pos) {
                    return Ok(value);
                }
                let value = args.get(1).cloned().unwrap_or(Obj::None);
                self.set_item(this, key, value.clone(), pos)?;
                Ok(value)
            }
            ("pop", Some(key)) => {
                let default = args.get(1).cloned();
                match (self.dict_get(cell, key, pos), default) {
                    (Some(value), _) => {
                        let key = key.clone();
                        self.heap.change_dict(cell, pos, |dict| {
                            dict.entries.retain(|(other, _)| !same_key(other, &key));
                        });
                        Ok(value)
                    }
                    (None, Some(default)) => Ok(default),
                    (None, None) => {
                        self.raise(Exception::new("KeyError", key.display().unwrap_or_default()), pos)
                    }
                }
            }
            ("update", _) => {
                for other in &args {
                    self.update(this, other, pos)?;
                }
                for (key, value) in kwargs {
                    self.heap.change_dict(cell, pos, |dict| put(dict, Obj::Str(key.clone()), value.clone()));
                }
                Ok(Obj::None)
            }
            ("clear", _) => {
                self.heap.change_dict(cell, pos, |dict| dict.entries.clear());
                Ok(Obj::None)
            }
            ("copy" | "__copy__", _) => Ok(self.copy_dict(this)),
            ("items" | "keys" | "values" | "iteritems" | "iterkeys" | "itervalues", _) => {
                let mut values = Vec::new();
                for contents in self.heap.contents(cell) {
                    let Cell::Dict(dict) = contents else { continue };
                    if dict.entries.is_empty() && (!dict.others.is_empty() || dict.fallback.is_some()) {
                        let parts: Vec<Obj> = dict.others.iter().chain(&dict.fallback).cloned().collect();
                        return Ok(Obj::unknown("the entries of a dict that is not known", pos, &parts));
                    }
                    let items = dict
                        .entries
                        .iter()
                        .map(|(key, value)| match name.trim_start_matches("iter") {
                            "items" => Obj::tuple(vec![key.clone(), value.clone()]),
                            "keys" => key.clone(),
                            _ => value.clone(),
                        })
                        .collect();
                    values.push(Obj::List(self.heap.list(items)));
                }
                Ok(self.heap.one_of(values))
            }
            ("__contains__" | "has_key", Some(key)) => self.contains(this, key, pos),
            ("__getitem__", Some(key)) => self.item(this, key, pos),
            ("__setitem__", Some(key)) => {
                let value = args.get(1).cloned().unwrap_or(Obj::None);
                self.set_item(this, key, value, pos)?;
                Ok(Obj::None)
            }
            ("popitem" | "move_to_end", _) => Ok(Obj::None),
            _ => {
                // Libraries' kinds of dicts give their entries as attributes.
                Ok(Obj::unknown(format!("the result of `.{name}()`"), pos, std::slice::from_ref(this)))
            }
        }
    }
}

/// A total order: numbers, then text and paths, then tuples by their items; the rest stays where it is.
fn in_order(a: &Obj, b: &Obj, depth: u8) -> std::cmp::Ordering {
    let kind = |obj: &Obj| match obj {
        Obj::Int(_) | Obj::Float(_) | Obj::Bool(_) => 0,
        Obj::Str(_) => 1,
        Obj::Path(_) => 2,
        Obj::Tuple(_) => 3,
        _ => 4,
    };
    match (a, b) {
        (Obj::Str(a), Obj::Str(b)) => a.cmp(b),
        (Obj::Path(a), Obj::Path(b)) => a.rest.cmp(&b.rest),
        (Obj::Tuple(a), Obj::Tuple(b)) if depth > 0 => a
            .items
            .iter()
            .zip(&b.items)
            .map(|(a, b)| in_order(a, b, depth - 1))
            .find(|order| order.is_ne())
            .unwrap_or_else(|| a.items.len().cmp(&b.items.len())),
        (a, b) => match (number(a), number(b)) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            _ => kind(a).cmp(&kind(b)),
        },
    }
}
