//! generated × existing × recorded → Change: what is to happen to each file.
//!
//! A file that djdock did not write is never changed without being named, and an edit is never lost: the laws are
//! property tests in `tests/it/update.rs`.

pub mod env;
pub mod memory;
pub mod merge;
pub mod messages;
mod moved;
pub mod record;
mod wishes;
mod writes;

use std::borrow::Cow;
use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use crate::base::{Kind, Tree};
use crate::render::GeneratedFile;
use merge::{Clash, Order, Side, merge};
pub use record::Record;
pub use wishes::{Replace, Settle, Wishes};
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
    /// The places where the person and djdock changed the same lines: undecided in a [`ChangeKind::Conflict`].
    pub clashes: Vec<Clash>,
    /// Why, as a phrase.
    pub because: String,
}

impl Change {
    /// Returns a change that writes nothing yet.
    fn new(path: &Utf8Path, kind: ChangeKind, because: &str) -> Self {
        Self {
            path: path.to_owned(),
            kind,
            file: None,
            backup: None,
            secret: false,
            clashes: Vec::new(),
            because: because.to_owned(),
        }
    }

    /// Returns the change with the file to write.
    fn writing(self, file: &GeneratedFile) -> Self {
        Self { file: Some(file.clone()), ..self }
    }

    /// Tells whether anything happens on the disk.
    pub fn is_news(&self) -> bool {
        self.file.is_some() || self.kind == ChangeKind::Remove
    }
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
    /// Changed by a person and by djdock: both changes stand, or the person decided where they clash.
    Merged,
    /// Changed by a person and by djdock in the same place, and nobody decided.
    Conflict,
    /// It is there and djdock did not write it.
    Foreign,
    /// djdock wrote it and does not need it any more, and a person edited it: it stays.
    Orphan,
    /// djdock wrote it and does not need it any more; nobody edited it, or its edits moved along to another file.
    Remove,
    /// djdock wrote it, a person deleted it, and it stays so.
    Deleted,
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
            Self::Remove => "remove",
            Self::Deleted => "deleted",
        }
    }
}

/// Returns the changes of every file that is generated now or was before, sorted by path.
pub fn changes(tree: &Tree, record: &Record, generated: &[GeneratedFile], wishes: &Wishes) -> Vec<Change> {
    let judge = Judge { tree, record, wishes, stands: record.stands_in(tree) };
    let moved = moved::to(tree, record, generated);
    let mut changes: Vec<Change> = generated
        .iter()
        .map(|file| match moved.get(&file.path) {
            Some(from) => judge.moved(file, from),
            None => judge.change(file),
        })
        .collect();
    let paths: BTreeSet<&Utf8Path> = generated.iter().map(|file| file.path.as_path()).collect();
    let orphans: Vec<Change> = record
        .paths()
        .filter(|path| !paths.contains(path) && tree.is_file(path))
        .map(|path| {
            let to = moved.iter().find(|(_, from)| *from == path).map(|(to, _)| to.as_path());
            let carried = to.and_then(|to| changes.iter().find(|change| change.path == to));
            judge.orphan(path, carried)
        })
        .collect();
    changes.extend(orphans);
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    changes
}

/// A file that belongs to the person and that djdock edits line by line: `djdock.toml`.
pub fn change_of_persons_file(tree: &Tree, path: &Utf8Path, contents: String, because: &str) -> Change {
    let is_crlf = tree.text(path).is_some_and(|text| has_crlf(text.as_bytes()));
    let contents = if is_crlf { contents.replace("\r\n", "\n").replace('\n', "\r\n") } else { contents };
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
    Change { file: write.then_some(file), ..Change::new(path, kind, because) }
}

/// Why a conflict waits: the marks of an earlier one are still in the file.
const MARKS_LEFT: &str = "still holds the marks of a conflict";

/// Everything that decides about a file beside its generated text.
struct Judge<'a> {
    tree: &'a Tree,
    record: &'a Record,
    wishes: &'a Wishes,
    /// True if files that djdock wrote are still there: then one that is missing was deleted by a person.
    stands: bool,
}

