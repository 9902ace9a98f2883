//! Which variables decide between the alternatives of a name: told where a value stays open, so that the reader
//! knows what to set.
//!
//! Kept by name alone, whatever scope it is in: settings pass from module to module under their names.

use std::collections::{BTreeMap, BTreeSet};

use ruff_python_ast::Expr;
use ruff_python_ast::visitor::{Visitor, walk_expr};

use super::Interp;
use super::heap::{Cell, Delta, Slot};
use super::object::{Name, Obj};

/// Variables that are kept for one name: a reason that lists more helps nobody.
const MOST: usize = 8;
/// Lists and dicts inside each other that are looked through.
const DEEPEST: u8 = 3;
/// Expressions inside each other that are looked through for names: the parser nests them deeper than a visitor
/// has stack for.
const DEEPEST_EXPRESSION: u16 = 300;

#[derive(Default)]
pub(super) struct Deciders {
    /// Variables of undecided tests, as they were met.
    met: Vec<Name>,
    of_names: BTreeMap<Name, BTreeSet<Name>>,
    of_cells: BTreeMap<usize, BTreeSet<Name>>,
}

impl Deciders {
    /// To be handed to [`Interp::note_assigned`] once the value is evaluated.
    pub(super) fn so_far(&self) -> usize {
        self.met.len()
    }

    fn add(kept: &mut BTreeSet<Name>, variables: impl IntoIterator<Item = Name>) {
        kept.extend(variables);
        while kept.len() > MOST {
            kept.pop_last();
        }
    }
}

/// The variables that a test depends on.
fn variables(test: &Obj) -> Vec<Name> {
    let mut leaves = Vec::new();
    super::measure::leaves(test, &mut leaves, 4);
    leaves
        .iter()
        .filter_map(|leaf| if let Obj::Env(env) = leaf { Some(env.name.clone()) } else { None })
        .collect()
}

impl Interp<'_> {
    /// A test that is not decided.
    pub(super) fn note_test(&mut self, test: &Obj) {
        for variable in variables(test) {
            self.tested.insert(variable.clone());
            if self.deciders.met.last() != Some(&variable) {
                super::limits::values(1);
                self.deciders.met.push(variable);
            }
        }
    }

    /// Notes that the variables of a test decide the changes of its branches.
    pub(super) fn note_decided(&mut self, test: &Obj, branches: &[Delta]) {
        let variables = variables(test);
        if variables.is_empty() {
            return;
        }
        for slot in branches.iter().flat_map(Delta::keys) {
            let kept = match slot {
                Slot::Name(_, name) => self.deciders.of_names.entry(name.clone()).or_default(),
                Slot::Cell(cell) => self.deciders.of_cells.entry(*cell).or_default(),
            };
            Deciders::add(kept, variables.iter().cloned());
        }
    }

    /// `target = value`: what decided the names in `value`, and what was asked while it was evaluated, decides the
    /// target.
    pub(super) fn note_assigned(&mut self, target: &Expr, value: &Expr, before: usize) {
        let mut names = Names::default();
        names.visit_expr(value);
        super::limits::work(names.visited);
        let from = names.found.iter().filter_map(|name| self.deciders.of_names.get(*name)).flatten();
        let met = self.deciders.met.get(before..).unwrap_or_default().iter();
        let variables: BTreeSet<Name> = from.chain(met).take(MOST).cloned().collect();
        if let (false, Some(name)) = (variables.is_empty(), root(target)) {
            let name = self.name(name);
            Deciders::add(self.deciders.of_names.entry(name).or_default(), variables);
        }
    }

    /// The variables that decide what `name` is bound to.
    pub(super) fn deciders_of(&self, name: &Name, value: &Obj) -> BTreeSet<String> {
        let mut found: BTreeSet<&Name> = self.deciders.of_names.get(name).into_iter().flatten().collect();
        self.deciders_inside(value, DEEPEST, &mut found);
        found.into_iter().take(MOST).map(ToString::to_string).collect()
    }

    /// The variables that decide what a list holds.
    pub(super) fn variables_behind(&self, list: &Obj) -> Vec<Obj> {
        let mut found = BTreeSet::new();
        self.deciders_inside(list, DEEPEST, &mut found);
        let row = |name: &&Name| self.reads.iter().position(|read| read.name == **name);
        found.iter().filter_map(row).map(|row| self.env_obj(row)).collect()
    }

    fn deciders_inside<'s>(&'s self, value: &Obj, depth: u8, found: &mut BTreeSet<&'s Name>) {
        if depth == 0 || self.deciders.of_cells.is_empty() {
            return;
        }
        match value {
            Obj::Dict(cell) | Obj::List(cell) => {
                found.extend(self.deciders.of_cells.get(cell).into_iter().flatten());
                for contents in self.heap.contents(*cell).iter().take(MOST) {
                    if let Cell::Dict(dict) = contents {
                        for (_, entry) in dict.entries.iter().take(MOST) {
                            self.deciders_inside(entry, depth - 1, found);
                        }
                    }
                }
            }
            Obj::OneOf(values) => {
                for value in values.iter().take(MOST) {
                    self.deciders_inside(value, depth - 1, found);
                }
            }
            _ => {}
        }
    }
}

/// The name that `NAME["key"].part` starts with.
fn root(target: &Expr) -> Option<&str> {
    let mut target = target;
    loop {
        target = match target {
            Expr::Name(name) => return Some(name.id.as_str()),
            Expr::Subscript(part) => &part.value,
            Expr::Attribute(part) => &part.value,
            _ => return None,
        };
    }
}

#[derive(Default)]
struct Names<'a> {
    found: BTreeSet<&'a str>,
    depth: u16,
    visited: usize,
}

impl<'a> Visitor<'a> for Names<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Name(name) = expression {
            self.found.insert(name.id.as_str());
        }
        self.visited += 1;
        if self.depth < DEEPEST_EXPRESSION {
            self.depth += 1;
            walk_expr(self, expression);
            self.depth -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Tree;
    use crate::python::{Request, World, evaluate};

    fn deciders(text: &str) -> Vec<String> {
        let tree = Tree::from_literals([("settings.py", text), ("base.py", "X = 1\n")]);
        let roots = [".".into()];
        let request =
            Request { tree: &tree, roots: &roots, module: "settings", class: None, world: World::Open };
        evaluate(&request).decided_by.remove("DATABASES").into_iter().flatten().collect()
    }

    #[test]
    fn what_a_test_shaped_names_its_variables() {
        let import = "from os import environ\n";
        for text in [
            "if environ.get('HOST'):\n    DATABASES = {'default': {'A': 1}}\nelse:\n    DATABASES = {}\n",
            "DATABASES = {'default': {'A': 1} if 'HOST' in environ else {'A': 2}}\n",
            "DATABASES = {'default': {'A': 1}}\nif environ.get('HOST'):\n    DATABASES['default']['A'] = 2\n",
            "db = 1\nif environ.get('HOST') == 'x':\n    db = 2\nDATABASES = {'default': {'A': db}}\n",
            "def db():\n    if environ.get('HOST'):\n        return 1\n    return 2\nDATABASES = {}\nDATABASES['default'] = db()\n",
        ] {
            assert_eq!(deciders(&format!("{import}{text}")), ["HOST"], "{text}");
        }
        assert_eq!(deciders("import os\nDATABASES = {'default': os.environ['URL']}\n"), [""; 0]);
    }
}
