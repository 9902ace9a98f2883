//! Sources of the contents of a tree's files.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use camino::{Utf8Path, Utf8PathBuf};

use super::kind::Kind;
use crate::base::text;

/// A source of the contents of files.
pub trait Contents: Send + Sync {
    /// The bytes of the file at `path` (relative, inside the tree), or why they cannot be had, in words
    /// that name the cause ("permission denied").
    fn read(&self, path: &Utf8Path) -> Result<Vec<u8>, String>;

    /// How many bytes [`Contents::read`] would give; `None` where that is not known.
    fn size(&self, path: &Utf8Path) -> Option<u64>;

    /// Returns the kind of what is at `path` without being an entry: what was left out still exists.
    fn left_out(&self, path: &Utf8Path) -> Option<Kind> {
        let _ = path;
        None
    }
}

/// Contents of which some are as if they were not there.
pub(super) struct Hiding<H> {
    pub(super) contents: Arc<dyn Contents>,
    pub(super) is_hidden: H,
}

impl<H: Fn(&Utf8Path) -> bool + Send + Sync> Contents for Hiding<H> {
    fn read(&self, path: &Utf8Path) -> Result<Vec<u8>, String> {
        self.contents.read(path)
    }

    fn size(&self, path: &Utf8Path) -> Option<u64> {
        self.contents.size(path)
    }

    fn left_out(&self, path: &Utf8Path) -> Option<Kind> {
        if (self.is_hidden)(path) { None } else { self.contents.left_out(path) }
    }
}

pub(super) struct Literals(pub(super) BTreeMap<Utf8PathBuf, Vec<u8>>);

impl Contents for Literals {
    fn read(&self, path: &Utf8Path) -> Result<Vec<u8>, String> {
        self.0.get(path).cloned().ok_or_else(|| "no such file".to_owned())
    }

    fn size(&self, path: &Utf8Path) -> Option<u64> {
        self.0.get(path).map(|bytes| bytes.len() as u64)
    }
}

/// The content of a file that was read: kept once, be it asked for as text or as bytes.
pub(super) enum Content {
    /// The bytes are UTF-8 as they stand.
    Text(String),
    /// Binary data, or text in another encoding or with a mark.
    Bytes(Vec<u8>),
}

impl Content {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        text::as_it_stands(bytes).map_or_else(Self::Bytes, Self::Text)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

/// A value that is made of a file's text once.
pub(super) type Derived = OnceLock<Arc<dyn Any + Send + Sync>>;

/// A file that is laid over the tree.
pub(super) struct Laid {
    pub(super) text: String,
    pub(super) derived: Derived,
}
