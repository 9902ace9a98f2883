//! Names that pieces of code use, and those of them that ask the environment.

use std::collections::BTreeSet;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, ExprContext, Stmt};

/// Libraries that ask the environment, beside those whose names say so (`environ`, `dotenv`).
const LIBRARIES: &[&str] = &["decouple", "dynaconf", "prettyconf", "starlette.config"];
/// Stands for the call of a class among its members.
pub(super) const CALL: &str = "()";

/// The names that an import binds, but not those of a star.
pub(super) fn imported<'a>(statement: &'a Stmt) -> Vec<&'a str> {
    match statement {
        Stmt::Import(import) => {
            let first = |name: &'a str| name.split('.').next().unwrap_or(name);
            let names = import.names.iter().map(|alias| match &alias.asname {
                Some(name) => name.as_str(),
                None => first(alias.name.as_str()),
            });
            names.collect()
        }
        Stmt::ImportFrom(import) => {
            import.names.iter().map(|alias| alias.asname.as_ref().unwrap_or(&alias.name).as_str()).collect()
        }
        _ => Vec::new(),
    }
}

/// The names that imports bind to things which ask the environment.
#[derive(Default)]
pub(super) struct Libraries<'a>(BTreeSet<&'a str>);

impl<'a> Visitor<'a> for Libraries<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        let asks = |module: &str| LIBRARIES.contains(&module) || speaks_of_environment(module);
        let is_asking = match statement {
            Stmt::Import(import) => import.names.iter().any(|alias| asks(alias.name.as_str())),
            Stmt::ImportFrom(import) => {
                import.module.as_ref().is_some_and(|module| asks(module.as_str()))
                    || import.names.iter().any(|alias| speaks_of_environment(alias.name.as_str()))
            }
            _ => false,
        };
        if is_asking {
            self.0.extend(imported(statement));
        }
        walk_stmt(self, statement);
    }

    // Imports are statements.
    fn visit_expr(&mut self, _: &'a Expr) {}
}

fn speaks_of_environment(name: &str) -> bool {
    name.to_ascii_lowercase().contains("env")
}

/// The names that a piece of code uses.
#[derive(Default)]
pub(super) struct Uses<'a> {
    pub(super) names: Vec<&'a str>,
    /// `A.b`, and `A()` as the member [`CALL`].
    pub(super) members: Vec<(&'a str, &'a str)>,
    pub(super) bound: Vec<&'a str>,
    /// An attribute is called as what asks the environment is: `os.environ`.
    pub(super) has_asking_attribute: bool,
}

impl Uses<'_> {
    pub(super) fn ask(&self, libraries: &Libraries<'_>) -> bool {
        let asks =
            |name: &&str| *name == "config" || speaks_of_environment(name) || libraries.0.contains(name);
        self.has_asking_attribute || self.names.iter().any(asks)
    }
}

impl<'a> Visitor<'a> for Uses<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) => {
                self.names.push(name.id.as_str());
                if name.ctx != ExprContext::Load {
                    self.bound.push(name.id.as_str());
                }
            }
            Expr::Attribute(attribute) => {
                self.has_asking_attribute |= speaks_of_environment(attribute.attr.as_str());
                if let Expr::Name(name) = &*attribute.value {
                    self.members.push((name.id.as_str(), attribute.attr.as_str()));
                }
            }
            Expr::Call(call) => {
                if let Expr::Name(name) = &*call.func {
                    self.members.push((name.id.as_str(), CALL));
                }
            }
            _ => {}
        }
        walk_expr(self, expression);
    }
}
