//! The project's files: names eagerly, contents on demand and memoised.
//!
//! The core reads files through a [`Tree`] and nothing else. Where contents come from is the business of
//! whoever makes the tree: the disk ([`crate::shell::disk`]) or literals (tests).

mod contents;
mod entries;
mod glance;
mod kind;
mod moved;

use std::any::Any;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use camino::{Utf8Path, Utf8PathBuf};

use self::contents::{Content, Hiding, Laid, Literals};
use self::entries::{Entries, Entry};
use super::{path, text};

pub use self::contents::Contents;
pub use self::kind::Kind;

/// Why a name that exists is no entry of the tree, nor anything below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// Git ignores it: a fresh clone does not have it, so no fact may stand on it.
    Ignored,
    /// Made by a tool and made again by it: a repository's own folder, a virtual environment, `node_modules`,
    /// a cache.
    Made,
    /// A folder that cannot be listed, and the cause ("permission denied").
    Unreadable(String),
    /// Its name is not UTF-8; the path here has U+FFFD for what is not.
    NotUtf8,
    /// More folders lie above it than any project has.
    TooDeep,
    /// Neither file, folder nor symbolic link.
    NotRegular,
}

/// A project's files, by path relative to the folder that the user named.
#[derive(Clone)]
pub struct Tree {
    entries: Arc<Entries>,
    contents: Arc<dyn Contents>,
    /// Files that do not exist (yet) but are to be read as if they did; they hide entries of the same name.
    laid_over: BTreeMap<Utf8PathBuf, Arc<Laid>>,
    /// The targets of symbolic links, as written, by the link's path.
    links: Arc<BTreeMap<Utf8PathBuf, String>>,
    left_out: Arc<BTreeMap<Utf8PathBuf, LeftOut>>,
}

/// A file larger than this is never read as text: no settings module or manifest is.
pub const LARGEST_TEXT: u64 = 4 * 1024 * 1024;

impl Tree {
    /// A tree of these entries, sorted by path, whose contents are read through `contents` when first asked for.
    pub fn new(kinds: impl IntoIterator<Item = (Utf8PathBuf, Kind)>, contents: Arc<dyn Contents>) -> Self {
        Self {
            entries: Arc::new(Entries::new(kinds)),
            contents,
            laid_over: BTreeMap::new(),
            links: Arc::default(),
            left_out: Arc::default(),
        }
    }

    /// Returns this tree with symbolic links that name these paths, as they are written in the link.
    #[must_use]
    pub fn with_links(mut self, links: BTreeMap<Utf8PathBuf, String>) -> Self {
        self.links = Arc::new(links);
        self
    }

    /// Returns this tree with names beside the entries that exist and were left out.
    #[must_use]
    pub fn with_left_out(mut self, left_out: BTreeMap<Utf8PathBuf, LeftOut>) -> Self {
        self.left_out = Arc::new(left_out);
        self
    }

    /// A tree of files from literals; the folders above them are added.
    pub fn from_literals<P: AsRef<str>, C: AsRef<[u8]>>(files: impl IntoIterator<Item = (P, C)>) -> Self {
        let mut kinds = BTreeMap::new();
        let mut literals = BTreeMap::new();
        for (name, contents) in files {
            let name = Utf8PathBuf::from(name.as_ref());
            let contents = contents.as_ref().to_vec();
            for folder in name.ancestors().skip(1).filter(|folder| !folder.as_str().is_empty()) {
                kinds.insert(folder.to_owned(), Kind::Folder);
            }
            kinds.insert(name.clone(), Kind::File);
            literals.insert(name, contents);
        }
        Self::new(kinds, Arc::new(Literals(literals)))
    }

    /// Returns this tree as if nothing were at the paths that `is_hidden`, nor below them. Contents are read anew.
    #[must_use]
    pub fn without(&self, is_hidden: impl Fn(&Utf8Path) -> bool + Send + Sync + 'static) -> Self {
        let shown = self.entries.all().iter().filter(|entry| !is_hidden(&entry.path));
        let kinds: Vec<(Utf8PathBuf, Kind)> = shown.map(|entry| (entry.path.clone(), entry.kind)).collect();
        let contents = Arc::new(Hiding { contents: Arc::clone(&self.contents), is_hidden });
        let tree = Self::new(kinds, contents);
        Self { links: Arc::clone(&self.links), left_out: Arc::clone(&self.left_out), ..tree }
    }

