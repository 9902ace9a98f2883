//! Lists of versions that installers are held to. Each is a file beside djdock's others, copied into the images.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use serde::Serialize;

use super::ground::Ground;
use super::installer::{self, manager};
use crate::catalog::package_manager::{BUILD_CONSTRAINT, BuildConstraints, CONSTRAINT};
use crate::inspect::source_builds;
use crate::knowledge::pins;
use crate::python::{Requirement, Version};

/// The folder of the files in images.
const FOLDER: &str = "/tmp";

/// A constraints file of pip: versions of what may be installed, and not what is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Constraints {
    /// Relative to the folder that the user named.
    pub path: Utf8PathBuf,
    /// The file's place in an image.
    pub target: String,
    /// A sentence: what the file is for.
    pub about: String,
    pub groups: Vec<ConstraintGroup>,
}

/// Lines that have one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConstraintGroup {
    /// A sentence, where the file's own does not say it.
    pub because: Option<String>,
    /// As pip reads them: `setuptools<72`.
    pub requirements: Vec<String>,
}

/// Returns the versions of what a package manager needs: a release of one of them must not break the next build.
pub(super) fn of_manager(ground: &Ground<'_>, name: &str, version: &Version) -> Option<Constraints> {
    let needs = pins::needs(name, version, ground.python);
    (!needs.is_empty()).then(|| Constraints {
        about: format!(
            "What {name} {version} needs, at the versions of {}: with these it was tried on Python {}.",
            pins::checked(),
            ground.python
        ),
        groups: vec![ConstraintGroup {
            because: None,
            requirements: needs.into_iter().map(str::to_owned).collect(),
        }],
        ..at(ground, &format!("{name}-constraints.txt"))
    })
}

/// Returns the versions of build tools that old source distributions need, where the package manager heeds them.
pub(super) fn of_builds(ground: &Ground<'_>) -> Option<Constraints> {
    let install = ground.facts.install.as_ref()?;
    let manager = manager(install)?;
    if (manager.build_constraints)(install.lock.is_some()) != BuildConstraints::Pip {
        return None;
    }
    // Both images get the same file, so both kinds of distributions count.
    let all = ground.facts.distributions.iter().chain(&install.development.distributions);
    let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (distribution, row) in source_builds::held(all, ground.python) {
        let version = distribution.version.as_deref().unwrap_or_default();
        let because = format!("{} {version}: {}.", distribution.name, row.because);
        groups.entry(&row.constraint).or_default().push(because);
    }
    (!groups.is_empty()).then(|| Constraints {
        about: "Build tools of the time of what is built from source: newer ones do not build it.".to_owned(),
        groups: groups
            .into_iter()
            .map(|(constraint, because)| ConstraintGroup {
                because: Some(because.join(" ")),
                requirements: vec![constraint.to_owned()],
            })
            .collect(),
        ..at(ground, "build-constraints.txt")
    })
}

impl Constraints {
    /// Returns the variables that hold the builds of pip to the file.
    ///
    /// An older pip has no variable for builds alone. Where the project itself asks for another version of a build
    /// tool, that one cannot be told.
    pub(super) fn variables(&self, ground: &Ground<'_>) -> BTreeMap<String, String> {
        let is_refused = |requirement: &String| {
            let Ok(constraint) = Requirement::parse(requirement) else { return false };
            let own = ground.facts.distributions.iter().find(|one| one.name == constraint.name);
            let version = own.and_then(|own| own.version.as_deref()).and_then(Version::parse);
            version.zip(constraint.specifiers).is_some_and(|(version, allowed)| !allowed.contains(&version))
        };
        let mut names = vec![BUILD_CONSTRAINT];
        if !self.groups.iter().flat_map(|group| &group.requirements).any(is_refused) {
            names.push(CONSTRAINT);
        }
        names.into_iter().map(|name| (name.to_owned(), self.target.clone())).collect()
    }
}

/// Returns every constraints file of both stacks, sorted by path.
pub(super) fn files(grounds: [&Ground<'_>; 2]) -> Vec<Constraints> {
    let mut all: Vec<Constraints> = grounds
        .into_iter()
        .flat_map(|ground| {
            let manager = installer::tool(ground).filter(|tool| tool.is_known);
            let manager = manager.and_then(|tool| of_manager(ground, tool.name, &tool.version));
            manager.into_iter().chain(of_builds(ground))
        })
        .collect();
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all.dedup_by(|a, b| a.path == b.path);
    all
}

fn at(ground: &Ground<'_>, name: &str) -> Constraints {
    Constraints {
        path: ground.answers.config_dir.join(name),
        target: format!("{FOLDER}/{name}"),
        about: String::new(),
        groups: Vec::new(),
    }
}
