//! Kinds of entries.

/// The kind of an entry. A symbolic link is an entry without contents: it is never followed on the disk, but
/// [`super::Tree::resolve`] finds what it names inside the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    Folder,
    Symlink,
}
