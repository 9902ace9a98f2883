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

pub(super) fn packages(ground: &Ground<'_>) -> SystemPackages {
    let mut all = ground.facts.system_packages.value.clone();
    let unlisted = ground.unlisted.iter().map(|unlisted| unlisted.requirement.clone());
    let beside: Vec<Distribution> = unlisted
        .chain(added(ground).into_iter().map(|added| added.requirement))
        .filter_map(|requirement| distribution(&requirement))
        .collect();
    let suite = pythons::suite(ground.python).unwrap_or("trixie");
    let more = system_packages::needed(&beside, &Needs::default(), &ground.python.to_string(), suite).value;
    for (known, more) in [(&mut all.build, more.build), (&mut all.run, more.run)] {
        known.extend(more);
        known.sort();
        known.dedup();
    }
    if !ground.machine.locales.is_empty() {
        all.run.push(locales::package().to_owned());
        all.run.sort();
        all.run.dedup();
    }
    all
}

/// What the stage that fills the virtual environment needs: all that building takes but the tools of translations, which
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
