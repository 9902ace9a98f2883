//! System packages of the images: what the project's distributions need, and those that are installed beside them.

use super::added::added;
use crate::base::Place;
use crate::inspect::facts::{Distribution, DistributionSource, SystemPackages};
use crate::inspect::system_packages::{self, Needs};
use crate::knowledge::locales;
use crate::knowledge::pythons;
use crate::knowledge::system_packages as table;
use crate::plan::ground::Ground;
use crate::python::Requirement;

/// Returns what an image needs that installs what development needs, too.
pub(super) fn development_packages(ground: &Ground<'_>) -> SystemPackages {
    let install = ground.facts.install.as_ref();
    let more = install.map(|install| install.development.distributions.as_slice()).unwrap_or_default();
    let mut all = packages(ground);
    add(ground, &mut all, more);
    all
}

/// Returns what the images of production need.
pub(super) fn packages(ground: &Ground<'_>) -> SystemPackages {
    let mut all = ground.facts.system_packages.value.clone();
    let unlisted = ground.unlisted.iter().map(|unlisted| unlisted.requirement.clone());
    let beside: Vec<Distribution> = unlisted
        .chain(added(ground).into_iter().map(|added| added.requirement))
        .filter_map(|requirement| distribution(&requirement))
        .collect();
    add(ground, &mut all, &beside);
    if !ground.machine.locales.is_empty() {
        all.run.push(locales::package().to_owned());
        all.run.sort();
        all.run.dedup();
    }
    all
}

fn add(ground: &Ground<'_>, all: &mut SystemPackages, distributions: &[Distribution]) {
    let suite = pythons::suite(ground.python).unwrap_or("trixie");
    let needs = Needs {
        git: distributions
            .iter()
            .any(|one| matches!(&one.source, DistributionSource::Vcs(address) if address.starts_with("git"))),
        ..Needs::default()
    };
    let more = system_packages::needed(distributions, &needs, &ground.python.to_string(), suite).value;
    for (known, more) in [(&mut all.build, more.build), (&mut all.run, more.run)] {
        known.extend(more);
        known.sort();
        known.dedup();
    }
}

/// Returns the packages of the stage that fills the virtual environment: all that building takes but the tools of translations, which
/// have a stage of their own.
pub(super) fn of_builder(ground: &Ground<'_>) -> Vec<String> {
    let of_translations = build_tools(ground, TRANSLATIONS);
    packages(ground).build.into_iter().filter(|package| !of_translations.contains(package)).collect()
}

/// The row of the table for tools that compile catalogues.
pub(super) const TRANSLATIONS: &str = "gettext";

/// Packages that `need`, a row of the table that is no distribution, stands for on the suite of the images.
pub(super) fn build_tools(ground: &Ground<'_>, need: &str) -> Vec<String> {
    let suite = pythons::suite(ground.python).unwrap_or("trixie");
    let rows = table::rows().iter().filter(|row| row.distribution == need);
    rows.flat_map(|row| row.build(suite)).cloned().collect()
}

fn distribution(requirement: &str) -> Option<Distribution> {
    let requirement = Requirement::parse(requirement).ok()?;
    Some(Distribution {
        name: requirement.name,
        version: requirement.specifiers.and_then(|all| all.exact()).map(|version| version.to_string()),
        specifier: None,
        extras: requirement.extras,
        source: DistributionSource::Index,
        direct: true,
        place: Place::Default,
    })
}
