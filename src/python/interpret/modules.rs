//! Modules: which file a dotted name is, and executing it.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::Interp;
use super::imports::{Found, LARGEST_SOURCE, MOST_MODULES, Module};
use super::limits;
use super::object::Missing;
use super::object::{Exception, Obj};
use super::scope::{Frame, FrameKind};
use super::source::Pos;
use super::source::Source;
use crate::base::path;
use crate::python::evaluation::World;
use crate::python::parsed::Parsed;

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
                let source = self.parsed(&path).map(|parsed| {
                    let row = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
                    self.arena.add(Source::new(&path, row, parsed))
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

    /// Executes a file of the project as a module that nothing imports, and returns its scope.
    pub(super) fn execute_apart(
        &mut self,
        path: &Utf8Path,
        pos: Pos,
    ) -> Result<Option<usize>, Box<Exception>> {
        let Some(parsed) = self.parsed(path).filter(|_| self.modules.len() < MOST_MODULES) else {
            return Ok(None);
        };
        let row = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
        let source = self.arena.add(Source::new(path, row, parsed));
        self.sources.push(source);
        let (space, number) = (self.heap.space(), self.modules.len());
        let dotted = path.as_str().trim_end_matches(".py").replace('/', ".");
        let module = Module { dotted, space, path: path.to_owned(), source: Some(source), is_package: false };
        self.modules.push(module);
        self.execute_module(number, source, pos)?;
        Ok(Some(space))
    }

    /// Runs a file of the project as Python runs a script, and returns its scope.
    pub(super) fn execute_script(&mut self, path: &Utf8Path) -> Result<Option<usize>, Box<Exception>> {
        let Some(parsed) = self.parsed(path) else { return Ok(None) };
        let row = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
        let source = self.arena.add(Source::new(path, row, parsed));
        self.sources.push(source);
        let (space, number) = (self.heap.space(), self.modules.len());
        let dotted = "__main__".to_owned();
        let module = Module { dotted, space, path: path.to_owned(), source: Some(source), is_package: false };
        self.modules.push(module);
        self.execute_module(number, source, Pos::default())?;
        Ok(Some(space))
    }

    /// Executes a file of the project in the scope of the code that asks for it.
    pub(super) fn execute_file(&mut self, path: &Utf8Path, pos: Pos) -> Result<(), Box<Exception>> {
        let Some(parsed) = self.parsed(path) else { return Ok(()) };
        self.execute_source(path, parsed, pos)
    }

    /// Executes text as Python in the scope of the code that asks for it.
    pub(super) fn execute_text(&mut self, text: &str, pos: Pos) -> Result<(), Box<Exception>> {
        let path = self.frame().map(|frame| frame.source.path.clone()).unwrap_or_default();
        if text.len() > LARGEST_SOURCE || !limits::text(8 * text.len()) {
            return Ok(());
        }
        self.execute_source(&path, Arc::new(Parsed::new(text)), pos)
    }

    fn execute_source(
        &mut self,
        path: &Utf8Path,
        parsed: Arc<Parsed>,
        pos: Pos,
    ) -> Result<(), Box<Exception>> {
        if self.sources.len() > MOST_MODULES || self.frames.len() > 60 {
            return Ok(());
        }
        let row = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
        let source = self.arena.add(Source::new(path, row, parsed));
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

    /// The file at `path`, parsed; none that is too large.
    pub(super) fn parsed(&self, path: &Utf8Path) -> Option<Arc<Parsed>> {
        if let World::Closed { files, .. } = self.request.world
            && let Some(text) = files.get(path)
        {
            return (text.len() <= LARGEST_SOURCE).then(|| Arc::new(Parsed::new(text)));
        }
        let tree = self.request.tree;
        let fits = tree.text(path)?.len() <= LARGEST_SOURCE;
        fits.then(|| tree.derived(path, Parsed::new, Parsed::is_shallow))?
    }

    pub(super) fn find_module(&self, dotted: &str) -> Option<Found> {
        limits::work(8 * (self.request.roots.len() + self.extra_roots.len()) + dotted.len());
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
        if folder.is_none()
            && let Some(found) = self.find_installed(dotted, &relative)
        {
            return Some(found);
        }
        // A folder without `__init__.py` is a package only where no library has the name: what it holds tells.
        folder.filter(|folder| self.holds_python(folder)).map(Found::Folder)
    }

    /// A module of the project where that is a distribution, which is installed when it is used.
    fn find_installed(&self, dotted: &str, relative: &str) -> Option<Found> {
        let first = dotted.split('.').next()?;
        let is_distribution =
            ["pyproject.toml", "setup.py", "setup.cfg"].iter().any(|name| self.request.tree.is_file(name));
        // A distribution that manage.py lies in brings all of itself along: too much for what it tells.
        let inside = |root: &Utf8PathBuf| root.components().any(|part| part.as_str() == first);
        if !is_distribution || self.request.roots.iter().any(inside) {
            return None;
        }
        ["", "src/"].iter().find_map(|root| {
            self.file_exists(Utf8Path::new(&format!("{root}{first}/__init__.py"))).then_some(())?;
            let init = Utf8PathBuf::from(format!("{root}{relative}/__init__.py"));
            if self.file_exists(&init) {
                return Some(Found::File { path: init, is_package: true });
            }
            let file = Utf8PathBuf::from(format!("{root}{relative}.py"));
            self.file_exists(&file).then_some(Found::File { path: file, is_package: false })
        })
    }

    fn holds_python(&self, folder: &Utf8Path) -> bool {
        limits::work(200);
        self.request.tree.below(folder).take(2000).any(|(path, _)| path.extension() == Some("py"))
    }

    /// Tells whether the first part of a dotted name is a package or module of the project.
    fn inside_project(&self, dotted: &str) -> bool {
        let first = dotted.split('.').next().unwrap_or(dotted);
        first != dotted && matches!(self.find_module(first), Some(Found::File { .. }))
            || first == dotted && self.request.module == dotted
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
        if row.is_package
            && self.find_module(&dotted).is_some()
            && let Some(below) = self.import(&dotted, pos)?
        {
            return Ok(Obj::Module(below));
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
}
