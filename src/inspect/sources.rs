//! The project's Python files, looked through at most once, and found by their dotted names.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::base::{Tree, path};
use crate::python::scan::{Scan, scan};

pub(super) struct Sources<'a> {
    pub(super) tree: &'a Tree,
    /// The folders from which dotted names resolve, in order.
    pub(super) roots: Vec<Utf8PathBuf>,
    scans: RefCell<BTreeMap<Utf8PathBuf, Option<Rc<Scan>>>>,
}

impl<'a> Sources<'a> {
    pub(super) fn new(tree: &'a Tree) -> Self {
        Self { tree, roots: Vec::new(), scans: RefCell::default() }
    }

    /// Returns the scan of the Python file at `path`; `None` if the file cannot be read as text.
    pub(super) fn scan(&self, path: &Utf8Path) -> Option<Rc<Scan>> {
        if let Some(known) = self.scans.borrow().get(path) {
            return known.clone();
        }
        let found = self.glance(path).map(|text| Rc::new(scan(path, &text)));
        self.scans.borrow_mut().insert(path.to_owned(), found.clone());
        found
    }

    /// Returns the scan of a Python file as [`Sources::scan`] does, but keeps it no longer than the caller: for files that are
    /// of interest once.
    pub(super) fn scan_once(&self, path: &Utf8Path) -> Option<Rc<Scan>> {
        let known = self.scans.borrow().get(path).cloned();
        known.unwrap_or_else(|| self.glance(path).map(|text| Rc::new(scan(path, &text))))
    }

    /// The text of a file, also through symbolic links inside the tree.
    pub(super) fn text(&self, path: &Utf8Path) -> Option<&'a str> {
        self.tree.text(path).or_else(|| self.tree.text(self.tree.resolve(path)?))
    }

    /// The text of a file as [`Sources::text`] has it, which is not kept.
    pub(super) fn glance(&self, path: &Utf8Path) -> Option<Cow<'a, str>> {
        self.tree.glance(path).or_else(|| self.tree.glance(self.tree.resolve(path)?))
    }

    fn is_file(&self, path: &Utf8Path) -> bool {
        self.tree.is_file(path) || self.tree.resolve(path).is_some_and(|path| self.tree.is_file(path))
    }

    /// The file that Python would read for the dotted `module`.
    pub(super) fn file_of(&self, module: &str) -> Option<Utf8PathBuf> {
        self.roots.iter().find_map(|root| self.file_below(root, module))
    }

    fn file_below(&self, root: &Utf8Path, module: &str) -> Option<Utf8PathBuf> {
        if module.is_empty() || module.split('.').any(str::is_empty) {
            return None;
        }
        let at = path::join(root, &module.replace('.', "/"))?;
        let package = at.join("__init__.py");
        let file = Utf8PathBuf::from(format!("{at}.py"));
        [package, file].into_iter().find(|path| self.is_file(path))
    }

    /// The folder from which `module` resolves where `manage.py` lies inside the package that it names and that is installed
    /// when the project runs: `src` for `shop.settings` of `src/shop/manage.py`.
    pub(super) fn above_the_package(&self, folder: &Utf8Path, module: &str) -> Option<Utf8PathBuf> {
        if self.file_of(module).is_some() {
            return None;
        }
        let own = folder.join("__init__.py");
        let above = folder
            .ancestors()
            .skip(1)
            .map(|above| if above.as_str().is_empty() { Utf8Path::new(".") } else { above });
        above
            .filter(|_| self.is_file(&own))
            .find(|above| self.file_below(above, module).is_some())
            .map(Utf8Path::to_owned)
    }

    /// The folder of the package or namespace `module`.
    pub(super) fn folder_of(&self, module: &str) -> Option<Utf8PathBuf> {
        let at = |root: &Utf8PathBuf| path::join(root, &module.replace('.', "/"));
        self.roots.iter().filter_map(at).find(|at| self.tree.is_folder(at))
    }

    /// The dotted name of the Python file at `path`, from the root that lies nearest to it.
    pub(super) fn dotted(&self, path: &Utf8Path) -> Option<String> {
        let inside = |root: &Utf8PathBuf| {
            let inside = path::relative_to(path, root)?;
            let inside = inside.as_str().strip_suffix(".py")?;
            let inside = inside.strip_suffix("/__init__").unwrap_or(inside);
            (inside != "__init__").then(|| inside.replace('/', "."))
        };
        self.roots.iter().filter_map(inside).min_by_key(String::len)
    }

    /// The dotted name of what an import in the file at `path` names; relative ones are made absolute.
    pub(super) fn absolute(&self, path: &Utf8Path, level: u32, module: &str) -> Option<String> {
        if level == 0 {
            return Some(module.to_owned());
        }
        let own = self.dotted(path)?;
        let is_package = path.file_name() == Some("__init__.py");
        let drop = if is_package { level - 1 } else { level };
        let mut parts: Vec<&str> = own.split('.').collect();
        for _ in 0..drop {
            parts.pop()?;
        }
        parts.extend(module.split('.').filter(|part| !part.is_empty()));
        Some(parts.join("."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotted_names_resolve_from_the_roots() {
        let tree = Tree::from_literals([
            ("src/shop/__init__.py", ""),
            ("src/shop/conf/prod.py", ""),
            ("tool.py", ""),
        ]);
        let mut sources = Sources::new(&tree);
        sources.roots = vec![".".into(), "src".into()];
        assert_eq!(
            sources.file_of("shop.conf.prod").as_deref(),
            Some(Utf8Path::new("src/shop/conf/prod.py"))
        );
        assert_eq!(sources.file_of("shop").as_deref(), Some(Utf8Path::new("src/shop/__init__.py")));
        assert_eq!(sources.file_of("shop..prod"), None);
        assert_eq!(sources.dotted(Utf8Path::new("src/shop/conf/prod.py")).as_deref(), Some("shop.conf.prod"));
        let prod = Utf8Path::new("src/shop/conf/prod.py");
        assert_eq!(sources.absolute(prod, 1, "base").as_deref(), Some("shop.conf.base"));
        assert_eq!(sources.absolute(prod, 2, "").as_deref(), Some("shop"));
        assert_eq!(sources.absolute(prod, 9, "x"), None);
    }
}
