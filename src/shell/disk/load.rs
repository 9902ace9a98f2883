//! A folder's names, and contents on demand.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{DirEntry, FileType};
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use camino::{Utf8Path, Utf8PathBuf};

use super::git::Rules;
use super::{made, staging};
use crate::base::codes::shell::{FOLDER_MISSING, FOLDER_TOO_LARGE, FOLDER_UNREADABLE, NOT_A_FOLDER};
use crate::base::tree::LeftOut;
use crate::base::{Contents, Diagnostic, Kind, Tree, path};
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
    let listed = list(root.as_std_path()).map_err(|error| unlistable(root, &error))?;
    let mut found = Found { rules: Rules::around(root), most, ..Found::default() };
    found.enter(Utf8Path::new(""), 0, &listed);
    found.folder(root, Utf8Path::new(""), 0, listed).map_err(|TooMany| too_large(root, most))?;
    let contents = Folder { root: root.to_owned(), read: AtomicU64::new(0) };
    Ok(Tree::new(found.kinds, Arc::new(contents)).with_links(found.links).with_left_out(found.left_out))
}

/// A name in a folder.
struct Listed {
    name: OsString,
    kind: FileType,
}

/// The names in a folder, sorted: every folder's names in order are all paths in order. One folder at a time, so
/// that its own rules are known before anything in it is looked at, and no other folder is touched.
fn list(folder: &Path) -> std::io::Result<Vec<Listed>> {
    let named = |entry: DirEntry| Ok(Listed { kind: entry.file_type()?, name: entry.file_name() });
    let mut listed = folder.read_dir()?.map(|entry| named(entry?)).collect::<std::io::Result<Vec<_>>>()?;
    listed.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(listed)
}

/// As text: to join paths takes both apart.
fn joined(folder: &Utf8Path, name: &str) -> Utf8PathBuf {
    let mut path = String::with_capacity(folder.as_str().len() + 1 + name.len());
    if !folder.as_str().is_empty() {
        path += folder.as_str();
        path += "/";
    }
    path += name;
    path.into()
}

fn holds(listed: &[Listed], name: &str) -> bool {
    listed.binary_search_by(|one| one.name.as_os_str().cmp(OsStr::new(name))).is_ok()
}

/// More names than a project has.
struct TooMany;

#[derive(Default)]
struct Found {
    /// In the order of the paths.
    kinds: Vec<(Utf8PathBuf, Kind)>,
    links: BTreeMap<Utf8PathBuf, String>,
    left_out: BTreeMap<Utf8PathBuf, LeftOut>,
    rules: Option<Rules>,
    /// An ignored folder that holds tracked files: only those belong to the project.
    inside_ignored: Option<Utf8PathBuf>,
    most: usize,
}

impl Found {
    /// Adds what is in the folder `path`, which lies `depth` below the root.
    fn folder(
        &mut self,
        root: &Utf8Path,
        path: &Utf8Path,
        depth: usize,
        listed: Vec<Listed>,
    ) -> Result<(), TooMany> {
        for Listed { name, kind } in listed {
            match name.to_str() {
                Some(name) => self.add(root, joined(path, name), depth + 1, kind)?,
                None => {
                    let shown = path.join(name.to_string_lossy().as_ref());
                    self.left_out.insert(shown, LeftOut::NotUtf8);
                }
            }
            if self.kinds.len() > self.most {
                return Err(TooMany);
            }
        }
        Ok(())
    }

    fn add(
        &mut self,
        root: &Utf8Path,
        path: Utf8PathBuf,
        depth: usize,
        kind: FileType,
    ) -> Result<(), TooMany> {
        let is_folder = kind.is_dir();
        if is_folder && made::by_name(&path) {
            self.left_out.insert(path, LeftOut::Made);
            return Ok(());
        }
        if !is_folder && staging::is_temporary(path::name(&path)) {
            // Of a run of djdock that goes on, or was killed.
            self.left_out.insert(path, LeftOut::Made);
            return Ok(());
        }
        if !is_own(&path) && self.ignored(&path, depth, is_folder) {
            let is_made = is_folder && made::by_contents(root.join(&path).as_std_path(), |_| true);
            self.left_out.insert(path, if is_made { LeftOut::Made } else { LeftOut::Ignored });
            return Ok(());
        }
        if is_folder {
            return self.add_folder(root, path, depth);
        }
        if kind.is_symlink() {
            let target = std::fs::read_link(root.join(&path)).ok();
            let target = target.and_then(|target| target.into_os_string().into_string().ok());
            self.links.extend(target.map(|target| (path.clone(), target)));
            self.kinds.push((path, Kind::Symlink));
        } else if kind.is_file() {
            self.kinds.push((path, Kind::File));
        } else {
            self.left_out.insert(path, LeftOut::NotRegular);
        }
        Ok(())
    }

    fn add_folder(&mut self, root: &Utf8Path, path: Utf8PathBuf, depth: usize) -> Result<(), TooMany> {
        let absolute = root.join(&path);
        if depth == DEEPEST {
            self.left_out.insert(path.clone(), LeftOut::TooDeep);
            self.kinds.push((path, Kind::Folder));
            return Ok(());
        }
        let listed = match list(absolute.as_std_path()) {
            Ok(listed) => listed,
            Err(error) => {
                self.left_out.insert(path.clone(), LeftOut::Unreadable(cause(&error)));
                self.kinds.push((path, Kind::Folder));
                return Ok(());
            }
        };
        if made::by_contents(absolute.as_std_path(), |name| holds(&listed, name)) {
            self.left_out.insert(path, LeftOut::Made);
            return Ok(());
        }
        self.kinds.push((path.clone(), Kind::Folder));
        self.enter(&path, depth, &listed);
        self.folder(root, &path, depth, listed)
    }

    /// Takes up the rules in a folder, where it has some.
    fn enter(&mut self, path: &Utf8Path, depth: usize, listed: &[Listed]) {
        if let Some(rules) = &mut self.rules
            && holds(listed, ".gitignore")
        {
            rules.enter(path, depth);
        }
    }

    fn ignored(&mut self, path: &Utf8Path, depth: usize, folder: bool) -> bool {
        let Some(rules) = &mut self.rules else { return false };
        if self.inside_ignored.as_ref().is_some_and(|ignored| !path::is_in(path.as_str(), ignored.as_str())) {
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
}

/// Tells whether `path` holds what djdock itself remembers: it is read even where git ignores it.
fn is_own(path: &Utf8Path) -> bool {
    path.as_str() == "djdock.toml" || path::is_in(path.as_str(), ".djdock")
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
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        // It may grow while it is read.
        file.take(LARGEST_FILE).read_to_end(&mut bytes).map_err(|error| cause(&error))?;
        Ok(bytes)
    }

    fn size(&self, path: &Utf8Path) -> Option<u64> {
        std::fs::symlink_metadata(self.root.join(path)).ok().map(|metadata| metadata.len())
    }

    fn left_out(&self, path: &Utf8Path) -> Option<Kind> {
        let mut kind = None;
        let mut place = self.root.clone();
        for part in path {
            place.push(part);
            let metadata = place.symlink_metadata().ok()?;
            kind = Some(match metadata.file_type() {
                folder if folder.is_dir() => Kind::Folder,
                file if file.is_file() => Kind::File,
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
