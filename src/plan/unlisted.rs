//! Distributions that the project imports and that nothing of it requires: somebody once installed them by hand.
//!
//! Only where requirements are written by hand: a lockfile holds everything, also what others bring along.

use std::collections::BTreeMap;

use camino::Utf8Path;

use crate::base::{Evidence, Place, Tree};
use crate::inspect::Facts;
use crate::inspect::facts::PackageManager;
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
    let mut note = |module: &str, evidence: Evidence| {
        let Some(requirement) = modules::distribution_of(module) else { return };
        let name = requirement.split('[').next().unwrap_or(requirement);
        let is_required = facts.distributions.iter().any(|distribution| {
            distribution.name == name || modules::others(module).contains(&distribution.name)
        });
        if !is_required && !is_own(tree, facts, module) {
            let module = module.to_owned();
            let requirement = requirement.to_owned();
            found.entry(requirement.clone()).or_insert(Unlisted { requirement, module, evidence });
        }
    };
    for app in &facts.installed_apps.value {
        let module = app.split('.').next().unwrap_or(app);
        let place = facts.evaluated_prod.place("INSTALLED_APPS").cloned().unwrap_or(Place::Default);
        note(module, Evidence::new(place, format!("has the app `{app}`")));
    }
    let sources = tree.files().filter(|file| file.extension() == Some("py") && is_run(facts, file));
    for file in sources.take(MOST_FILES) {
        let Some(text) = tree.text(file) else { continue };
        for (line, module) in imports(text) {
            note(module, Evidence::new(Place::line(file, line), format!("imports `{module}`")));
        }
    }
    found.into_values().collect()
}

/// Whether the file is part of what runs: below a folder that Python imports from, and neither test nor tool.
fn is_run(facts: &Facts, file: &Utf8Path) -> bool {
    const ASIDE: &[&str] =
        &["tests", "test", "scripts", "docs", "notebooks", "tools", "node_modules", "examples", "fabfile"];
    let name = file.file_stem().unwrap_or_default();
    let aside = file.components().any(|part| ASIDE.contains(&part.as_str()))
        || name.starts_with("test")
        || name.ends_with("_test")
        || ["conftest", "fabfile", "setup", "noxfile", "locustfile"].contains(&name);
    // A file that lies outside of every package is a tool too, unless Django runs it.
    let roots = &facts.python_roots.value;
    let in_package = roots.iter().any(|root| {
        let inside = if root == "." { Some(file) } else { file.strip_prefix(root).ok() };
        inside.is_some_and(|inside| inside.components().count() > 1)
    });
    !aside && in_package
}

/// Top-level modules that stand at the very beginning of a line: nothing catches it where they are missing.
fn imports(text: &str) -> impl Iterator<Item = (u32, &str)> {
    (1..).zip(text.lines()).filter_map(|(number, line)| {
        let rest = line.strip_prefix("import ").or_else(|| line.strip_prefix("from "))?;
        let module = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
        (!module.is_empty()).then_some((number, module))
    })
}

/// Whether the project has a module of this name itself.
fn is_own(tree: &Tree, facts: &Facts, module: &str) -> bool {
    facts.python_roots.value.iter().any(|root| {
        let at = |name: &str| if root == "." { name.into() } else { root.join(name) };
        tree.is_file(at(&format!("{module}.py"))) || tree.is_folder(at(module))
    })
}
