//! Folders that tools make, and make again: nothing in them is the project's own.

use std::path::Path;

use camino::Utf8Path;

use crate::base::path;

/// Never read, whatever they hold.
#[rustfmt::skip]
const BY_NAME: &[&str] = &[
    // Version control.
    ".bzr", ".git", ".hg", ".jj", ".svn",
    // Python: caches, test environments, installed distributions.
    ".eggs", ".hypothesis", ".ipynb_checkpoints", ".mypy_cache", ".nox", ".pytest_cache", ".pytype", ".ruff_cache",
    ".tox", "__pycache__", "__pypackages__", "site-packages",
    // JavaScript: installed packages, caches.
    ".parcel-cache", ".yarn", "bower_components", "node_modules",
];

/// Files that show what the folder which holds them is.
const BY_CONTENTS: &[&str] = &[
    // A virtual environment; without `pyvenv.cfg` those of virtualenv before 20.
    "pyvenv.cfg",
    "bin/activate_this.py",
    "Scripts/activate_this.py",
    "conda-meta/history",
    // https://bford.info/cachedir/
    "CACHEDIR.TAG",
];

/// Tells whether only tools give a folder this name.
pub(super) fn by_name(folder: &Utf8Path) -> bool {
    BY_NAME.contains(&path::name(folder))
}

/// Tells whether what is in `folder` shows that a tool made it. `holds` says which names it holds, and need not be sure.
pub(super) fn by_contents(folder: &Path, holds: impl Fn(&str) -> bool) -> bool {
    let first = |file: &'static str| file.split_once('/').map_or(file, |(first, _)| first);
    BY_CONTENTS.iter().any(|file| holds(first(file)) && folder.join(file).symlink_metadata().is_ok())
}
