//! Lockfiles as one graph: what is locked, and what of it production installs.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;

use super::super::facts::{Distribution, DistributionSource};
use super::StatedPython;
use super::stated::Stated;
use crate::base::Place;
use crate::python::{Marker, Target};

/// A lockfile.
#[derive(Clone, Debug, Default)]
pub(super) struct Lock {
    pub path: Utf8PathBuf,
    pub packages: Vec<Package>,
    pub python: Option<StatedPython>,
    /// The version of the file's format.
    pub version: Option<String>,
    /// True if the lock lacks the fields that later versions of its manager compare with the manifest before they install.
    pub is_old: bool,
    /// The version of the tool that wrote it, where it says so: `1.8.3`; for the standard's lockfile the tool's name.
    pub written_by: Option<String>,
    /// It says itself which packages production installs; no walk from the manifest is needed.
    pub is_closed: bool,
    /// In a closed lock: what only development installs.
    pub development: Vec<Package>,
    pub variables: BTreeSet<String>,
}

/// A locked distribution.
#[derive(Clone, Debug)]
pub(super) struct Package {
    /// Normalised.
    pub name: String,
    pub version: Option<String>,
    pub source: DistributionSource,
    pub place: Place,
    pub needs: Vec<Edge>,
    /// When it is needed at all, where the lock says that.
    pub marker: Marker,
}

/// A need of a locked distribution.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub name: String,
    pub extras: Vec<String>,
    pub marker: Marker,
    /// Only when this extra of the needing distribution is asked for.
    pub for_extra: Option<String>,
    /// The locked version that is meant, where there are several.
    pub version: Option<String>,
}

impl Package {
    /// Returns a manifest's statement that asks for exactly this package.
    pub fn stated(&self) -> Stated {
        let written = self.version.as_ref().map(|version| format!("=={version}")).unwrap_or_default();
        let stated = Stated::named(&self.name, &written, self.place.clone());
        Stated { source: self.source.clone(), marker: self.marker.clone(), ..stated }
    }
}

impl Lock {
    /// Returns what is installed with these requirements of production and development together; sorted by name.
    pub fn with_development(&self, stated: &[Stated], target: &Target) -> Vec<Distribution> {
        let mut found = self.distributions(stated, target);
        let more = self.development.iter().filter(|package| package.marker.holds(target, &[]));
        let direct = |package: &Package| stated.iter().find(|stated| stated.name == package.name);
        found.extend(more.map(|package| distribution(package, direct(package).as_ref())));
        sorted(found.into_iter())
    }

    /// Returns the distributions of production, from the statements of the manifest; sorted by name.
    pub fn distributions(&self, stated: &[Stated], target: &Target) -> Vec<Distribution> {
        let wanted = stated.iter().filter(|stated| stated.marker.holds(target, &[]));
        let direct: BTreeMap<&str, &Stated> = wanted.map(|stated| (stated.name.as_str(), stated)).collect();
        if self.is_closed {
            let packages = self.packages.iter().filter(|package| package.marker.holds(target, &[]));
            return sorted(packages.map(|package| distribution(package, direct.get(package.name.as_str()))));
        }
        let mut by_name: BTreeMap<&str, Vec<&Package>> = BTreeMap::new();
        for package in &self.packages {
            by_name.entry(&package.name).or_default().push(package);
        }
        let mut waiting: Vec<(&str, Option<&str>, &[String])> =
            direct.values().map(|stated| (stated.name.as_str(), None, stated.extras.as_slice())).collect();
        let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
        let mut found: BTreeMap<&str, &Package> = BTreeMap::new();
        while let Some((name, version, extras)) = waiting.pop() {
            let Some(package) = by_name.get(name).and_then(|all| pick(all, version, target)) else {
                continue;
            };
            found.entry(name).or_insert(package);
            let asked: Vec<&str> = std::iter::once("").chain(extras.iter().map(String::as_str)).collect();
            for extra in asked {
                if !seen.insert((name, extra)) {
                    continue;
                }
                let given = if extra.is_empty() { Vec::new() } else { vec![extra.to_owned()] };
                for edge in &package.needs {
                    let for_this = edge.for_extra.as_deref().unwrap_or("") == extra;
                    if for_this && edge.marker.holds(target, &given) {
                        waiting.push((&edge.name, edge.version.as_deref(), &edge.extras));
                    }
                }
            }
        }
        sorted(found.into_values().map(|package| distribution(package, direct.get(package.name.as_str()))))
    }
}

/// The package that is meant: that version, else the first whose marker holds.
fn pick<'a>(all: &[&'a Package], version: Option<&str>, target: &Target) -> Option<&'a Package> {
    let by_version = version
        .and_then(|version| all.iter().find(|package| package.version.as_deref() == Some(version)).copied());
    by_version.or_else(|| all.iter().find(|package| package.marker.holds(target, &[])).copied())
}

fn distribution(package: &Package, stated: Option<&&Stated>) -> Distribution {
    Distribution {
        name: package.name.clone(),
        version: package.version.clone(),
        specifier: stated.map(|stated| stated.written.clone()),
        extras: stated.map(|stated| stated.extras.clone()).unwrap_or_default(),
        source: package.source.clone(),
        direct: stated.is_some(),
        place: package.place.clone(),
    }
}

fn sorted(distributions: impl Iterator<Item = Distribution>) -> Vec<Distribution> {
    let mut all: Vec<Distribution> = distributions.collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all.dedup_by(|a, b| a.name == b.name);
    all
}
