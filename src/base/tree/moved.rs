//! A tree in which files stand at other places too.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Contents, Kind, Tree};

/// Contents of which some stand at other places too.
struct Moved {
    contents: Arc<dyn Contents>,
    /// The place of a file, and the place of its contents.
    places: BTreeMap<Utf8PathBuf, Utf8PathBuf>,
}

impl Moved {
    fn place<'a>(&'a self, path: &'a Utf8Path) -> &'a Utf8Path {
        self.places.get(path).map_or(path, Utf8PathBuf::as_path)
    }
}

impl Contents for Moved {
    fn read(&self, path: &Utf8Path) -> Result<Vec<u8>, String> {
        self.contents.read(self.place(path))
    }

    fn size(&self, path: &Utf8Path) -> Option<u64> {
        self.contents.size(self.place(path))
    }

    fn left_out(&self, path: &Utf8Path) -> Option<Kind> {
        self.contents.left_out(path)
    }
}

impl Tree {
    /// Returns this tree in which the files at the second paths stand at the first ones too, in place of whatever is
    /// there.
    #[must_use]
    pub fn with_moved(&self, places: BTreeMap<Utf8PathBuf, Utf8PathBuf>) -> Self {
        let mut kinds: BTreeMap<Utf8PathBuf, Kind> =
            self.entries.all().iter().map(|entry| (entry.path.clone(), entry.kind)).collect();
        for place in places.keys() {
            for folder in place.ancestors().skip(1).filter(|folder| !folder.as_str().is_empty()) {
                kinds.entry(folder.to_owned()).or_insert(Kind::Folder);
            }
            kinds.insert(place.clone(), Kind::File);
        }
        let contents = Arc::new(Moved { contents: Arc::clone(&self.contents), places });
        let tree = Self::new(kinds, contents);
        Self { links: Arc::clone(&self.links), left_out: Arc::clone(&self.left_out), ..tree }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_file_stands_at_its_new_place_too() {
        let tree = Tree::from_literals([("kept/a/b.yaml", "old"), ("a/b.yaml", "new"), ("kept/c/d", "more")]);
        let places = [("a/b.yaml", "kept/a/b.yaml"), ("c/d", "kept/c/d")];
        let moved = tree.with_moved(places.map(|(to, from)| (to.into(), from.into())).into());
        let text = |path: &str| moved.text(path);
        assert_eq!(
            (text("a/b.yaml"), text("c/d"), text("kept/c/d")),
            (Some("old"), Some("more"), Some("more"))
        );
        assert_eq!(moved.children(Utf8Path::new("c")).count(), 1);
        assert_eq!((moved.size("a/b.yaml"), tree.text("a/b.yaml")), (Some(3), Some("new")));
    }
}
