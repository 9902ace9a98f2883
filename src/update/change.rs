//! The change of one file, and the kinds of changes.

use camino::{Utf8Path, Utf8PathBuf};

use super::merge::Clash;
use crate::render::GeneratedFile;

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
    /// Why what is new cannot go into the person's file; always there in a [`ChangeKind::Conflict`], and only there.
    pub conflict: Option<Conflict>,
    /// Why, as a phrase.
    pub because: String,
}

impl Change {
    /// Returns a change that writes nothing yet.
    pub(super) fn new(path: &Utf8Path, kind: ChangeKind, because: &str) -> Self {
        Self {
            path: path.to_owned(),
            kind,
            file: None,
            backup: None,
            secret: false,
            conflict: None,
            because: because.to_owned(),
        }
    }

    /// Returns the change with the file to write.
    pub(super) fn writing(self, file: &GeneratedFile) -> Self {
        Self { file: Some(file.clone()), ..self }
    }

    /// Tells whether anything happens on the disk.
    pub fn is_news(&self) -> bool {
        self.file.is_some() || self.kind == ChangeKind::Remove
    }
}

/// The reason for which an edited file cannot take what is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// The person and djdock changed the same lines, and nobody decided which of them stand.
    SameLines(Vec<Clash>),
    /// Marks of an earlier conflict are still in the file.
    MarksLeft,
    /// The file is not in UTF-8.
    NotText,
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
