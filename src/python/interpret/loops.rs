//! Loops, over what is known; what is not known is gone through once, perhaps.

use ruff_python_ast::{StmtFor, StmtWhile};

use super::Interp;
use super::heap::Cell;
use super::limits;
use super::object::Obj;
use super::source::Pos;
use super::statements::{Ended, Flow};

/// Rounds of a `while` whose test stays true.
const MOST_ROUNDS: usize = 2000;

impl<'a> Interp<'a> {
    pub(super) fn for_statement(&mut self, each: &'a StmtFor) -> Ended {
        let iterable = self.eval(&each.iter)?;
        let pos = self.pos(each);
        let Some(items) = self.sequence(&iterable) else {
            if let Some(alternatives) = self.sequences(&iterable) {
                return self.for_alternatives(each, &iterable, alternatives);
            }
            let item = self.any_item(&iterable, pos);
            return self.perhaps(&iterable, |interp| {
                interp.assign(&each.target, item, pos)?;
                interp.execute(&each.body)
            });
        };
        self.for_items(each, &items)
    }

    fn for_items(&mut self, each: &'a StmtFor, items: &[Obj]) -> Ended {
        let pos = self.pos(each);
        for item in items {
            if !self.step() {
                return Ok(Flow::Next);
            }
            self.assign(&each.target, item.clone(), pos)?;
            match self.execute(&each.body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                Flow::Return(value) => return Ok(Flow::Return(value)),
            }
        }
        self.execute(&each.orelse)
    }

    /// One of several known sequences: each is gone through in a branch of its own.
    fn for_alternatives(&mut self, each: &'a StmtFor, test: &Obj, alternatives: Vec<Vec<Obj>>) -> Ended {
        let Some((first, others)) = alternatives.split_first() else { return Ok(Flow::Next) };
        if others.is_empty() {
            return self.for_items(each, first);
        }
        // Which one it is depends on what the iterable depends on, not on whether that is set.
        let test = Obj::unknown_assumed(
            "which items",
            self.pos(each),
            std::slice::from_ref(test),
            Some(Obj::Bool(true)),
        );
        let others = others.to_vec();
        let yes = self.branch(&test, true, |interp| interp.for_items(each, first));
        let no = self.branch(&test, false, |interp| interp.for_alternatives(each, &test, others));
        match (&yes.ended, &no.ended) {
            (Ok(Flow::Return(a)), Ok(Flow::Return(b))) => {
                let value = self.either(&test, a.clone(), b.clone());
                self.join(&test, yes, no, true);
                Ok(Flow::Return(value))
            }
            (Err(_), _) => self.follow(no),
            (_, Err(_)) => self.follow(yes),
            _ => {
                self.join(&test, yes, no, true);
                Ok(Flow::Next)
            }
        }
    }

    pub(super) fn while_statement(&mut self, repeat: &'a StmtWhile) -> Ended {
        for _ in 0..MOST_ROUNDS {
            if !self.step() {
                return Ok(Flow::Next);
            }
            let test = self.eval(&repeat.test)?;
            match self.truth(&test) {
                Some(false) => return self.execute(&repeat.orelse),
                Some(true) => match self.execute(&repeat.body)? {
                    Flow::Next | Flow::Continue => {}
                    Flow::Break => return Ok(Flow::Next),
                    Flow::Return(value) => return Ok(Flow::Return(value)),
                },
                None => return self.perhaps(&test, |interp| interp.execute(&repeat.body)),
            }
        }
        Ok(Flow::Next)
    }

    /// The items of what can be gone through, where all of them are there for certain.
    pub(super) fn sequence(&mut self, obj: &Obj) -> Option<Vec<Obj>> {
        if limits::exhausted() {
            return None;
        }
        let items = self.items_of(obj)?;
        limits::work(items.len());
        Some(items)
    }

    fn items_of(&mut self, obj: &Obj) -> Option<Vec<Obj>> {
        Some(match obj {
            Obj::Tuple(tuple) => tuple.items.clone(),
            Obj::List(cell) | Obj::Set(cell) => self.heap.items(*cell)?.to_vec(),
            Obj::Dict(cell) => {
                let dict = self.heap.entries(*cell)?;
                dict.entries.iter().map(|(key, _)| key.clone()).collect()
            }
            Obj::Str(text) => text.chars().take(10_000).map(|letter| Obj::str(letter.to_string())).collect(),
            Obj::Names(space) => self.heap.names(*space).keys().map(Obj::str).collect(),
            Obj::Class(class) => self.enum_members(*class)?,
            // What Django's commands and servers are started with.
            Obj::External(dotted) if &**dotted == "sys.argv" => {
                let runs = Some(Obj::str("runserver"));
                let argument = Obj::unknown_assumed(super::calls::ARGUMENT, Pos::default(), &[], runs);
                vec![Obj::str("manage.py"), argument]
            }
            Obj::External(dotted) if super::environment::is_environ(dotted) => {
                self.whole_environment()?.into_iter().map(|(name, _)| name).collect()
            }
            Obj::Made(made) if matches!(&*made.class, super::object::PARSER | super::object::SECTION) => {
                let inside = made.args.first()?.clone();
                return self.items_of(&inside);
            }
            // `__iter__` may give the object itself.
            Obj::Instance(instance) => return self.deeper(|interp| interp.instance_items(*instance))?,
            _ => return None,
        })
    }

    /// The alternatives of what can be gone through, the default one first; a few at most.
    pub(super) fn sequences(&mut self, obj: &Obj) -> Option<Vec<Vec<Obj>>> {
        if limits::exhausted() {
            return None;
        }
        let mut found = Vec::new();
        match obj {
            Obj::OneOf(alternatives) => {
                for alternative in alternatives.iter() {
                    found.push(self.sequence(alternative)?);
                }
            }
            Obj::List(cell) | Obj::Set(cell) | Obj::Dict(cell) => {
                for contents in self.heap.contents(*cell) {
                    found.push(match contents {
                        Cell::List(items) => items.to_vec(),
                        Cell::Dict(dict) => dict.entries.iter().map(|(key, _)| key.clone()).collect(),
                        Cell::OneOf(_) => return None,
                    });
                }
            }
            _ => return None,
        }
        for items in &found {
            limits::work(items.len());
        }
        (found.len() <= 8).then_some(found)
    }

    /// An item of something whose items are not known.
    pub(super) fn any_item(&self, iterable: &Obj, pos: Pos) -> Obj {
        Obj::unknown("an item of something that is not known", pos, std::slice::from_ref(iterable))
    }
}
