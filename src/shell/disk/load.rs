//! A folder's names, and contents on demand.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use camino::{Utf8Path, Utf8PathBuf};
use walkdir::WalkDir;

use super::git::Rules;
use super::made::is_made;
use crate::base::codes::shell::{FOLDER_MISSING, FOLDER_TOO_LARGE, FOLDER_UNREADABLE, NOT_A_FOLDER};
use crate::base::tree::LeftOut;
use crate::base::{Contents, Diagnostic, Kind, Tree};
use crate::shell::user;

/// Far above the largest public Django projects (10 000), far below a home folder.
const MOST_NAMES: usize = 200_000;
const DEEPEST: usize = 40;
/// No file that says anything of a project is as large.
const LARGEST_FILE: u64 = 64 * 1024 * 1024;
/// Of all files that are read in one run.
const LARGEST_TOTAL: u64 = 512 * 1024 * 1024;

/// The project in the folder `root`: every name that belongs to it, and contents on demand.
///
/// What tools make and what git ignores is left out, by name. Symbolic links are not followed.
pub fn load(root: &Utf8Path) -> Result<Tree, Diagnostic> {
    load_at_most(root, MOST_NAMES)
}

fn load_at_most(root: &Utf8Path, most: usize) -> Result<Tree, Diagnostic> {
    refuse_what_is_no_folder(root)?;
    let mut found = Found { rules: Rules::around(root), ..Found::default() };
    if let Some(rules) = &mut found.rules {
        rules.enter(Utf8Path::new(""), 0);
    }
    let mut walk = WalkDir::new(root).min_depth(1).max_depth(DEEPEST).into_iter();
    while let Some(entry) = walk.next() {
        match entry {
            Ok(entry) => {
                if found.add(root, &entry) == Next::Skip {
                    walk.skip_current_dir();
                }
            }
            Err(error) if error.depth() == 0 => return Err(unlistable(root, &error.into())),
            Err(error) => found.trouble(root, error),
        }
        if found.kinds.len() > most {
            return Err(too_large(root, most));
        }
    }
    let contents = Folder { root: root.to_owned(), read: AtomicU64::new(0) };
    Ok(Tree::new(found.kinds, Arc::new(contents)).with_links(found.links).with_left_out(found.left_out))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    On,
    /// Do not read the folder that was just added.
    Skip,
}

#[derive(Default)]
struct Found {
    kinds: BTreeMap<Utf8PathBuf, Kind>,
    links: BTreeMap<Utf8PathBuf, String>,
    left_out: BTreeMap<Utf8PathBuf, LeftOut>,
    rules: Option<Rules>,
    /// An ignored folder that holds tracked files: only those belong to the project.
    inside_ignored: Option<Utf8PathBuf>,
}

impl Found {
    fn add(&mut self, root: &Utf8Path, entry: &walkdir::DirEntry) -> Next {
        let is_folder = entry.file_type().is_dir();
        let skip = if is_folder { Next::Skip } else { Next::On };
        let Ok(relative) = entry.path().strip_prefix(root) else { return skip };
        let Some(path) = Utf8Path::from_path(relative) else {
            self.left_out.insert(relative.to_string_lossy().into_owned().into(), LeftOut::NotUtf8);
            return skip;
        };
        if is_folder && is_made(entry.path()) {
            self.left_out.insert(path.to_owned(), LeftOut::Made);
            return skip;
        }
        if !is_own(path) && self.ignored(path, entry.depth(), is_folder) {
            self.left_out.insert(path.to_owned(), LeftOut::Ignored);
            return skip;
        }
        let kind = match entry.file_type() {
            folder if folder.is_dir() => Kind::Folder,
            link if link.is_symlink() => Kind::Symlink,
            file if file.is_file() => {
                Kind::File { size: entry.metadata().map_or(0, |metadata| metadata.len()) }
            }
            _ => {
                self.left_out.insert(path.to_owned(), LeftOut::NotRegular);
                return skip;
            }
        };
        if kind == Kind::Symlink {
            let target = std::fs::read_link(entry.path())
                .ok()
                .and_then(|target| target.into_os_string().into_string().ok());
            self.links.extend(target.map(|target| (path.to_owned(), target)));
        }
        self.kinds.insert(path.to_owned(), kind);
        if is_folder && entry.depth() == DEEPEST {
            self.left_out.insert(path.to_owned(), LeftOut::TooDeep);
        }
        if is_folder && let Some(rules) = &mut self.rules {
            rules.enter(path, entry.depth());
        }
        Next::On
    }

    fn ignored(&mut self, path: &Utf8Path, depth: usize, folder: bool) -> bool {
        let Some(rules) = &mut self.rules else { return false };
        if self.inside_ignored.as_ref().is_some_and(|ignored| !path.starts_with(ignored)) {
            self.inside_ignored = None;
        }
        if self.inside_ignored.is_none() && !rules.matches(path, depth, folder) {
            return false;
        }
        if !rules.tracks(path, folder) {
            return true;
        }
        if folder && self.inside_ignored.is_none() {
            self.inside_ignored = Some(path.to_owned());
        }
        false
    }

