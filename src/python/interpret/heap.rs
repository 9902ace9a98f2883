//! Everything that can change, with a journal: a branch can be evaluated, taken back, and joined with another.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::object::{Name, Obj};
use super::source::Pos;

/// The contents of a list, set or dict.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    List(Rc<Vec<Obj>>),
    Dict(Rc<Dict>),
    /// The branches of a test that was not decided; the first is the one taken by default.
    OneOf(Rc<Vec<Cell>>),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Dict {
    pub(super) entries: Vec<(Obj, Obj)>,
    /// It may hold more: `{**unknown}`, `d[unknown] = x`.
    pub(super) others: Vec<Obj>,
    /// What a missing key gives (`defaultdict`, a file of secrets that is not there).
    pub(super) fallback: Option<Obj>,
}

/// A name and what it is bound to.
#[derive(Clone, Debug)]
pub(super) struct Binding {
    pub(super) value: Obj,
    pub(super) pos: Pos,
    pub(super) at: u64,
    pub(super) presence: Bound,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    Always,
    Assumed,
    Elsewhere,
}

pub(super) type Space = BTreeMap<Name, Binding>;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    Cell(usize),
    Name(usize, Name),
}

#[derive(Clone, Debug)]
enum Held {
    Cell(Cell, Pos, u64),
    Name(Option<Binding>),
}

/// What a branch changed.
pub(super) type Delta = BTreeMap<SlotKey, HeldValue>;
/// Opaque to others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SlotKey(Slot);
#[derive(Clone, Debug)]
pub(super) struct HeldValue(Held);

#[derive(Debug)]
struct CellRow {
    cell: Cell,
    pos: Pos,
    at: u64,
}

#[derive(Debug, Default)]
pub(super) struct Heap {
    cells: Vec<CellRow>,
    spaces: Vec<Space>,
    journal: Vec<JournalFrame>,
    clock: u64,
    /// Items allocated so far.
    pub(super) spent: usize,
}

/// The old values of what was changed since it was begun, leaving out what was made since.
#[derive(Debug, Default)]
struct JournalFrame {
    old: Delta,
    cells: usize,
    spaces: usize,
}

/// Alternatives of one list or dict that are kept apart.
const MOST_ALTERNATIVES: usize = 8;
/// Alternatives of one name that are kept apart.
const MOST_VALUES: usize = 16;

impl Heap {
    pub(super) fn list(&mut self, items: Vec<Obj>) -> usize {
        self.cell(Cell::List(Rc::new(items)))
    }

    pub(super) fn dict(&mut self, entries: Vec<(Obj, Obj)>) -> usize {
        self.cell(Cell::Dict(Rc::new(Dict { entries, ..Dict::default() })))
    }

    pub(super) fn cell(&mut self, cell: Cell) -> usize {
        self.spent += size(&cell);
        self.cells.push(CellRow { cell, pos: Pos::default(), at: 0 });
        self.cells.len() - 1
    }

    pub(super) fn space(&mut self) -> usize {
        self.spent += 4;
        self.spaces.push(Space::new());
        self.spaces.len() - 1
    }

    pub(super) fn names(&self, space: usize) -> &Space {
        &self.spaces[space]
    }

    pub(super) fn get(&self, space: usize, name: &str) -> Option<&Binding> {
        self.spaces[space].get(name)
    }

    pub(super) fn bind(&mut self, space: usize, name: &Name, value: Obj, pos: Pos) {
        self.clock += 1;
        let at = self.clock;
        self.set_name(space, name, Some(Binding { value, pos, at, presence: Bound::Always }));
    }

    pub(super) fn unbind(&mut self, space: usize, name: &Name) {
        self.set_name(space, name, None);
    }

    fn set_name(&mut self, space: usize, name: &Name, binding: Option<Binding>) {
        let old = match binding {
            Some(binding) => self.spaces[space].insert(name.clone(), binding),
            None => self.spaces[space].remove(name),
        };
        if let Some(frame) = self.journal.last_mut()
            && space < frame.spaces
        {
            frame.old.entry(SlotKey(Slot::Name(space, name.clone()))).or_insert(HeldValue(Held::Name(old)));
        }
    }

    /// Binds as in another scope: with its place and presence.
    pub(super) fn bind_as(&mut self, space: usize, name: &Name, binding: Binding) {
        self.clock += 1;
        let at = self.clock;
        self.set_name(space, name, Some(Binding { at, ..binding }));
    }

    /// The contents of a cell, an alternative at a time, the default one first.
    pub(super) fn contents(&self, cell: usize) -> Vec<Cell> {
        match &self.cells[cell].cell {
            Cell::OneOf(alternatives) => alternatives.to_vec(),
            one => vec![one.clone()],
        }
    }

