//! Files: reads a folder into a [`Tree`].

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::base::codes::shell::{FOLDER_UNREADABLE, NOT_A_FOLDER};
use crate::base::{Contents, Diagnostic, Kind, Tree};

/// The project in the folder `root`: every name, and contents on demand.
pub fn load(root: &Utf8Path) -> Result<Tree, Diagnostic> {
    match std::fs::metadata(root) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => {
            return Err(Diagnostic::error(NOT_A_FOLDER, format!("`{root}` is not a folder"))
                .help("name the folder that holds `manage.py`"));
        }
        Err(cause) => {
            return Err(Diagnostic::error(FOLDER_UNREADABLE, format!("cannot read the folder `{root}`"))
                .because(cause.to_string())
                .help("name the folder that holds `manage.py`"));
        }
    }
    let mut kinds = BTreeMap::new();
    let walk = walkdir::WalkDir::new(root).min_depth(1).into_iter().filter_entry(|entry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !matches!(&*name, ".git" | "node_modules" | ".venv" | "__pycache__")
    });
    for entry in walk.flatten() {
        let Some(path) = Utf8Path::from_path(entry.path()) else { continue };
        let Ok(relative) = path.strip_prefix(root) else { continue };
        let kind = match entry.file_type() {
            folder if folder.is_dir() => Kind::Folder,
            link if link.is_symlink() => Kind::Symlink,
            _ => Kind::File { size: entry.metadata().map_or(0, |metadata| metadata.len()) },
        };
        kinds.insert(relative.to_owned(), kind);
    }
    Ok(Tree::new(kinds, Arc::new(Folder(root.to_owned()))))
}

struct Folder(Utf8PathBuf);

impl Contents for Folder {
    fn read(&self, path: &Utf8Path) -> Result<Vec<u8>, String> {
        std::fs::read(self.0.join(path)).map_err(|cause| cause.to_string())
    }
}
