//! Names on which depends what a module asks the environment for: imports of other names need not be followed.

mod uses;

use std::collections::BTreeSet;

use ruff_python_ast::visitor::Visitor;
use ruff_python_ast::{ExceptHandler, Expr, Stmt, StmtClassDef, StmtTry};

use self::uses::{CALL, Libraries, Uses, imported};
use super::parsed::Parsed;

/// Calls that end the module.
const ENDS: &[&str] = &["exit", "quit", "_exit", "abort"];

/// Returns the names that the statements use which ask the environment or work on the answers, with all names that these
/// are made of, and those of the tests that decide whether such a statement runs.
pub(super) fn needed_names(parsed: &Parsed) -> BTreeSet<String> {
    let mut read = Reader::default();
    read.libraries.visit_body(&parsed.body);
    read.body(&parsed.body, Inside::default());
    let mut found = Found { relevant: vec![false; read.units.len()], ..Found::default() };
    loop {
        let before = found.size();
        for (index, unit) in read.units.iter().enumerate() {
            found.weigh(&read.units, index, unit);
        }
        if before == found.size() {
            return found.needed.into_iter().map(str::to_owned).collect();
        }
    }
}

/// A statement, or the head of one.
#[derive(Default)]
struct Unit<'a> {
    binds: Vec<&'a str>,
    uses: Uses<'a>,
    asks: bool,
    /// The statement may end the module.
    ends: bool,
    kind: Kind,
    inside: Inside<'a>,
}

/// The part that a unit takes in asking.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Runs,
    /// A function asks when it is called, and its names are of interest where the function is.
    Function,
    /// The names are of interest where those are that the unit binds, and say nothing else.
    Silent,
}

/// The class in whose body a statement stands, and the unit of the innermost statement that decides whether it runs.
#[derive(Clone, Copy, Default)]
struct Inside<'a> {
    class: Option<&'a str>,
    head: Option<usize>,
}

#[derive(Default)]
struct Found<'a> {
    relevant: Vec<bool>,
    needed: BTreeSet<&'a str>,
    /// Names that are bound to an answer of the environment, to something made of one, or to a function that asks.
    asked: BTreeSet<&'a str>,
    /// Members of classes that are bound likewise: the class and the name.
    asked_members: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Found<'a> {
    fn size(&self) -> (usize, usize, usize, usize) {
        let relevant = self.relevant.iter().filter(|is_relevant| **is_relevant).count();
        (relevant, self.needed.len(), self.asked.len(), self.asked_members.len())
    }

    fn weigh(&mut self, units: &[Unit<'a>], index: usize, unit: &Unit<'a>) {
        let uses_asked = unit.uses.names.iter().any(|name| self.asked.contains(name))
            || unit.uses.members.iter().any(|member| self.asked_members.contains(member));
        let asks = unit.kind != Kind::Silent && (unit.asks || uses_asked);
        if asks {
            self.asked.extend(&unit.binds);
        }
        if let (true, Some(class)) = (asks, unit.inside.class) {
            self.asked_members.insert((class, CALL));
            self.asked_members.extend(unit.binds.iter().map(|name| (class, *name)));
        }
        let is_relevant = unit.ends
            || (asks && unit.kind == Kind::Runs)
            || unit.binds.iter().any(|name| self.needed.contains(name));
        let mut next = is_relevant.then_some(index);
        while let Some(index) = next {
            if std::mem::replace(&mut self.relevant[index], true) {
                break;
            }
            self.needed.extend(&units[index].uses.names);
            next = units[index].inside.head;
        }
    }
}

#[derive(Default)]
struct Reader<'a> {
    libraries: Libraries<'a>,
    units: Vec<Unit<'a>>,
}

impl<'a> Reader<'a> {
    fn body(&mut self, body: &'a [Stmt], inside: Inside<'a>) {
        for statement in body {
            self.statement(statement, inside);
        }
    }

    fn statement(&mut self, statement: &'a Stmt, inside: Inside<'a>) {
        match statement {
            Stmt::Import(_) | Stmt::ImportFrom(_) => {
                self.units.push(Unit { binds: imported(statement), inside, ..Unit::default() });
            }
            Stmt::ClassDef(class) => self.class(class, inside),
            Stmt::If(branches) => {
                let clauses = &branches.elif_else_clauses;
                let tests = clauses.iter().filter_map(|clause| clause.test.as_ref());
                let head = self.head(std::iter::once(&*branches.test).chain(tests), Vec::new(), inside);
                self.body(&branches.body, head);
                for clause in clauses {
                    self.body(&clause.body, head);
                }
            }
            Stmt::Try(tried) => self.tried(tried, inside),
            _ => {
                let mut uses = Uses::default();
                uses.visit_stmt(statement);
                let asks = uses.ask(&self.libraries);
                let binds = bound(statement, &uses);
                let ends = ends(statement);
                let kind = if statement.is_function_def_stmt() { Kind::Function } else { Kind::Runs };
                if matches!(statement, Stmt::Raise(_)) {
                    // Whatever is raised, the module ends.
                    uses = Uses::default();
                }
                self.units.push(Unit { binds, uses, asks, ends, kind, inside });
            }
        }
    }

