//! Modules: which file a dotted name is, and what importing it does.

use camino::Utf8PathBuf;
use ruff_python_ast::{StmtImport, StmtImportFrom};

use super::Interp;
use super::object::{Exception, Obj};
use super::source::{Pos, Source};
use super::standard::{is_standard, re_exported};
use crate::python::value::{PathBase, PathValue};

/// A module of the project.
pub(super) struct Module<'a> {
    pub(super) dotted: String,
    pub(super) space: usize,
    /// The file, or the folder of a package without `__init__.py`.
    pub(super) path: Utf8PathBuf,
    pub(super) source: Option<&'a Source>,
    pub(super) is_package: bool,
}

impl Module<'_> {
    /// `__file__`.
    pub(super) fn file(&self) -> Option<Obj> {
        self.source?;
        Some(Obj::path(PathValue { base: PathBase::Project, rest: self.path.clone() }))
    }

    /// The package in which relative imports start.
    pub(super) fn package(&self) -> &str {
        if self.is_package {
            &self.dotted
        } else {
            self.dotted.rsplit_once('.').map_or("", |(package, _)| package)
        }
    }
}

pub(super) enum Found {
    File { path: Utf8PathBuf, is_package: bool },
    Folder(Utf8PathBuf),
}

/// Modules of the project that one evaluation may read.
pub(super) const MOST_MODULES: usize = 400;
/// A source larger than this is not a settings module.
pub(in crate::python) const LARGEST_SOURCE: usize = 512 * 1024;

impl<'a> Interp<'a> {
    /// `import a.b as c`.
    pub(super) fn import_statement(&mut self, statement: &'a StmtImport) -> Result<(), Box<Exception>> {
        let pos = self.pos(statement);
        for alias in &statement.names {
            let dotted = alias.name.as_str();
            let first = dotted.split('.').next().unwrap_or(dotted);
            let bound = alias.asname.as_ref().map_or(first, |name| name.as_str());
            if self.passes_over(bound) && self.find_module(first).is_some() {
                self.bind_name(bound, Obj::unknown(format!("`{dotted}` was not read"), pos, &[]), pos);
                continue;
            }
            let module = self.import(dotted, pos)?;
            let (name, value) = match (&alias.asname, module) {
                (Some(name), Some(module)) => (name.as_str(), Obj::Module(module)),
                (Some(name), None) => (name.as_str(), Obj::external(dotted)),
                (None, _) => {
                    let top = self.by_name.get(first).copied();
                    (first, top.map_or_else(|| Obj::external(first), Obj::Module))
                }
            };
            if module.is_none() {
                if self.is_kept_as_template(dotted) {
                    self.missing_module(dotted, pos)?;
                }
                self.may_be_absent(dotted);
            }
            self.bind_name(name, value, pos);
        }
        Ok(())
    }

    /// A library that may not be installed: an `except ImportError` around it may run.
    fn may_be_absent(&mut self, dotted: &str) {
        let first = dotted.split('.').next().unwrap_or(dotted);
        if first != "django" && !is_standard(first) {
            self.may_raise(Exception::new("ModuleNotFoundError", format!("No module named '{dotted}'")));
        }
    }

