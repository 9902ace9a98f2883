//! The project's dependencies, read from its manifests and lockfiles.
//!
//! A manager is chosen by evidence, not by the order of files: lockfiles, what existing Dockerfiles and
//! scripts run, and which manifest really states distributions.

mod candidate;
mod choice;
mod conda;
pub(super) mod development;
mod direct;
mod document;
pub(super) mod for_developers;
mod git_version;
mod install;
mod install_messages;
mod lock;
mod lock_toml;
mod manifest;
mod messages;
mod needed;
pub(crate) mod old_index;
mod pip_files;
mod pipfile;
pub(super) mod proposed;
mod pyproject;
mod requirements_txt;
mod roles;
mod setuptools;
mod stated;
mod usage;

use camino::{Utf8Path, Utf8PathBuf};

use super::facts::{Distribution, Install, PackageManager};
use super::python_version::stated as stated_elsewhere;
pub use super::stated_python::{StatedPython, Strength};
use crate::base::{Diagnostic, Fact, Place, Tree, path};

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
    /// Statements of manifests and lockfiles about Python, as PEP 440 specifiers.
    pub python: Vec<StatedPython>,
}

impl Dependencies {
    /// The distribution called `name` (normalised), where the production install brings it.
    pub fn get(&self, name: &str) -> Option<&Distribution> {
        self.distributions.iter().find(|distribution| distribution.name == name)
    }
}

/// Reads what the project in `project_dir` (the folder of `manage.py`) needs. Never fails.
pub fn read(tree: &Tree, project_dir: &Utf8Path) -> (Dependencies, Vec<Diagnostic>) {
    read_as(tree, project_dir, None, &stated_elsewhere(tree, project_dir))
}

/// Reads as [`read`] does, with the manager that the person named, where they did. `stated_elsewhere` is what no
/// manifest says of Python: [`super::python_version::stated`].
pub fn read_as(
    tree: &Tree,
    project_dir: &Utf8Path,
    said: Option<PackageManager>,
    stated_elsewhere: &[StatedPython],
) -> (Dependencies, Vec<Diagnostic>) {
    let chain = chain(project_dir);
    let usages = usage::read(tree, &chain);
    let found = choice::find(tree, &chain, &usages);
    let mut diagnostics = messages::of_manifests(&found);
    let Some(chosen) = choice::choose(&found, said, &mut diagnostics) else {
        diagnostics.extend(messages::nothing_stated(tree));
        return (Dependencies { python: found.python, ..nothing() }, diagnostics);
    };
    let (mut dependencies, more) = install::of(tree, chosen, &usages, stated_elsewhere);
    diagnostics.extend(more);
    // A manifest that installs nothing may say what it was written for all the same.
    for python in found.python {
        if dependencies.python.iter().all(|known| known.place != python.place) {
            dependencies.python.push(python);
        }
    }
    (dependencies, diagnostics)
}

/// The folders from `manage.py`'s up to the root, the nearest first.
fn chain(project_dir: &Utf8Path) -> Vec<Utf8PathBuf> {
    let mut chain = vec![project_dir.to_owned()];
    let mut folder = project_dir;
    while folder != "." {
        folder = path::parent(folder);
        chain.push(folder.to_owned());
    }
    chain
}

fn nothing() -> Dependencies {
    let absent = Place::Absent("requirements.txt".into());
    Dependencies {
        package_manager: Fact::new(PackageManager::None, absent.clone(), "no manifest states a distribution"),
        requirements_files: Fact::new(Vec::new(), absent.clone(), "no requirements file was found"),
        lock_file: Fact::new(None, absent.clone(), "no lockfile was found"),
        django_requirement: Fact::unknown(None, Vec::new(), "no manifest names Django"),
        ..Dependencies::default()
    }
}

/// Tells whether a file's name says that it holds requirements, and not those of development.
pub(super) fn is_production_requirements(file: &Utf8Path) -> bool {
    roles::of_file(file).is_some_and(|role| role != roles::Role::Development)
}
