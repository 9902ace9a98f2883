//! Tree → Facts.

pub mod dependencies;
pub mod facts;
pub mod python_version;
pub mod system_packages;

pub use facts::Facts;

use crate::base::{Diagnostic, Tree};

/// Reads all that can be known of a project. Never fails: what is not known says so, and why.
pub fn inspect(tree: &Tree) -> (Facts, Vec<Diagnostic>) {
    let _ = tree;
    (Facts::default(), Vec::new())
}
