//! Walks a parsed file once and notes what [`Scan`] holds.

use camino::Utf8Path;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Comprehension, Decorator, Expr, Mod, Stmt, StmtClassDef};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::Ranged;

use super::expression::dotted;
use super::{Binding, Call, Class, Context, Expression, Function, Import, Scan};

/// Statements and expressions nested deeper than this are not entered.
const DEEPEST: u32 = 150;

pub(super) fn walk(path: &Utf8Path, text: &str) -> Scan {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Mod::Module(module) = parse_unchecked(text, ParseOptions::from(Mode::Module)).into_syntax() else {
        return Scan::default();
    };
    let starts = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
    let mut walker = Walker {
        found: Scan { path: path.to_owned(), ..Scan::default() },
        line_starts: std::iter::once(0).chain(starts).collect(),
        context: Context::default(),
        depth: 0,
    };
    walker.visit_body(&module.body);
    walker.found
}

struct Walker {
    found: Scan,
    line_starts: Vec<usize>,
    context: Context,
    depth: u32,
}

impl Walker {
    fn line(&self, node: &impl Ranged) -> u32 {
        let at = node.start().to_usize();
        u32::try_from(self.line_starts.partition_point(|start| *start <= at)).unwrap_or(u32::MAX)
    }

    fn inside(&mut self, change: impl FnOnce(&mut Context), walk: impl FnOnce(&mut Self)) {
        let outer = self.context;
        change(&mut self.context);
        walk(self);
        self.context = outer;
    }

    fn import(&mut self, import: Import) {
        self.found.imports.push(import);
    }

    fn bind(&mut self, target: &Expr, value: Option<&Expr>, line: u32) {
        let summary = || value.map_or(Expression::Other, Expression::of);
        let (target, key) = match target {
            Expr::Subscript(item) => (&*item.value, Some(Expression::of(&item.slice))),
            Expr::Tuple(tuple) => {
                for one in &tuple.elts {
                    self.bind(one, None, line);
                }
                return;
            }
            other => (other, None),
        };
        if let Some(target) = dotted(target) {
            self.found.bindings.push(Binding { target, key, value: summary(), line, context: self.context });
        }
    }

    fn goes_through(&mut self, what: &Expr) {
        let (line, context) = (self.line(what), self.context);
        let (callee, arguments) = ("for".to_owned(), vec![Expression::of(what)]);
        self.found.calls.push(Call { callee, arguments, keywords: Vec::new(), line, context });
    }

    fn class(&mut self, class: &StmtClassDef) {
        let line = self.line(&class.name);
        let bases = class.arguments.iter().flat_map(|arguments| arguments.args.iter()).filter_map(dotted);
        let (bases, names) = (bases.collect(), class.body.iter().flat_map(names_of).collect());
        self.found.classes.push(Class { name: class.name.to_string(), bases, names, line });
        self.inside(|context| context.class = true, |walker| walker.visit_body(&class.body));
    }
}

fn is_main(test: &Expr) -> bool {
    matches!(test, Expr::Compare(compare) if dotted(&compare.left).as_deref() == Some("__name__"))
}

/// Returns the names that a statement of a class's body binds.
fn names_of(statement: &Stmt) -> Vec<String> {
    let name = |target: &Expr| dotted(target);
    match statement {
        Stmt::Assign(assign) => assign.targets.iter().filter_map(name).collect(),
        Stmt::AnnAssign(assign) => name(&assign.target).into_iter().collect(),
        Stmt::FunctionDef(function) => vec![function.name.to_string()],
        _ => Vec::new(),
    }
}

