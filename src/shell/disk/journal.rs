//! The journal of a write that goes on: `.djdock/writing`. A run that was killed leaves it behind, and the next one
//! finishes what was begun, or takes it away.
//!
//! It is begun before the first temporary file is made, and names each of them. Its last line says that all of them
//! are whole: from then on they only have to be put in their places. Whoever writes holds a lock on it, which the
//! system lets go of with the process.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;

use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::{AtFlags, CWD, FlockOperation, Mode, OFlags};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};

use super::staging::{FOLDER, is_temporary};
use crate::base::path;

const HOLDER: &str = ".djdock";
const NAME: &str = "writing";

/// The path of the journal, seen from the folder that is written to.
pub(super) const PATH: &str = ".djdock/writing";

/// More than a journal of djdock's own ever has.
const LARGEST: u64 = 1 << 20;

/// A file that is to be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    path: Utf8PathBuf,
    /// The name in the same folder under which it is written.
    temporary: String,
    /// Folders that are made for it, the topmost first.
    #[serde(default)]
    made: Vec<Utf8PathBuf>,
    /// True if the file is removed, and nothing written.
    #[serde(default)]
    removed: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Line {
    File(Entry),
    /// Every temporary file is whole.
    Whole(bool),
}

/// The journal of this run.
pub(super) struct Journal {
    holder: OwnedFd,
    /// Open for the lock on it.
    file: File,
    /// True if the folder was made for it.
    made: bool,
    root: OwnedFd,
}

/// Why there is no journal.
pub(super) enum Refused {
    /// Another djdock holds it.
    Busy,
    System(io::Error),
}

impl From<Errno> for Refused {
    fn from(error: Errno) -> Self {
        Self::System(error.into())
    }
}

impl Journal {
    /// Begins the journal of these files, each with the name under which it is written first, and true if it is
    /// removed instead.
    pub(super) fn begin<'a>(
        root: &Utf8Path,
        files: impl Iterator<Item = (&'a Utf8Path, String, bool)>,
    ) -> Result<Self, Refused> {
        let root_folder = open_root(root)?;
        let made = match rustix::fs::mkdirat(&root_folder, HOLDER, Mode::from(0o755)) {
            Ok(()) => true,
            Err(Errno::EXIST) => false,
            Err(error) => return Err(error.into()),
        };
        let holder = open_folder(&root_folder, HOLDER)?;
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = match rustix::fs::openat(&holder, NAME, flags, Mode::from(0o600)) {
            Ok(file) => File::from(file),
            // It was looked for just now: somebody else was faster.
            Err(Errno::EXIST) => return Err(Refused::Busy),
            Err(error) => return Err(error.into()),
        };
        lock(&file)?;
        let mut journal = Self { holder, file, made, root: root_folder };
        for (path, temporary, removed) in files {
            let is_absent = |folder: &&Utf8Path| root.join(folder).symlink_metadata().is_err();
            let mut folders: Vec<&Utf8Path> =
                path.ancestors().skip(1).filter(|above| !above.as_str().is_empty()).collect();
            folders.reverse();
            let made = folders.into_iter().filter(is_absent).map(ToOwned::to_owned).collect();
            let entry = Entry { path: path.to_owned(), temporary, made, removed };
            journal.add(&Line::File(entry)).map_err(Refused::System)?;
        }
        Ok(journal)
    }

    /// Says that every temporary file is whole.
    pub(super) fn commit(&mut self) -> io::Result<()> {
        self.add(&Line::Whole(true))
    }

    fn add(&mut self, line: &Line) -> io::Result<()> {
        // Text and lists of text always serialise.
        let mut text = serde_json::to_vec(line).unwrap_or_default();
        text.push(b'\n');
        self.file.write_all(&text)?;
        self.file.sync_data()
    }

    /// Ends it: nothing is left to be done.
    pub(super) fn end(self) {
        let _ = rustix::fs::unlinkat(&self.holder, NAME, AtFlags::empty());
        if self.made {
            // What was written there keeps the folder.
            let _ = rustix::fs::unlinkat(&self.root, HOLDER, AtFlags::REMOVEDIR);
        }
    }
}

/// The action that was taken about an earlier run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovered {
    /// There was nothing to do.
    Nothing,
    /// All of its files are in their places now.
    Finished,
    /// It had put nothing in its place; its temporary files are gone.
    TakenAway,
}

