//! `item in container`, and what a comparison with something untold is taken to be.

use super::heap::Cell;
use super::object::{Name, Obj};
use super::source::Pos;
use super::{Interp, Outcome};

/// Texts remembered of those that one variable is compared with.
pub(super) const MOST_COMPARED: usize = 32;

impl Interp<'_> {
    /// `item in container`.
    pub(super) fn contains(&mut self, container: &Obj, item: &Obj, pos: Pos) -> Outcome {
        match container {
            Obj::External(dotted) if super::environment::is_environ(dotted) => {
                return Ok(self.is_set(item, pos));
            }
            Obj::Made(made) if super::environment::is_reader(&made.class) => {
                return Ok(self.is_set(item, pos));
            }
            Obj::Dict(cell) if self.is_left_to_environment(*cell, item) => return Ok(self.is_set(item, pos)),
            Obj::Made(made) if matches!(&*made.class, super::object::PARSER | super::object::SECTION) => {
                let inside = made.args.first().cloned().unwrap_or(Obj::None);
                let of_section = &*made.class == super::object::SECTION;
                let item = match item {
                    Obj::Str(key) if of_section => Obj::str(key.to_lowercase()),
                    other => other.clone(),
                };
                return self.contains(&inside, &item, pos);
            }
            Obj::Made(made) if &*made.class == super::dynaconf::SETTINGS => {
                return Ok(self.dynaconf_has(made, item, pos));
            }
            // No stack runs tests: `"test" in sys.argv`, `"pytest" in sys.modules`.
            Obj::External(dotted)
                if matches!(&**dotted, "sys.argv" | "sys.modules")
                    && item.as_str().is_some_and(names_test_runner) =>
            {
                return Ok(Obj::Bool(false));
            }
            // `any("test" in argument for argument in sys.argv)`
            _ if is_argument(container) && item.as_str().is_some_and(names_test_runner) => {
                return Ok(Obj::Bool(false));
            }
            Obj::Tuple(_) | Obj::List(_) | Obj::Set(_)
                if is_argument(item) && self.are_test_runners(container) =>
            {
                return Ok(Obj::Bool(false));
            }
            Obj::Instance(instance) => {
                if let Some(found) = self.call_special(*instance, "__contains__", vec![item.clone()], pos)? {
                    return Ok(found);
                }
                if let Some(data) = self.instances[*instance].data.clone() {
                    return self.contains(&data, item, pos);
                }
            }
            _ => {}
        }
        self.note_comparison(item, container);
        self.note_optional(container, item);
        let holds =
            self.lift(&[container.clone(), item.clone()], "a test of membership", pos, &|interp, args| {
                interp.contains_known(&args[0], &args[1]).map(Obj::Bool)
            });
        let listed = matches!(container, Obj::Tuple(_) | Obj::List(_) | Obj::Set(_) | Obj::Dict(_));
        Ok(if listed && is_untold(item) { assumed_false(holds) } else { holds })
    }

    /// Tells whether all that a list holds is what tests are run with.
    pub(super) fn are_test_runners(&mut self, list: &Obj) -> bool {
        let items = self.sequence(list).unwrap_or_default();
        !items.is_empty() && items.iter().all(|item| item.as_str().is_some_and(names_test_runner))
    }

    /// Remembers the texts that a variable is compared with, or looked up among.
    pub(super) fn note_comparison(&mut self, asked: &Obj, with: &Obj) {
        if asked.is_known() {
            return;
        }
        let mut variables = Vec::new();
        super::measure::leaves(asked, &mut variables, 4);
        let text = |obj: &Obj| if let Obj::Str(text) = obj { Some(text.clone()) } else { None };
        let texts: Vec<Name> = match with {
            Obj::Str(text) => vec![text.clone()],
            Obj::Dict(cell) => self.heap.entries(*cell).map_or_else(Vec::new, |dict| {
                dict.entries.iter().filter_map(|(key, _)| text(key)).take(MOST_COMPARED).collect()
            }),
            _ => self.sequence(with).iter().flatten().filter_map(text).take(MOST_COMPARED).collect(),
        };
        for variable in &variables {
            let Obj::Env(env) = variable else { continue };
            let known = self.compared.entry(env.name.clone()).or_default();
            for text in &texts {
                if known.len() < MOST_COMPARED && !known.contains(text) {
                    known.push(text.clone());
                }
            }
        }
    }

    fn contains_known(&mut self, container: &Obj, item: &Obj) -> Option<bool> {
        match container {
            Obj::Str(text) => Some(text.contains(item.as_str()?)),
            Obj::Path(path) => Some(path.to_string().contains(item.as_str()?)),
            Obj::Names(space) => Some(self.heap.get(*space, item.as_str()?).is_some()),
            Obj::Dict(cell) => {
                let mut found = Vec::new();
                for contents in self.heap.contents(*cell) {
                    let Cell::Dict(dict) = contents else { return None };
                    let there =
                        dict.entries.iter().any(|(key, _)| self.equal_known(key, item, 6) == Some(true));
                    if !there && (!dict.others.is_empty() || dict.fallback.is_some()) {
                        return None;
                    }
                    found.push(there);
                }
                all_alike(&found)
            }
            Obj::Tuple(_) | Obj::List(_) | Obj::Set(_) => {
                let alternatives = match self.sequence(container) {
                    Some(items) => vec![items],
                    None => self.sequences(container)?,
                };
                let mut found = Vec::new();
                for items in alternatives {
                    let mut open = false;
                    let mut there = false;
                    for other in &items {
                        match self.equal_known(other, item, 6) {
                            Some(true) => there = true,
                            Some(false) => {}
                            None => open = true,
                        }
                    }
                    if !there && open {
                        return None;
                    }
                    found.push(there);
                }
                all_alike(&found)
            }
            _ => None,
        }
    }
}

pub(super) fn names_test_runner(argument: &str) -> bool {
    ["test", "jenkins", "pytest", "py.test", "behave", "nose", "unittest"].contains(&argument)
}

/// An argument of the process.
pub(super) fn is_argument(value: &Obj) -> bool {
    matches!(value, Obj::Unknown(unknown) if unknown.why == super::calls::ARGUMENT)
}

/// A variable that is unset by default, or what cannot be told at all.
pub(super) fn is_untold(value: &Obj) -> bool {
    match value {
        Obj::Env(env) => env.default.is_none(),
        Obj::Unknown(unknown) => unknown.assumed.is_none(),
        _ => false,
    }
}

/// One certain value is not what an untold one is taken to be.
pub(super) fn assumed_false(test: Obj) -> Obj {
    match &test {
        Obj::Unknown(unknown) if unknown.assumed.is_none() => unknown.assuming(Some(Obj::Bool(false))),
        _ => test,
    }
}

fn all_alike(found: &[bool]) -> Option<bool> {
    let first = *found.first()?;
    found.iter().all(|one| *one == first).then_some(first)
}
