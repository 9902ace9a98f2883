//! Circles of imports: files of which each uses, through others, itself.
//!
//! A file in a circle cannot be read, tested or moved without the rest of its circle. The one large circle that is left
//! is the evaluator: its parts are methods of one type, which holds the state of all of them.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};
use syn::{Attribute, ItemMod, ItemUse, UseTree, Visibility};

use crate::support::repository::{files_ending, read};

/// Files in circles, and circles. A change may lower both numbers; raising one needs a reason that a reader accepts.
const MOST_FILES: usize = 20;
const MOST_CIRCLES: usize = 3;

/// A module's path below the crate: `["plan", "wiring"]`.
type Module = Vec<String>;

#[test]
fn files_in_circles_do_not_become_more() {
    let crate_files = files_ending("src", ".rs").into_iter().filter(|file| file != "src/main.rs");
    let sources = crate_files.map(|file| (module_path(&file), read(&file))).collect();
    let circles = circles(&uses_by_module(&sources));
    let files: usize = circles.iter().map(BTreeSet::len).sum();
    let shown: Vec<String> = circles
        .iter()
        .map(|circle| circle.iter().map(|module| module.join("::")).collect::<Vec<_>>().join(", "))
        .collect();
    assert!(
        files <= MOST_FILES && circles.len() <= MOST_CIRCLES,
        "{files} files in {} circles, at most {MOST_FILES} in {MOST_CIRCLES}: move the type that both sides use to a file \
         of its own\n{}",
        circles.len(),
        shown.join("\n")
    );
}

#[test]
fn circle_is_found_through_a_re_export_and_a_path_in_code() {
    let found = circles_of(&[
        ("src/lib.rs", "pub mod a;"),
        ("src/a/mod.rs", "mod b; mod c; pub use b::B;"),
        ("src/a/b.rs", "pub struct B; pub fn b() { super::c::c() }"),
        ("src/a/c.rs", "use super::B; pub fn c() {}"),
    ]);
    assert_eq!(found, ["a::b, a::c"]);
}

#[test]
fn use_in_tests_and_visibility_make_no_circle() {
    let found = circles_of(&[
        ("src/lib.rs", "pub mod a; pub mod b;"),
        ("src/a.rs", "use crate::b::B; pub(in crate::b) struct A;"),
        ("src/b.rs", "pub struct B; #[cfg(test)] mod tests { use crate::a::A; }"),
    ]);
    assert_eq!(found, [""; 0]);
}

fn circles_of(files: &[(&str, &str)]) -> Vec<String> {
    let sources = files.iter().map(|(file, text)| (module_path(file), (*text).to_owned())).collect();
    let circles = circles(&uses_by_module(&sources));
    circles
        .into_iter()
        .map(|circle| circle.iter().map(|module| module.join("::")).collect::<Vec<_>>().join(", "))
        .collect()
}

fn module_path(file: &str) -> Module {
    let inside = file.trim_start_matches("src/").trim_end_matches(".rs");
    let mut parts: Module = inside.split('/').map(str::to_owned).collect();
    if matches!(parts.last().map(String::as_str), Some("mod" | "lib")) {
        parts.pop();
    }
    parts
}

/// The modules whose items each file uses. A name that a parent exports again belongs to the file that defines the name.
fn uses_by_module(sources: &BTreeMap<Module, String>) -> BTreeMap<Module, BTreeSet<Module>> {
    let read: BTreeMap<Module, Names<'_>> = sources
        .iter()
        .map(|(module, text)| {
            let file = syn::parse_file(text).unwrap_or_else(|cause| panic!("{module:?}: {cause}"));
            let mut names = Names { module, known: sources, used: Vec::new(), exported: BTreeMap::new() };
            names.visit_file(&file);
            (module.clone(), names)
        })
        .collect();
    let resolve = |path: &[String]| resolve(&read, path, 8);
    read.iter()
        .map(|(module, names)| {
            let targets =
                names.used.iter().filter_map(|path| resolve(path)).filter(|target| target != module);
            (module.clone(), targets.collect())
        })
        .collect()
}

