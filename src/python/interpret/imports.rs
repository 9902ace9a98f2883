//! Modules: which file a dotted name is, and what importing it does.

use camino::{Utf8Path, Utf8PathBuf};
use ruff_python_ast::{StmtImport, StmtImportFrom};

use super::Interp;
use super::object::{Exception, Missing, Obj};
use super::scope::{Frame, FrameKind};
use super::source::{Pos, Source};
use crate::base::path;
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
    fn package(&self) -> &str {
        if self.is_package {
            &self.dotted
        } else {
            self.dotted.rsplit_once('.').map_or("", |(package, _)| package)
        }
    }
}

enum Found {
    File { path: Utf8PathBuf, is_package: bool },
    Folder(Utf8PathBuf),
}

/// Modules of the project that one evaluation may read.
const MOST_MODULES: usize = 400;
/// A source larger than this is not a settings module.
const LARGEST_SOURCE: usize = 512 * 1024;

impl<'a> Interp<'a> {
    /// Imports a dotted name, its packages first. `Ok(None)` where it is not of the project.
    pub(super) fn import(&mut self, dotted: &str, pos: Pos) -> Result<Option<usize>, Box<Exception>> {
        let mut module: Option<usize> = None;
        let ends = dotted.match_indices('.').map(|(at, _)| at).chain([dotted.len()]);
        for end in ends {
            let name = &dotted[..end];
            match self.import_one(name, pos)? {
                Some(found) => {
                    if let Some(parent) = module {
                        let last = self.name(name.rsplit('.').next().unwrap_or(name));
                        let space = self.modules[parent].space;
                        if self.heap.get(space, &last).is_none() {
                            self.heap.bind(space, &last, Obj::Module(found), pos);
                        }
                    }
                    module = Some(found);
                }
                None => return Ok(None),
            }
        }
        Ok(module)
    }

    fn import_one(&mut self, dotted: &str, pos: Pos) -> Result<Option<usize>, Box<Exception>> {
        if let Some(&module) = self.by_name.get(dotted) {
            return Ok(Some(module));
        }
        if self.modules.len() >= MOST_MODULES {
            return Ok(None);
        }
        let Some(found) = self.find_module(dotted) else {
            // A name inside a package of the project that is not there; of libraries nothing is known.
            if self.inside_project(dotted) {
                self.missing_module(dotted, pos)?;
            }
            return Ok(None);
        };
        let space = self.heap.space();
        let number = self.modules.len();
        let (file, is_package, source) = match found {
            Found::Folder(folder) => (folder, true, None),
            Found::File { path, is_package } => {
                let text = self.source_text(&path);
                let source = text.map(|text| {
                    let row = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
                    self.arena.add(Source::parse(&path, row, &text))
                });
                self.sources.extend(source);
                (path, is_package, source)
            }
        };
        self.modules.push(Module { dotted: dotted.to_owned(), space, path: file, source, is_package });
        self.by_name.insert(dotted.to_owned(), number);
        if let Some(source) = source {
            self.execute_module(number, source, pos)?;
        }
        Ok(Some(number))
    }

    fn execute_module(&mut self, module: usize, source: &'a Source, pos: Pos) -> Result<(), Box<Exception>> {
        let frame = Frame {
            source,
            module,
            locals: self.modules[module].space,
            enclosing: Vec::new(),
            kind: FrameKind::Module,
            elsewhere: Vec::new(),
            class: None,
            receiver: None,
            call: pos,
            texts: Vec::new(),
            returned: Vec::new(),
            yielded: None,
        };
        if self.frames.len() > 120 {
            return Ok(());
        }
        self.frames.push(frame);
        let ended = self.deeper(|interp| interp.execute(source.body()));
        self.frames.pop();
        ended.transpose()?;
        Ok(())
    }

    /// Executes a file of the project in the scope of the code that asks for it.
    pub(super) fn execute_file(&mut self, path: &Utf8Path, pos: Pos) -> Result<(), Box<Exception>> {
        let Some(text) = self.source_text(path) else { return Ok(()) };
        self.execute_source(path, &text, pos)
    }