impl Judge<'_> {
    fn change(&self, file: &GeneratedFile) -> Change {
        let recorded = self.record.wrote(&file.path);
        let may_replace = self.wishes.replace.includes(&file.path);
        if file.secret {
            let deleted = recorded.filter(|_| !may_replace).map(|recorded| recorded.names.as_slice());
            return env::change(self.tree, file, deleted.unwrap_or_default());
        }
        let plain = |kind: ChangeKind| Change::new(&file.path, kind, &file.because);
        let replaced = || {
            let backup = free_backup(self.tree, &file.path);
            let because = format!("yours is kept as `{backup}`");
            Change {
                backup: Some(backup),
                ..Change::new(&file.path, ChangeKind::Update, &because).writing(file)
            }
        };
        let bytes = match existing(self.tree, &file.path) {
            Existing::Nothing if recorded.is_some() && self.stands && !may_replace => return gone(file),
            Existing::Nothing | Existing::BehindLink => return plain(ChangeKind::Create).writing(file),
            Existing::NoFile => return plain(ChangeKind::Foreign),
            Existing::File(bytes) => bytes,
        };
        if same_text(&bytes, file.contents.as_bytes()) {
            return plain(ChangeKind::Unchanged);
        }
        match recorded {
            Some(recorded) if recorded.is(&bytes) => {
                plain(ChangeKind::Update).writing(&with_line_ends(file, &bytes))
            }
            // A file that can take what is new stands in nobody's way.
            Some(_) if self.wishes.replace == Replace::All => {
                let merged = self.merged(file, &file.path, &bytes);
                if merged.kind == ChangeKind::Conflict { replaced() } else { merged }
            }
            _ if may_replace => replaced(),
            Some(recorded) if recorded.is(file.contents.as_bytes()) => plain(ChangeKind::Unchanged),
            Some(_) => self.merged(file, &file.path, &bytes),
            None => plain(ChangeKind::Foreign),
        }
    }

    /// Returns the change of a file whose present text, with the person's edits, is `bytes`. djdock's last text of it
    /// was recorded for `recorded_at`, which is another path where the file moves.
    fn merged(&self, file: &GeneratedFile, recorded_at: &Utf8Path, bytes: &[u8]) -> Change {
        let Ok(persons) = std::str::from_utf8(bytes) else {
            return Change::new(&file.path, ChangeKind::Conflict, "was edited and is not in UTF-8");
        };
        if merge::line_of_mark(persons).is_some() {
            return Change::new(&file.path, ChangeKind::Conflict, MARKS_LEFT);
        }
        // Where the base text is lost, everything that differs counts as changed by both.
        let base = self.record.base_text(self.tree, recorded_at).unwrap_or_default();
        let merge = merge(base, persons, &file.contents, order_of_lines(&file.path));
        let clashes: Vec<Clash> = merge.clashes().cloned().collect();
        let side = self.wishes.settle.side(&file.path);
        let because = match (clashes.is_empty(), side) {
            (true, _) => "keeps your edits, and takes what is new",
            (false, None) => "you and djdock changed the same lines",
            (false, Some(Side::Ours)) => "keeps your lines where both changed",
            (false, Some(Side::Theirs)) => "takes djdock's lines where both changed",
            (false, Some(Side::Inline)) => "holds both texts where both changed: choose",
        };
        let change = |kind| Change { clashes, ..Change::new(&file.path, kind, because) };
        match (merge.clashes().next().is_some(), side) {
            (true, None) => change(ChangeKind::Conflict),
            (is_clash, side) => {
                let text = merge.text(side.unwrap_or(Side::Ours));
                self.with_text(
                    change(ChangeKind::Merged),
                    file,
                    text,
                    bytes,
                    is_clash && side == Some(Side::Theirs),
                )
            }
        }
    }

    /// Returns `change` with the merged text; unchanged where the file says that already.
    fn with_text(
        &self,
        change: Change,
        file: &GeneratedFile,
        text: String,
        present: &[u8],
        loses_lines: bool,
    ) -> Change {
        if text.as_bytes() == present && self.tree.kind_on_disk(&file.path).is_some() {
            return Change { kind: ChangeKind::Unchanged, ..change };
        }
        let backup = loses_lines.then(|| free_backup(self.tree, &file.path));
        let because = match &backup {
            Some(backup) => format!("{}; yours is kept as `{backup}`", change.because),
            None => change.because,
        };
        let file = GeneratedFile { contents: text, ..file.clone() };
        Change { file: Some(file), backup, because, ..change }
    }

    /// Returns the change of a file whose place was `from` until now, and that a person edited there.
    fn moved(&self, file: &GeneratedFile, from: &Utf8Path) -> Change {
        let bytes = match existing(self.tree, from) {
            Existing::File(bytes) => bytes,
            Existing::Nothing if self.stands && !self.wishes.replace.includes(&file.path) => {
                return gone(file);
            }
            _ => return self.change(file),
        };
        let change = self.merged(file, from, &bytes);
        let because = format!("moves from `{from}`: {}", change.because);
        Change { because, ..change }
    }

    /// Returns the change of a file that the stack does not need any more; `carried` is the change of the file that its
    /// edits move to.
    fn orphan(&self, path: &Utf8Path, carried: Option<&Change>) -> Change {
        let is_edited = match existing(self.tree, path) {
            Existing::File(bytes) => self.record.wrote(path).is_none_or(|recorded| !recorded.is(&bytes)),
            Existing::Nothing | Existing::BehindLink | Existing::NoFile => true,
        };
        match carried {
            Some(change) if change.kind == ChangeKind::Merged => {
                let because = format!("its place is `{}` now, with your edits", change.path);
                Change::new(path, ChangeKind::Remove, &because)
            }
            _ if !is_edited => {
                Change::new(path, ChangeKind::Remove, "no part of the stack needs it any more")
            }
            _ => Change::new(
                path,
                ChangeKind::Orphan,
                "you edited it, and no part of the stack reads it any more",
            ),
        }
    }
}

