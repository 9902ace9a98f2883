//! Which manager installs the project: every one that could, and the evidence for each.

use camino::{Utf8Path, Utf8PathBuf};

use super::super::facts::PackageManager;
use super::candidate::{Candidate, Found};
use super::document::Document;
use super::lock::Package;
use super::lock_toml::{self, PYLOCK};
use super::manifest::{Manifest, Tool};
use super::pip_files::{self, PipFiles};
use super::usage::Usage;
use super::{conda, messages, pipfile, pyproject, setuptools};
use crate::base::{Diagnostic, Evidence, Place, Tree, path};

/// Looks for manifests in `chain`, the folders from `manage.py`'s up to the root.
pub(super) fn find(tree: &Tree, chain: &[Utf8PathBuf], usages: &[Usage]) -> Found {
    let mut found = Found::default();
    let pip = pip_files::choose(tree, chain, usages);
    for (steps, folder) in (0_i64..).zip(chain) {
        let mut here = Vec::new();
        here.extend(from_pyproject(tree, folder, pip.as_ref(), usages, &mut found));
        here.extend(from_pipfile(tree, folder, &mut found.broken));
        if here.iter().all(|candidate| candidate.manager != PackageManager::Setuptools) {
            here.extend(from_setuptools(tree, folder, &mut found));
        }
        here.extend(from_conda(tree, folder));
        if here.iter().all(|candidate| candidate.lock.is_none()) {
            here.extend(from_pylock(tree, folder));
        }
        for candidate in &mut here {
            candidate.score -= 4 * steps;
        }
        found.candidates.extend(here);
    }
    if let Some(pip) = pip {
        found.candidates.push(from_pip(pip));
    }
    for candidate in &mut found.candidates {
        candidate.weigh(usages);
    }
    found.candidates.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.manager.cmp(&b.manager)));
    found
}

