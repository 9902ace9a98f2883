//! Distributions that the project imports and that nothing of it requires: somebody once installed them by hand.
//!
//! Only where requirements are written by hand: a lockfile holds everything, also what others bring along.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use crate::base::{Evidence, Place, Tree};
use crate::inspect::Facts;
use crate::inspect::facts::{Distribution, DistributionSource, PackageManager};
use crate::inspect::imports;
use crate::knowledge::{along, modules};

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

/// Returns the missing distributions, sorted by requirement.
pub(super) fn find(tree: &Tree, facts: &Facts) -> Vec<Unlisted> {
    let by_hand = facts.package_manager.value == PackageManager::Pip
        && facts.install.as_ref().is_some_and(|install| install.lock.is_none() && !install.hashes);
    if !by_hand {
        return Vec::new();
    }
    let mut found: BTreeMap<String, Unlisted> = BTreeMap::new();
    let mut note = |module: &str, file: Option<&Utf8Path>, evidence: Evidence| {
        let Some(requirement) = modules::distribution_of(module) else { return };
        let is_required = facts.distributions.iter().any(|distribution| {
            let Distribution { name, version, specifier, .. } = distribution;
            let mut along = along::brought_by(name, version.as_deref(), specifier.as_deref()).iter();
            modules::brings(name, module)
                || may_bring(distribution, module)
                || along.any(|name| modules::brings(name, module))
        });
        if !is_required && !imports::is_own(tree, &facts.python_roots.value, file, module) {
            let module = module.to_owned();
            let requirement = requirement.to_owned();
            found.entry(requirement.clone()).or_insert(Unlisted { requirement, module, evidence });
        }
    };
    // What was compiled holds everything that production needs; settings for development may need more.
    if is_compiled(tree, facts) {
        for module in facts.evaluated_dev.modules.iter().chain(&facts.evaluated_prod.modules) {
            let Some(text) = tree.text(&module.path) else { continue };
            for (line, name) in imports::at_load(text) {
                let place = Place::line(module.path.clone(), line);
                note(name, Some(&module.path), Evidence::new(place, format!("imports `{name}`")));
            }
        }
        return found.into_values().collect();
    }
    for (app, place) in imports::apps(&facts.evaluated_prod) {
        note(imports::top_level(&app), None, Evidence::new(place, format!("has the app `{app}`")));
    }
    let roots = &facts.python_roots.value;
    let sources = tree.files().filter(|file| {
        file.extension() == Some("py") && !imports::is_aside(file) && is_in_package(roots, file)
    });
    for file in sources.take(MOST_FILES) {
        let Some(text) = tree.glance(file) else { continue };
        for (line, module) in imports::at_load(&text) {
            note(module, Some(file), Evidence::new(Place::line(file, line), format!("imports `{module}`")));
        }
    }
    found.into_values().collect()
}

/// Tells whether a distribution that is required may bring the module though the table does not know it: a fork, which is
/// called after what it replaces (`django-jalali-date-unfold`), or an address that holds the name.
fn may_bring(distribution: &Distribution, module: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric());
        words.filter(|word| !word.is_empty()).map(str::to_ascii_lowercase).collect()
    };
    let mut own = words(&distribution.name);
    let is_from_elsewhere = match &distribution.source {
        DistributionSource::Vcs(address) | DistributionSource::Url(address) => {
            own.extend(words(address));
            true
        }
        DistributionSource::Local(path) => {
            own.extend(words(path.as_str()));
            true
        }
        DistributionSource::Index => false,
    };
    // Annotations for type checkers bring no module.
    let is_annotations = own.iter().any(|word| word == "stubs" || word == "types");
    (is_from_elsewhere || !modules::is_known(&distribution.name))
        && !is_annotations
        && words(module).iter().all(|word| own.contains(word))
}

/// Tells whether pip-compile or uv wrote the requirements, with everything that they bring along.
fn is_compiled(tree: &Tree, facts: &Facts) -> bool {
    let says = |file: &Utf8PathBuf| {
        let text = tree.text(file).unwrap_or_default();
        text.lines().take(12).any(|line| line.starts_with('#') && line.contains("autogenerated by"))
    };
    let files = &facts.requirements_files.value;
    !files.is_empty() && files.iter().all(says)
}

/// Tells whether the file lies in a package: one outside of every package is a tool, unless Django runs it.
fn is_in_package(roots: &[Utf8PathBuf], file: &Utf8Path) -> bool {
    roots.iter().any(|root| {
        let inside = if root == "." { Some(file) } else { file.strip_prefix(root).ok() };
        inside.is_some_and(|inside| inside.components().count() > 1)
    })
}
