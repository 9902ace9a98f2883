//! The change of one file: its generated text, its present text and what is recorded of it.

use camino::Utf8Path;

use super::change::{Change, ChangeKind, Conflict};
use super::env;
use super::merge::{self, Clash, Order, Side, merge};
use super::present::{Existing, existing, free_backup, same_text, with_line_ends};
use super::record::Record;
use super::wishes::{Replace, Wishes};
use crate::base::Tree;
use crate::render::GeneratedFile;

/// Everything that decides about a file beside its generated text.
pub(super) struct Judge<'a> {
    pub(super) tree: &'a Tree,
    pub(super) record: &'a Record,
    pub(super) wishes: &'a Wishes,
    /// True if files that djdock wrote are still there: then one that is missing was deleted by a person.
    pub(super) stands: bool,
}

impl Judge<'_> {
    /// Returns the change of a file that stays where it was.
    pub(super) fn change(&self, file: &GeneratedFile) -> Change {
        let recorded = self.record.wrote(&file.path);
        let may_replace = self.wishes.replace.includes(&file.path);
        if file.secret {
            let deleted = recorded.filter(|_| !may_replace).map(|recorded| recorded.names.as_slice());
            return env::change(self.tree, file, deleted.unwrap_or_default());
        }
        let plain = |kind: ChangeKind| Change::new(&file.path, kind, &file.because);
        let replaced = || self.with_backup(file, ChangeKind::Update, &file.because);
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
        let conflict = |conflict: Conflict, because: &str| Change {
            conflict: Some(conflict),
            ..Change::new(&file.path, ChangeKind::Conflict, because)
        };
        let Ok(persons) = std::str::from_utf8(bytes) else {
            return conflict(Conflict::NotText, "was edited and is not in UTF-8");
        };
        if merge::line_of_mark(persons).is_some() {
            return conflict(Conflict::MarksLeft, "still holds the marks of a conflict");
        }
        // Where the base text is lost, everything that differs counts as changed by both.
        let base = self.record.base_text(self.tree, recorded_at).unwrap_or_default();
        let merge = merge(base, persons, &file.contents, order_of_lines(&file.path));
        let clashes: Vec<Clash> = merge.clashes().cloned().collect();
        // Without a clash every side gives the same text.
        let (side, because) = match self.wishes.settle.side(&file.path) {
            _ if clashes.is_empty() => (Side::Ours, "keeps your edits, and takes what is new"),
            None => {
                return conflict(Conflict::SameLines(clashes), "you and djdock changed the same lines");
            }
            Some(Side::Ours) => (Side::Ours, "keeps your lines where both changed"),
            Some(Side::Theirs) => (Side::Theirs, "takes djdock's lines where both changed"),
            Some(Side::Inline) => (Side::Inline, "holds both texts where both changed: choose"),
        };
        let text = merge.text(side);
        if text.as_bytes() == bytes && recorded_at == file.path {
            return Change::new(&file.path, ChangeKind::Unchanged, because);
        }
        let merged = GeneratedFile { contents: text, ..file.clone() };
        match side {
            Side::Theirs => self.with_backup(&merged, ChangeKind::Merged, because),
            Side::Ours | Side::Inline => {
                Change::new(&file.path, ChangeKind::Merged, because).writing(&merged)
            }
        }
    }

    /// Returns the change that writes `file` and keeps the present one beside.
    fn with_backup(&self, file: &GeneratedFile, kind: ChangeKind, because: &str) -> Change {
        let backup = free_backup(self.tree, &file.path);
        let because = format!("{because}; yours is kept as `{backup}`");
        Change { backup: Some(backup), ..Change::new(&file.path, kind, &because).writing(file) }
    }

    /// Returns the change of a file whose place was `from` until now, and that a person edited there.
    pub(super) fn moved(&self, file: &GeneratedFile, from: &Utf8Path) -> Change {
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
    pub(super) fn orphan(&self, path: &Utf8Path, carried: Option<&Change>) -> Change {
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

/// Returns the change of a file that the person deleted.
fn gone(file: &GeneratedFile) -> Change {
    Change::new(&file.path, ChangeKind::Deleted, "you deleted it")
}
