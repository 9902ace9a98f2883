//! Changes → the files that are to be written, the record among them.

use camino::{Utf8Path, Utf8PathBuf};

use super::change::{Change, ChangeKind};
use super::memory;
use super::record::{self, Record, base_path};
use crate::base::Tree;
use crate::render::GeneratedFile;

/// One file to write, whole: the folders above it are made.
#[derive(Clone, PartialEq, Eq)]
pub struct FileToWrite {
    /// Relative to the folder that the user named, without `..`.
    pub path: Utf8PathBuf,
    /// `None` where the file is removed.
    pub bytes: Option<Vec<u8>>,
    pub mode: Mode,
    /// True if there is a file that this one takes the place of. Where there should be none, a file that is there
    /// all the same (made meanwhile) must not be overwritten.
    pub replaces: bool,
}

/// Who may do what with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// 0644.
    Plain,
    /// 0755.
    Executable,
    /// 0600.
    Secret,
    /// 0640: containers read it as members of the owner's group.
    SecretOfGroup,
}

impl Mode {
    /// Tells whether others than the owner, and perhaps the owner's group, may not read it.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Secret | Self::SecretOfGroup)
    }
}

impl std::fmt::Debug for FileToWrite {
    /// Without the contents, which may be secret.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.bytes {
            Some(bytes) => write!(out, "{} ({:?}, {} bytes)", self.path, self.mode, bytes.len()),
            None => write!(out, "{} (removed)", self.path),
        }
    }
}

/// Everything that carrying out `changes` writes, in the order of writing: backups first, the record last, so that
/// an interruption never leaves a record of what was not written.
pub fn writes(
    tree: &Tree,
    record: &Record,
    changes: &[Change],
    generated: &[GeneratedFile],
) -> Vec<FileToWrite> {
    let mut backups = Vec::new();
    let mut files = Vec::new();
    let mut bases = Vec::new();
    for change in changes {
        let mode = mode(change);
        if let (Some(path), Ok(bytes)) = (&change.backup, tree.bytes_on_disk(&change.path)) {
            backups.push(FileToWrite {
                path: path.clone(),
                bytes: Some(bytes.into_owned()),
                mode,
                replaces: false,
            });
            if record.wrote(&change.path).is_none() && !change.secret {
                bases.extend(memory::text_to_keep(tree, &change.path).map(|text| FileToWrite {
                    path: memory::kept_at(&change.path),
                    bytes: Some(text.into_bytes()),
                    mode: Mode::Plain,
                    replaces: true,
                }));
            }
        }
        if let Some(file) = &change.file {
            let bytes = file.contents.clone().into_bytes();
            let replaces = tree.kind_on_disk(&change.path).is_some();
            files.push(FileToWrite { path: file.path.clone(), bytes: Some(bytes), mode, replaces });
        }
    }
    let after = record.after(changes, generated);
    for change in changes.iter().filter(|change| change.kind == ChangeKind::Remove) {
        files.push(removed(change.path.clone()));
    }
    let is_kept = |path: &Utf8Path| tree.kind_on_disk(base_path(path)).is_some();
    let gone = record.paths().filter(|path| after.wrote(path).is_none() && is_kept(path));
    bases.extend(gone.map(|path| removed(base_path(path))));
    for file in generated.iter().filter(|file| !file.secret) {
        let is_base = after.wrote(&file.path).is_some_and(|recorded| recorded.is(file.contents.as_bytes()));
        let (path, bytes) = (base_path(&file.path), file.contents.clone().into_bytes());
        if is_base && tree.bytes(&path) != Ok(bytes.as_slice()) {
            bases.push(FileToWrite { path, bytes: Some(bytes), mode: Mode::Plain, replaces: true });
        }
    }
    let mut writes = backups;
    writes.append(&mut files);
    writes.append(&mut bases);
    let text = after.text();
    if tree.text(record::PATH) != Some(text.as_str()) {
        let (path, bytes) = (record::PATH.into(), text.into_bytes());
        writes.push(FileToWrite { path, bytes: Some(bytes), mode: Mode::Plain, replaces: true });
    }
    writes
}

fn removed(path: Utf8PathBuf) -> FileToWrite {
    FileToWrite { path, bytes: None, mode: Mode::Plain, replaces: true }
}

fn mode(change: &Change) -> Mode {
    match &change.file {
        Some(file) if file.secret && super::env::is_env(&file.path) => Mode::Secret,
        Some(file) if file.secret => Mode::SecretOfGroup,
        Some(file) if file.executable => Mode::Executable,
        _ => Mode::Plain,
    }
}