/// Returns whether lines that both sides add at one place can stand one after the other: variables, rules of
/// `.dockerignore` and paragraphs of a document can.
fn order_of_lines(path: &Utf8Path) -> Order {
    let is_ignore = path.file_name().is_some_and(|name| name.ends_with("ignore"));
    let is_document = path.extension() == Some("md");
    if is_ignore || is_document || env::is_env(path) { Order::IsFree } else { Order::Counts }
}

/// The present state at a file's path.
enum Existing<'a> {
    Nothing,
    /// Unknown: a folder above is a symbolic link, and whoever writes refuses to go through the link.
    BehindLink,
    File(Cow<'a, [u8]>),
    /// A folder, a symbolic link, or a file that cannot be read: nothing that could be replaced.
    NoFile,
}

fn existing<'a>(tree: &'a Tree, path: &Utf8Path) -> Existing<'a> {
    // What lies behind a link is not looked at: whoever writes refuses to go through it.
    let mut above = path.ancestors().skip(1).filter(|above| !above.as_str().is_empty());
    if above.any(|above| tree.kind_on_disk(above) == Some(Kind::Symlink)) {
        return Existing::BehindLink;
    }
    match tree.kind_on_disk(path) {
        None => Existing::Nothing,
        Some(Kind::File) => tree.bytes_on_disk(path).map_or(Existing::NoFile, Existing::File),
        Some(Kind::Folder | Kind::Symlink) => Existing::NoFile,
    }
}

/// Returns the change of a file that the person deleted.
fn gone(file: &GeneratedFile) -> Change {
    Change::new(&file.path, ChangeKind::Deleted, "you deleted it")
}

/// Returns `file` with CRLF line ends where the present file has them.
fn with_line_ends(file: &GeneratedFile, present: &[u8]) -> GeneratedFile {
    let contents =
        if has_crlf(present) { file.contents.replace('\n', "\r\n") } else { file.contents.clone() };
    GeneratedFile { contents, ..file.clone() }
}

fn has_crlf(text: &[u8]) -> bool {
    text.windows(2).any(|pair| pair == b"\r\n")
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