    /// Returns this tree with these files laid over it; the original is untouched and contents stay shared.
    #[must_use]
    pub fn with_files(&self, files: impl IntoIterator<Item = (Utf8PathBuf, String)>) -> Self {
        let mut tree = self.clone();
        let laid = |text| Arc::new(Laid { text, derived: OnceLock::new() });
        tree.laid_over.extend(files.into_iter().map(|(path, text)| (path, laid(text))));
        tree
    }

    /// Returns the kind of the entry at `path`, if there is one.
    pub fn kind(&self, path: impl AsRef<Utf8Path>) -> Option<Kind> {
        let path = path.as_ref();
        if self.laid(path).is_some() {
            return Some(Kind::File);
        }
        if matches!(path.as_str(), "." | "") {
            return Some(Kind::Folder);
        }
        self.entries.get(path).map(|entry| entry.kind)
    }

    /// How many bytes the file at `path` has; `None` where there is none.
    pub fn size(&self, path: impl AsRef<Utf8Path>) -> Option<u64> {
        let path = path.as_ref();
        if let Some(laid) = self.laid(path) {
            return Some(laid.text.len() as u64);
        }
        let entry = self.entries.get(path).filter(|entry| entry.kind == Kind::File)?;
        match entry.content.get() {
            Some(read) => read.as_ref().ok().map(|content| content.bytes().len() as u64),
            None => self.contents.size(&entry.path),
        }
    }

    pub fn is_file(&self, path: impl AsRef<Utf8Path>) -> bool {
        self.kind(path) == Some(Kind::File)
    }

    pub fn is_folder(&self, path: impl AsRef<Utf8Path>) -> bool {
        self.kind(path) == Some(Kind::Folder)
    }

    /// The text of the file at `path`: UTF-8 or UTF-16 with a byte order mark, else UTF-8, else CP949 (Korean
    /// Windows) where that fits, else UTF-8 with what is not replaced by U+FFFD. `None` where there is no file, it cannot be read, is binary or larger than
    /// [`LARGEST_TEXT`].
    pub fn text(&self, path: impl AsRef<Utf8Path>) -> Option<&str> {
        let path = path.as_ref();
        if let Some(laid) = self.laid(path) {
            return Some(&laid.text);
        }
        let entry = self.entries.get(path).filter(|entry| entry.kind == Kind::File)?;
        if self.size(path).is_none_or(|size| size > LARGEST_TEXT) {
            return None;
        }
        match self.content(entry).as_ref().ok()? {
            Content::Text(text) => Some(text),
            Content::Bytes(bytes) => entry.decoded.get_or_init(|| text::decode(bytes)).as_deref(),
        }
    }

    /// Returns the value that `make` makes of a file's text. The value is made once and kept as long as the tree: for what is
    /// costly and asked for often. What `keep` refuses is made each time. One type for each file.
    pub fn derived<T: Any + Send + Sync>(
        &self,
        path: impl AsRef<Utf8Path>,
        make: impl Fn(&str) -> T,
        keep: impl Fn(&T) -> bool,
    ) -> Option<Arc<T>> {
        let path = path.as_ref();
        let text = self.text(path)?;
        let laid = self.laid(path).map(|laid| &laid.derived);
        let kept = laid.or_else(|| self.entries.get(path).map(|entry| &entry.derived))?;
        if let Some(kept) = kept.get().and_then(|kept| Arc::clone(kept).downcast().ok()) {
            return Some(kept);
        }
        let made = Arc::new(make(text));
        if keep(&made) {
            // Another thread may have been faster: what it made is the same.
            let _ = kept.set(Arc::clone(&made) as Arc<dyn Any + Send + Sync>);
        }
        Some(made)
    }

    /// The bytes of the file at `path`, or why they cannot be had.
    pub fn bytes(&self, path: impl AsRef<Utf8Path>) -> Result<&[u8], &str> {
        let path = path.as_ref();
        if let Some(laid) = self.laid(path) {
            return Ok(laid.text.as_bytes());
        }
        match self.entries.get(path) {
            Some(entry) if entry.kind == Kind::File => {
                self.content(entry).as_ref().map(Content::bytes).map_err(String::as_str)
            }
            Some(_) => Err("not a regular file"),
            None => Err("no such file"),
        }
    }

