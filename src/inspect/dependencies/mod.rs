//! What the project needs to be installed, read from its manifests and lockfiles.
//!
//! A manager is chosen by evidence, not by the order of files: lockfiles, what existing Dockerfiles and
//! scripts run, and which manifest really states distributions.

mod document;
mod lock;
mod lock_toml;
mod manifest;
mod pyproject;
mod requirements_txt;
mod stated;

use camino::{Utf8Path, Utf8PathBuf};

use super::facts::{Distribution, Install, PackageManager};
use crate::base::{Diagnostic, Fact, Place, Tree};

/// All that the manifests say.
#[derive(Clone, Debug, Default)]
pub struct Dependencies {
    pub package_manager: Fact<PackageManager>,
    pub requirements_files: Fact<Vec<Utf8PathBuf>>,
    pub lock_file: Fact<Option<Utf8PathBuf>>,
    /// As written: `>=5.0,<6.0`, `~=5.2`; empty text where it is named without one.
    pub django_requirement: Fact<Option<String>>,
    /// Direct and transitive, sorted by name.
    pub distributions: Vec<Distribution>,
    pub install: Option<Install>,
    /// What manifests and lockfiles say of Python, as PEP 440 specifiers.
    pub python: Vec<StatedPython>,
}

/// A place that says which Python the project runs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedPython {
    /// A PEP 440 specifier: `>=3.10,<4`, `==3.12.*`.
    pub specifier: String,
    pub place: Place,
    /// A phrase: "`requires-python` of the project".
    pub reason: String,
}

impl Dependencies {
    /// The distribution called `name` (normalised), where the production install brings it.
    pub fn get(&self, name: &str) -> Option<&Distribution> {
        self.distributions.iter().find(|distribution| distribution.name == name)
    }
}

/// Reads what the project in `project_dir` (the folder of `manage.py`) needs. Never fails.
pub fn read(tree: &Tree, project_dir: &Utf8Path) -> (Dependencies, Vec<Diagnostic>) {
    let _ = (tree, project_dir);
    (Dependencies::default(), Vec::new())
}
