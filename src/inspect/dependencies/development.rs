//! Requirements files, groups and extras that development installs beside production, by their names.

use camino::{Utf8Path, Utf8PathBuf};

use super::super::facts::{Development, Distribution, Install, Offer, OfferKind, PackageManager};
use super::direct::from_stated;
use super::lock::Lock;
use super::manifest::Manifest;
use super::requirements_txt::{self, Requirements};
use super::roles;
use super::stated::Stated;
use super::usage::Usage;
use crate::base::{Tree, path};
use crate::inspect::imports;
use crate::knowledge::modules;
use crate::python::{Evaluation, Specifiers, Target};

/// The sources of the parts.
pub(super) struct Sources<'a> {
    pub tree: &'a Tree,
    pub manifest: &'a Manifest,
    pub lock: Option<&'a Lock>,
    pub target: Option<&'a Target>,
    pub usages: &'a [Usage],
    /// The statements of production.
    pub stated: &'a [Stated],
    pub production: &'a [Distribution],
}

/// Reads what development installs beside what `install` says of production.
pub(super) fn read(sources: &Sources<'_>, install: &Install) -> Development {
    if !install.requirement_files.is_empty() && install.lock.is_none() {
        return from_files(sources, install);
    }
    let manifest = sources.manifest;
    let by_name = |name: &&String| roles::is_for_developers(name);
    let groups: Vec<String> = manifest
        .groups
        .keys()
        .filter(by_name)
        .filter(|name| !install.groups.contains(*name))
        .cloned()
        .collect();
    let extras: Vec<String> = manifest
        .extras
        .keys()
        .filter(by_name)
        .filter(|name| !install.extras.contains(*name))
        .cloned()
        .collect();
    let mut development = Development::default();
    let offers = offers(sources, install);
    for offer in offers {
        let wanted = match offer.kind {
            // Groups that the manager installs by itself come along.
            OfferKind::Group => {
                groups.contains(&offer.name)
                    || install.unneeded_groups.contains(&offer.name)
                    || installs_every_group(install.manager)
            }
            OfferKind::Extra => extras.contains(&offer.name),
        };
        if wanted { take(&mut development, install, offer) } else { development.offers.push(offer) }
    }
    development
}

/// Adds a group or extra to what development installs.
fn take(development: &mut Development, install: &Install, offer: Offer) {
    development.taken.push(offer.clone());
    match offer.kind {
        OfferKind::Extra => development.extras.push(offer.name),
        // Asked for by name only where it would not come by itself.
        OfferKind::Group if install.unneeded_groups.contains(&offer.name) => {}
        OfferKind::Group if installs_every_group(install.manager) => {}
        OfferKind::Group => development.groups.push(offer.name),
    }
    development.requirements.extend(offer.requirements);
    for distribution in offer.distributions {
        if development.distributions.iter().all(|known| known.name != distribution.name) {
            development.distributions.push(distribution);
        }
    }
}

/// PDM and Pipenv know one kind of group, and install every one unless told `--prod`.
fn installs_every_group(manager: PackageManager) -> bool {
    matches!(manager, PackageManager::Pdm | PackageManager::Pipenv)
}

/// Every group and extra that production does without, with what it brings.
fn offers(sources: &Sources<'_>, install: &Install) -> Vec<Offer> {
    let manifest = sources.manifest;
    let groups = manifest.groups.iter().filter(|(name, _)| !install.groups.contains(name));
    let groups = groups.map(|(name, group)| (OfferKind::Group, name, &group.stated));
    let extras = manifest.extras.iter().filter(|(name, _)| !install.extras.contains(name));
    let extras = extras.map(|(name, stated)| (OfferKind::Extra, name, stated));
    groups
        .chain(extras)
        .map(|(kind, name, stated)| Offer {
            kind,
            name: name.clone(),
            requirements: stated.iter().filter(|one| applies(one, sources.target)).map(written).collect(),
            distributions: brought(sources, stated),
        })
        .collect()
}

/// Returns the distributions of these requirements that production does not install.
fn brought(sources: &Sources<'_>, stated: &[Stated]) -> Vec<Distribution> {
    let all = [sources.stated, stated].concat();
    let mut found = match (sources.lock, sources.target) {
        (Some(lock), Some(target)) if !lock.packages.is_empty() => lock.with_development(&all, target),
        _ => from_stated(&all, &[], sources.target),
    };
    found.retain(|one| sources.production.iter().all(|known| known.name != one.name));
    found
}

fn applies(stated: &Stated, target: Option<&Target>) -> bool {
    target.is_none_or(|target| stated.marker.holds(target, &[]))
}

/// The requirement as pip takes it, without its marker.
fn written(stated: &Stated) -> String {
    let extras =
        if stated.extras.is_empty() { String::new() } else { format!("[{}]", stated.extras.join(",")) };
    let versions = stated.specifiers.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("{}{extras}{versions}", stated.name)
}

