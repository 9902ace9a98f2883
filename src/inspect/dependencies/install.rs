//! From the chosen manager to facts, and to all that plan needs to write its commands.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::super::facts::{Development, Distribution, DistributionSource, Install, PackageManager};
use super::super::stated_python;
use super::candidate::Candidate;
use super::direct::from_stated;
use super::document::Document;
use super::lock::Lock;
use super::manifest::{Group, Manifest};
use super::pip_files::PipFiles;
use super::roles::{self, Role};
use super::stated::{Index, Stated};
use super::usage::{EVERY, PRODUCTION_WEIGHT, Usage};
use super::{Dependencies, StatedPython, lock_toml, messages, pipfile, pyproject, setuptools};
use super::{development, git_version, install_messages};
use crate::base::{Diagnostic, Evidence, Fact, Place, Tree, path};
use crate::python::{Specifiers, Target};

/// Returns the dependencies of the chosen candidate.
pub(super) fn of(
    tree: &Tree,
    chosen: Candidate,
    usages: &[Usage],
    stated_elsewhere: &[StatedPython],
) -> (Dependencies, Vec<Diagnostic>) {
    let Candidate { manager, manifest, pip, lock: lock_path, malformed, evidence, .. } = chosen;
    let mut diagnostics = messages::malformed(&malformed);
    let lock = lock_path.as_deref().and_then(|file| read_lock(tree, file));
    // Without a lock, what was exported from the manifest is what is installed.
    let pip = pip.filter(|pip| manager == PackageManager::Pip || (lock.is_none() && pip.states_django));
    let mut python = manifest.python.clone();
    python.extend(lock.as_ref().and_then(|lock| lock.python.clone()));
    let target = target(&python, stated_elsewhere);

    let groups = wanted_groups(&manifest, manager, usages);
    let extras = wanted_extras(&manifest, manager, usages, pip.as_ref());
    let stated = pip.as_ref().map_or_else(
        || manifest.production(&groups, &extras),
        |pip| [pip.read.stated.clone(), own_projects(tree, pip)].concat(),
    );
    let distributions = match (&lock, &target) {
        (Some(lock), Some(target)) if !lock.packages.is_empty() => lock.distributions(&stated, target),
        _ => from_stated(&stated, pip.as_ref().map_or(&[], |pip| &pip.read.constraints), target.as_ref()),
    };
    if lock.is_none() && pip.is_none() {
        diagnostics.extend(messages::lock_missing(manager, &manifest));
    }
    if let Some(pip) = &pip {
        diagnostics.extend(messages::of_requirements(tree, &pip.read));
    }

    let mut install =
        install(tree, manager, &manifest, pip.as_ref(), lock.as_ref(), &distributions, groups, extras);
    let sources = development::Sources {
        tree,
        manifest: &manifest,
        lock: lock.as_ref(),
        target: target.as_ref(),
        usages,
        stated: &stated,
        production: &distributions,
    };
    install.development = development::read(&sources, &install);
    diagnostics.extend(install_messages::left_out(&install.development));
    let (pretended, unversioned) = git_version::read(tree, &manifest, &install);
    install.pretended_versions = pretended;
    diagnostics.extend(unversioned);
    if let Some(lock) = &lock {
        diagnostics.extend(install_messages::lock_out_of_date(manager, lock, &stated, target.as_ref()));
    }
    let indexes: &[Index] = pip.as_ref().map_or(&manifest.indexes, |pip| &pip.read.indexes);
    diagnostics.extend(messages::of_install(tree, &install, &distributions, indexes));

    let (django_requirement, unpinned) = django_requirement(&stated, &distributions, lock.as_ref());
    diagnostics.extend(unpinned);
    let files = pip.as_ref().map_or_else(|| vec![manifest.path.clone()], |pip| pip.files.clone());
    let files_evidence = pip.as_ref().map_or_else(
        || vec![Evidence::new(Place::Path(manifest.path.clone()), "is the manifest")],
        |pip| pip.evidence.clone(),
    );
    let dependencies = Dependencies {
        package_manager: Fact::with(manager, evidence),
        requirements_files: Fact::with(files, files_evidence),
        lock_file: match &lock_path {
            Some(file) => {
                Fact::new(Some(file.clone()), Place::Path(file.clone()), "is the lockfile of the manager")
            }
            None => Fact::new(None, Place::Default, "the manager has no lockfile here"),
        },
        django_requirement,
        distributions,
        install: Some(install),
        python,
    };
    (dependencies, diagnostics)
}

