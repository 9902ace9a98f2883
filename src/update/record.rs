//! The record of what djdock wrote last time: `.djdock/record.toml`, and the text of each file under `.djdock/base/`.
//!
//! The hashes tell an edited file from an untouched one; the base texts are what edits are merged against. A
//! secret file is only listed: neither its text nor anything computed from it is kept.

use std::collections::BTreeMap;
use std::hash::Hasher;

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use siphasher::sip128::{Hasher128, SipHasher13};

use super::change::{Change, ChangeKind};
use super::env;
use super::present::with_lf;
use crate::base::codes::update::{RECORD_NEWER, RECORD_UNREADABLE};
use crate::base::{Diagnostic, Tree};
use crate::render::GeneratedFile;

/// The path of the record, seen from the folder that the user named.
pub const PATH: &str = ".djdock/record.toml";

const HEADER: &str = "\
# What djdock wrote, so that it can tell your edits from its own text. Keep it under version control with
# .djdock/base/, and do not edit it.
";

/// The form of the record: a later one cannot be read by an earlier djdock.
const SCHEMA: u32 = 1;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    schema: u32,
    /// Of the djdock that wrote it.
    version: String,
    #[serde(default)]
    files: BTreeMap<Utf8PathBuf, Recorded>,
}

/// A file as djdock wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// Of the text with LF line ends; none for a secret file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
    executable: bool,
    /// The names of variables that an env file got: one that is missing later was deleted by the person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) names: Vec<String>,
    /// True if the stack needs it no more, and the person was told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unused: bool,
}

impl Recorded {
    /// Tells whether `bytes` are what was written.
    pub fn is(&self, bytes: &[u8]) -> bool {
        self.hash.as_deref() == Some(hash(bytes).as_str())
    }

    fn of(file: &GeneratedFile) -> Self {
        let hash = (!file.secret).then(|| hash(file.contents.as_bytes()));
        let is_env = file.secret && env::is_env(&file.path);
        let names = is_env.then(|| env::names(&file.contents).map(ToOwned::to_owned).collect());
        Self { hash, executable: file.executable, names: names.unwrap_or_default(), unused: false }
    }
}

impl Record {
    /// The record in `tree`; an empty one where there is none.
    pub fn read(tree: &Tree) -> Result<Self, Diagnostic> {
        let Some(text) = tree.text(PATH) else { return Ok(Self::default()) };
        if super::merge::line_of_mark(text).is_some() {
            return Err(record_merged_by_git());
        }
        let record: Self = toml::from_str(text).map_err(|error| record_unreadable(error.message()))?;
        if record.schema > SCHEMA { Err(record_newer(&record.version)) } else { Ok(record) }
    }

    /// Tells whether djdock has written here before.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// How djdock wrote the file at `path`, if it did.
    pub fn wrote(&self, path: &Utf8Path) -> Option<&Recorded> {
        self.files.get(path)
    }

    /// Tells whether any file that djdock wrote is still in `tree`. Where none is, they were not deleted one by one: the
    /// record lies in a folder that lacks them all.
    pub fn stands_in(&self, tree: &Tree) -> bool {
        let plain = self.files.iter().filter(|(_, recorded)| recorded.hash.is_some());
        plain.into_iter().any(|(path, _)| tree.kind_on_disk(path).is_some())
    }

    /// Returns the text that djdock wrote last at `path`; `None` where the kept text is lost or was changed.
    pub fn base_text<'a>(&self, tree: &'a Tree, path: &Utf8Path) -> Option<&'a str> {
        let recorded = self.wrote(path)?;
        tree.text(base_path(path)).filter(|text| recorded.is(text.as_bytes()))
    }

    /// Tells whether the person was told already that the stack does not need the file at `path`.
    pub fn is_known_unused(&self, path: &Utf8Path) -> bool {
        self.wrote(path).is_some_and(|recorded| recorded.unused)
    }

    /// Every file that djdock wrote.
    pub fn paths(&self) -> impl Iterator<Item = &Utf8Path> {
        self.files.keys().map(Utf8PathBuf::as_path)
    }

    /// The record after `changes` were written. What was not written keeps what was recorded of it.
    #[must_use]
    pub fn after(&self, changes: &[Change], generated: &[GeneratedFile]) -> Self {
        let mut files = BTreeMap::new();
        for change in changes {
            let now = generated.iter().find(|file| file.path == change.path).map(Recorded::of);
            let before = self.files.get(&change.path).cloned();
            let recorded = match change.kind {
                ChangeKind::Create | ChangeKind::Unchanged | ChangeKind::Update | ChangeKind::Merged => now,
                ChangeKind::Conflict => before,
                // Where it moves, the new place is one where it was deleted, too.
                ChangeKind::Deleted => before.or(now),
                ChangeKind::Orphan => before.map(|before| Recorded { unused: true, ..before }),
                ChangeKind::Foreign | ChangeKind::Remove => None,
            };
            files.extend(recorded.map(|recorded| (change.path.clone(), recorded)));
        }
        Self { schema: SCHEMA, version: env!("CARGO_PKG_VERSION").to_owned(), files }
    }

    /// The text of `record.toml`.
    pub fn text(&self) -> String {
        // A struct of strings, numbers and maps with string keys always serialises.
        let body = toml::to_string(self).unwrap_or_default();
        format!("{HEADER}{body}")
    }
}

/// Returns the path of a file's base text.
pub fn base_path(path: &Utf8Path) -> Utf8PathBuf {
    Utf8Path::new(".djdock/base").join(path)
}

/// Not cryptographic: it tells an edit from none, and stays the same in every version and on every machine.
fn hash(bytes: &[u8]) -> String {
    let mut hasher = SipHasher13::new();
    hasher.write(&with_lf(bytes));
    format!("{:032x}", hasher.finish128().as_u128())
}

fn record_unreadable(cause: &str) -> Diagnostic {
    let cause = cause.lines().next().unwrap_or_default();
    Diagnostic::error(RECORD_UNREADABLE, format!("`{PATH}` cannot be read"))
        .because(cause)
        .because("without it djdock cannot tell your files from its own")
        .help(format!("restore it: `git checkout {PATH}`"))
        .help("or forget what was written: `rm -r .djdock`; then every file counts as yours")
}

fn record_merged_by_git() -> Diagnostic {
    Diagnostic::error(RECORD_UNREADABLE, format!("`{PATH}` holds two texts: git could not merge it"))
        .because("both branches ran djdock with other answers")
        .help("take one side of djdock's notes and of the answers: `git checkout --ours -- .djdock djdock.toml`")
        .help("then change the answers as you want them, and run `djdock update`")
}

fn record_newer(version: &str) -> Diagnostic {
    Diagnostic::error(RECORD_NEWER, format!("the files were written by djdock {version}, a later version"))
        .because(format!("this is djdock {}", env!("CARGO_PKG_VERSION")))
        .help(format!("install djdock {version} or later"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_same_for_ever_and_for_both_line_ends() {
        assert_eq!(hash(b"FROM python\n"), "b06265211f9df33a3704d45641fa985d");
        assert_eq!(hash(b"a\r\nb\r\n"), hash(b"a\nb\n"));
        assert_ne!(hash(b"a\rb"), hash(b"ab"));
    }
}