    /// Every file, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = &Utf8Path> {
        let stored = self.entries.all().iter().filter(|entry| entry.kind == Kind::File);
        let mut all: Vec<&Utf8Path> = stored.map(|entry| entry.path.as_path()).collect();
        if !self.laid_over.is_empty() {
            all.extend(self.laid_over.keys().map(Utf8PathBuf::as_path));
            all.sort_unstable();
            all.dedup();
        }
        all.into_iter()
    }

    /// Every file called `name`, in whatever folder, the nearest to the root first.
    pub fn files_named<'a>(&'a self, name: &'a str) -> Vec<&'a Utf8Path> {
        let mut found: Vec<_> = self.files().filter(|path| path::name(path) == name).collect();
        found.sort_by_key(|found| (path::depth(found), *found));
        found
    }

    /// Everything below `folder` (`"."` for all), sorted by path, with its kind.
    pub fn below<'a>(&'a self, folder: &Utf8Path) -> impl Iterator<Item = (&'a Utf8Path, Kind)> + use<'a> {
        self.entries.below(folder).iter().map(Entry::named)
    }

    /// The entries directly inside `folder`, sorted by path.
    pub fn children<'a>(&'a self, folder: &Utf8Path) -> impl Iterator<Item = (&'a Utf8Path, Kind)> + use<'a> {
        self.entries.children(folder).map(Entry::named)
    }

    /// The entry that `path` leads to when symbolic links in it are followed by name, as long as they stay
    /// inside the tree; `path` itself where there is none in it. `None` where it leads outside or nowhere.
    pub fn resolve(&self, path: impl AsRef<Utf8Path>) -> Option<Utf8PathBuf> {
        let path = path.as_ref().as_str();
        let is_plain = !path.starts_with('.') && !path.contains("/.");
        if self.links.is_empty() && is_plain && self.kind(path).is_none() {
            return None;
        }
        let mut path = path::join(Utf8Path::new("."), path)?;
        if self.links.is_empty() {
            return self.kind(&path).map(|_| path);
        }
        // As many as Linux follows.
        for _ in 0..40 {
            let first = path.ancestors().filter(|above| self.links.contains_key(*above)).last();
            let Some(link) = first else { return self.kind(&path).map(|_| path) };
            let target = path::join(path::parent(link), self.links.get(link)?)?;
            path = match path.strip_prefix(link) {
                Ok(rest) if !rest.as_str().is_empty() => path::join(&target, rest.as_str())?,
                _ => target,
            };
        }
        None
    }

    /// Why `path`, which is no entry, may exist nevertheless: it or a folder above it was left out.
    pub fn left_out(&self, path: impl AsRef<Utf8Path>) -> Option<&LeftOut> {
        path.as_ref().ancestors().find_map(|above| self.left_out.get(above))
    }

    /// Returns the kind of what is at `path` on the disk: an entry, or something that was left out. No fact may stand on the latter;
    /// but a file that git ignores must not be overwritten as if it were not there.
    pub fn kind_on_disk(&self, path: impl AsRef<Utf8Path>) -> Option<Kind> {
        self.kind(path.as_ref()).or_else(|| self.contents.left_out(path.as_ref()))
    }

    /// The bytes of the file at `path` on the disk, be it an entry or left out.
    pub fn bytes_on_disk(&self, path: impl AsRef<Utf8Path>) -> Result<Cow<'_, [u8]>, String> {
        let path = path.as_ref();
        match (self.kind(path), self.contents.left_out(path)) {
            (None, Some(Kind::File)) => self.contents.read(path).map(Cow::Owned),
            _ => self.bytes(path).map(Cow::Borrowed).map_err(str::to_owned),
        }
    }

    /// Every name that exists and was left out, sorted by path; what is below such a folder is not listed.
    pub fn all_left_out(&self) -> impl Iterator<Item = (&Utf8Path, &LeftOut)> {
        self.left_out.iter().map(|(path, why)| (path.as_path(), why))
    }

    /// Files that were asked for and could not be read, with the cause.
    pub fn unreadable(&self) -> Vec<(&Utf8Path, &str)> {
        let all = self.entries.all().iter();
        all.filter_map(|entry| Some((entry.path.as_path(), entry.content.get()?.as_ref().err()?.as_str())))
            .collect()
    }

    fn laid(&self, path: &Utf8Path) -> Option<&Arc<Laid>> {
        // Mostly there is none, and to compare paths takes time.
        if self.laid_over.is_empty() { None } else { self.laid_over.get(path) }
    }

    fn content<'a>(&self, entry: &'a Entry) -> &'a Result<Content, String> {
        entry.content.get_or_init(|| self.contents.read(&entry.path).map(Content::new))
    }
}