/// The candidate with the best evidence, or the one that the person named.
pub(super) fn choose(
    found: &Found,
    said: Option<PackageManager>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Candidate> {
    if let Some(said) = said
        && let Some(candidate) = found.candidates.iter().find(|candidate| candidate.manager == said)
    {
        return Some(candidate.clone());
    }
    let best = found.candidates.first().filter(|best| best.score > 0)?;
    let mut chosen = best.clone();
    if let Some(lock) = &best.lock {
        let rival = found.candidates.iter().find(|other| {
            other.manager != best.manager
                && other.lock.as_ref().is_some_and(|other| path::parent(other) == path::parent(lock))
        });
        diagnostics.extend(rival.and_then(|rival| messages::two_lockfiles(best, rival)));
    }
    // A Pipfile without a lock beside its own export: the export is what is installed.
    if chosen.manager != PackageManager::Pip && chosen.lock.is_none() {
        chosen.pip = found.candidates.iter().find_map(|candidate| candidate.pip.clone());
    }
    Some(chosen)
}

fn broken(document: &Document<'_>, into: &mut Vec<(Utf8PathBuf, String, u32)>) {
    if let Some((what, line)) = &document.error {
        into.push((document.path.clone(), what.clone(), *line));
    }
}

/// A file in `folder`, where it exists.
fn beside(tree: &Tree, folder: &Utf8Path, name: &str) -> Option<Utf8PathBuf> {
    path::join(folder, name).filter(|file| tree.is_file(file))
}

fn from_pyproject(
    tree: &Tree,
    folder: &Utf8Path,
    pip: Option<&PipFiles>,
    usages: &[Usage],
    found: &mut Found,
) -> Vec<Candidate> {
    let Some(file) = beside(tree, folder, "pyproject.toml") else { return Vec::new() };
    let Some(document) = Document::read(tree, &file) else { return Vec::new() };
    broken(&document, &mut found.broken);
    let (manifest, malformed) = pyproject::read(tree, &document);
    found.python.extend(manifest.python.iter().cloned());
    let locks = [
        (PackageManager::Uv, "uv.lock", Tool::Uv),
        (PackageManager::Poetry, "poetry.lock", Tool::Poetry),
        (PackageManager::Pdm, "pdm.lock", Tool::Pdm),
    ];
    let mut all = Vec::new();
    for (manager, lock, tool) in locks {
        let lock = beside(tree, folder, lock);
        let table = manifest.tools.get(&tool);
        // A lock alone does not count where the manifest states nothing: it belongs to tools or to another time.
        if !manifest.states_anything() || (lock.is_none() && table.is_none()) {
            continue;
        }
        let mut candidate = Candidate::new(manager, manifest.clone());
        if let Some(place) = table {
            candidate.score += 20;
            candidate.evidence.push(Evidence::new(place.clone(), "is its own table"));
        }
        candidate.lock = lock;
        candidate.malformed.clone_from(&malformed);
        all.push(candidate);
    }
    if all.is_empty() && manifest.states_anything() {
        // uv reads such a manifest too: what production is built with tells, before what developers run.
        let weight = |manager: PackageManager| {
            usages.iter().filter(|usage| usage.manager == manager).map(|usage| usage.weight).max()
        };
        // Groups alone are no distribution: `pip install .` has nothing to install, `pip install --group` has.
        let is_groups = !manifest.describes_project && manifest.main.is_empty();
        let otherwise = if is_groups { PackageManager::Pip } else { PackageManager::Setuptools };
        let (by_uv, by_pip) = (weight(PackageManager::Uv), weight(otherwise));
        let manager = if by_uv.is_some() && by_uv >= by_pip { PackageManager::Uv } else { otherwise };
        let mut candidate = Candidate::new(manager, manifest);
        candidate.lock = beside(tree, folder, PYLOCK);
        candidate.malformed = malformed;
        if pip.is_some_and(|pip| pip.states_django) {
            // Pinned requirements beside it are what is installed.
            candidate.score -= 20;
        }
        all.push(candidate);
    }
    all
}

fn from_pipfile(
    tree: &Tree,
    folder: &Utf8Path,
    errors: &mut Vec<(Utf8PathBuf, String, u32)>,
) -> Option<Candidate> {
    let file = beside(tree, folder, "Pipfile")?;
    let document = Document::read(tree, &file)?;
    broken(&document, errors);
    let manifest = pipfile::read(&document);
    let lock = beside(tree, folder, "Pipfile.lock");
    if !manifest.states_anything() && lock.is_none() {
        return None;
    }
    let mut candidate = Candidate::new(PackageManager::Pipenv, manifest);
    candidate.score += 20;
    candidate.evidence.push(Evidence::new(Place::Path(file), "is its manifest"));
    candidate.lock = lock;
    Some(candidate)
}

fn from_setuptools(tree: &Tree, folder: &Utf8Path, found: &mut Found) -> Option<Candidate> {
    let manifest = setuptools::read(tree, folder)?;
    found.python.extend(manifest.python.iter().cloned());
    if !manifest.states_anything() {
        return None;
    }
    let mut candidate = Candidate::new(PackageManager::Setuptools, manifest);
    candidate.score -= 20;
    Some(candidate)
}

fn from_conda(tree: &Tree, folder: &Utf8Path) -> Option<Candidate> {
    let names = ["environment.yml", "environment.yaml", "conda.yml", "conda.yaml"];
    let file = names.iter().find_map(|name| beside(tree, folder, name))?;
    let manifest = conda::read(tree, &file).filter(Manifest::states_anything)?;
    let mut candidate = Candidate::new(PackageManager::Conda, manifest);
    candidate.score -= 15;
    candidate.evidence.push(Evidence::new(Place::Path(file), "is a conda environment"));
    Some(candidate)
}

/// A lockfile of the standard (PEP 751) with no manifest that it belongs to: it states what it locks.
fn from_pylock(tree: &Tree, folder: &Utf8Path) -> Option<Candidate> {
    let file = beside(tree, folder, PYLOCK)?;
    let lock = lock_toml::read(tree, &file).filter(|lock| !lock.packages.is_empty())?;
    let is_of_uv = lock.written_by.as_deref() == Some("uv");
    let manager = if is_of_uv { PackageManager::Uv } else { PackageManager::Pip };
    let main = lock.packages.iter().map(Package::stated).collect();
    let manifest = Manifest { path: file.clone(), main, ..Manifest::default() };
    let mut candidate = Candidate::new(manager, manifest);
    candidate.lock = Some(file);
    Some(candidate)
}

fn from_pip(pip: PipFiles) -> Candidate {
    let manifest = Manifest { main: pip.read.stated.clone(), ..Manifest::default() };
    let mut candidate = Candidate::new(PackageManager::Pip, manifest);
    candidate.malformed.clone_from(&pip.read.malformed);
    candidate.evidence.clone_from(&pip.evidence);
    candidate.score += if pip.states_django { 0 } else { 10 };
    candidate.score += if pip.is_export { 15 } else { 0 };
    candidate.pip = Some(pip);
    candidate
}