    /// The items of a list or set whose contents are certain.
    pub(super) fn items(&self, cell: usize) -> Option<Rc<Vec<Obj>>> {
        if let Cell::List(items) = &self.cells[cell].cell { Some(items.clone()) } else { None }
    }

    pub(super) fn entries(&self, cell: usize) -> Option<Rc<Dict>> {
        if let Cell::Dict(dict) = &self.cells[cell].cell { Some(dict.clone()) } else { None }
    }

    /// Where and when a cell was last changed, if it was since it was made.
    pub(super) fn changed(&self, cell: usize) -> Option<(Pos, u64)> {
        let row = &self.cells[cell];
        (row.at > 0).then_some((row.pos, row.at))
    }

    pub(super) fn change_list(&mut self, cell: usize, pos: Pos, mut change: impl FnMut(&mut Vec<Obj>)) {
        self.change(cell, pos, &mut |cell| {
            if let Cell::List(items) = cell {
                change(Rc::make_mut(items));
            }
        });
    }

    pub(super) fn change_dict(&mut self, cell: usize, pos: Pos, mut change: impl FnMut(&mut Dict)) {
        self.change(cell, pos, &mut |cell| {
            if let Cell::Dict(dict) = cell {
                change(Rc::make_mut(dict));
            }
        });
    }

    fn change(&mut self, cell: usize, pos: Pos, change: &mut dyn FnMut(&mut Cell)) {
        self.remember(cell);
        self.clock += 1;
        let at = self.clock;
        let row = &mut self.cells[cell];
        let before = size(&row.cell);
        match &mut row.cell {
            Cell::OneOf(alternatives) => Rc::make_mut(alternatives).iter_mut().for_each(change),
            one => change(one),
        }
        (row.pos, row.at) = (pos, at);
        self.spent += size(&row.cell).saturating_sub(before) + 1;
    }

    fn remember(&mut self, cell: usize) {
        if let Some(frame) = self.journal.last_mut()
            && cell < frame.cells
        {
            let row = &self.cells[cell];
            frame
                .old
                .entry(SlotKey(Slot::Cell(cell)))
                .or_insert_with(|| HeldValue(Held::Cell(row.cell.clone(), row.pos, row.at)));
        }
    }

    /// From here on changes are remembered, until [`Heap::take_back`] or [`Heap::keep`].
    pub(super) fn begin(&mut self) {
        let (cells, spaces) = (self.cells.len(), self.spaces.len());
        self.journal.push(JournalFrame { old: Delta::new(), cells, spaces });
    }

    /// Undoes everything since [`Heap::begin`] and returns it.
    pub(super) fn take_back(&mut self) -> Delta {
        let mut delta = self.journal.pop().unwrap_or_default().old;
        for (key, held) in &mut delta {
            match (&key.0, &mut held.0) {
                (Slot::Cell(cell), Held::Cell(contents, pos, at)) => {
                    let row = &mut self.cells[*cell];
                    std::mem::swap(&mut row.cell, contents);
                    std::mem::swap(&mut row.pos, pos);
                    std::mem::swap(&mut row.at, at);
                }
                (Slot::Name(space, name), Held::Name(binding)) => {
                    let current = match binding.take() {
                        Some(old) => self.spaces[*space].insert(name.clone(), old),
                        None => self.spaces[*space].remove(name),
                    };
                    *binding = current;
                }
                _ => {}
            }
        }
        delta
    }

    /// Keeps everything since [`Heap::begin`].
    pub(super) fn keep(&mut self) {
        let Some(frame) = self.journal.pop() else { return };
        if let Some(outer) = self.journal.last_mut() {
            for (key, held) in frame.old {
                outer.old.entry(key).or_insert(held);
            }
        }
    }

    /// Does again what a branch did.
    pub(super) fn redo(&mut self, delta: Delta) {
        for (key, held) in delta {
            self.put(key, held);
        }
    }

    fn put(&mut self, key: SlotKey, held: HeldValue) {
        match (key.0, held.0) {
            (Slot::Cell(cell), Held::Cell(contents, pos, at)) => {
                self.remember(cell);
                let row = &mut self.cells[cell];
                (row.cell, row.pos, row.at) = (contents, pos, at);
            }
            (Slot::Name(space, name), Held::Name(binding)) => self.set_name(space, &name, binding),
            _ => {}
        }
    }