/// Finishes what an earlier run in the folder `root` had begun to write, or takes it away.
pub(super) fn recover(root: &Utf8Path) -> Result<Recovered, Refused> {
    let open = || -> Result<Option<(OwnedFd, OwnedFd, File)>, Errno> {
        let root = match open_root(root) {
            Err(Errno::NOENT | Errno::NOTDIR | Errno::ACCESS) => return Ok(None),
            other => other?,
        };
        let holder = match open_folder(&root, HOLDER) {
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::ACCESS) => return Ok(None),
            other => other?,
        };
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        match rustix::fs::openat(&holder, NAME, flags, Mode::empty()) {
            Ok(file) => Ok(Some((root, holder, File::from(file)))),
            Err(Errno::NOENT | Errno::LOOP | Errno::ACCESS) => Ok(None),
            Err(error) => Err(error),
        }
    };
    let Some((root, holder, file)) = open()? else { return Ok(Recovered::Nothing) };
    lock(&file)?;
    // Whoever held it may have ended it meanwhile.
    if rustix::fs::fstat(&file)?.st_nlink == 0 {
        return Ok(Recovered::Nothing);
    }
    let mut text = String::new();
    file.take(LARGEST).read_to_string(&mut text).map_err(Refused::System)?;
    let lines: Vec<Line> = text.lines().map_while(|line| serde_json::from_str(line).ok()).collect();
    let is_whole = lines.iter().any(|line| matches!(line, Line::Whole(true)));
    let entries =
        lines.iter().filter_map(|line| if let Line::File(entry) = line { Some(entry) } else { None });
    let entries: Vec<&Entry> = entries.filter(|entry| entry.is_ours()).collect();
    for entry in &entries {
        entry.settle(&root, is_whole)?;
    }
    if !is_whole {
        for folder in entries.iter().rev().flat_map(|entry| entry.made.iter().rev()) {
            // What somebody put there meanwhile stays.
            if let Some((above, name)) = folder_of(&root, folder) {
                let _ = rustix::fs::unlinkat(&above, name, AtFlags::REMOVEDIR);
            }
        }
    }
    rustix::fs::unlinkat(&holder, NAME, AtFlags::empty())?;
    let _ = rustix::fs::unlinkat(&root, HOLDER, AtFlags::REMOVEDIR);
    Ok(if is_whole { Recovered::Finished } else { Recovered::TakenAway })
}

impl Entry {
    /// Tells whether it names nothing but a file of djdock's below the root: the journal is a file that anybody may write.
    fn is_ours(&self) -> bool {
        let is_below =
            |path: &Utf8Path| path.components().all(|part| matches!(part, camino::Utf8Component::Normal(_)));
        let begins = format!(".{}.", path::name(&self.path));
        is_below(&self.path)
            && self.made.iter().all(|folder| is_below(folder) && self.path.starts_with(folder))
            && self.temporary.starts_with(&begins)
            && is_temporary(&self.temporary)
    }

    fn settle(&self, root: &OwnedFd, is_whole: bool) -> Result<(), Errno> {
        let Some((folder, name)) = folder_of(root, &self.path) else { return Ok(()) };
        let ignore_absent = |result| match result {
            Err(Errno::NOENT) => Ok(()),
            other => other,
        };
        if is_whole && self.removed {
            ignore_absent(rustix::fs::unlinkat(&folder, name, AtFlags::empty()))?;
        } else if is_whole {
            ignore_absent(rustix::fs::renameat(&folder, &*self.temporary, &folder, name))?;
        }
        for left in [self.temporary.clone(), format!("{}.old", self.temporary)] {
            ignore_absent(rustix::fs::unlinkat(&folder, &*left, AtFlags::empty()))?;
        }
        Ok(())
    }
}

/// The folder that holds `path`, opened through no symbolic link, and its last name.
fn folder_of<'a>(root: &OwnedFd, path: &'a Utf8Path) -> Option<(OwnedFd, &'a str)> {
    let name = path.file_name()?;
    let mut folder = root.try_clone().ok()?;
    for part in path::parent(path).components() {
        if let camino::Utf8Component::Normal(part) = part {
            folder = open_folder(&folder, part).ok()?;
        }
    }
    Some((folder, name))
}

fn open_root(root: &Utf8Path) -> Result<OwnedFd, Errno> {
    let root = if root.as_str().is_empty() { "." } else { root.as_str() };
    rustix::fs::openat(CWD, root, OFlags::RDONLY | FOLDER, Mode::empty())
}

fn open_folder(at: &OwnedFd, name: &str) -> Result<OwnedFd, Errno> {
    rustix::fs::openat(at, name, OFlags::RDONLY | OFlags::NOFOLLOW | FOLDER, Mode::empty())
}

/// File systems without locks go without.
fn lock(file: &File) -> Result<(), Refused> {
    match rustix::fs::flock(file, FlockOperation::NonBlockingLockExclusive) {
        Err(Errno::AGAIN) => Err(Refused::Busy),
        _ => Ok(()),
    }
}
