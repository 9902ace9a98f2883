//! Paths: `os.path`, `pathlib` and their relatives, over a project whose place on disk is not known.

use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};

use super::Interp;
use super::limits;
use super::object::Obj;
use super::source::Pos;
use crate::base::Kind;
use crate::python::evaluation::World;
use crate::python::value::{PathBase, PathValue};

/// `base / part`, normalised.
pub(super) fn join(base: &PathValue, part: &str) -> PathValue {
    base.join(part)
}

/// A path as written: absolute, below home, or where the process runs.
pub(super) fn written(text: &str) -> PathValue {
    let here = PathValue { base: PathBase::WorkingFolder, rest: Utf8PathBuf::new() };
    join(&here, text)
}

pub(super) fn parent(path: &PathValue) -> PathValue {
    join(path, "..")
}

impl Interp<'_> {
    /// `os.path.join(...)`, `a / b`, `Path(a, b)`.
    pub(super) fn join_paths(&mut self, parts: &[Obj], pos: Pos) -> Obj {
        self.lift_parts(parts, pos)
    }

    fn lift_parts(&mut self, parts: &[Obj], pos: Pos) -> Obj {
        if parts.iter().any(|part| matches!(part, Obj::OneOf(_))) {
            return self.lift(parts, "a path", pos, &|interp, parts| Some(interp.join_parts(parts, pos)));
        }
        self.join_parts(parts, pos)
    }

    fn join_parts(&mut self, parts: &[Obj], pos: Pos) -> Obj {
        let mut path: Option<PathValue> = None;
        let mut text: Vec<Obj> = Vec::new();
        for part in parts {
            let before = path.as_ref().map_or(0, |path| path.rest.as_str().len());
            if before > 2 * super::object::LONGEST_PATH || !limits::reading(before) {
                return Obj::unknown("a path that is too long", pos, &[]);
            }
            match part {
                Obj::Path(next) if text.is_empty() => {
                    path = Some(match (&path, next.base) {
                        (Some(before), PathBase::WorkingFolder) => join(before, next.rest.as_str()),
                        _ => (**next).clone(),
                    });
                }
                Obj::Str(next) if text.is_empty() => {
                    path = Some(match &path {
                        Some(before) => join(before, next),
                        None => written(next),
                    });
                }
                other => {
                    if let (true, Some(before)) = (text.is_empty(), path.take()) {
                        text.push(Obj::path(before));
                    }
                    if !text.is_empty() {
                        text.push(Obj::str("/"));
                    }
                    text.push(other.clone());
                }
            }
        }
        if !text.is_empty() {
            // Where an absolute path is the default of a variable, that is the default of the whole.
            let assumed: Option<Vec<Obj>> = parts.iter().map(Obj::assumed).collect();
            let assumed =
                assumed.filter(|parts| parts.iter().all(|part| matches!(part, Obj::Path(_) | Obj::Str(_))));
            let assumed = assumed.map(|parts| self.join_parts(&parts, pos));
            if let [only] = parts {
                return only.clone();
            }
            if assumed.is_some() {
                return Obj::unknown_assumed("a path of which a part is not known", pos, parts, assumed);
            }
            return Obj::text(text);
        }
        Obj::path(path.unwrap_or_else(|| written("")))
    }

    pub(super) fn ancestor(&self, path: &PathValue, levels: usize) -> Obj {
        let mut up = path.clone();
        for _ in 0..levels.min(64) {
            up = parent(&up);
        }
        Obj::path(up)
    }

    /// The path that a value names.
    pub(super) fn as_path(&self, value: &Obj) -> Option<PathValue> {
        match value {
            Obj::Path(path) => Some((**path).clone()),
            Obj::Str(text) => limits::reading(text.len()).then(|| written(text)),
            Obj::Made(made) => made.args.first().and_then(|inner| self.as_path(inner)),
            _ => None,
        }
    }

    pub(super) fn path_attribute(&mut self, path: &Rc<PathValue>, name: &str, _pos: Pos) -> Option<Obj> {
        let file_name = path.rest.file_name().unwrap_or("");
        Some(match name {
            "parent" => self.ancestor(path, 1),
            "parents" => {
                let parents = (1..=8).map(|levels| self.ancestor(path, levels)).collect();
                Obj::tuple(parents)
            }
            "name" => Obj::str(file_name),
            "stem" => Obj::str(path.rest.file_stem().unwrap_or("")),
            "suffix" => {
                Obj::str(path.rest.extension().map_or(String::new(), |extension| format!(".{extension}")))
            }
            "parts" => Obj::tuple(path.rest.components().map(|part| Obj::str(part.as_str())).collect()),
            "root" | "anchor" | "drive" => return None,
            _ => return None,
        })
    }

    /// Tells whether something is at a path; `None` outside the project, where the tree cannot tell.
    pub(super) fn exists(&self, path: &PathValue, want: Want) -> Option<bool> {
        if let World::Closed { files, .. } = self.request.world {
            let there = files.contains_key(&absolute_or_relative(path));
            if there && want != Want::Folder {
                return Some(true);
            }
        }
        let path = in_project_or_working(path)?;
        let kind = match self.in_tree(&path) {
            Some(real) => self.request.tree.kind(&real),
            // What a link outside the project leads to is not known.
            None if self.request.tree.kind(&path).is_some() => return None,
            None => None,
        };
        Some(match want {
            Want::Anything => kind.is_some(),
            Want::File => kind == Some(Kind::File),
            Want::Folder => kind == Some(Kind::Folder),
        })
    }

    /// The entry that a path in the project leads to, through symbolic links too.
    pub(super) fn in_tree(&self, path: &Utf8Path) -> Option<Utf8PathBuf> {
        match self.request.tree.kind(path) {
            Some(Kind::File | Kind::Folder) => Some(path.to_owned()),
            _ => self.request.tree.resolve(path),
        }
    }

    pub(super) fn file_exists(&self, path: &Utf8Path) -> bool {
        if let World::Closed { files, .. } = self.request.world
            && files.contains_key(path)
        {
            return true;
        }
        self.in_tree(path).is_some_and(|real| self.request.tree.is_file(real))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    Anything,
    File,
    Folder,
}

