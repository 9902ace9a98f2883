//! Folders for tests of what crosses the disk.

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

/// A folder with these files, removed at the end.
pub(crate) fn folder(files: &[(Utf8PathBuf, String)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = root(&folder).join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// The folder's path.
pub(crate) fn root(folder: &TempDir) -> &Utf8Path {
    Utf8Path::from_path(folder.path()).unwrap()
}