/// Returns the requirements of the folders that a requirements file installs: `-e .` brings what their manifests state.
fn own_projects(tree: &Tree, pip: &PipFiles) -> Vec<Stated> {
    let manifests = pip.read.local.iter().filter_map(|folder| {
        setuptools::read(tree, folder).or_else(|| {
            let file = path::join(folder, "pyproject.toml").filter(|file| tree.is_file(file))?;
            Some(pyproject::read(tree, &Document::read(tree, &file)?).0)
        })
    });
    manifests.flat_map(|manifest| manifest.production(&[], &pip.read.extras)).collect()
}

fn read_lock(tree: &Tree, file: &Utf8Path) -> Option<Lock> {
    if file.file_name() == Some("Pipfile.lock") {
        pipfile::lock(tree, file)
    } else {
        lock_toml::read(tree, file)
    }
}

/// Returns the target of markers: the Python that everything stated so far allows.
fn target(python: &[StatedPython], elsewhere: &[StatedPython]) -> Option<Target> {
    let all: Vec<StatedPython> = python.iter().chain(elsewhere).cloned().collect();
    Target::linux(stated_python::provisional(&all))
}

/// Groups that production needs: by their name, or because a build file for production asks for them.
fn wanted_groups(manifest: &Manifest, manager: PackageManager, usages: &[Usage]) -> Vec<String> {
    let asked = asked(manager, usages, |usage| &usage.groups);
    let wanted = manifest.groups.keys().filter(|name| match roles::of_group(name) {
        Role::Production => true,
        Role::Development => false,
        _ => asked.contains(name),
    });
    let wanted: Vec<String> = wanted.cloned().collect();
    // Nothing is stated outside of groups: one of them is what production runs on.
    if wanted.is_empty() && manager == PackageManager::Pip && manifest.main.is_empty() {
        let states_django = |group: &Group| group.stated.iter().any(|one| one.name == "django");
        let has_it = manifest.groups.iter().filter(|(_, group)| states_django(group));
        return has_it.map(|(name, _)| name.clone()).take(1).collect();
    }
    wanted
}

fn wanted_extras(
    manifest: &Manifest,
    manager: PackageManager,
    usages: &[Usage],
    pip: Option<&PipFiles>,
) -> Vec<String> {
    let mut asked = asked(manager, usages, |usage| &usage.extras);
    // `pip install .[deploy]` asks for extras of the manifest, whoever else reads it.
    asked.extend(self::asked(PackageManager::Setuptools, usages, |usage| &usage.extras));
    asked.extend(pip.into_iter().flat_map(|pip| &pip.read.extras));
    let every = asked.iter().any(|name| *name == EVERY);
    let wanted = manifest.extras.keys().filter(|name| match roles::of_group(name) {
        Role::Production => true,
        Role::Development => false,
        _ => every || asked.contains(name),
    });
    wanted.cloned().collect()
}

fn asked<'u>(
    manager: PackageManager,
    usages: &'u [Usage],
    what: impl Fn(&'u Usage) -> &'u Vec<String>,
) -> Vec<&'u String> {
    let of_production = |usage: &&Usage| usage.manager == manager && usage.weight >= PRODUCTION_WEIGHT;
    usages.iter().filter(of_production).flat_map(what).collect()
}

