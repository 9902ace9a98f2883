//! `setup.py`, read without running it: the arguments of its `setup(…)` call.

use std::collections::BTreeMap;

use ruff_python_ast::{Expr, Mod, Stmt};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::Ranged;

/// The statements of a `setup(…)` call about requirements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetupScript {
    pub name: Option<String>,
    /// Each with its line, counted from 1.
    pub install_requires: Vec<(String, u32)>,
    pub extras_require: BTreeMap<String, Vec<(String, u32)>>,
    pub python_requires: Option<(String, u32)>,
    /// Text files that the requirements are read from: `open("requirements.txt")`.
    pub reads: Vec<String>,
}

/// How far names are followed.
const DEEPEST: usize = 8;

/// Reads the script; `None` where it calls no `setup(…)`.
pub fn read(source: &str) -> Option<SetupScript> {
    let parsed = parse_unchecked(source, ParseOptions::from(Mode::Module));
    let Mod::Module(module) = parsed.syntax() else { return None };
    let mut scope = Scope { source, names: BTreeMap::new() };
    let mut script = None;
    for statement in &module.body {
        match statement {
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    if let Expr::Name(name) = target {
                        scope.names.insert(name.id.as_str(), &assign.value);
                    }
                }
            }
            Stmt::With(with) => {
                for inner in &with.body {
                    if let Stmt::Assign(assign) = inner
                        && let [Expr::Name(name)] = assign.targets.as_slice()
                        && let Some(item) = with.items.first()
                    {
                        // `with open("requirements.txt") as f: required = f.read().splitlines()`
                        scope.names.insert(name.id.as_str(), &item.context_expr);
                    }
                }
            }
            Stmt::Expr(expression) => script = scope.setup(&expression.value).or(script),
            Stmt::If(guarded) => {
                for inner in &guarded.body {
                    if let Stmt::Expr(expression) = inner {
                        script = scope.setup(&expression.value).or(script);
                    }
                }
            }
            _ => {}
        }
    }
    script
}

struct Scope<'a> {
    source: &'a str,
    names: BTreeMap<&'a str, &'a Expr>,
}

impl Scope<'_> {
    fn setup(&self, expression: &Expr) -> Option<SetupScript> {
        let Expr::Call(call) = expression else { return None };
        let called = match call.func.as_ref() {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => return None,
        };
        if called != "setup" {
            return None;
        }
        let mut script = SetupScript::default();
        for keyword in &call.arguments.keywords {
            let Some(name) = keyword.arg.as_ref() else { continue };
            match name.as_str() {
                "name" => script.name = self.text(&keyword.value).map(|(text, _)| text),
                "python_requires" => script.python_requires = self.text(&keyword.value),
                "install_requires" => {
                    self.collect(&keyword.value, &mut script.install_requires, &mut script.reads, 0);
                }
                "extras_require" => {
                    if let Expr::Dict(dict) = self.followed(&keyword.value, 0) {
                        for item in &dict.items {
                            let Some((extra, _)) = item.key.as_ref().and_then(|key| self.text(key)) else {
                                continue;
                            };
                            let mut all = Vec::new();
                            self.collect(&item.value, &mut all, &mut Vec::new(), 0);
                            script.extras_require.insert(extra, all);
                        }
                    }
                }
                _ => {}
            }
        }
        Some(script)
    }

    fn followed<'e>(&'e self, expression: &'e Expr, depth: usize) -> &'e Expr {
        match expression {
            Expr::Name(name) if depth < DEEPEST => match self.names.get(name.id.as_str()) {
                Some(value) => self.followed(value, depth + 1),
                None => expression,
            },
            _ => expression,
        }
    }

    fn text(&self, expression: &Expr) -> Option<(String, u32)> {
        let Expr::StringLiteral(literal) = self.followed(expression, 0) else { return None };
        Some((literal.value.to_str().to_owned(), self.line(literal.range().start().to_usize())))
    }

    fn line(&self, offset: usize) -> u32 {
        let before = self.source.get(..offset).unwrap_or_default();
        u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// The requirements that an expression comes to, or the text files that it mentions where it reads them.
    fn collect(
        &self,
        expression: &Expr,
        out: &mut Vec<(String, u32)>,
        reads: &mut Vec<String>,
        depth: usize,
    ) {
        if depth > DEEPEST {
            return;
        }
        match self.followed(expression, 0) {
            Expr::List(list) => list.elts.iter().for_each(|item| self.collect(item, out, reads, depth + 1)),
            Expr::Tuple(tuple) => {
                tuple.elts.iter().for_each(|item| self.collect(item, out, reads, depth + 1));
            }
            Expr::Starred(starred) => self.collect(&starred.value, out, reads, depth + 1),
            Expr::BinOp(sum) => {
                self.collect(&sum.left, out, reads, depth + 1);
                self.collect(&sum.right, out, reads, depth + 1);
            }
            Expr::StringLiteral(literal) => {
                // One text may hold several lines.
                let line = self.line(literal.range().start().to_usize());
                let text = literal.value.to_str();
                let parts =
                    text.lines().map(str::trim).filter(|part| !part.is_empty() && !part.starts_with('#'));
                out.extend(parts.map(|part| (part.to_owned(), line)));
            }
            other => {
                let slice = self.source.get(other.range().to_std_range()).unwrap_or_default();
                reads.extend(quoted_text_files(slice));
            }
        }
    }
}

trait ToStdRange {
    fn to_std_range(self) -> std::ops::Range<usize>;
}

impl ToStdRange for ruff_text_size::TextRange {
    fn to_std_range(self) -> std::ops::Range<usize> {
        self.start().to_usize()..self.end().to_usize()
    }
}

/// Quoted names that end in `.txt` or `.in`.
fn quoted_text_files(source: &str) -> Vec<String> {
    let parts = source.split(['"', '\'']).skip(1).step_by(2);
    parts.filter(|part| part.ends_with(".txt") || part.ends_with(".in")).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_setup_call_is_read_through_names_and_sums() {
        let script = read(
            "import setuptools\nBASE = ['django>=4.2,<5']\nsetuptools.setup(\n    name='Shop',\n    \
             python_requires='>=3.9',\n    install_requires=BASE + [\n        'psycopg2',\n    ],\n    \
             extras_require={'prod': ['gunicorn']},\n)\n",
        )
        .unwrap();
        let texts: Vec<_> =
            script.install_requires.iter().map(|(text, line)| (text.as_str(), *line)).collect();
        assert_eq!(texts, [("django>=4.2,<5", 2), ("psycopg2", 7)]);
        assert_eq!(script.python_requires, Some((">=3.9".to_owned(), 5)));
        assert_eq!(script.extras_require["prod"][0].0, "gunicorn");
    }

    #[test]
    fn files_that_requirements_are_read_from_are_named() {
        let script = read(
            "from setuptools import setup\nwith open('requirements.txt') as f:\n    required = f.read().splitlines()\n\
             setup(name='x', install_requires=required)\n",
        )
        .unwrap();
        assert_eq!(script.reads, ["requirements.txt"]);
        assert_eq!(read("print('hello')"), None);
    }
}