impl std::fmt::Debug for Tree {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_list().entries(self.entries.all().iter().map(|entry| &entry.path)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_list_what_they_hold() {
        let tree = Tree::from_literals([("a/b/c.py", ""), ("a/d.py", ""), ("ab.py", "")]);
        let names = |entries: Vec<(&Utf8Path, Kind)>| {
            entries.iter().map(|(path, _)| path.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(names(tree.children(Utf8Path::new(".")).collect()), ["a", "ab.py"]);
        assert_eq!(names(tree.children(Utf8Path::new("a")).collect()), ["a/b", "a/d.py"]);
        assert_eq!(names(tree.below(Utf8Path::new("a")).collect()), ["a/b", "a/b/c.py", "a/d.py"]);
        assert_eq!(names(tree.below(Utf8Path::new("a/")).collect()), ["a/b", "a/b/c.py", "a/d.py"]);
        assert!(tree.children(Utf8Path::new("a/b/c.py")).next().is_none());
        assert!(tree.below(Utf8Path::new("b")).next().is_none());
    }

    #[test]
    fn links_are_followed_by_name_inside_the_tree_only() {
        let links = [
            ("manage.py", "src/manage.py"),
            ("settings", "src/conf"),
            ("src/conf", "../real"),
            ("outside", "../elsewhere"),
            ("absolute", "/etc/passwd"),
            ("dangling", "nothing"),
            ("a", "b"),
            ("b", "a"),
        ];
        let tree = Tree::from_literals([("src/manage.py", ""), ("real/prod.py", "")])
            .with_links(links.map(|(link, target)| (link.into(), target.to_owned())).into());
        let resolved = |path: &str| tree.resolve(path).map(Utf8PathBuf::into_string);
        assert_eq!(resolved("manage.py").as_deref(), Some("src/manage.py"));
        assert_eq!(resolved("settings/prod.py").as_deref(), Some("real/prod.py"));
        assert_eq!(resolved("real/prod.py").as_deref(), Some("real/prod.py"));
        for path in ["outside", "absolute", "dangling", "a", "no/such.py"] {
            assert_eq!(resolved(path), None, "{path}");
        }
    }

    #[test]
    fn what_is_below_a_left_out_folder_is_left_out() {
        let tree = Tree::from_literals([("manage.py", "")])
            .with_left_out([(".secrets".into(), LeftOut::Ignored)].into());
        assert_eq!(tree.left_out(".secrets/base.json"), Some(&LeftOut::Ignored));
        assert_eq!(tree.left_out("manage.py"), None);
        assert!(!tree.is_file(".secrets/base.json"));
    }

    #[test]
    fn what_is_hidden_is_as_if_it_were_not_there() {
        let tree = Tree::from_literals([("a/b.py", "b"), ("a/c.py", "c")]);
        let without = tree.without(|path| path == "a/b.py");
        assert_eq!((without.kind("a/b.py"), without.kind_on_disk("a/b.py")), (None, None));
        assert_eq!((without.text("a/c.py"), tree.text("a/b.py")), (Some("c"), Some("b")));
    }

    #[test]
    fn what_is_derived_is_made_once_for_each_text() {
        let tree = Tree::from_literals([("a.py", "old")]);
        let over = tree.with_files([("a.py".into(), "newer".to_owned())]);
        let made = std::sync::atomic::AtomicUsize::new(0);
        let length = |tree: &Tree, keep: bool| {
            let make = |text: &str| {
                made.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                text.len()
            };
            *tree.derived("a.py", make, |_| keep).unwrap()
        };
        assert_eq!((length(&tree, false), length(&tree, true), length(&over, true)), (3, 3, 5));
        assert_eq!(
            (length(&tree, true), length(&tree.clone(), true), length(&over.clone(), true)),
            (3, 3, 5)
        );
        assert_eq!(made.into_inner(), 3);
        assert_eq!(tree.derived("b.py", str::len, |_| true), None);
    }

    #[test]
    fn laid_over_files_hide_those_below_them() {
        let tree = Tree::from_literals([("a.py", "old")]);
        let over = tree.with_files([("a.py".into(), "new".to_owned()), ("b.py".into(), "more".to_owned())]);
        assert_eq!(
            (tree.text("a.py"), over.text("a.py"), over.text("b.py")),
            (Some("old"), Some("new"), Some("more"))
        );
        assert_eq!(over.files().count(), 2);
    }
}
