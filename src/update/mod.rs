//! generated × existing × recorded → Change.

use camino::Utf8PathBuf;

use crate::render::GeneratedFile;

/// What is to happen to one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub path: Utf8PathBuf,
    pub kind: ChangeKind,
    /// What to write; `None` where nothing is written.
    pub file: Option<GeneratedFile>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// There is no such file.
    Create,
    /// It is there and says the same.
    Unchanged,
    /// djdock wrote it, nobody changed it, and its contents are different now.
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