    /// `from a.b import c as d`, `from . import c`, `from .base import *`.
    pub(super) fn import_from(&mut self, statement: &'a StmtImportFrom) -> Result<(), Box<Exception>> {
        let pos = self.pos(statement);
        let written = statement.module.as_ref().map_or("", |name| name.as_str());
        let Some(dotted) = self.absolute(written, statement.level) else {
            self.missing_module(written, pos)?;
            return Ok(());
        };
        let star = statement.names.iter().any(|alias| alias.name.as_str() == "*");
        let mut bound = statement.names.iter().map(|alias| alias.asname.as_ref().unwrap_or(&alias.name));
        let is_needless = bound.all(|name| self.passes_over(name));
        if is_needless && self.find_module(dotted.split('.').next().unwrap_or(&dotted)).is_some() {
            return self.bind_unknown(statement, &format!("`{dotted}` was not read"), pos);
        }
        let module = self.import(&dotted, pos)?;
        let Some(module) = module else {
            if star && self.looks_local(&dotted) && self.catches("ImportError") {
                self.missing_module(&dotted, pos)?;
            }
            if statement.level == 0 && !star && self.is_kept_as_template(&dotted) {
                self.missing_module(&dotted, pos)?;
            }
            if statement.level > 0 {
                // Missing relative modules were raised above; evaluation goes on without their names.
                return self.bind_unknown(statement, &format!("`{dotted}` is not in the project"), pos);
            }
            self.may_be_absent(&dotted);
            if star {
                self.note_foreign_module(&dotted, pos);
            }
            for alias in &statement.names {
                if alias.name.as_str() != "*" {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    let full = format!("{dotted}.{}", alias.name);
                    let full = re_exported(&full).unwrap_or(full);
                    let value = match super::constants::constant(&full) {
                        Some(constant) => constant,
                        None if dotted == "dynaconf" => self.external_attribute(&dotted, &alias.name),
                        None => Obj::external(full),
                    };
                    self.bind_name(name, value, pos);
                }
            }
            return Ok(());
        };
        for alias in &statement.names {
            if alias.name.as_str() == "*" {
                self.import_star(module, pos);
                continue;
            }
            let bound = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
            let value = self.member_of_module(module, alias.name.as_str(), pos)?;
            self.bind_name(bound, value, pos);
        }
        Ok(())
    }

    /// Tells whether a name that the evaluated module imports is of no interest.
    fn passes_over(&self, name: &str) -> bool {
        let is_own = || {
            let module = self.frame().map(|frame| self.modules[frame.module].dotted.as_str());
            module == Some(self.request.module)
        };
        self.needed.as_ref().is_some_and(|needed| name != "*" && !needed.contains(name)) && is_own()
    }

    fn bind_unknown(
        &mut self,
        statement: &'a StmtImportFrom,
        reason: &str,
        pos: Pos,
    ) -> Result<(), Box<Exception>> {
        for alias in statement.names.iter().filter(|alias| alias.name.as_str() != "*") {
            let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
            self.bind_name(name, Obj::unknown(reason, pos, &[]), pos);
        }
        Ok(())
    }

    /// Binds the public names of a module, or those of its `__all__`, as it would.
    pub(super) fn import_star(&mut self, module: usize, pos: Pos) {
        let space = self.modules[module].space;
        let all = self.heap.get(space, "__all__").map(|binding| binding.value.clone());
        let listed = all.and_then(|all| self.sequence(&all));
        let bindings: Vec<_> = match &listed {
            Some(names) => {
                let names = names.iter().filter_map(Obj::as_str);
                names
                    .filter_map(|name| {
                        let binding = self.heap.names(space).get_key_value(name)?;
                        Some((binding.0.clone(), binding.1.clone()))
                    })
                    .collect()
            }
            None => {
                let public = self.heap.names(space).iter().filter(|(name, _)| !name.starts_with('_'));
                public.map(|(name, binding)| (name.clone(), binding.clone())).collect()
            }
        };
        let Some(frame) = self.frames.last() else { return };
        let (locals, here) = (frame.locals, pos.source);
        let _ = here;
        for (name, binding) in bindings {
            self.heap.bind_as(locals, &name, binding);
        }
    }

    /// A dotted name as the import system sees it.
    fn absolute(&self, written: &str, level: u32) -> Option<String> {
        if level == 0 {
            return Some(written.to_owned());
        }
        let frame = self.frame()?;
        let mut package = self.modules[frame.module].package();
        for _ in 1..level {
            package = package.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
        Some(match (package, written) {
            ("", _) => written.to_owned(),
            (_, "") => package.to_owned(),
            _ => format!("{package}.{written}"),
        })
    }

    /// A top-level module that is not in the tree, but of which there is a template to copy.
    fn is_kept_as_template(&self, dotted: &str) -> bool {
        !dotted.contains('.')
            && !is_standard(dotted)
            && self.looks_local(dotted)
            && self.request.roots.iter().any(|root| {
                let path = if root == "." { format!("{dotted}.py") } else { format!("{root}/{dotted}.py") };
                crate::python::templates::template_of(self.request.tree, path.as_ref()).is_some()
            })
    }

    /// A top-level module that a person keeps beside the project rather than installs.
    fn looks_local(&self, dotted: &str) -> bool {
        let first = dotted.split('.').next().unwrap_or(dotted);
        ["local", "settings", "secret", "private", "config", "credentials", "keys"]
            .iter()
            .any(|word| first.contains(word))
    }
}
