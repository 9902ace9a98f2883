//! Comprehensions and generator expressions.

use ruff_python_ast::{Comprehension, Expr, ExprDictComp};

use super::object::{Exception, Obj};
use super::{Interp, Outcome};

/// The product of each round.
#[derive(Clone, Copy)]
enum Product<'a> {
    Item(&'a Expr),
    Entry(&'a Expr, &'a Expr),
}

#[derive(Default)]
struct Products {
    items: Vec<Obj>,
    entries: Vec<(Obj, Obj)>,
    /// Filters that were not decided, and whether they hold by default.
    open: Vec<Obj>,
    /// Positions in `items` or `entries` that are not there by default.
    doubtful: Vec<usize>,
    /// Something that was gone through is not known.
    unknown: Vec<Obj>,
    /// Only what happens by default is wanted.
    assuming: bool,
}

impl<'a> Interp<'a> {
    /// The items; `Ok(Err(unknown))` where what is gone through is not known.
    pub(super) fn comprehend(
        &mut self,
        generators: &'a [Comprehension],
        item: &'a Expr,
    ) -> Result<Result<Vec<Obj>, Obj>, Box<Exception>> {
        let pos = self.pos(item);
        let made = self.in_own_scope(generators, Product::Item(item), Products::default())?;
        if !made.unknown.is_empty() {
            let parts: Vec<Obj> = made.unknown.iter().chain(&made.items).cloned().collect();
            let assumed = self.assumed_comprehension(generators, Product::Item(item));
            let assumed = assumed.and_then(|made| {
                let items: Option<Vec<Obj>> = made.items.iter().map(Obj::assumed).collect();
                Some(Obj::List(self.heap.list(items?)))
            });
            return Ok(Err(Obj::unknown_assumed("made from items that are not known", pos, &parts, assumed)));
        }
        if made.doubtful.is_empty() {
            return Ok(Ok(made.items));
        }
        let by_default: Vec<Obj> = made
            .items
            .iter()
            .enumerate()
            .filter(|(at, _)| !made.doubtful.contains(at))
            .map(|(_, item)| item.clone())
            .collect();
        let first = Obj::List(self.heap.list(by_default));
        let second = Obj::List(self.heap.list(made.items));
        Ok(Err(self.heap.one_of(vec![first, second])))
    }

    pub(super) fn comprehend_dict(&mut self, comp: &'a ExprDictComp) -> Outcome {
        let pos = self.pos(comp);
        let Some(key) = &comp.key else { return Ok(Obj::unknown("a dict comprehension", pos, &[])) };
        let made =
            self.in_own_scope(&comp.generators, Product::Entry(key, &comp.value), Products::default())?;
        if !made.unknown.is_empty() {
            let assumed = self.assumed_comprehension(&comp.generators, Product::Entry(key, &comp.value));
            let assumed = assumed.and_then(|made| {
                let entries: Option<Vec<_>> = made
                    .entries
                    .iter()
                    .map(|(key, value)| Some((key.assumed()?, value.assumed()?)))
                    .collect();
                Some(Obj::Dict(self.heap.dict(entries?)))
            });
            return Ok(Obj::unknown_assumed(
                "made from items that are not known",
                pos,
                &made.unknown,
                assumed,
            ));
        }
        let dict = Obj::Dict(self.heap.dict(Vec::new()));
        for (key, value) in made.entries {
            self.set_item(&dict, &key, value, pos)?;
        }
        if let Obj::Dict(cell) = dict {
            self.heap.fresh(cell);
        }
        Ok(dict)
    }

    /// Evaluates the comprehension over the default of what is gone through.
    fn assumed_comprehension(
        &mut self,
        generators: &'a [Comprehension],
        product: Product<'a>,
    ) -> Option<Products> {
        let (failures, conditional) = (self.failures.len(), self.conditional.len());
        self.heap.begin();
        let made = self.in_own_scope(generators, product, Products { assuming: true, ..Products::default() });
        let _ = self.heap.take_back();
        self.failures.truncate(failures);
        self.conditional.truncate(conditional);
        made.ok().filter(|made| made.unknown.is_empty())
    }

    fn in_own_scope(
        &mut self,
        generators: &'a [Comprehension],
        product: Product<'a>,
        mut made: Products,
    ) -> Result<Products, Box<Exception>> {
        let space = self.heap.space();
        let Some(frame) = self.frames.last_mut() else { return Ok(made) };
        let outer = std::mem::replace(&mut frame.locals, space);
        frame.enclosing.insert(0, outer);
        let done = self.rounds(generators, product, &mut made);
        if let Some(frame) = self.frames.last_mut() {
            frame.enclosing.remove(0);
            frame.locals = outer;
        }
        done.map(|()| made)
    }

    fn rounds(
        &mut self,
        generators: &'a [Comprehension],
        product: Product<'a>,
        made: &mut Products,
    ) -> Result<(), Box<Exception>> {
        let Some((generator, inner)) = generators.split_first() else {
            match product {
                Product::Item(item) => {
                    let value = self.eval(item)?;
                    made.items.push(value);
                }
                Product::Entry(key, value) => {
                    let entry = (self.eval(key)?, self.eval(value)?);
                    made.entries.push(entry);
                }
            }
            return Ok(());
        };
        let iterable = self.eval(&generator.iter)?;
        let iterable = if made.assuming { iterable.assumed().unwrap_or(iterable) } else { iterable };
        let pos = self.pos(&generator.target);
        let items = match self.sequence(&iterable) {
            Some(items) => items,
            None => match self.sequences(&iterable) {
                // The richest alternative stands for all.
                Some(alternatives) => alternatives.into_iter().max_by_key(Vec::len).unwrap_or_default(),
                None => {
                    made.unknown.push(iterable.clone());
                    vec![self.any_item(&iterable, pos)]
                }
            },
        };
        for item in items {
            if !self.step() {
                return Ok(());
            }
            self.assign(&generator.target, item, pos)?;
            let mut doubtful = false;
            let mut kept = true;
            for filter in &generator.ifs {
                let test = self.eval(filter)?;
                let truth = if made.assuming { self.assumed_truth(&test) } else { self.truth(&test) };
                match truth {
                    Some(true) => {}
                    Some(false) => {
                        kept = false;
                        break;
                    }
                    None => {
                        doubtful |= self.assumed_truth(&test) == Some(false);
                        made.open.push(test);
                    }
                }
            }
            if kept {
                let before = made.items.len();
                self.rounds(inner, product, made)?;
                if doubtful {
                    made.doubtful.extend(before..made.items.len());
                }
            }
        }
        Ok(())
    }
}
