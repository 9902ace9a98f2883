//! Joining the states that branches lead to, and telling values apart.

use std::rc::Rc;

use super::heap::{Binding, Bound, Cell, Delta, Dict, Heap, Held, MOST_ALTERNATIVES, MOST_VALUES, Slot};
use super::limits;
use super::object::Obj;
use super::source::Pos;

impl Heap {
    /// Makes the state that is one of those that the branches lead to, the default one first.
    pub(super) fn join(&mut self, branches: Vec<Delta>, join_values: &dyn Fn(&Heap, Vec<Obj>) -> Obj) {
        let mut keys: Vec<Slot> = branches.iter().flat_map(|delta| delta.keys().cloned()).collect();
        limits::work(keys.len());
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let held: Vec<Held> = branches
                .iter()
                .map(|delta| delta.get(&key).cloned().unwrap_or_else(|| self.current(&key)))
                .collect();
            let joined = self.join_held(held, join_values);
            self.put(key, joined);
        }
    }

    fn join_held(&self, held: Vec<Held>, join_values: &dyn Fn(&Heap, Vec<Obj>) -> Obj) -> Held {
        let mut cells: Vec<Cell> = Vec::new();
        let mut last = (Pos::default(), 0);
        let mut bindings: Vec<Option<Binding>> = Vec::new();
        for one in held {
            match one {
                Held::Cell(cell, pos, at) => {
                    if at >= last.1 {
                        last = (pos, at);
                    }
                    match cell {
                        Cell::OneOf(inner) => cells.extend(inner.iter().cloned()),
                        cell => cells.push(cell),
                    }
                }
                Held::Name(binding) => bindings.push(binding),
            }
        }
        if bindings.is_empty() {
            return Held::Cell(self.join_cells(cells, join_values), last.0, last.1);
        }
        let first_bound = bindings.first().is_some_and(|binding| {
            binding.as_ref().is_some_and(|binding| binding.presence != Bound::Elsewhere)
        });
        let always = bindings
            .iter()
            .all(|binding| binding.as_ref().is_some_and(|binding| binding.presence == Bound::Always));
        let bound: Vec<Binding> = bindings.into_iter().flatten().collect();
        let Some(latest) = bound.iter().max_by_key(|binding| binding.at) else {
            return Held::Name(None);
        };
        let presence = match (always, first_bound) {
            (true, _) => Bound::Always,
            (false, true) => Bound::Assumed,
            (false, false) => Bound::Elsewhere,
        };
        let (pos, at) = (latest.pos, latest.at);
        let value = join_values(self, bound.into_iter().map(|binding| binding.value).collect());
        Held::Name(Some(Binding { value, pos, at, presence }))
    }

    pub(super) fn join_cells(&self, cells: Vec<Cell>, join_values: &dyn Fn(&Heap, Vec<Obj>) -> Obj) -> Cell {
        let mut distinct: Vec<Cell> = Vec::new();
        for cell in cells {
            if !distinct.iter().any(|other| self.same_cell(other, &cell, 14)) {
                distinct.push(cell);
            }
        }
        if distinct.len() == 1 {
            return distinct.remove(0);
        }
        if distinct.len() > MOST_ALTERNATIVES {
            distinct = self.summary(distinct, join_values);
        }
        Cell::OneOf(Rc::new(distinct))
    }

    /// The default alternative, all that may be there, and what is always there.
    fn summary(&self, cells: Vec<Cell>, join_values: &dyn Fn(&Heap, Vec<Obj>) -> Obj) -> Vec<Cell> {
        let first = cells[0].clone();
        if cells.iter().all(|cell| matches!(cell, Cell::List(_))) {
            let lists: Vec<&Rc<Vec<Obj>>> = cells
                .iter()
                .filter_map(|cell| if let Cell::List(items) = cell { Some(items) } else { None })
                .collect();
            let longest = lists.iter().max_by_key(|items| items.len());
            let mut union: Vec<Obj> = longest.map(|items| items.to_vec()).unwrap_or_default();
            for item in lists.iter().flat_map(|items| items.iter()) {
                if !union.iter().any(|other| self.same(other, item, 4)) {
                    union.push(item.clone());
                }
            }
            let always = lists[0]
                .iter()
                .filter(|item| lists.iter().all(|items| items.iter().any(|other| self.same(other, item, 4))));
            return vec![
                first,
                Cell::List(Rc::new(union.clone())),
                Cell::List(Rc::new(always.cloned().collect())),
            ];
        }
        let dicts: Vec<Rc<Dict>> = cells
            .iter()
            .filter_map(|cell| if let Cell::Dict(dict) = cell { Some(dict.clone()) } else { None })
            .collect();
        let (mut union, mut always) = (Dict::default(), Dict::default());
        for (key, _) in dicts.iter().flat_map(|dict| dict.entries.iter()) {
            if union.entries.iter().any(|(other, _)| self.same(other, key, 4)) {
                continue;
            }
            let values: Vec<Obj> = dicts
                .iter()
                .filter_map(|dict| dict.entries.iter().find(|(other, _)| self.same(other, key, 4)))
                .map(|(_, value)| value.clone())
                .collect();
            let everywhere = values.len() == dicts.len();
            let value = join_values(self, values);
            if everywhere {
                always.entries.push((key.clone(), value.clone()));
            }
            union.entries.push((key.clone(), value));
        }
        union.others = dicts.iter().flat_map(|dict| dict.others.iter().cloned()).take(8).collect();
        vec![first, Cell::Dict(Rc::new(union)), Cell::Dict(Rc::new(always))]
    }

    /// One of several values, the default one first.
    pub(super) fn one_of(&self, values: Vec<Obj>) -> Obj {
        let mut distinct: Vec<Obj> = Vec::new();
        let mut add = |value: Obj| {
            if !distinct.iter().any(|other| self.same(other, &value, 14)) {
                distinct.push(value);
            }
        };
        for value in values {
            match value {
                Obj::OneOf(inner) => inner.iter().cloned().for_each(&mut add),
                other => add(other),
            }
        }
        match distinct.len() {
            1 => distinct.remove(0),
            0 => Obj::None,
            len if len > MOST_VALUES => {
                let assumed = distinct[0].assumed();
                Obj::unknown_assumed("one of too many values", Pos::default(), &distinct, assumed)
            }
            _ => Obj::one_of(distinct),
        }
    }

    /// Tells whether two objects are alike as far as `depth` levels show. Never says so of what is merely unknown.
    pub(super) fn same(&self, a: &Obj, b: &Obj, depth: u8) -> bool {
        let Some(depth) = depth.checked_sub(1).filter(|_| limits::work(1)) else { return false };
        let all =
            |a: &[Obj], b: &[Obj]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.same(a, b, depth));
        match (a, b) {
            (Obj::None, Obj::None) => true,
            (Obj::Bool(a), Obj::Bool(b)) => a == b,
            (Obj::Int(a), Obj::Int(b)) => a == b,
            (Obj::Float(a), Obj::Float(b)) => a.to_bits() == b.to_bits(),
            (Obj::Str(a), Obj::Str(b)) => a.len() == b.len() && limits::reading(a.len()) && a == b,
            (Obj::External(a), Obj::External(b)) => a == b,
            (Obj::Path(a), Obj::Path(b)) => a == b,
            (Obj::Tuple(a), Obj::Tuple(b)) => Rc::ptr_eq(a, b) || all(&a.items, &b.items),
            (Obj::Text(a), Obj::Text(b)) => Rc::ptr_eq(a, b) || all(a, b),
            (Obj::List(a), Obj::List(b)) | (Obj::Set(a), Obj::Set(b)) | (Obj::Dict(a), Obj::Dict(b)) => {
                a == b || self.same_cell(self.contents_of(*a), self.contents_of(*b), depth)
            }
            (Obj::Env(a), Obj::Env(b)) => {
                a.name == b.name
                    && a.cast == b.cast
                    && match (&a.default, &b.default) {
                        (None, None) => true,
                        (Some(a), Some(b)) => self.same(a, b, depth),
                        _ => false,
                    }
            }
            (Obj::Secret(a), Obj::Secret(b)) => a.path == b.path && a.key == b.key,
            (Obj::Unknown(a), Obj::Unknown(b)) => Rc::ptr_eq(a, b),
            (Obj::OneOf(a), Obj::OneOf(b)) => Rc::ptr_eq(a, b) || all(a, b),
            (Obj::Made(a), Obj::Made(b)) => Rc::ptr_eq(a, b),
            (Obj::Method(a), Obj::Method(b)) => a.1 == b.1 && self.same(&a.0, &b.0, depth),
            (Obj::Function(a), Obj::Function(b))
            | (Obj::Class(a), Obj::Class(b))
            | (Obj::Instance(a), Obj::Instance(b))
            | (Obj::Names(a), Obj::Names(b))
            | (Obj::Module(a), Obj::Module(b)) => a == b,
            _ => false,
        }
    }

    fn same_cell(&self, a: &Cell, b: &Cell, depth: u8) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        match (a, b) {
            (Cell::List(a), Cell::List(b)) => {
                Rc::ptr_eq(a, b)
                    || a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| self.same(a, b, depth))
            }
            (Cell::Dict(a), Cell::Dict(b)) => {
                Rc::ptr_eq(a, b)
                    || a.others.len() == b.others.len()
                        && a.entries.len() == b.entries.len()
                        && a.entries
                            .iter()
                            .zip(&b.entries)
                            .all(|((ka, va), (kb, vb))| self.same(ka, kb, depth) && self.same(va, vb, depth))
            }
            (Cell::OneOf(a), Cell::OneOf(b)) => {
                Rc::ptr_eq(a, b)
                    || a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| self.same_cell(a, b, depth))
            }
            _ => false,
        }
    }
}
