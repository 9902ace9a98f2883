//! Adding the items of one list or dict to another.

use super::Interp;
use super::heap::Cell;
use super::limits;
use super::object::{Exception, Obj};
use super::source::Pos;
use crate::python::value::Cast;

/// The fallback of a dict that was laid over the environment.
pub(super) const OVER_ENVIRONMENT: &str = "os.environ over a dict";

impl Interp<'_> {
    /// `owner.update(other)`, `{**owner, **other}`.
    pub(super) fn update(&mut self, owner: &Obj, other: &Obj, pos: Pos) -> Result<(), Box<Exception>> {
        match other {
            Obj::None => {}
            Obj::Names(space) => {
                let names: Vec<_> = self
                    .heap
                    .names(*space)
                    .iter()
                    .map(|(name, binding)| (name.clone(), binding.value.clone()))
                    .collect();
                for (name, value) in names {
                    self.set_item(owner, &Obj::Str(name), value, pos)?;
                }
            }
            Obj::Dict(cell) => {
                let mut alternatives = self.heap.contents(*cell);
                if alternatives.len() == 1
                    && let Cell::Dict(dict) = alternatives.remove(0)
                {
                    for (key, value) in &dict.entries {
                        self.set_item(owner, key, value.clone(), pos)?;
                    }
                    self.add_others(owner, &dict.others, dict.fallback.as_ref(), pos);
                } else {
                    return self.update_one_of(owner, *cell, pos);
                }
            }
            Obj::Made(made) if matches!(&*made.class, super::object::PARSER | super::object::SECTION) => {
                if let Some(inside) = made.args.first() {
                    return self.update(owner, &inside.clone(), pos);
                }
            }
            Obj::Set(_) => {
                for item in self.sequence(other).unwrap_or_default() {
                    self.add_to_set(owner, item, pos);
                }
            }
            Obj::List(_) | Obj::Tuple(_) => {
                for pair in self.sequence(other).unwrap_or_default() {
                    if let Some([key, value]) = self.sequence(&pair).as_deref() {
                        self.set_item(owner, key, value.clone(), pos)?;
                    }
                }
            }
            // `vars().update(env.email_url())`
            Obj::Env(env) if env.cast == Cast::EmailUrl => {
                let parts = self.parts_of_url(other, super::urls::EMAIL_KEYS, pos)?;
                self.update(owner, &parts, pos)?;
            }
            Obj::External(dotted) if super::environment::is_environ(dotted) => {
                self.add_environment(owner, pos)?;
            }
            Obj::Instance(instance) => {
                if let Some(data) = self.instances[*instance].data.clone() {
                    return self.update(owner, &data, pos);
                }
            }
            Obj::OneOf(alternatives) => {
                let alternatives = alternatives.clone();
                let values = self.merged(owner, &alternatives, pos)?;
                self.replace(owner, values, pos);
            }
            Obj::Secret(secret) => {
                self.note_table(&secret.clone());
                self.add_others(owner, &[], Some(other), pos);
            }
            // `{**env.db_url(), "ATOMIC_REQUESTS": True}`
            url => match super::urls::certain_keys(url, &self.heap) {
                Some(keys) => {
                    let parts = self.parts_of_url(url, keys, pos)?;
                    self.update(owner, &parts, pos)?;
                }
                None => self.add_others(owner, std::slice::from_ref(url), None, pos),
            },
        }
        Ok(())
    }

    /// `{**values, **os.environ}`: what is set goes over what was there, and what was not there has to be set.
    fn add_environment(&mut self, owner: &Obj, pos: Pos) -> Result<(), Box<Exception>> {
        for (name, value) in self.whole_environment().unwrap_or_default() {
            self.set_item(owner, &name, value, pos)?;
        }
        if let Obj::Dict(cell) = owner {
            self.heap.change_dict(*cell, pos, |dict| {
                let before = dict.fallback.take().into_iter().collect();
                dict.fallback = Some(Obj::made(OVER_ENVIRONMENT, before, Vec::new(), pos));
            });
        }
        Ok(())
    }

    /// Tells whether the environment alone can bring a key of a dict.
    pub(super) fn is_left_to_environment(&self, cell: usize, key: &Obj) -> bool {
        self.heap.entries(cell).is_some_and(|dict| {
            let over = matches!(&dict.fallback, Some(Obj::Made(made)) if &*made.class == OVER_ENVIRONMENT);
            over && key.as_str().is_some()
                && !dict.entries.iter().any(|(other, _)| other.as_str() == key.as_str())
        })
    }

    fn add_others(&mut self, owner: &Obj, others: &[Obj], fallback: Option<&Obj>, pos: Pos) {
        if let Obj::Dict(cell) = owner
            && !(others.is_empty() && fallback.is_none())
        {
            // Of two files of variables, the one that is there says what they are.
            let there = match fallback {
                Some(Obj::Secret(secret)) => self.files.get(secret.file).is_some_and(|row| row.exists),
                _ => false,
            };
            self.heap.change_dict(*cell, pos, |dict| {
                dict.others.extend(others.iter().take(64).cloned());
                dict.others.truncate(64);
                if dict.fallback.is_none() || there {
                    dict.fallback = fallback.cloned();
                }
            });
        }
    }

    /// Merges the alternatives of a dict one by one, each into a copy.
    fn merged(&mut self, owner: &Obj, alternatives: &[Obj], pos: Pos) -> Result<Vec<Cell>, Box<Exception>> {
        let mut merged = Vec::new();
        for alternative in alternatives.iter().take(8) {
            let copy = self.copy_dict(owner);
            self.update(&copy, alternative, pos)?;
            if let Obj::Dict(cell) = copy {
                merged.extend(self.heap.contents(cell));
            }
        }
        Ok(merged)
    }

    fn update_one_of(&mut self, owner: &Obj, other: usize, pos: Pos) -> Result<(), Box<Exception>> {
        let mut alternatives = Vec::new();
        for contents in self.heap.contents(other) {
            alternatives.push(Obj::Dict(self.heap.cell(contents)));
        }
        let merged = self.merged(owner, &alternatives, pos)?;
        self.replace(owner, merged, pos);
        Ok(())
    }

    fn replace(&mut self, owner: &Obj, mut cells: Vec<Cell>, pos: Pos) {
        cells.truncate(16);
        if let Obj::Dict(cell) = owner
            && !cells.is_empty()
        {
            self.heap.replace(*cell, cells, pos);
        }
    }

    pub(super) fn copy_dict(&mut self, dict: &Obj) -> Obj {
        match dict {
            Obj::Dict(cell) => {
                let contents = self.heap.contents(*cell);
                let copy = self.heap.dict(Vec::new());
                self.heap.replace(copy, contents, Pos::default());
                self.heap.fresh(copy);
                Obj::Dict(copy)
            }
            other => other.clone(),
        }
    }

    /// `list.extend(value)`, `list += value`.
    pub(super) fn extend_list(&mut self, list: usize, value: &Obj, pos: Pos) {
        let alternatives = self.alternatives_of(value);
        if let [items] = alternatives.as_slice() {
            let items = items.clone();
            self.heap.change_list(list, pos, |list| {
                if list.len() + items.len() < super::operators::LONGEST_LIST {
                    list.extend(items.iter().cloned());
                }
            });
            return;
        }
        let before = self.heap.contents(list);
        let mut after = Vec::new();
        for cell in before {
            if let Cell::List(before) = cell {
                for items in &alternatives {
                    let most =
                        before.len() + items.len() < super::operators::LONGEST_LIST && after.len() < 16;
                    if !most || !limits::values(before.len() + items.len()) {
                        break;
                    }
                    let mut all = before.to_vec();
                    all.extend(items.iter().cloned());
                    after.push(Cell::List(all.into()));
                }
            }
        }
        if !after.is_empty() {
            self.heap.replace(list, after, pos);
        }
    }

    pub(super) fn add_to_set(&mut self, set: &Obj, item: Obj, pos: Pos) {
        if let Obj::Set(cell) = set {
            let known = self.sequence(set).unwrap_or_default();
            if !known.iter().any(|other| self.heap.same(other, &item, 6)) {
                self.heap.change_list(*cell, pos, |items| items.push(item.clone()));
            }
        }
    }
}
