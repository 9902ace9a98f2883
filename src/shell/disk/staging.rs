//! One file on its way to its place: written whole under another name in the same folder, then renamed.
//!
//! Folders are opened one by one, each relative to the one above and none through a symbolic link, so that what
//! was checked is what is written to.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

use crate::update;

pub(super) const FOLDER: OFlags = OFlags::DIRECTORY.union(OFlags::CLOEXEC);

/// Why a file cannot take its place.
pub(super) enum Obstacle {
    /// Not a path below the root.
    Outside,
    /// This part of the path is a symbolic link.
    Link(Utf8PathBuf),
    /// This part of the path is something else than it must be.
    InTheWay(Utf8PathBuf, &'static str),
    System(io::Error),
}

impl From<Errno> for Obstacle {
    fn from(error: Errno) -> Self {
        Self::System(error.into())
    }
}

/// The name under which a file is written before it is put in its place; `unique` tells the names of this run from
/// others.
pub(super) fn temporary(name: &str, unique: u32) -> String {
    format!(".{name}.djdock-{unique}")
}

/// Tells whether `name` is one of those of [`temporary`], or what was in the place of its file before.
pub(super) fn is_temporary(name: &str) -> bool {
    let number = name.strip_suffix(".old").unwrap_or(name).rsplit_once(".djdock-").map(|(_, number)| number);
    let is_number = |number: &str| !number.is_empty() && number.chars().all(|digit| digit.is_ascii_digit());
    name.starts_with('.') && number.is_some_and(is_number)
}

/// A file that is written and not in its place yet. Dropped before it is, it leaves nothing behind.
pub(super) struct Staged {
    folder: OwnedFd,
    name: String,
    temporary: String,
    /// The file itself, where it has no name before it has its place: a process that is killed leaves nothing of it.
    unnamed: Option<File>,
    replaces: bool,
    /// True if the file is taken away, and nothing put in its place.
    removed: bool,
    /// The file that was in its place before, under another name.
    old: Option<String>,
    state: State,
    /// Folders that were made for it, the topmost first: each by the folder that holds it and its name.
    made: Vec<(OwnedFd, String)>,
}

#[derive(PartialEq, Eq)]
enum State {
    Waiting,
    InPlace,
    Done,
}

impl Staged {
    /// Writes `file` beside its place below `root`.
    pub(super) fn new(root: &Utf8Path, file: &update::FileToWrite, unique: u32) -> Result<Self, Obstacle> {
        let mut parts: Vec<&str> = Vec::new();
        for component in file.path.components() {
            match component {
                Utf8Component::Normal(part) => parts.push(part),
                _ => return Err(Obstacle::Outside),
            }
        }
        let (name, folders) = parts.split_last().ok_or(Obstacle::Outside)?;
        let folder = rustix::fs::openat(CWD, root.as_str(), OFlags::RDONLY | FOLDER, Mode::empty())?;
        let mut staged = Self {
            folder,
            name: (*name).to_owned(),
            temporary: temporary(name, unique),
            unnamed: None,
            replaces: file.replaces,
            removed: file.bytes.is_none(),
            old: None,
            state: State::Done,
            made: Vec::new(),
        };
        let mut path = Utf8PathBuf::new();
        for part in folders {
            path.push(part);
            staged.enter(part, &path)?;
        }
        staged.check_place(&file.path)?;
        match &file.bytes {
            Some(bytes) => staged.fill(bytes, file.mode)?,
            None => staged.state = State::Waiting,
        }
        Ok(staged)
    }

