//! Everything that can change, with a journal: a branch can be evaluated, taken back, and joined with another.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::limits;
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
    /// The value of a missing key (`defaultdict`, a file of secrets that is not there).
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
pub(super) enum Slot {
    Cell(usize),
    Name(usize, Name),
}

#[derive(Clone, Debug)]
pub(super) enum Held {
    Cell(Cell, Pos, u64),
    Name(Option<Binding>),
}

/// The changes of a branch.
pub(super) type Delta = BTreeMap<Slot, Held>;

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
}

/// The old values of what was changed since it was begun, leaving out what was made since.
#[derive(Debug, Default)]
struct JournalFrame {
    old: Delta,
    cells: usize,
    spaces: usize,
}

/// Alternatives of one list or dict that are kept apart.
pub(super) const MOST_ALTERNATIVES: usize = 8;
/// Alternatives of one name that are kept apart.
pub(super) const MOST_VALUES: usize = 16;

impl Heap {
    pub(super) fn list(&mut self, items: Vec<Obj>) -> usize {
        self.cell(Cell::List(Rc::new(items)))
    }

    pub(super) fn dict(&mut self, entries: Vec<(Obj, Obj)>) -> usize {
        self.cell(Cell::Dict(Rc::new(Dict { entries, ..Dict::default() })))
    }

    pub(super) fn cell(&mut self, cell: Cell) -> usize {
        limits::values(size(&cell) + 2);
        self.cells.push(CellRow { cell, pos: Pos::default(), at: 0 });
        self.cells.len() - 1
    }

    pub(super) fn space(&mut self) -> usize {
        limits::values(4);
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
        // A name takes the same room whatever is bound to it, also where it is bound anew: the journal keeps the old.
        limits::values(4);
        let old = match binding {
            Some(binding) => self.spaces[space].insert(name.clone(), binding),
            None => self.spaces[space].remove(name),
        };
        if let Some(frame) = self.journal.last_mut()
            && space < frame.spaces
        {
            frame.old.entry(Slot::Name(space, name.clone())).or_insert(Held::Name(old));
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

    /// Returns the position and time of a cell's last change, if it was changed since it was made.
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
        // What is shared, with a branch or another list, is copied before it is changed.
        if is_shared(&row.cell) {
            limits::values(before);
        }
        limits::work(1 + before / 64);
        match &mut row.cell {
            Cell::OneOf(alternatives) => Rc::make_mut(alternatives).iter_mut().for_each(change),
            one => change(one),
        }
        (row.pos, row.at) = (pos, at);
        limits::values(size(&row.cell).saturating_sub(before) + 1);
    }

    fn remember(&mut self, cell: usize) {
        if let Some(frame) = self.journal.last_mut()
            && cell < frame.cells
        {
            let row = &self.cells[cell];
            frame
                .old
                .entry(Slot::Cell(cell))
                .or_insert_with(|| Held::Cell(row.cell.clone(), row.pos, row.at));
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
            match (key, held) {
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

    /// Undoes every change that is still remembered.
    pub(super) fn take_all_back(&mut self) {
        while !self.journal.is_empty() {
            self.take_back();
        }
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

    pub(super) fn current(&self, key: &Slot) -> Held {
        match key {
            Slot::Cell(cell) => {
                let row = &self.cells[*cell];
                Held::Cell(row.cell.clone(), row.pos, row.at)
            }
            Slot::Name(space, name) => Held::Name(self.spaces[*space].get(name).cloned()),
        }
    }

    /// Returns the contents of a cell, alternatives as they are.
    pub(super) fn contents_of(&self, cell: usize) -> &Cell {
        &self.cells[cell].cell
    }

    pub(super) fn put(&mut self, key: Slot, held: Held) {
        match (key, held) {
            (Slot::Cell(cell), Held::Cell(contents, pos, at)) => {
                self.remember(cell);
                let row = &mut self.cells[cell];
                (row.cell, row.pos, row.at) = (contents, pos, at);
            }
            (Slot::Name(space, name), Held::Name(binding)) => self.set_name(space, &name, binding),
            _ => {}
        }
    }
}

fn is_shared(cell: &Cell) -> bool {
    match cell {
        Cell::List(items) => Rc::strong_count(items) > 1,
        Cell::Dict(dict) => Rc::strong_count(dict) > 1,
        Cell::OneOf(alternatives) => Rc::strong_count(alternatives) > 1 || alternatives.iter().any(is_shared),
    }
}

fn size(cell: &Cell) -> usize {
    match cell {
        Cell::List(items) => items.len() + 1,
        Cell::Dict(dict) => dict.entries.len() * 2 + dict.others.len() + 1,
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
        limits::values(size(&joined));
        let row = &mut self.cells[cell];
        (row.cell, row.pos, row.at) = (joined, pos, at);
    }
}