    /// Makes the state that is one of those that the branches lead to, the default one first.
    pub(super) fn join(&mut self, branches: Vec<Delta>, join_values: &dyn Fn(&Heap, Vec<Obj>) -> Obj) {
        let mut keys: Vec<SlotKey> = branches.iter().flat_map(|delta| delta.keys().cloned()).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let held: Vec<HeldValue> = branches
                .iter()
                .map(|delta| delta.get(&key).cloned().unwrap_or_else(|| self.current(&key)))
                .collect();
            let joined = self.join_held(held, join_values);
            self.put(key, joined);
        }
    }

    fn current(&self, key: &SlotKey) -> HeldValue {
        HeldValue(match &key.0 {
            Slot::Cell(cell) => {
                let row = &self.cells[*cell];
                Held::Cell(row.cell.clone(), row.pos, row.at)
            }
            Slot::Name(space, name) => Held::Name(self.spaces[*space].get(name).cloned()),
        })
    }

    fn join_held(&self, held: Vec<HeldValue>, join_values: &dyn Fn(&Heap, Vec<Obj>) -> Obj) -> HeldValue {
        let mut cells: Vec<Cell> = Vec::new();
        let mut last = (Pos::default(), 0);
        let mut bindings: Vec<Option<Binding>> = Vec::new();
        for one in held {
            match one.0 {
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
            return HeldValue(Held::Cell(self.join_cells(cells, join_values), last.0, last.1));
        }
        let first_bound = bindings.first().is_some_and(|binding| {
            binding.as_ref().is_some_and(|binding| binding.presence != Bound::Elsewhere)
        });
        let always = bindings
            .iter()
            .all(|binding| binding.as_ref().is_some_and(|binding| binding.presence == Bound::Always));
        let bound: Vec<Binding> = bindings.into_iter().flatten().collect();
        let Some(latest) = bound.iter().max_by_key(|binding| binding.at) else {
            return HeldValue(Held::Name(None));
        };
        let presence = match (always, first_bound) {
            (true, _) => Bound::Always,
            (false, true) => Bound::Assumed,
            (false, false) => Bound::Elsewhere,
        };
        let (pos, at) = (latest.pos, latest.at);
        let value = join_values(self, bound.into_iter().map(|binding| binding.value).collect());
        HeldValue(Held::Name(Some(Binding { value, pos, at, presence })))
    }

    fn join_cells(&self, cells: Vec<Cell>, join_values: &dyn Fn(&Heap, Vec<Obj>) -> Obj) -> Cell {
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
            _ => {
                let joined = Obj::OneOf(Rc::new(distinct.clone()));
                if super::object::depth(&joined) > super::object::DEEPEST {
                    return Obj::unknown("nested too deeply", Pos::default(), &distinct);
                }
                joined
            }
        }
    }

    /// Whether two objects are alike as far as `depth` levels show. Never says so of what is merely unknown.
    pub(super) fn same(&self, a: &Obj, b: &Obj, depth: u8) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let all =
            |a: &[Obj], b: &[Obj]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.same(a, b, depth));
        match (a, b) {
            (Obj::None, Obj::None) => true,
            (Obj::Bool(a), Obj::Bool(b)) => a == b,
            (Obj::Int(a), Obj::Int(b)) => a == b,
            (Obj::Float(a), Obj::Float(b)) => a.to_bits() == b.to_bits(),
            (Obj::Str(a), Obj::Str(b)) | (Obj::External(a), Obj::External(b)) => a == b,
            (Obj::Path(a), Obj::Path(b)) => a == b,
            (Obj::Tuple(a), Obj::Tuple(b)) => Rc::ptr_eq(a, b) || all(&a.items, &b.items),
            (Obj::Text(a), Obj::Text(b)) => Rc::ptr_eq(a, b) || all(a, b),
            (Obj::List(a), Obj::List(b)) | (Obj::Set(a), Obj::Set(b)) | (Obj::Dict(a), Obj::Dict(b)) => {
                a == b || self.same_cell(&self.cells[*a].cell, &self.cells[*b].cell, depth)
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

fn size(cell: &Cell) -> usize {
    match cell {
        Cell::List(items) => items.len() + 1,
        Cell::Dict(dict) => dict.entries.len() * 2 + 1,
        Cell::OneOf(alternatives) => alternatives.iter().map(size).sum(),
    }
}

impl Heap {
    /// A cell that was just filled counts as made, not as changed.
    pub(super) fn fresh(&mut self, cell: usize) {
        let row = &mut self.cells[cell];
        (row.pos, row.at) = (Pos::default(), 0);
    }
}

impl Heap {
    /// Puts other contents in a cell: one of several where there are more than one.
    pub(super) fn replace(&mut self, cell: usize, contents: Vec<Cell>, pos: Pos) {
        let joined = self.join_cells(contents, &|heap, values| heap.one_of(values));
        self.remember(cell);
        self.clock += 1;
        let at = self.clock;
        self.spent += size(&joined);
        let row = &mut self.cells[cell];
        (row.cell, row.pos, row.at) = (joined, pos, at);
    }
}
