//! A folder gone through without rules.

use camino::Utf8Path;
use walkdir::WalkDir;

/// Everything below `root`, sorted by path, symbolic links as such. Whoever goes through it may skip a folder.
pub(in crate::shell) fn walk(root: &Utf8Path) -> walkdir::IntoIter {
    WalkDir::new(root).min_depth(1).sort_by_file_name().into_iter()
}