/// As the keys of a closed world's files are written.
pub(super) fn absolute_or_relative(path: &PathValue) -> Utf8PathBuf {
    match path.base {
        PathBase::Root => Utf8PathBuf::from(format!("/{}", path.rest)),
        _ => path.rest.clone(),
    }
}

/// The path in the tree, for what lies in the project. A relative path is taken to start there.
pub(super) fn in_project_or_working(path: &PathValue) -> Option<Utf8PathBuf> {
    let inside =
        matches!(path.base, PathBase::Project | PathBase::WorkingFolder) && !path.rest.starts_with("..");
    inside.then(|| if path.rest.as_str().is_empty() { Utf8PathBuf::from(".") } else { path.rest.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Tree;
    use crate::python::evaluate;
    use crate::python::evaluation::Request;
    use crate::python::value::Value;

    #[test]
    fn symbolic_links_inside_the_project_are_followed() {
        let source = "import os\nHERE = os.path.dirname(__file__)\nVERSION = open(os.path.join(HERE, 'VERSION')).read().strip()\nIS = os.path.isfile(os.path.join(HERE, 'conf/VERSION'))\nSECRET = open(os.path.join(HERE, 'names')).read()\n";
        let files = [("shop/settings.py", source), ("VERSION", "1.2\n"), ("shop/.env", "A=b\n")];
        let links = [("shop/VERSION", "../VERSION"), ("shop/conf", ".."), ("shop/names", ".env")];
        let links = links.map(|(link, target)| (Utf8PathBuf::from(link), target.to_owned()));
        let tree = Tree::from_literals(files).with_links(links.into());
        let roots = [Utf8PathBuf::from(".")];
        let world = World::Open;
        let request = Request { tree: &tree, roots: &roots, module: "shop.settings", class: None, world };
        let found = evaluate(&request);
        assert_eq!(found.get("VERSION"), Some(&Value::Str("1.2".to_owned())));
        assert_eq!(found.get("IS"), Some(&Value::Bool(true)));
        let absent: Vec<_> = found.files.iter().filter(|file| !file.exists).map(|file| &file.path).collect();
        assert_eq!(absent, [""; 0]);
        assert!(!format!("{:?}", found.get("SECRET")).contains("A=b"));
    }
}