    /// Goes down into the folder `name`, and makes it where it is missing.
    fn enter(&mut self, name: &str, path: &Utf8Path) -> Result<(), Obstacle> {
        let open = |at: &OwnedFd| {
            rustix::fs::openat(at, name, OFlags::RDONLY | OFlags::NOFOLLOW | FOLDER, Mode::empty())
        };
        let below = match open(&self.folder) {
            Err(Errno::NOENT) => {
                rustix::fs::mkdirat(&self.folder, name, Mode::from(0o755))?;
                let below = open(&self.folder)?;
                self.made.push((self.folder.try_clone().map_err(Obstacle::System)?, name.to_owned()));
                below
            }
            // Linux says that a link is no folder, others that it is a link too many.
            Err(Errno::NOTDIR | Errno::LOOP) => {
                return Err(match kind(&self.folder, name)? {
                    Some(FileType::Symlink) => Obstacle::Link(path.to_owned()),
                    _ => Obstacle::InTheWay(path.to_owned(), "is not a folder"),
                });
            }
            other => other?,
        };
        self.folder = below;
        Ok(())
    }

    /// Returns the permissions of the file that is replaced.
    fn present_mode(&self) -> Option<Mode> {
        if !self.replaces {
            return None;
        }
        let found = rustix::fs::statat(&self.folder, &self.name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
        Some(Mode::from_raw_mode(found.st_mode) & Mode::from(0o777))
    }

    fn check_place(&self, path: &Utf8Path) -> Result<(), Obstacle> {
        match kind(&self.folder, &self.name)? {
            None => Ok(()),
            Some(FileType::Symlink) => Err(Obstacle::Link(path.to_owned())),
            Some(FileType::RegularFile) if self.replaces => Ok(()),
            Some(FileType::RegularFile) => Err(Obstacle::InTheWay(path.to_owned(), "exists")),
            Some(FileType::Directory) => Err(Obstacle::InTheWay(path.to_owned(), "is a folder")),
            Some(_) => Err(Obstacle::InTheWay(path.to_owned(), "is not a regular file")),
        }
    }

    fn fill(&mut self, bytes: &[u8], mode: update::Mode) -> Result<(), Obstacle> {
        let unnamed = if mode.is_secret() { without_name(&self.folder) } else { None };
        let is_unnamed = unnamed.is_some();
        let mut opened = match unnamed {
            Some(file) => file,
            None => {
                let flags =
                    OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
                File::from(rustix::fs::openat(&self.folder, &*self.temporary, flags, Mode::from(0o600))?)
            }
        };
        // From here on there is something to take away.
        self.state = State::Waiting;
        let present = self.present_mode();
        let mode = match mode {
            // Who may read or run a file of theirs is the person's to say.
            update::Mode::Plain => present.unwrap_or(Mode::from(0o644)),
            update::Mode::Executable => present.unwrap_or(Mode::from(0o755)) | Mode::from(0o111),
            update::Mode::Secret => Mode::from(0o600),
            update::Mode::SecretOfGroup => Mode::from(0o640),
        };
        opened.write_all(bytes).map_err(Obstacle::System)?;
        // Whatever the umask says.
        rustix::fs::fchmod(&opened, mode)?;
        opened.sync_all().map_err(Obstacle::System)?;
        self.unnamed = is_unnamed.then_some(opened);
        Ok(())
    }

    /// Puts the file in its place, and keeps the one that was there until [`Self::finish`] where `may_return`.
    pub(super) fn put(&mut self, path: &Utf8Path, may_return: bool) -> Result<(), Obstacle> {
        // What is there may have changed since it was staged.
        self.check_place(path)?;
        if self.removed {
            return self.take_away(may_return);
        }
        if let Some(unnamed) = self.unnamed.take() {
            give_name(&unnamed, &self.folder, &self.temporary)?;
        }
        if !self.replaces || kind(&self.folder, &self.name)?.is_none() {
            rename_where_nothing_is(&self.folder, &self.temporary, &self.name)?;
        } else if !may_return {
            rustix::fs::renameat(&self.folder, &*self.temporary, &self.folder, &*self.name)?;
            self.state = State::Done;
            return Ok(());
        } else {
            let old = format!("{}.old", self.temporary);
            let linked = rustix::fs::linkat(&self.folder, &*self.name, &self.folder, &*old, AtFlags::empty());
            if linked.is_err() {
                // A file system without hard links: there is no file of that name for a moment.
                rustix::fs::renameat(&self.folder, &*self.name, &self.folder, &*old)?;
            }
            self.old = Some(old);
            rustix::fs::renameat(&self.folder, &*self.temporary, &self.folder, &*self.name)?;
        }
        self.state = State::InPlace;
        Ok(())
    }

    /// Takes the file out of its place, and keeps it under another name where `may_return`.
    fn take_away(&mut self, may_return: bool) -> Result<(), Obstacle> {
        let old = format!("{}.old", self.temporary);
        let taken = if may_return {
            rustix::fs::renameat(&self.folder, &*self.name, &self.folder, &*old)
        } else {
            rustix::fs::unlinkat(&self.folder, &*self.name, AtFlags::empty())
        };
        match taken {
            Ok(()) if may_return => {
                self.old = Some(old);
                self.state = State::InPlace;
            }
            // Somebody else removed it meanwhile.
            Ok(()) | Err(Errno::NOENT) => self.state = State::Done,
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Lets go of what was there before. The file is written.
    pub(super) fn finish(mut self) {
        self.state = State::Done;
        self.made.clear();
        if let Some(old) = self.old.take() {
            let _ = rustix::fs::unlinkat(&self.folder, &*old, AtFlags::empty());
        }
        // So that the names too survive a power cut; some file systems cannot.
        let _ = rustix::fs::fsync(&self.folder);
    }
}

impl Drop for Staged {
    /// Undoes what was not finished. There is nothing else to try where this fails, and what failed before it is
    /// what the person has to know.
    fn drop(&mut self) {
        let remove = |name: &str| {
            let _ = rustix::fs::unlinkat(&self.folder, name, AtFlags::empty());
        };
        match (&self.state, &self.old) {
            (State::Done, _) => {}
            (State::InPlace, None) => remove(&self.name),
            (State::Waiting | State::InPlace, Some(old)) => {
                let _ = rustix::fs::renameat(&self.folder, &**old, &self.folder, &*self.name);
                remove(&self.temporary);
                // Two names of one file: the rename has then done nothing.
                remove(old);
            }
            (State::Waiting, None) => remove(&self.temporary),
        }
        for (folder, name) in self.made.iter().rev() {
            // Others may have put something there meanwhile; then it stays.
            let _ = rustix::fs::unlinkat(folder, &**name, AtFlags::REMOVEDIR);
        }
    }
}

/// A file in `folder` that has no name, where the system can give it one later.
#[cfg(target_os = "linux")]
fn without_name(folder: &OwnedFd) -> Option<File> {
    rustix::fs::statat(CWD, "/proc/self/fd", AtFlags::empty()).ok()?;
    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    rustix::fs::openat(folder, ".", flags, Mode::from(0o600)).ok().map(File::from)
}

#[cfg(not(target_os = "linux"))]
fn without_name(_: &OwnedFd) -> Option<File> {
    None
}

fn give_name(file: &File, folder: &OwnedFd, name: &str) -> Result<(), Errno> {
    use std::os::fd::AsRawFd;

    let itself = format!("/proc/self/fd/{}", file.as_raw_fd());
    rustix::fs::linkat(CWD, &*itself, folder, name, AtFlags::SYMLINK_FOLLOW)
}

fn kind(folder: &OwnedFd, name: &str) -> Result<Option<FileType>, Errno> {
    match rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(found) => Ok(Some(FileType::from_raw_mode(found.st_mode))),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(error),
    }
}

fn rename_where_nothing_is(folder: &OwnedFd, from: &str, to: &str) -> Result<(), Errno> {
    match rustix::fs::renameat_with(folder, from, folder, to, RenameFlags::NOREPLACE) {
        // File systems that cannot promise it; that nothing is there was seen just now.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => rustix::fs::renameat(folder, from, folder, to),
        other => other,
    }
}