    /// Adds the unit of a statement that decides whether those in its bodies run.
    fn head(
        &mut self,
        tests: impl Iterator<Item = &'a Expr>,
        names: Vec<&'a str>,
        inside: Inside<'a>,
    ) -> Inside<'a> {
        let mut uses = Uses { names, ..Uses::default() };
        tests.for_each(|test| uses.visit_expr(test));
        let asks = uses.ask(&self.libraries);
        let binds = uses.bound.clone();
        self.units.push(Unit { binds, uses, asks, inside, ..Unit::default() });
        Inside { head: Some(self.units.len() - 1), ..inside }
    }

    fn tried(&mut self, tried: &'a StmtTry, inside: Inside<'a>) {
        let handlers = tried.handlers.iter().map(|ExceptHandler::ExceptHandler(handler)| handler);
        // An import that fails is what most handlers are for.
        let names = tried.body.iter().flat_map(imported).collect();
        let kinds = handlers.clone().filter_map(|handler| handler.type_.as_deref());
        let head = self.head(kinds, names, inside);
        self.body(&tried.body, head);
        for handler in handlers {
            self.body(&handler.body, head);
        }
        self.body(&tried.orelse, head);
        self.body(&tried.finalbody, inside);
    }

    fn class(&mut self, class: &'a StmtClassDef, inside: Inside<'a>) {
        let name = class.name.as_str();
        self.body(&class.body, Inside { class: Some(name), ..inside });
        let mut head = Uses::default();
        class.decorator_list.iter().for_each(|decorator| head.visit_decorator(decorator));
        class.arguments.iter().for_each(|arguments| head.visit_arguments(arguments));
        let asks = head.ask(&self.libraries);
        // A class has what its bases have.
        let bases = class.arguments.iter().flat_map(|arguments| &arguments.args);
        let bases = bases.filter_map(Expr::as_name_expr).map(|base| (base.id.as_str(), CALL));
        let inherited = Uses { members: bases.collect(), ..Uses::default() };
        let within = Inside { class: Some(name), ..inside };
        self.units.push(Unit { uses: inherited, kind: Kind::Function, inside: within, ..Unit::default() });
        self.units.push(Unit { binds: vec![name], uses: head, asks, inside, ..Unit::default() });
        // Where the class is of interest, all of it is; what it asks, the units of its statements say.
        let mut body = Uses::default();
        body.visit_body(&class.body);
        self.units.push(Unit {
            binds: vec![name],
            uses: body,
            kind: Kind::Silent,
            inside,
            ..Unit::default()
        });
    }
}

/// The names that a statement binds, or whose values it changes.
fn bound<'a>(statement: &'a Stmt, uses: &Uses<'a>) -> Vec<&'a str> {
    let mut binds = uses.bound.clone();
    match statement {
        Stmt::FunctionDef(function) => return vec![function.name.as_str()],
        // `A["x"] = 1`, `A.x = 1`
        Stmt::Assign(assign) => binds.extend(assign.targets.iter().filter_map(root)),
        Stmt::AugAssign(assign) => binds.extend(root(&assign.target)),
        // `A.update(x)`
        Stmt::Expr(statement) => {
            let called = statement.value.as_call_expr().and_then(|call| call.func.as_attribute_expr());
            binds.extend(called.and_then(|method| root(&method.value)));
        }
        _ => {}
    }
    binds
}

/// The name at the beginning of `a.b["c"]`.
fn root(mut expression: &Expr) -> Option<&str> {
    loop {
        match expression {
            Expr::Name(name) => return Some(name.id.as_str()),
            Expr::Attribute(attribute) => expression = &attribute.value,
            Expr::Subscript(item) => expression = &item.value,
            _ => return None,
        }
    }
}

