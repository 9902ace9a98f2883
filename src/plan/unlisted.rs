//! Distributions that the project imports and that nothing of it requires: somebody once installed them by hand.
//!
//! Only where requirements are written by hand: a lockfile holds everything, also what others bring along.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use crate::base::{Evidence, Place, Tree};
use crate::inspect::Facts;
use crate::inspect::facts::PackageManager;
use crate::inspect::imports;
use crate::knowledge::modules;

/// A distribution that is missing, and what imports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unlisted {
    /// As a requirement: `celery`.
    pub requirement: String,
    pub module: String,
    pub evidence: Evidence,
}

/// Larger projects than this keep their requirements complete.
const MOST_FILES: usize = 1000;

/// What is missing, sorted by requirement.
pub(super) fn find(tree: &Tree, facts: &Facts) -> Vec<Unlisted> {
    let by_hand = facts.package_manager.value == PackageManager::Pip
        && facts.install.as_ref().is_some_and(|install| install.lock.is_none() && !install.hashes);
    if !by_hand {
        return Vec::new();
    }
    let mut found: BTreeMap<String, Unlisted> = BTreeMap::new();
    let mut note = |module: &str, file: Option<&Utf8Path>, evidence: Evidence| {
        let Some(requirement) = modules::distribution_of(module) else { return };
        let name = requirement.split('[').next().unwrap_or(requirement);
        let is_required = facts.distributions.iter().any(|distribution| {
            distribution.name == name || modules::others(module).contains(&distribution.name)
        });
        if !is_required && !imports::is_own(tree, &facts.python_roots.value, file, module) {
            let module = module.to_owned();
            let requirement = requirement.to_owned();
            found.entry(requirement.clone()).or_insert(Unlisted { requirement, module, evidence });
        }
    };
    for (app, place) in imports::apps(&facts.evaluated_prod) {
        note(imports::top_level(&app), None, Evidence::new(place, format!("has the app `{app}`")));
    }
    let roots = &facts.python_roots.value;
    let sources = tree.files().filter(|file| {
        file.extension() == Some("py") && !imports::is_aside(file) && is_in_package(roots, file)
    });
    for file in sources.take(MOST_FILES) {
        let Some(text) = tree.text(file) else { continue };
        for (line, module) in at_load(text) {
            note(module, Some(file), Evidence::new(Place::line(file, line), format!("imports `{module}`")));
        }
    }
    found.into_values().collect()
}

/// Whether the file lies in a package: one outside of every package is a tool, unless Django runs it.
fn is_in_package(roots: &[Utf8PathBuf], file: &Utf8Path) -> bool {
    roots.iter().any(|root| {
        let inside = if root == "." { Some(file) } else { file.strip_prefix(root).ok() };
        inside.is_some_and(|inside| inside.components().count() > 1)
    })
}

/// Top-level modules that stand at the very beginning of a line: nothing catches it where they are missing.
fn at_load(text: &str) -> impl Iterator<Item = (u32, &str)> {
    (1..).zip(text.lines()).filter_map(|(number, line)| {
        let rest = line.strip_prefix("import ").or_else(|| line.strip_prefix("from "))?;
        let module = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
        (!module.is_empty()).then_some((number, module))
    })
}
