//! Names on which depends what a module asks the environment for: imports of other names need not be followed.

use std::collections::BTreeSet;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, ExprContext, Stmt};
use ruff_text_size::Ranged;

use super::parsed::Parsed;

/// Words of a statement that may ask the environment for something.
const ASKS: &[&str] = &["env", "Env", "config", "Config"];

/// Returns the names that the statements use which ask the environment or use what such statements bind, with all names
/// that these are made of.
pub(super) fn needed_names(parsed: &Parsed) -> BTreeSet<String> {
    let mut units = Vec::new();
    add_units(&parsed.text, &parsed.body, &mut units);
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    // Names that are bound to what the environment says, or to something made of it.
    let mut asked: BTreeSet<&str> = BTreeSet::new();
    loop {
        let before = (needed.len(), asked.len());
        for unit in &units {
            let uses_asked = unit.asks || unit.names.iter().any(|name| asked.contains(name));
            if uses_asked {
                asked.extend(&unit.targets);
            }
            if uses_asked || unit.targets.iter().any(|target| needed.contains(target)) {
                needed.extend(&unit.names);
            }
        }
        if before == (needed.len(), asked.len()) {
            return needed.into_iter().map(str::to_owned).collect();
        }
    }
}

/// A statement, or the head of one.
struct Unit<'a> {
    /// Names that it binds.
    targets: Vec<&'a str>,
    /// Names that it uses.
    names: Vec<&'a str>,
    /// It may ask the environment, or act on what other code does.
    asks: bool,
}

fn add_units<'a>(text: &str, body: &'a [Stmt], units: &mut Vec<Unit<'a>>) {
    for statement in body {
        let may_ask = |node: &dyn Ranged| {
            let code = text.get(node.range().start().to_usize()..node.range().end().to_usize());
            code.is_none_or(|code| ASKS.iter().any(|word| code.contains(word)))
        };
        let mut names = Names::default();
        match statement {
            // Followed or not, by what is needed.
            Stmt::Import(_) | Stmt::ImportFrom(_) => continue,
            Stmt::ClassDef(class) => {
                class.decorator_list.iter().for_each(|one| names.visit_expr(&one.expression));
                class.arguments.iter().for_each(|arguments| names.visit_arguments(arguments));
                add_units(text, &class.body, units);
                // What is made of the class depends on all of it.
                names.visit_body(&class.body);
                let targets = vec![class.name.as_str()];
                units.push(Unit { targets: targets.clone(), names: Vec::new(), asks: may_ask(class) });
                units.push(Unit { targets, names: names.used, asks: false });
                continue;
            }
            Stmt::If(branches) => {
                // A test may end the module, or decide what is asked.
                names.visit_expr(&branches.test);
                add_units(text, &branches.body, units);
                for clause in &branches.elif_else_clauses {
                    clause.test.iter().for_each(|test| names.visit_expr(test));
                    add_units(text, &clause.body, units);
                }
                units.push(Unit { targets: names.bound, names: names.used, asks: true });
                continue;
            }
            Stmt::Try(tried) => {
                add_units(text, &tried.body, units);
                for handler in &tried.handlers {
                    let ruff_python_ast::ExceptHandler::ExceptHandler(handler) = handler;
                    handler.type_.iter().for_each(|kind| names.visit_expr(kind));
                    add_units(text, &handler.body, units);
                }
                add_units(text, &tried.orelse, units);
                add_units(text, &tried.finalbody, units);
                units.push(Unit { targets: names.bound, names: names.used, asks: true });
                continue;
            }
            Stmt::FunctionDef(function) => names.bound.push(function.name.as_str()),
            _ => {}
        }
        names.visit_stmt(statement);
        // A call for nothing but its effects, or the end of the module.
        let acts = matches!(statement, Stmt::Expr(one) if !one.value.is_string_literal_expr())
            || matches!(statement, Stmt::Raise(_) | Stmt::Assert(_));
        units.push(Unit { targets: names.bound, names: names.used, asks: acts || may_ask(statement) });
    }
}

#[derive(Default)]
struct Names<'a> {
    used: Vec<&'a str>,
    bound: Vec<&'a str>,
}

impl<'a> Visitor<'a> for Names<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Name(name) = expression {
            self.used.push(name.id.as_str());
            if name.ctx != ExprContext::Load {
                self.bound.push(name.id.as_str());
            }
        }
        walk_expr(self, expression);
    }
}