fn resolve(read: &BTreeMap<Module, Names<'_>>, path: &[String], steps_left: u8) -> Option<Module> {
    let (module, rest) = (0..=path.len())
        .rev()
        .find_map(|n| Some((path.get(..n)?, path.get(n..)?)).filter(|(m, _)| read.contains_key(*m)))?;
    let exported = rest.first().and_then(|name| read[module].exported.get(name));
    match exported {
        Some(target) if steps_left > 0 => resolve(read, target, steps_left - 1),
        _ => Some(module.to_vec()),
    }
}

/// Each circle once, sorted.
fn circles(uses: &BTreeMap<Module, BTreeSet<Module>>) -> BTreeSet<BTreeSet<Module>> {
    let reached: BTreeMap<&Module, BTreeSet<&Module>> =
        uses.keys().map(|module| (module, reached_from(uses, module))).collect();
    let together = |a: &&Module, b: &Module| reached[*a].contains(b) && reached[b].contains(*a);
    uses.keys()
        .filter(|module| reached[module].contains(module))
        .map(|module| uses.keys().filter(|other| together(other, module)).cloned().collect())
        .collect()
}

fn reached_from<'a>(uses: &'a BTreeMap<Module, BTreeSet<Module>>, start: &Module) -> BTreeSet<&'a Module> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&Module> = uses[start].iter().collect();
    while let Some(module) = open.pop() {
        if reached.insert(module) {
            open.extend(&uses[module]);
        }
    }
    reached
}

/// The paths that one file uses, as paths below the crate.
struct Names<'a> {
    module: &'a Module,
    known: &'a BTreeMap<Module, String>,
    used: Vec<Module>,
    /// What `pub use` makes known here, and the path that it stands for.
    exported: BTreeMap<String, Module>,
}

impl Names<'_> {
    /// The path below the crate; `None` for paths into other crates and for local names.
    fn below_crate(&self, path: &[String]) -> Option<Module> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([self.module.as_slice(), rest].concat()),
            "super" => {
                let parent = self.module.get(..self.module.len().checked_sub(1)?)?;
                let above = Names {
                    module: &parent.to_vec(),
                    known: self.known,
                    used: Vec::new(),
                    exported: BTreeMap::new(),
                };
                match rest.first().map(String::as_str) {
                    Some("super") => above.below_crate(rest),
                    _ => Some([parent, rest].concat()),
                }
            }
            _ => {
                let child = [self.module.as_slice(), std::slice::from_ref(first)].concat();
                self.known.contains_key(&child).then(|| [self.module.as_slice(), path].concat())
            }
        }
    }

    fn take(&mut self, tree: &UseTree, before: &[String], exports: bool) {
        let after = |ident: &syn::Ident| [before, &[ident.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.take(&path.tree, &after(&path.ident), exports),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.take(tree, before, exports)),
            UseTree::Name(name) if name.ident == "self" => {
                self.take_path(before, before.last().cloned(), exports);
            }
            UseTree::Name(name) => self.take_path(&after(&name.ident), Some(name.ident.to_string()), exports),
            UseTree::Rename(name) => {
                self.take_path(&after(&name.ident), Some(name.rename.to_string()), exports);
            }
            UseTree::Glob(_) => self.take_path(before, None, exports),
        }
    }

    fn take_path(&mut self, path: &[String], name: Option<String>, exports: bool) {
        let Some(path) = self.below_crate(path) else { return };
        // A parent that passes on what a child defines does not use it.
        let passes_on = exports && path.starts_with(self.module);
        if let Some(name) = name.filter(|_| exports) {
            self.exported.insert(name, path.clone());
        }
        if !passes_on {
            self.used.push(path);
        }
    }
}

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !item.attrs.iter().any(is_for_tests) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.take(&item.tree, &[], !matches!(item.vis, Visibility::Inherited));
    }

    /// `pub(in crate::plan)` uses nothing of `plan`.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    /// A parent that calls a child by its short path (`gunicorn::GUNICORN`) is a list or a dispatch, and counts as none.
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let words: Module = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let from_elsewhere = matches!(words[0].as_str(), "crate" | "super" | "self");
        if words.len() > 1 && from_elsewhere {
            self.take_path(&words, None, false);
        }
        visit::visit_path(self, path);
    }
}

fn is_for_tests(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
}
