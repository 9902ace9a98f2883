//! Requirements for a project that states none, or states them to conda: a file for the person to look over.
//!
//! What the code imports is looked up in a table of known modules. A name that is not there is never guessed:
//! whatever is published under it would be installed.

use std::collections::BTreeMap;

use camino::Utf8Path;

use super::super::facts::{Distribution, PackageManager, ProposedRequirements};
use super::super::sources::Sources;
use super::super::{imports, python_version};
use super::{Dependencies, conda, messages};
use crate::base::codes::dependencies as codes;
use crate::base::{Diagnostic, Evidence, Place, Tree, path};
use crate::knowledge::modules;
use crate::python::Evaluation;

/// The path where pip and people look first.
const FILE: &str = "requirements.txt";
/// Python files that are looked through: a project that states nothing is a small one.
const MOST_FILES: usize = 2_000;

/// Lets pip install what no manager that djdock builds with would: what is proposed, or what a requirements file
/// beside conda's environment states. Says what it did.
pub(in crate::inspect) fn complete(
    sources: &Sources<'_>,
    project_dir: &Utf8Path,
    dependencies: &mut Dependencies,
    evaluations: &[&Evaluation],
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<ProposedRequirements> {
    let is_conda = dependencies.package_manager.value == PackageManager::Conda;
    if dependencies.install.is_some() && !is_conda {
        return None;
    }
    let proposal = match dependencies.package_manager.value {
        _ if sources.tree.is_file(FILE) => None,
        PackageManager::Conda => from_conda(sources.tree, dependencies),
        _ => from_imports(sources, evaluations),
    };
    let files = proposal.iter().map(|proposal| (proposal.path.clone(), proposal.text.clone()));
    let tree = sources.tree.with_files(files);
    let python = python_version::stated(&tree, project_dir);
    let (by_pip, found) = super::read_as(&tree, project_dir, Some(PackageManager::Pip), &python);
    by_pip.install.as_ref().filter(|install| install.manager == PackageManager::Pip)?;
    dependencies.install = by_pip.install;
    dependencies.distributions = by_pip.distributions;
    if !is_conda {
        dependencies.django_requirement = by_pip.django_requirement;
    }
    if let Some(proposal) = &proposal {
        stand_where_asked_for(dependencies, proposal);
    }
    diagnostics.retain(|one| one.code != codes::REQUIREMENTS_NOT_FOUND);
    // What was said already, or is about a file that djdock proposes itself, helps nobody.
    let of_proposal = |one: &Diagnostic| {
        proposal.as_ref().is_some_and(|proposal| one.labels.iter().any(|label| label.path == proposal.path))
    };
    let news: Vec<Diagnostic> =
        found.into_iter().filter(|one| !of_proposal(one) && !diagnostics.contains(one)).collect();
    diagnostics.extend(news);
    diagnostics.extend(proposal.as_ref().map(|proposal| messages::proposed(proposal, is_conda)));
    proposal
}

/// The file is not there yet: evidence names the lines that it was made from.
fn stand_where_asked_for(dependencies: &mut Dependencies, proposal: &ProposedRequirements) {
    for distribution in &mut dependencies.distributions {
        if let Some(place) = proposal.places.get(&distribution.name) {
            distribution.place = place.clone();
        }
    }
    let asks = Evidence::new(proposal.source.clone(), "asks for Django");
    for evidence in &mut dependencies.django_requirement.evidence {
        if matches!(&evidence.place, Place::Line { path, .. } if *path == proposal.path) {
            *evidence = asks.clone();
        }
    }
}

fn from_conda(tree: &Tree, dependencies: &Dependencies) -> Option<ProposedRequirements> {
    let wanted: Vec<&Distribution> = dependencies.distributions.iter().collect();
    let environments = &dependencies.requirements_files.value;
    let programs = environments.iter().flat_map(|file| conda::programs(tree, file)).collect();
    let mut lines: Vec<String> = wanted
        .iter()
        .map(|one| {
            let written = one.specifier.as_deref().filter(|written| *written != "*").unwrap_or_default();
            let extras =
                if one.extras.is_empty() { String::new() } else { format!("[{}]", one.extras.join(",")) };
            format!("{}{extras}{written}", one.name)
        })
        .collect();
    lines.dedup();
    let place = dependencies.package_manager.decided_by()?.clone();
    let head =
        format!("# What conda installs by {place}, for pip. Keep the two alike, or drop the other one.");
    (!lines.is_empty()).then(|| ProposedRequirements {
        path: FILE.into(),
        text: format!("{head}\n{}\n", lines.join("\n")),
        source: place,
        places: wanted.iter().map(|one| (one.name.clone(), one.place.clone())).collect(),
        unknown: Vec::new(),
        programs,
    })
}

fn from_imports(sources: &Sources<'_>, evaluations: &[&Evaluation]) -> Option<ProposedRequirements> {
    let tree = sources.tree;
    let mut imported: BTreeMap<String, Place> = BTreeMap::new();
    let mut note = |module: &str, file: Option<&Utf8Path>, place: Place| {
        let module = imports::top_level(module);
        if !modules::comes_along(module) && !imports::is_own(tree, &sources.roots, file, module) {
            imported.entry(module.to_owned()).or_insert(place);
        }
    };
    let files = tree.files().filter(|file| path::extension(file) == Some("py") && !imports::is_aside(file));
    for file in files.take(MOST_FILES) {
        let Some(scan) = sources.scan(file) else { continue };
        for import in scan.imports.iter().filter(|import| import.level == 0 && !import.context.tried) {
            note(&import.module, Some(file), scan.place(import.line));
        }
    }
    for (app, place) in evaluations.iter().flat_map(|evaluation| imports::apps(evaluation)) {
        note(&app, None, place);
    }
    let django = imported.get("django")?.clone();
    let mut lines: BTreeMap<String, String> = BTreeMap::new();
    let mut places = BTreeMap::new();
    let mut unknown = Vec::new();
    for (module, place) in imported {
        match modules::distribution_of(&module) {
            Some(distribution) => {
                let version = if distribution == "django" { started_with(tree) } else { None };
                let line = format!("{distribution}{}", version.unwrap_or_default());
                lines.entry(distribution.to_owned()).or_insert_with(|| format!("{line}  # {place}"));
                let name = distribution.split('[').next().unwrap_or(distribution);
                places.entry(name.to_owned()).or_insert(place);
            }
            None => unknown.push((module, place)),
        }
    }
    let mut text = String::from(
        "# What the code imports, and where: nothing said what the project needs. Look it over; `pip freeze` where it runs\n\
         # tells the versions. Then keep this file under version control.\n",
    );
    for line in lines.values() {
        text.push_str(line);
        text.push('\n');
    }
    for (module, place) in &unknown {
        text.push_str(&format!("# what brings `{module}`?  {place}\n"));
    }
    let unknown = unknown.into_iter().map(|(module, _)| module).collect();
    Some(ProposedRequirements {
        path: FILE.into(),
        text,
        source: django,
        places,
        unknown,
        programs: Vec::new(),
    })
}

/// The line of Django that `startproject` was run with, as settings say: `~=3.2.5`.
fn started_with(tree: &Tree) -> Option<String> {
    const SAYS: &str = "Generated by 'django-admin startproject' using Django ";
    let near =
        tree.files().filter(|file| path::extension(file) == Some("py") && file.as_str().contains("settings"));
    let said =
        near.filter_map(|file| tree.text(file)).find_map(|text| text.split_once(SAYS).map(|(_, rest)| rest));
    let version: String = said?.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let version = version.trim_end_matches('.');
    match version.split('.').count() {
        2 => Some(format!("~={version}.0")),
        3 => Some(format!("~={version}")),
        _ => None,
    }
}