    /// Executes text as Python in the scope of the code that asks for it.
    pub(super) fn execute_text(&mut self, text: &str, pos: Pos) -> Result<(), Box<Exception>> {
        let path = self.frame().map(|frame| frame.source.path.clone()).unwrap_or_default();
        self.execute_source(&path, text, pos)
    }

    fn execute_source(&mut self, path: &Utf8Path, text: &str, pos: Pos) -> Result<(), Box<Exception>> {
        if self.sources.len() > MOST_MODULES || self.frames.len() > 60 {
            return Ok(());
        }
        let row = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
        let source = self.arena.add(Source::parse(path, row, text));
        self.sources.push(source);
        let Some(outer) = self.frames.last() else { return Ok(()) };
        let frame = Frame {
            source,
            module: outer.module,
            locals: outer.locals,
            enclosing: outer.enclosing.clone(),
            kind: outer.kind,
            elsewhere: outer.elsewhere.clone(),
            class: outer.class,
            receiver: outer.receiver.clone(),
            call: pos,
            texts: Vec::new(),
            returned: Vec::new(),
            yielded: None,
        };
        self.frames.push(frame);
        let ended = self.deeper(|interp| interp.execute(source.body()));
        self.frames.pop();
        ended.transpose()?;
        Ok(())
    }

    fn source_text(&self, path: &Utf8Path) -> Option<String> {
        let text = self.file_text(path)?;
        (text.len() <= LARGEST_SOURCE).then_some(text)
    }

    fn find_module(&self, dotted: &str) -> Option<Found> {
        let mut folder = None;
        let relative = dotted.replace('.', "/");
        for root in self.request.roots.iter().chain(&self.extra_roots) {
            let Some(base) = path::join(root, &relative) else { continue };
            let init = base.join("__init__.py");
            if self.file_exists(&init) {
                return Some(Found::File { path: init, is_package: true });
            }
            let file = Utf8PathBuf::from(format!("{base}.py"));
            if self.file_exists(&file) {
                return Some(Found::File { path: file, is_package: false });
            }
            if folder.is_none() && self.request.tree.is_folder(&base) {
                folder = Some(base);
            }
        }
        // A folder without `__init__.py` is a package only where no library has the name: what it holds tells.
        folder.filter(|folder| self.holds_python(folder)).map(Found::Folder)
    }

    fn holds_python(&self, folder: &Utf8Path) -> bool {
        self.request.tree.below(folder).take(2000).any(|(path, _)| path.extension() == Some("py"))
    }

    /// Whether the first part of a dotted name is a package or module of the project.
    fn inside_project(&self, dotted: &str) -> bool {
        let first = dotted.split('.').next().unwrap_or(dotted);
        first != dotted && matches!(self.find_module(first), Some(Found::File { .. }))
            || first == dotted && self.request.module == dotted
    }

