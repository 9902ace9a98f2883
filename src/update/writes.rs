//! Changes → the files that are to be written, the record among them.

use camino::Utf8PathBuf;

use super::record::{self, Record, base_path};
use super::{Change, ChangeKind, memory};
use crate::base::Tree;
use crate::render::GeneratedFile;

/// One file to write, whole: the folders above it are made.
#[derive(Clone, PartialEq, Eq)]
pub struct FileToWrite {
    /// Relative to the folder that the user named, without `..`.
    pub path: Utf8PathBuf,
    pub bytes: Vec<u8>,
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
        write!(out, "{} ({:?}, {} bytes)", self.path, self.mode, self.bytes.len())
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
                bytes: bytes.into_owned(),
                mode,
                replaces: false,
            });
            if record.wrote(&change.path).is_none() && !change.secret {
                bases.extend(memory::text_to_keep(tree, &change.path).map(|text| FileToWrite {
                    path: memory::kept_at(&change.path),
                    bytes: text.into_bytes(),
                    mode: Mode::Plain,
                    replaces: true,
                }));
            }
        }
        if let Some(file) = &change.file {
            let bytes = file.contents.clone().into_bytes();
            let replaces = change.kind != ChangeKind::Create;
            files.push(FileToWrite { path: file.path.clone(), bytes, mode, replaces });
        }
    }
    let after = record.after(changes, generated);
    for file in generated.iter().filter(|file| !file.secret) {
        let is_base = after.wrote(&file.path).is_some_and(|recorded| recorded.is(file.contents.as_bytes()));
        let (path, bytes) = (base_path(&file.path), file.contents.clone().into_bytes());
        if is_base && tree.bytes(&path) != Ok(bytes.as_slice()) {
            bases.push(FileToWrite { path, bytes, mode: Mode::Plain, replaces: true });
        }
    }
    let mut writes = backups;
    writes.append(&mut files);
    writes.append(&mut bases);
    let text = after.text();
    if tree.text(record::PATH) != Some(text.as_str()) {
        let (path, bytes) = (record::PATH.into(), text.into_bytes());
        writes.push(FileToWrite { path, bytes, mode: Mode::Plain, replaces: true });
    }
    writes
}

fn mode(change: &Change) -> Mode {
    match &change.file {
        Some(file) if file.secret && super::env::is_env(&file.path) => Mode::Secret,
        Some(file) if file.secret => Mode::SecretOfGroup,
        Some(file) if file.executable => Mode::Executable,
        _ => Mode::Plain,
    }
}
