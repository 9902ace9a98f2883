//! The names of a tree: by path, and in the order of their paths.

use std::collections::HashMap;
use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};

use super::contents::{Content, Derived};
use super::kind::Kind;
use crate::base::path;

/// One name in the tree.
pub(super) struct Entry {
    pub(super) path: Utf8PathBuf,
    pub(super) kind: Kind,
    /// The index of the first entry that is not below this one.
    after: usize,
    pub(super) content: OnceLock<Result<Content, String>>,
    /// The text of content that is no text as it stands.
    pub(super) decoded: OnceLock<Option<String>>,
    pub(super) derived: Derived,
}

impl Entry {
    pub(super) fn named(&self) -> (&Utf8Path, Kind) {
        (&self.path, self.kind)
    }
}

/// Modules are looked for by name thousands of times in one run, and the names of whole trees are gone through:
/// neither takes paths apart.
#[derive(Default)]
pub(super) struct Entries {
    /// Sorted by path: what is in a folder follows it.
    in_order: Vec<Entry>,
    /// The index of each. Only asked, never gone through.
    by_path: HashMap<Box<str>, usize>,
}

impl Entries {
    /// Of these names, sorted by path.
    pub(super) fn new(kinds: impl IntoIterator<Item = (Utf8PathBuf, Kind)>) -> Self {
        let mut all = Self::default();
        // Entries whose ends are not known yet.
        let mut open: Vec<usize> = Vec::new();
        for (index, (path, kind)) in kinds.into_iter().enumerate() {
            while let Some(last) =
                open.pop_if(|last| !path::is_in(path.as_str(), all.in_order[*last].path.as_str()))
            {
                all.in_order[last].after = index;
            }
            open.push(index);
            all.by_path.insert(path.as_str().into(), index);
            all.in_order.push(Entry {
                path,
                kind,
                after: index + 1,
                content: OnceLock::new(),
                decoded: OnceLock::new(),
                derived: OnceLock::new(),
            });
        }
        let end = all.in_order.len();
        for last in open {
            all.in_order[last].after = end;
        }
        all
    }

    /// The entry at `path`, which may be written as no path of a tree is (`a//b/`).
    pub(super) fn get(&self, path: &Utf8Path) -> Option<&Entry> {
        self.index(path).map(|index| &self.in_order[index])
    }

    pub(super) fn all(&self) -> &[Entry] {
        &self.in_order
    }

    /// Everything below `folder`, whether it is an entry or not.
    pub(super) fn below(&self, folder: &Utf8Path) -> &[Entry] {
        match self.index(folder) {
            Some(index) => &self.in_order[index + 1..self.in_order[index].after],
            None if matches!(folder.as_str(), "." | "") => &self.in_order,
            None => &[],
        }
    }

    /// The entries directly inside `folder`, sorted by path.
    pub(super) fn children<'a>(&'a self, folder: &Utf8Path) -> impl Iterator<Item = &'a Entry> + use<'a> {
        let below = self.below(folder);
        let first = self.index(folder).map_or(0, |index| index + 1);
        let mut next = 0;
        std::iter::from_fn(move || {
            let child = below.get(next)?;
            next = child.after - first;
            Some(child)
        })
    }

    fn index(&self, path: &Utf8Path) -> Option<usize> {
        let text = path.as_str();
        if let Some(index) = self.by_path.get(text) {
            return Some(*index);
        }
        let is_plain = !text.ends_with('/') && !text.contains("//") && !text.contains("/.");
        if is_plain {
            return None;
        }
        let plain: Utf8PathBuf = path.components().collect();
        self.by_path.get(plain.as_str()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Tree;

    #[test]
    fn a_path_may_be_written_in_any_way() {
        let tree = Tree::from_literals([("a/b/c.py", "c"), ("ab.py", "")]);
        for path in ["a/b/c.py", "a//b/c.py", "a/./b/c.py", "a/b/c.py/"] {
            assert_eq!((tree.kind(path), tree.text(path)), (Some(Kind::File), Some("c")), "{path}");
        }
        for path in ["a/", ".", ""] {
            assert_eq!(tree.kind(path), Some(Kind::Folder), "{path}");
        }
        assert_eq!((tree.size("a/b/c.py"), tree.size("a"), tree.kind("a/b/c")), (Some(1), None, None));
    }
}
