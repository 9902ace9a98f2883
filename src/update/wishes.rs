//! The person's wishes about files that djdock and the person both changed, or that only the person wrote.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::merge::Side;

/// Which files may be replaced, and which text stands where both sides changed the same lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    pub replace: Replace,
    pub settle: Settle,
}

impl Wishes {
    /// Returns the wish to replace files, and none about clashes.
    pub fn to_replace(replace: Replace) -> Self {
        Self { replace, settle: Settle::default() }
    }
}

impl Wishes {
    /// Returns every path that the person named.
    pub fn paths(&self) -> impl Iterator<Item = &Utf8Path> {
        let replaced = match &self.replace {
            Replace::These(paths) => Some(paths),
            Replace::All => None,
        };
        let replaced = replaced.into_iter().flatten();
        replaced.chain(self.settle.files.keys()).map(Utf8PathBuf::as_path)
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
    /// Tells whether the person named the file at `path`.
    pub fn includes(&self, path: &Utf8Path) -> bool {
        match self {
            Self::These(paths) => paths.contains(path),
            Self::All => true,
        }
    }

    /// Returns the wish with `more` files that may be replaced.
    #[must_use]
    pub fn and(self, more: BTreeSet<Utf8PathBuf>) -> Self {
        match self {
            Self::These(mut paths) => {
                paths.extend(more);
                Self::These(paths)
            }
            Self::All => Self::All,
        }
    }
}

/// The side that stands where the person and djdock changed the same lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settle {
    /// In every file that `files` does not name; `None` leaves the conflict, and nothing is written.
    pub all: Option<Side>,
    pub files: BTreeMap<Utf8PathBuf, Side>,
}

impl Settle {
    /// Returns the side that stands in the file at `path`.
    pub fn side(&self, path: &Utf8Path) -> Option<Side> {
        self.files.get(path).copied().or(self.all)
    }
}