    /// `import a.b as c`.
    pub(super) fn import_statement(&mut self, statement: &'a StmtImport) -> Result<(), Box<Exception>> {
        let pos = self.pos(statement);
        for alias in &statement.names {
            let dotted = alias.name.as_str();
            let module = self.import(dotted, pos)?;
            let first = dotted.split('.').next().unwrap_or(dotted);
            let (name, value) = match (&alias.asname, module) {
                (Some(name), Some(module)) => (name.as_str(), Obj::Module(module)),
                (Some(name), None) => (name.as_str(), Obj::external(dotted)),
                (None, _) => {
                    let top = self.by_name.get(first).copied();
                    (first, top.map_or_else(|| Obj::external(first), Obj::Module))
                }
            };
            if module.is_none() {
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
        let module = self.import(&dotted, pos)?;
        let Some(module) = module else {
            if star && self.looks_local(&dotted) && self.catches("ImportError") {
                self.missing_module(&dotted, pos)?;
            }
            if statement.level > 0 {
                // Missing relative modules were raised above; evaluation goes on without their names.
                return self.bind_unknown(statement, &dotted, pos);
            }
            self.may_be_absent(&dotted);
            for alias in &statement.names {
                if alias.name.as_str() != "*" {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    self.bind_name(name, Obj::external(format!("{dotted}.{}", alias.name)), pos);
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

    fn bind_unknown(
        &mut self,
        statement: &'a StmtImportFrom,
        dotted: &str,
        pos: Pos,
    ) -> Result<(), Box<Exception>> {
        for alias in statement.names.iter().filter(|alias| alias.name.as_str() != "*") {
            let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
            self.bind_name(name, Obj::unknown(format!("`{dotted}` is not in the project"), pos, &[]), pos);
        }
        Ok(())
    }

    /// A name of a module: bound in it, or a module below it.
    pub(super) fn member_of_module(
        &mut self,
        module: usize,
        name: &str,
        pos: Pos,
    ) -> Result<Obj, Box<Exception>> {
        let row = &self.modules[module];
        if let Some(binding) = self.heap.get(row.space, name) {
            return Ok(binding.value.clone());
        }
        let special = match name {
            "__name__" => Some(Obj::str(&row.dotted)),
            "__file__" => row.file(),
            "__dict__" => Some(Obj::Names(row.space)),
            _ => None,
        };
        if let Some(special) = special {
            return Ok(special);
        }
        let dotted = format!("{}.{name}", row.dotted);
        if row.is_package && self.find_module(&dotted).is_some() {
            if let Some(below) = self.import(&dotted, pos)? {
                return Ok(Obj::Module(below));
            }
        }
        if self.catches("ImportError") || self.catches("AttributeError") {
            let exception = Exception {
                missing: Some(Missing::Module(dotted.clone())),
                ..Exception::new("ImportError", format!("cannot import name '{name}'"))
            };
            self.may_raise(exception);
        }
        Ok(Obj::unknown(format!("`{dotted}` is not defined in what was read"), pos, &[]))
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

    /// A top-level module that a person keeps beside the project rather than installs.
    fn looks_local(&self, dotted: &str) -> bool {
        let first = dotted.split('.').next().unwrap_or(dotted);
        ["local", "settings", "secret", "private", "config", "credentials", "keys"]
            .iter()
            .any(|word| first.contains(word))
    }
}

/// Modules of Python itself, as far as settings import them.
pub(super) fn is_standard(module: &str) -> bool {
    const NAMES: &[&str] = &[
        "__future__",
        "abc",
        "argparse",
        "ast",
        "base64",
        "binascii",
        "builtins",
        "calendar",
        "codecs",
        "collections",
        "configparser",
        "ConfigParser",
        "contextlib",
        "copy",
        "csv",
        "dataclasses",
        "datetime",
        "decimal",
        "distutils",
        "email",
        "enum",
        "errno",
        "fcntl",
        "fnmatch",
        "functools",
        "gc",
        "getpass",
        "glob",
        "hashlib",
        "hmac",
        "importlib",
        "inspect",
        "io",
        "ipaddress",
        "itertools",
        "json",
        "locale",
        "logging",
        "math",
        "mimetypes",
        "multiprocessing",
        "operator",
        "os",
        "pathlib",
        "pickle",
        "pkgutil",
        "platform",
        "posixpath",
        "pprint",
        "random",
        "re",
        "secrets",
        "shlex",
        "shutil",
        "signal",
        "site",
        "socket",
        "ssl",
        "stat",
        "string",
        "struct",
        "subprocess",
        "sys",
        "sysconfig",
        "tempfile",
        "textwrap",
        "threading",
        "time",
        "tomllib",
        "traceback",
        "types",
        "typing",
        "unittest",
        "urllib",
        "urlparse",
        "uuid",
        "warnings",
        "weakref",
        "xml",
        "zipfile",
        "zoneinfo",
    ];
    NAMES.contains(&module)
}
