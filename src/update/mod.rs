//! generated × existing × recorded → Change: what is to happen to each file.
//!
//! A file that djdock did not write is never changed without being named, and an edit is never lost: the laws are
//! property tests in `tests/it/update.rs`.

pub mod env;
pub mod memory;
pub mod messages;
pub mod record;
mod writes;

use std::borrow::Cow;
use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use crate::base::{Kind, Tree};
use crate::render::GeneratedFile;
pub use record::Record;
pub use writes::{FileToWrite, Mode, writes};

/// The change of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub path: Utf8PathBuf,
    pub kind: ChangeKind,
    /// The file to write; `None` if nothing is written.
    pub file: Option<GeneratedFile>,
    /// The path where the present file is kept, if it is a person's and they let it be replaced.
    pub backup: Option<Utf8PathBuf>,
    /// True if it holds secrets: its contents are never shown.
    pub secret: bool,
    /// Why, as a phrase.
    pub because: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// There is no such file.
    Create,
    /// Nothing is written: it says the same, or a person changed it and djdock has nothing new to say.
    Unchanged,
    /// djdock wrote it, nobody changed it, and its contents are different now; or its replacement was asked for.
    Update,
    /// Changed by a person and by djdock, in different places.
    Merged,
    /// Changed by a person and by djdock in the same place.
    Conflict,
    /// It is there and djdock did not write it.
    Foreign,
    /// djdock wrote it and does not need it any more.
    Orphan,
}

impl ChangeKind {
    /// The word for it in JSON and summaries.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Unchanged => "unchanged",
            Self::Update => "update",
            Self::Merged => "merged",
            Self::Conflict => "conflict",
            Self::Foreign => "foreign",
            Self::Orphan => "orphan",
        }
    }
}

/// The files of theirs that the person lets djdock replace. Each is kept as `NAME.bak`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replace {
    These(BTreeSet<Utf8PathBuf>),
    All,
}

impl Default for Replace {
    /// None of them.
    fn default() -> Self {
        Self::These(BTreeSet::new())
    }
}

impl Replace {
    fn includes(&self, path: &Utf8Path) -> bool {
        match self {
            Self::These(paths) => paths.contains(path),
            Self::All => true,
        }
    }
}

/// Returns the changes of every file that is generated now or was before, sorted by path.
pub fn changes(tree: &Tree, record: &Record, generated: &[GeneratedFile], replace: &Replace) -> Vec<Change> {
    let mut changes: Vec<Change> = generated.iter().map(|file| change(tree, record, file, replace)).collect();
    let paths: BTreeSet<&Utf8Path> = generated.iter().map(|file| file.path.as_path()).collect();
    let orphans = record.paths().filter(|path| !paths.contains(path) && tree.is_file(path));
    changes.extend(orphans.map(|path| Change {
        path: path.to_owned(),
        kind: ChangeKind::Orphan,
        file: None,
        backup: None,
        secret: false,
        because: "no part of the stack needs it any more".to_owned(),
    }));
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    changes
}

/// A file that belongs to the person and that djdock edits line by line: `djdock.toml`.
pub fn change_of_persons_file(tree: &Tree, path: &Utf8Path, contents: String, because: &str) -> Change {
    let (kind, write) = match tree.text(path) {
        None => (ChangeKind::Create, true),
        Some(existing) if existing == contents => (ChangeKind::Unchanged, false),
        Some(_) => (ChangeKind::Update, true),
    };
    let file = GeneratedFile {
        path: path.to_owned(),
        contents,
        executable: false,
        secret: false,
        because: because.to_owned(),
    };
    Change {
        path: path.to_owned(),
        kind,
        file: write.then_some(file),
        backup: None,
        secret: false,
        because: because.to_owned(),
    }
}

fn change(tree: &Tree, record: &Record, file: &GeneratedFile, replace: &Replace) -> Change {
    if file.secret {
        return env::change(tree, file);
    }
    let plain = |kind: ChangeKind, write: bool| Change {
        path: file.path.clone(),
        kind,
        file: write.then(|| file.clone()),
        backup: None,
        secret: false,
        because: file.because.clone(),
    };
    match existing(tree, &file.path) {
        Existing::Nothing => plain(ChangeKind::Create, true),
        Existing::NoFile => plain(ChangeKind::Foreign, false),
        Existing::File(bytes) if same_text(&bytes, file.contents.as_bytes()) => {
            plain(ChangeKind::Unchanged, false)
        }
        Existing::File(bytes) => {
            let kind = match record.wrote(&file.path) {
                None => ChangeKind::Foreign,
                Some(recorded) if recorded.is(&bytes) => ChangeKind::Update,
                Some(recorded) if recorded.is(file.contents.as_bytes()) => ChangeKind::Unchanged,
                Some(_) => ChangeKind::Conflict,
            };
            match kind {
                ChangeKind::Foreign | ChangeKind::Conflict if replace.includes(&file.path) => {
                    Change { backup: Some(free_backup(tree, &file.path)), ..plain(ChangeKind::Update, true) }
                }
                kind => plain(kind, kind == ChangeKind::Update),
            }
        }
    }
}

/// The present state at a file's path.
enum Existing<'a> {
    Nothing,
    File(Cow<'a, [u8]>),
    /// A folder, a symbolic link, or a file that cannot be read: nothing that could be replaced.
    NoFile,
}

fn existing<'a>(tree: &'a Tree, path: &Utf8Path) -> Existing<'a> {
    // What lies behind a link is not looked at: whoever writes refuses to go through it.
    let mut above = path.ancestors().skip(1).filter(|above| !above.as_str().is_empty());
    if above.any(|above| tree.kind_on_disk(above) == Some(Kind::Symlink)) {
        return Existing::Nothing;
    }
    match tree.kind_on_disk(path) {
        None => Existing::Nothing,
        Some(Kind::File) => tree.bytes_on_disk(path).map_or(Existing::NoFile, Existing::File),
        Some(Kind::Folder | Kind::Symlink) => Existing::NoFile,
    }
}

/// Tells whether two files say the same. Git may have changed the line ends.
fn same_text(left: &[u8], right: &[u8]) -> bool {
    left == right || with_lf(left) == with_lf(right)
}

fn with_lf(bytes: &[u8]) -> Vec<u8> {
    let before_lf = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
    (0..bytes.len()).filter(|at| !before_lf(*at)).map(|at| bytes[at]).collect()
}

/// `Dockerfile.bak`, or the first `Dockerfile.bak2`, `.bak3`, … that is free: a backup is never overwritten.
fn free_backup(tree: &Tree, path: &Utf8Path) -> Utf8PathBuf {
    let numbered = (2..).map(|number| format!("{path}.bak{number}"));
    let mut names = std::iter::once(format!("{path}.bak")).chain(numbered).map(Utf8PathBuf::from);
    names
        .find(|name| tree.kind_on_disk(name).is_none())
        .unwrap_or_else(|| Utf8PathBuf::from(format!("{path}.bak")))
}