/// A requirements file for development, read.
struct File {
    path: Utf8PathBuf,
    read: Requirements,
    /// Low for what is likely meant: a file that a build file or the README installs, then by name.
    rank: (u32, usize),
}

/// For pip: the files that development needs beside those of production. Files that pin what others pin otherwise are
/// alternatives, and only the likeliest is taken.
fn from_files(sources: &Sources<'_>, install: &Install) -> Development {
    let mut development = Development::default();
    let mut files: Vec<File> = sources
        .tree
        .files()
        .filter(|file| is_for_developers(file, install))
        .map(|file| File {
            path: file.to_owned(),
            read: requirements_txt::read(sources.tree, file),
            rank: (u32::MAX - used(file, sources.usages), roles::developer_rank(file)),
        })
        .filter(|file| file.read.malformed.is_empty() && !file.read.stated.is_empty())
        .collect();
    files.sort_by(|a, b| (a.rank, &a.path).cmp(&(b.rank, &b.path)));
    let mut taken: Vec<Stated> = Vec::new();
    for file in &files {
        let is_included = files.iter().any(|other| {
            other.path != file.path
                && other.read.files.contains(&file.path)
                && development.requirement_files.contains(&other.path)
        });
        if is_included {
            continue;
        }
        let stated: Vec<Stated> =
            file.read.stated.iter().filter(|one| applies(one, sources.target)).cloned().collect();
        let instead = differs(sources.stated, &stated);
        let fits = !differs(&taken, &stated)
            && (!instead || (file.read.get("django").is_some() && development.requirement_files.is_empty()));
        if !fits || development.instead {
            development.left_out.push(file.path.clone());
            continue;
        }
        development.instead = instead;
        development.requirement_files.push(file.path.clone());
        development.manifests.extend(file.read.files.iter().cloned());
        development.local_packages.extend(file.read.local.iter().cloned());
        taken.extend(stated);
    }
    development.distributions = brought(sources, &taken);
    if development.instead {
        // What production pins otherwise has another version here.
        let own = from_stated(&taken, &[], sources.target);
        development.distributions.extend(own);
        development.distributions.sort_by(|a, b| a.name.cmp(&b.name));
        development.distributions.dedup_by(|a, b| a.name == b.name);
    }
    for all in [&mut development.manifests, &mut development.local_packages] {
        all.retain(|path| {
            !install.manifests.contains(path) && !install.local_packages.contains(path) && path != "."
        });
        all.sort();
        all.dedup();
    }
    development
}

/// Tells whether the file's name says development or tests, and its folder that it belongs to the files of production.
fn is_for_developers(file: &Utf8Path, install: &Install) -> bool {
    let is_list = matches!(path::extension(file), Some("txt" | "pip"));
    let beside = |known: &Utf8PathBuf| {
        let (one, other) = (path::parent(known), path::parent(file));
        one == other || path::parent(other) == one && path::name(other).contains("requirements")
    };
    is_list
        && roles::is_developers_file(file)
        && !install.requirement_files.iter().any(|known| known == file)
        && !install.manifests.iter().any(|known| known == file)
        && install.requirement_files.iter().any(beside)
}

/// The weight of the strongest file that installs this one.
fn used(file: &Utf8Path, usages: &[Usage]) -> u32 {
    let uses = usages.iter().filter(|usage| usage.files.iter().any(|used| used == file));
    uses.map(|usage| usage.weight).max().unwrap_or(0)
}

/// Tells whether some distribution is pinned in one and cannot have that version in the other: pip installs neither then.
fn differs(one: &[Stated], other: &[Stated]) -> bool {
    let refuses = |pinned: &Stated, asked: &Stated| {
        let version = pinned.specifiers.as_ref().and_then(Specifiers::exact);
        version.zip(asked.specifiers.as_ref()).is_some_and(|(version, asked)| !asked.contains(&version))
    };
    one.iter().any(|a| other.iter().any(|b| a.name == b.name && (refuses(a, b) || refuses(b, a))))
}

/// Adds the groups and extras that bring an app of the settings for development, which nothing else brings.
pub(in crate::inspect) fn complete(
    install: &mut Option<Install>,
    production: &[Distribution],
    evaluation: &Evaluation,
) {
    let Some(install) = install else { return };
    for (app, _) in imports::apps(evaluation) {
        let module = imports::top_level(&app);
        let brings = |one: &Distribution| modules::brings(&one.name, module);
        if production.iter().chain(&install.development.distributions).any(brings) {
            continue;
        }
        let offers = &install.development.offers;
        if let Some(index) = offers.iter().position(|offer| offer.distributions.iter().any(brings)) {
            let mut development = std::mem::take(&mut install.development);
            let offer = development.offers.remove(index);
            take(&mut development, install, offer);
            install.development = development;
        }
    }
}