impl<'a> Visitor<'a> for Walker {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if self.depth >= DEEPEST {
            return;
        }
        self.depth += 1;
        let line = self.line(statement);
        match statement {
            Stmt::Import(import) => {
                for alias in &import.names {
                    let module = alias.name.to_string();
                    let first = module.split('.').next().unwrap_or(&module);
                    let bound = alias.asname.as_ref().map_or_else(|| first.to_owned(), ToString::to_string);
                    let context = self.context;
                    self.import(Import { module, level: 0, name: None, bound, line, context });
                }
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    let name = alias.name.to_string();
                    let bound = alias.asname.as_ref().map_or_else(|| name.clone(), ToString::to_string);
                    let module = import.module.as_ref().map(ToString::to_string).unwrap_or_default();
                    let (level, context) = (import.level, self.context);
                    self.import(Import { module, level, name: Some(name), bound, line, context });
                }
            }
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    self.bind(target, Some(&assign.value), line);
                }
                visitor::walk_stmt(self, statement);
            }
            Stmt::AnnAssign(assign) => {
                if assign.value.is_some() {
                    self.bind(&assign.target, assign.value.as_deref(), line);
                }
                visitor::walk_stmt(self, statement);
            }
            Stmt::AugAssign(assign) => {
                self.bind(&assign.target, Some(&assign.value), line);
                visitor::walk_stmt(self, statement);
            }
            Stmt::ClassDef(class) => {
                for decorator in &class.decorator_list {
                    self.visit_decorator(decorator);
                }
                self.class(class);
            }
            Stmt::FunctionDef(function) => {
                let name_of = |decorator: &Decorator| match &decorator.expression {
                    Expr::Call(call) => dotted(&call.func),
                    plain => dotted(plain),
                };
                let decorators = function.decorator_list.iter().filter_map(name_of).collect();
                let (name, context) = (function.name.to_string(), self.context);
                let line = self.line(&function.name);
                self.found.functions.push(Function { name, decorators, line, context });
                for decorator in &function.decorator_list {
                    self.visit_decorator(decorator);
                }
                self.inside(|context| context.function = true, |walker| walker.visit_body(&function.body));
            }
            Stmt::Try(attempt) => {
                self.inside(|context| context.tried = true, |walker| walker.visit_body(&attempt.body));
                self.inside(
                    |context| context.conditional = true,
                    |walker| {
                        for handler in &attempt.handlers {
                            walker.visit_except_handler(handler);
                        }
                        walker.visit_body(&attempt.orelse);
                    },
                );
                self.visit_body(&attempt.finalbody);
            }
            // `if __name__ == "__main__"` is how a script starts.
            Stmt::If(test) if is_main(&test.test) => visitor::walk_stmt(self, statement),
            Stmt::For(each) => {
                self.goes_through(&each.iter);
                self.inside(
                    |context| context.conditional = true,
                    |walker| visitor::walk_stmt(walker, statement),
                );
            }
            Stmt::If(_) | Stmt::While(_) | Stmt::Match(_) => self
                .inside(|context| context.conditional = true, |walker| visitor::walk_stmt(walker, statement)),
            other => visitor::walk_stmt(self, other),
        }
        self.depth -= 1;
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if self.depth >= DEEPEST {
            return;
        }
        self.depth += 1;
        match expression {
            Expr::Call(call) => {
                let callee = dotted(&call.func).unwrap_or_default();
                let keyword = |keyword: &ruff_python_ast::Keyword| {
                    Some((keyword.arg.as_ref()?.to_string(), Expression::of(&keyword.value)))
                };
                let (line, context) = (self.line(expression), self.context);
                self.found.calls.push(Call {
                    callee,
                    arguments: call.arguments.args.iter().map(Expression::of).collect(),
                    keywords: call.arguments.keywords.iter().filter_map(keyword).collect(),
                    line,
                    context,
                });
            }
            Expr::StringLiteral(text) => {
                let line = self.line(expression);
                self.found.texts.push((text.value.to_str().to_owned(), line));
            }
            _ => {}
        }
        match expression {
            // Its body runs when it is called.
            Expr::Lambda(_) => self
                .inside(|context| context.function = true, |walker| visitor::walk_expr(walker, expression)),
            _ => visitor::walk_expr(self, expression),
        }
        self.depth -= 1;
    }

    fn visit_comprehension(&mut self, comprehension: &'a Comprehension) {
        self.goes_through(&comprehension.iter);
        visitor::walk_comprehension(self, comprehension);
    }
}
