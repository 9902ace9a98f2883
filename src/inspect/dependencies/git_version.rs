//! Projects whose version a build backend reads from git: an image holds no repository, so the build would stop.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::document::Document;
use super::install_messages;
use super::manifest::Manifest;
use crate::base::{Diagnostic, Place, Tree, path};
use crate::inspect::facts::Install;
use crate::knowledge::version_sources::{self, VersionSource};
use crate::python::Requirement;

/// Reads, of every folder of the project that is built, the variables that stand for its version; and what is to be
/// said where there is no such variable.
pub(super) fn read(
    tree: &Tree,
    manifest: &Manifest,
    install: &Install,
) -> (BTreeMap<String, String>, Vec<Diagnostic>) {
    let mut folders: Vec<Utf8PathBuf> = Vec::new();
    folders.extend(install.installs_project.then(|| install.folder.clone()));
    folders.extend(install.local_packages.iter().cloned());
    folders.extend(install.development.local_packages.iter().cloned());
    folders.extend(manifest.members.iter().cloned());
    folders.sort();
    folders.dedup();
    let (mut variables, mut diagnostics) = (BTreeMap::new(), Vec::new());
    for folder in folders {
        for (source, place) in of_folder(tree, &folder) {
            if let Some(variable) = &source.variable {
                variables.insert(variable.clone(), source.value.clone());
            }
            diagnostics.push(install_messages::version_from_git(source, &place));
        }
    }
    (variables, diagnostics)
}

/// Returns the tools that read the version of the distribution in `folder` from git, with the places that say so.
fn of_folder(tree: &Tree, folder: &Utf8Path) -> Vec<(&'static VersionSource, Place)> {
    let Some(file) = path::join(folder, "pyproject.toml") else { return Vec::new() };
    let document = Document::read(tree, &file);
    let mut required: Vec<(String, Place)> = Vec::new();
    if let Some(document) = &document {
        for (text, place) in document.texts(&["build-system", "requires"]) {
            required.extend(Requirement::parse(text).ok().map(|one| (one.name, place)));
        }
    }
    for name in ["setup.py", "setup.cfg"] {
        let Some(script) = path::join(folder, name).filter(|script| tree.is_file(script)) else { continue };
        required.extend(of_script(&script, tree.text(&script).unwrap_or_default()));
    }
    let is = |key: &str, value: Option<&str>| {
        let keys: Vec<&str> = key.split('.').collect();
        document.as_ref().is_some_and(|document| match value {
            Some(value) => document.text(&keys) == Some(value),
            None => document.has(&keys),
        })
    };
    let mut found: Vec<(&VersionSource, Place)> = Vec::new();
    for (name, place) in required {
        let rows = version_sources::all().iter().filter(|row| row.distributions.contains(&name));
        let applies = |row: &&VersionSource| {
            row.only_with.as_ref().is_none_or(|(key, value)| is(key, Some(value)))
                && !row.unless.iter().any(|key| is(key, None))
        };
        for row in rows.filter(applies) {
            if found.iter().all(|(known, _)| known.variable != row.variable) {
                found.push((row, place.clone()));
            }
        }
    }
    found
}

/// The distributions of the table that a `setup.py` or `setup.cfg` names in quotes or on a line of its own.
fn of_script(file: &Utf8Path, text: &str) -> Vec<(String, Place)> {
    let names: Vec<&String> = version_sources::all().iter().flat_map(|row| &row.distributions).collect();
    let mut found = Vec::new();
    for (number, line) in (1_u32..).zip(text.lines()) {
        let code = line.split('#').next().unwrap_or_default();
        let words = code.split(['"', '\'', ' ', '=', ',', '[', ']', '<', '>', '~', '!', ';', '(', ')']);
        let words: Vec<String> = words.map(|word| word.trim().to_lowercase().replace('_', "-")).collect();
        let named = names.iter().filter(|name| words.contains(name));
        found.extend(named.map(|name| ((*name).clone(), Place::line(file, number))));
    }
    found
}