    /// What could be named and not looked into.
    fn trouble(&mut self, root: &Utf8Path, error: walkdir::Error) {
        let path = error.path().and_then(|path| path.strip_prefix(root).ok());
        if let Some(path) = path {
            let path = path.to_string_lossy().into_owned().into();
            self.left_out.insert(path, LeftOut::Unreadable(cause(&error.into())));
        }
    }
}

/// Whether `path` holds what djdock itself remembers: it is read even where git ignores it.
fn is_own(path: &Utf8Path) -> bool {
    path == "djdock.toml" || path.starts_with(".djdock")
}

/// Reads files below `root` when they are asked for.
struct Folder {
    root: Utf8PathBuf,
    /// Bytes so far.
    read: AtomicU64,
}

impl Contents for Folder {
    fn read(&self, path: &Utf8Path) -> Result<Vec<u8>, String> {
        let open = || {
            let file = std::fs::File::open(self.root.join(path))?;
            let size = file.metadata()?.len();
            std::io::Result::Ok((file, size))
        };
        let (file, size) = open().map_err(|error| cause(&error))?;
        if size > LARGEST_FILE {
            return Err(format!("larger than {} MB", LARGEST_FILE >> 20));
        }
        if self.read.fetch_add(size, Ordering::Relaxed) + size > LARGEST_TOTAL {
            return Err(format!("{} MB of the project have been read already", LARGEST_TOTAL >> 20));
        }
        let mut bytes = Vec::new();
        // It may grow while it is read.
        file.take(LARGEST_FILE).read_to_end(&mut bytes).map_err(|error| cause(&error))?;
        Ok(bytes)
    }

    fn left_out(&self, path: &Utf8Path) -> Option<Kind> {
        let mut kind = None;
        let mut place = self.root.clone();
        for part in path {
            place.push(part);
            let metadata = place.symlink_metadata().ok()?;
            kind = Some(match metadata.file_type() {
                folder if folder.is_dir() => Kind::Folder,
                file if file.is_file() => Kind::File { size: metadata.len() },
                // What is behind a link, or in a socket, is not a file that anyone may replace.
                _ => return Some(Kind::Symlink),
            });
        }
        kind
    }
}

/// An error of the system in the words of a message: "permission denied", without its number.
pub(in crate::shell) fn cause(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied => format!("permission denied for {}", user::name()),
        ErrorKind::NotFound => "no such file or folder".to_owned(),
        ErrorKind::StorageFull => "no space left on the disk".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        _ => error.to_string(),
    }
}

fn refuse_what_is_no_folder(root: &Utf8Path) -> Result<(), Diagnostic> {
    match std::fs::metadata(root) {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(_) => {
            let help = match root.parent().filter(|parent| !parent.as_str().is_empty()) {
                Some(parent) => format!("name the folder that holds `manage.py`, perhaps `{parent}`"),
                None => "name the folder that holds `manage.py`".to_owned(),
            };
            Err(Diagnostic::error(NOT_A_FOLDER, format!("`{root}` is not a folder")).help(help))
        }
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Err(missing(root))
        }
        Err(error) => Err(unlistable(root, &error)),
    }
}

fn missing(root: &Utf8Path) -> Diagnostic {
    let diagnostic = Diagnostic::error(FOLDER_MISSING, format!("no folder `{root}`"));
    let above = root.ancestors().skip(1).find(|above| !above.as_str().is_empty() && above.is_dir());
    let diagnostic = match above {
        Some(above) => diagnostic.because(format!("`{above}` exists")),
        None => diagnostic,
    };
    diagnostic.help("name the folder that holds `manage.py`, or run djdock inside it")
}

fn unlistable(root: &Utf8Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(FOLDER_UNREADABLE, format!("cannot read the folder `{root}`: {}", cause(error)))
        .help(format!("see whose it is: `ls -ld {root}`"))
}

fn too_large(root: &Utf8Path, most: usize) -> Diagnostic {
    Diagnostic::error(FOLDER_TOO_LARGE, format!("`{root}` holds more than {most} files and folders"))
        .because("virtual environments, `node_modules`, caches and what git ignores were not counted")
        .help("name the folder that holds `manage.py`, or have git ignore the folder of data in it")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::terminal::testing::assert_said;

    #[test]
    fn a_folder_of_more_files_than_a_project_has_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        for name in ["a", "b", "c"] {
            std::fs::write(root.join(name), "").unwrap();
        }
        assert!(load_at_most(root, 3).is_ok());
        assert_eq!(load_at_most(root, 2).unwrap_err().code, FOLDER_TOO_LARGE);
    }

    #[test]
    fn a_folder_that_cannot_be_taken_is_said() {
        let root = Utf8Path::new("/srv/shop");
        assert_said(&too_large(root, MOST_NAMES));
        assert_said(&unlistable(root, &std::io::Error::from(ErrorKind::PermissionDenied)));
    }
}
