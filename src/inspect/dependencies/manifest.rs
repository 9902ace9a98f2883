//! Statements of a manifest (`pyproject.toml`, `Pipfile`, `setup.cfg`, …).

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::StatedPython;
use super::stated::{Index, Stated};
use crate::base::{Place, path};

/// Everything that a manifest states about installing.
#[derive(Clone, Debug, Default)]
pub(super) struct Manifest {
    pub path: Utf8PathBuf,
    /// The project's own requirements.
    pub main: Vec<Stated>,
    /// Dependency groups: PEP 735, Poetry's, PDM's and uv's for development.
    pub groups: BTreeMap<String, Group>,
    /// Optional dependencies of the project as a distribution.
    pub extras: BTreeMap<String, Vec<Stated>>,
    pub python: Vec<StatedPython>,
    pub indexes: Vec<Index>,
    pub variables: BTreeSet<String>,
    /// Local folders that are installed as distributions.
    pub local: Vec<Utf8PathBuf>,
    /// Members of the workspace: folders.
    pub members: Vec<Utf8PathBuf>,
    /// Files that the main requirements are read from: `dynamic`.
    pub reads: Vec<Utf8PathBuf>,
    /// Files that a build backend reads: the README and licences.
    pub described_by: Vec<Utf8PathBuf>,
    pub tool_requirement: Option<String>,
    /// The tool that a table of its own configures for this project, with the place.
    pub tools: BTreeMap<Tool, Place>,
    /// It has a `[project]` table or its like: it describes a distribution.
    pub describes_project: bool,
    pub has_build_system: bool,
    pub name: Option<String>,
}

/// A group of requirements.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    pub stated: Vec<Stated>,
    /// Installed only when asked for.
    pub optional: bool,
}

/// A manager that can have a table in `pyproject.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tool {
    Uv,
    Poetry,
    Pdm,
}

impl Manifest {
    pub fn folder(&self) -> &Utf8Path {
        path::parent(&self.path)
    }

    /// Tells whether it states any distribution: one that only configures tools does not count.
    pub fn states_anything(&self) -> bool {
        !self.main.is_empty() || self.groups.values().any(|group| !group.stated.is_empty())
    }

    /// The first statement of the distribution, among the main ones, in a group or an extra.
    pub fn find(&self, name: &str) -> Option<&Stated> {
        let groups = self.groups.values().flat_map(|group| &group.stated);
        let extras = self.extras.values().flatten();
        self.main.iter().chain(groups).chain(extras).find(|stated| stated.name == name)
    }

    /// Returns the requirements that production installs, with these groups and extras.
    pub fn production(&self, groups: &[String], extras: &[String]) -> Vec<Stated> {
        let mut all = self.main.clone();
        for name in groups {
            all.extend(self.groups.get(name).into_iter().flat_map(|group| group.stated.iter().cloned()));
        }
        for name in extras {
            all.extend(self.extras.get(name).into_iter().flatten().cloned());
        }
        all
    }
}