fn ends(statement: &Stmt) -> bool {
    let is_end = |name: &str| ENDS.contains(&name);
    match statement {
        Stmt::Raise(_) | Stmt::Assert(_) => true,
        Stmt::Expr(statement) => statement.value.as_call_expr().is_some_and(|call| match &*call.func {
            Expr::Name(name) => is_end(name.id.as_str()),
            Expr::Attribute(attribute) => is_end(attribute.attr.as_str()),
            _ => false,
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asserts that of the names `x`, `y` and `z`, which a module may import, these are needed.
    #[track_caller]
    fn needs(expected: &str, source: &str) {
        let needed = needed_names(&Parsed::new(source));
        let found: String = ["x", "y", "z"].into_iter().filter(|name| needed.contains(*name)).collect();
        assert_eq!(found, expected, "{source}");
    }

    #[test]
    fn names_of_statements_that_ask_are_needed_with_what_they_are_made_of() {
        needs("x", "import os\nA = os.environ.get('A', x.DEFAULT)\nB = y(1)\n");
        needs("x", "import os\nA = x(os.getenv('A'))\nclass B(y): pass\n");
        needs("xy", "D = y + 1\nA = env('A', default=x[D])\nB = z\n");
        needs("x", "D = {}\nD['A'] = x\nA = env('A', **D)\n");
        needs("x", "D = {}\nD.update(x)\ny.update(z)\nA = env('A', **D)\n");
    }

    #[test]
    fn names_that_work_on_answers_are_needed() {
        needs("x", "import os\nA = os.environ['A']\nB = A.strip()\nC = x(B)\nD = y(z)\n");
        needs("x", "class Config:\n    PORT = env('PORT')\nA = x(Config.PORT)\nB = y(Config)\n");
        needs(
            "x",
            "class Config:\n    PORT = env('PORT')\nclass Live(Config):\n    pass\nA = x(Live().PORT)\n",
        );
    }

    #[test]
    fn a_model_that_asks_needs_neither_its_bases_nor_those_that_refer_to_it() {
        needs(
            "",
            "import os\nclass Card(x):\n    owner = Key(y)\n    money = Field(default=os.environ.get('A', 'USD'))\n\
             class Event(z):\n    card = Key(Card, on_delete=y)\n",
        );
        needs("", "class Shop(x):\n    name = 'config'  # the environment\n    configured = y\n");
    }

    #[test]
    fn a_function_that_asks_is_of_interest_where_it_is_called() {
        let function = "import os\ndef need(name):\n    return x(os.environ[name])\n";
        needs("", function);
        needs("xy", &format!("{function}A = need(y)\nB = z\n"));
        needs("x", &format!("{function}def outer():\n    return need('A')\nA = outer()\n"));
        let method =
            "import os\nclass Settings(y):\n    def __init__(self):\n        self.a = x(os.environ['A'])\n";
        needs("", &format!("{method}B = z(Settings)\n"));
        needs("xyz", &format!("{method}B = z(Settings())\n"));
    }

    #[test]
    fn tests_are_needed_where_they_decide_what_is_asked() {
        needs("x", "if x:\n    A = env('A')\nif y:\n    B = z\n");
        needs("xy", "if x:\n    pass\nelif y:\n    pass\nelse:\n    A = env('A')\n");
        needs("xy", "if x:\n    if y:\n        A = env('A')\n    B = z\n");
        needs("x", "class A:\n    if x:\n        B = env('B')\n    C = y\n");
        needs("x", "if x:\n    raise y('no')\nA = env('A')\n");
        needs("xy", "import sys\nif x:\n    sys.exit(y)\nB = z\n");
        needs("xy", "if x:\n    from a import y\nelse:\n    from b import y\nA = env('A', y)\n");
    }

    #[test]
    fn an_import_that_may_fail_is_followed_where_its_handler_asks() {
        needs("x", "try:\n    from .local import x\nexcept ImportError:\n    x = env('X')\n");
        needs("y", "try:\n    from .local import x\nexcept ImportError:\n    x = None\nA = env('A', y)\n");
        needs("xy", "try:\n    A = x(env('A'))\nexcept y:\n    A = None\n");
    }

    #[test]
    fn libraries_ask_under_whatever_name() {
        needs("x", "from decouple import config as c\nA = c('A', cast=x)\nB = y\n");
        needs("x", "from environs import Env as Reader\nreader = Reader()\nA = reader.int('A', x)\nB = y\n");
        needs("x", "from shop.env import setting\nA = setting('A', x)\nB = y\n");
        needs("", "from shop.config_files import setting\nA = setting('A', x)\nB = y\n");
    }

    #[test]
    fn calls_for_their_effects_are_needed_where_they_ask() {
        needs("", "from django.contrib import admin\nadmin.site.register(x, y)\nz()\n");
        needs("x", "load_env(x)\nregister(y)\n");
    }
}
