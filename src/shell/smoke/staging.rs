//! The folder of a run: below the folder for temporary files, closed to others, and locked while the run goes on.
//!
//! The system lets go of the lock when the process ends, however it ends. So a folder whose lock can be had, and which
//! says nothing of being kept, is what a killed run left.

use std::fs::{DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};

use camino::{Utf8Path, Utf8PathBuf};

use crate::base::Diagnostic;
use crate::shell::random;

/// How the folder of a run, which is called as the run is, begins.
pub(super) const PREFIX: &str = "djdock-smoke-";
/// How many letters and digits follow.
const LENGTH: usize = 8;
/// The file that says that a run was kept on purpose.
const KEPT: &str = "kept";
/// How often a folder is made anew that another run took for a leftover before it was locked.
const ATTEMPTS: usize = 8;

/// A run's own folder; removed with it.
#[derive(Debug)]
pub(super) struct Staging {
    /// The run's name: `djdock-smoke-x3f9…`.
    pub id: String,
    /// Absolute, without symbolic links.
    pub path: Utf8PathBuf,
    /// The folder, opened: the lock is held as long as the run lives.
    lock: File,
    stays: bool,
}

/// The state of a run by its folder.
#[derive(Debug)]
pub(super) enum Standing {
    /// The run goes on, or its folder is not this person's to look into.
    Taken,
    /// The run ended and was kept.
    Kept(Lock),
    /// The run was killed.
    Left(Lock),
    /// There is no such folder.
    Absent,
}

/// The lock of a folder whose run has ended; nobody else removes the folder while it lives.
#[derive(Debug)]
pub(super) struct Lock {
    folder: Utf8PathBuf,
    _lock: File,
}

impl Staging {
    /// Makes a folder with a new name below `parent`, the folder for temporary files.
    pub(super) fn new(parent: &Utf8Path) -> Result<Self, Trouble> {
        let parent = parent.canonicalize_utf8()?;
        for _attempt in 0..ATTEMPTS {
            let id = format!("{PREFIX}{}", random::secret(LENGTH)?.to_lowercase().replace(['_', '-'], "x"));
            let path = parent.join(&id);
            match DirBuilder::new().mode(0o700).create(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                other => other?,
            }
            // Before it was locked another run may have removed it.
            if let Some(lock) = locked(&path)? {
                return Ok(Self { id, path, lock, stays: false });
            }
        }
        Err(io::Error::from(io::ErrorKind::AlreadyExists).into())
    }

    /// Lets the folder stay when the run has ended: what runs on mounts from it.
    pub(super) fn keep(&mut self) -> io::Result<()> {
        std::fs::write(self.path.join(KEPT), "")?;
        self.lock.sync_all()?;
        self.stays = true;
        Ok(())
    }

    /// Removes the folder.
    pub(super) fn remove(mut self) -> io::Result<()> {
        self.stays = true;
        absent_is_removed(std::fs::remove_dir_all(&self.path))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.stays {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

impl Lock {
    pub(super) fn folder(&self) -> &Utf8Path {
        &self.folder
    }

    /// Removes the folder.
    pub(super) fn remove(self) -> io::Result<()> {
        absent_is_removed(std::fs::remove_dir_all(&self.folder))
    }
}

/// Why there is no folder.
#[derive(Debug)]
pub(super) enum Trouble {
    System(io::Error),
    Diagnosed(Diagnostic),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl From<Diagnostic> for Trouble {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Diagnosed(diagnostic)
    }
}

/// Looks at the folder of a run.
pub(super) fn standing(folder: &Utf8Path) -> Standing {
    match locked(folder) {
        Ok(Some(lock)) => {
            let is_kept = folder.join(KEPT).exists();
            let lock = Lock { folder: folder.to_owned(), _lock: lock };
            if is_kept { Standing::Kept(lock) } else { Standing::Left(lock) }
        }
        Ok(None) if !folder.exists() => Standing::Absent,
        Ok(None) => Standing::Taken,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Standing::Absent,
        Err(_) => Standing::Taken,
    }
}

/// The folders of runs below `parent`.
pub(super) fn all(parent: &Utf8Path) -> Vec<Utf8PathBuf> {
    let entries = parent.canonicalize_utf8().and_then(|parent| parent.read_dir_utf8()).into_iter().flatten();
    let folders = entries.flatten().filter(|entry| is_name(entry.file_name()));
    // Not through a symbolic link, which is none of a run's.
    let folders = folders.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    folders.map(|entry| entry.path().to_owned()).collect()
}

/// Tells whether runs are called like this.
fn is_name(name: &str) -> bool {
    let rest = name.strip_prefix(PREFIX).unwrap_or_default();
    rest.len() == LENGTH && rest.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
}

/// The lock of `folder`; `None` where another process holds it, or removed the folder meanwhile.
fn locked(folder: &Utf8Path) -> io::Result<Option<File>> {
    let opened = match File::open(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    match opened.try_lock() {
        Ok(()) => {}
        Err(std::fs::TryLockError::WouldBlock) => return Ok(None),
        Err(std::fs::TryLockError::Error(error)) => return Err(error),
    }
    let identity = |metadata: &std::fs::Metadata| (metadata.dev(), metadata.ino());
    match folder.symlink_metadata() {
        Ok(there) if identity(&there) == identity(&opened.metadata()?) => Ok(Some(opened)),
        _ => Ok(None),
    }
}

fn absent_is_removed(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn below(folder: &tempfile::TempDir) -> &Utf8Path {
        Utf8Path::from_path(folder.path()).unwrap()
    }

    #[test]
    fn a_folder_is_taken_while_its_run_goes_on_and_left_when_that_was_killed() {
        let temporary = tempfile::tempdir().unwrap();
        let run = Staging::new(below(&temporary)).unwrap();
        assert_eq!(run.path.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        assert!(matches!(standing(&run.path), Standing::Taken));
        assert_eq!(all(below(&temporary)), std::slice::from_ref(&run.path));
        // A killed process lets go of its files, and of nothing else.
        let path = run.path.clone();
        run.lock.unlock().unwrap();
        let Standing::Left(left) = standing(&path) else { panic!("it is a leftover") };
        assert!(matches!(standing(&path), Standing::Taken), "while somebody removes it");
        left.remove().unwrap();
        assert!(matches!(standing(&path), Standing::Absent));
        assert!(all(below(&temporary)).is_empty());
    }

    #[test]
    fn a_kept_folder_stays_and_says_so() {
        let temporary = tempfile::tempdir().unwrap();
        let mut run = Staging::new(below(&temporary)).unwrap();
        let path = run.path.clone();
        run.keep().unwrap();
        drop(run);
        let Standing::Kept(lock) = standing(&path) else { panic!("it is kept") };
        lock.remove().unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn a_run_that_ends_early_takes_its_folder_with_it() {
        let temporary = tempfile::tempdir().unwrap();
        let run = Staging::new(below(&temporary)).unwrap();
        std::fs::create_dir(run.path.join("seen")).unwrap();
        drop(run);
        assert!(all(below(&temporary)).is_empty());
    }

    #[test]
    fn links_and_other_names_are_no_folders_of_runs() {
        let temporary = tempfile::tempdir().unwrap();
        for name in ["djdock-other", "djdock-smoke-notes", "djdock-smoke-My_Notes"] {
            std::fs::create_dir(temporary.path().join(name)).unwrap();
        }
        std::fs::write(temporary.path().join("djdock-smoke-filefile"), "").unwrap();
        std::os::unix::fs::symlink("/", temporary.path().join("djdock-smoke-linklink")).unwrap();
        assert!(all(below(&temporary)).is_empty());
    }
}