#[expect(clippy::too_many_arguments, reason = "each is one part of what was read, and is read nowhere else")]
fn install(
    tree: &Tree,
    manager: PackageManager,
    manifest: &Manifest,
    pip: Option<&PipFiles>,
    lock: Option<&Lock>,
    distributions: &[Distribution],
    groups: Vec<String>,
    extras: Vec<String>,
) -> Install {
    let folder = match pip {
        Some(_) => Utf8PathBuf::from("."),
        None => manifest.folder().to_owned(),
    };
    let local = distributions.iter().filter_map(|distribution| match &distribution.source {
        DistributionSource::Local(path) => Some(path.clone()),
        _ => None,
    });
    let installs_project = pip.is_some_and(|pip| pip.read.installs_project)
        || (manager == PackageManager::Setuptools && manifest.has_build_system);
    let mut local: Vec<Utf8PathBuf> = local
        .chain(pip.into_iter().flat_map(|pip| pip.read.local.iter().cloned()))
        .filter(|path| *path != folder && path != "." && tree.kind(path).is_some())
        .collect();
    let mut manifests: Vec<Utf8PathBuf> = Vec::new();
    if let Some(pip) = pip {
        manifests.extend(pip.read.files.iter().cloned());
    } else {
        manifests.push(manifest.path.clone());
        manifests.extend(lock.map(|lock| lock.path.clone()));
        manifests.extend(manifest.reads.iter().cloned());
        manifests.extend(manifest.members.iter().map(|member| member.join("pyproject.toml")));
    }
    if installs_project {
        let described = manifest.described_by.iter().cloned();
        let beside = ["setup.py", "setup.cfg", "pyproject.toml", "README.md", "MANIFEST.in"];
        let beside =
            beside.iter().filter_map(|name| path::join(&folder, name)).filter(|file| tree.is_file(file));
        manifests.extend(described.chain(beside));
    }
    for all in [&mut manifests, &mut local] {
        all.sort();
        all.dedup();
    }
    // Every manager writes the standard's lockfile, and uv is the one that installs from it anywhere.
    let pylock = lock.filter(|lock| pip.is_none() && lock.path.file_name() == Some(lock_toml::PYLOCK));
    let (runs, installs_project) = match pylock {
        Some(_) => (PackageManager::Uv, distributions.iter().any(|one| is_project(&one.source, &folder))),
        None if pip.is_some() => (PackageManager::Pip, installs_project),
        // The pip of most images is older than 25.1, the first that installs groups; uv does on any.
        None if manager == PackageManager::Pip => (PackageManager::Uv, false),
        None => (manager, installs_project),
    };
    let vcs: Vec<&String> = distributions
        .iter()
        .filter_map(|distribution| match &distribution.source {
            DistributionSource::Vcs(address) => Some(address),
            _ => None,
        })
        .collect();
    let unneeded = manifest.groups.iter().filter(|(name, group)| !group.optional && !groups.contains(name));
    let mut indexes: Vec<String> = pip
        .map_or(&manifest.indexes, |pip| &pip.read.indexes)
        .iter()
        .map(|index| index.url.clone())
        .collect();
    indexes.dedup();
    let variables = pip.map_or(&manifest.variables, |pip| &pip.read.variables);
    Install {
        manager: runs,
        folder,
        manifests,
        local_packages: local,
        requirement_files: pip
            .map(|pip| pip.files.clone())
            .or_else(|| pylock.map(|lock| vec![lock.path.clone()]))
            .unwrap_or_default(),
        lock: lock.map(|lock| lock.path.clone()),
        unneeded_groups: unneeded.map(|(name, _)| name.clone()).collect(),
        groups,
        extras,
        installs_project,
        needs_git: vcs.iter().any(|address| address.starts_with("git")),
        needs_ssh: vcs.iter().any(|address| messages::is_ssh(address)),
        indexes,
        variables: variables.iter().cloned().collect(),
        tool_requirement: manifest.tool_requirement.clone(),
        lock_version: lock.and_then(|lock| lock.version.clone()),
        has_old_lock: lock.is_some_and(|lock| lock.is_old),
        lock_written_by: lock.and_then(|lock| lock.written_by.clone()),
        hashes: pip.is_some_and(|pip| pip.read.hashes),
        no_binary: pip.map(|pip| pip.read.no_binary.iter().cloned().collect()).unwrap_or_default(),
        pretended_versions: BTreeMap::new(),
        development: Development::default(),
    }
}

/// Tells whether what is installed is the project itself.
fn is_project(source: &DistributionSource, folder: &Utf8Path) -> bool {
    matches!(source, DistributionSource::Local(path) if *path == folder || path == ".")
}

fn django_requirement(
    stated: &[Stated],
    distributions: &[Distribution],
    lock: Option<&Lock>,
) -> (Fact<Option<String>>, Option<Diagnostic>) {
    let locked = distributions.iter().find(|distribution| distribution.name == "django");
    let Some(django) = stated.iter().find(|stated| stated.name == "django") else {
        let fact = match locked {
            Some(locked) => Fact::new(
                None,
                locked.place.clone(),
                "another distribution brings it; the project does not state it",
            ),
            None => Fact::unknown(
                None,
                Vec::new(),
                "the manifest does not name Django; another distribution may bring it",
            ),
        };
        return (fact, None);
    };
    let bounded = django.specifiers.as_ref().is_some_and(Specifiers::has_upper_bound);
    let pinned = locked.is_some_and(|locked| locked.version.is_some());
    let from_address = django.source != DistributionSource::Index;
    let unpinned = !bounded && !pinned && !from_address && lock.is_none();
    let fact = Fact::new(Some(django.written.clone()), django.place.clone(), "states Django");
    (fact, unpinned.then(|| messages::django_unpinned(&django.written, &django.place)))
}
