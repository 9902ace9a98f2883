//! Steps that fill the virtual environment.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;

use super::added::added;
use super::{foreign, machine};
use crate::base::path;
use crate::catalog::package_manager::{self, PackageManager, Request};
use crate::inspect::facts::{Install, PackageManager as Named};
use crate::knowledge::tools;
use crate::plan::ground::Ground;
use crate::plan::layout;
use crate::plan::stack::{RunPurpose, Step};
use crate::python::Specifiers;

pub(super) const PIP_CACHE: &str = "/root/.cache/pip";

/// Everything between an empty image and a complete virtual environment. `None` where nothing says what to install.
pub(super) fn steps(ground: &Ground<'_>) -> Option<Vec<Step>> {
    let install = ground.facts.install.as_ref()?;
    let manager = package_manager::find(word(install.manager))?;
    // uv takes a bare version for exactly that one.
    let stated = install.tool_requirement.as_deref().map(str::trim);
    let stated = stated.map(|stated| {
        let is_version = stated.starts_with(|c: char| c.is_ascii_digit());
        if is_version { format!("=={stated}") } else { stated.to_owned() }
    });
    let wanted = stated.as_deref().and_then(Specifiers::parse);
    let tool = manager.tool.and_then(|name| {
        tools::choose(name, ground.python, wanted.as_ref()).map(|version| (name, version.clone()))
    });
    let mut steps = Vec::new();
    let mut variables: BTreeMap<String, String> = BTreeMap::from([
        ("PIP_DISABLE_PIP_VERSION_CHECK".to_owned(), "1".to_owned()),
        ("PIP_ROOT_USER_ACTION".to_owned(), "ignore".to_owned()),
    ]);
    variables
        .extend(manager.environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    steps.push(Step::Environment { variables });
    steps.push(Step::Run {
        commands: vec![package_manager::make_environment(ground.python)],
        variables: BTreeMap::new(),
        caches: Vec::new(),
        purpose: RunPurpose::VirtualEnvironment,
    });
    if let Some((name, version)) = &tool {
        // A version that the table does not have is asked for as the project asks for it.
        let requirement = match &wanted {
            Some(wanted) if !wanted.contains(version) && !wanted.to_string().contains('|') => {
                format!("{name}{wanted}").replace(' ', "")
            }
            _ => format!("{name}=={version}"),
        };
        let companions = (manager.companions)(version);
        steps.push(Step::Run {
            commands: vec![super::command(
                &[&["pip", "install", "--no-compile", &requirement], companions].concat(),
            )],
            variables: BTreeMap::new(),
            caches: vec![PIP_CACHE.to_owned()],
            purpose: RunPurpose::PackageManager,
        });
    }
    steps.push(Step::WorkFolder { path: layout::source(&install.folder) });
    copies(ground, install, &mut steps);
    steps.extend(foreign::leave_out(ground, install));
    let request = request(ground, install, manager, tool.map(|(_, version)| version));
    let mut commands = (manager.install)(&request);
    let mut caches: Vec<String> = manager.caches.iter().map(|cache| (*cache).to_owned()).collect();
    let more: Vec<String> = added(ground).into_iter().map(|added| added.requirement).collect();
    if !more.is_empty() {
        let arguments: Vec<&str> = more.iter().map(String::as_str).collect();
        commands.push(package_manager::pip_install(ground.python, &arguments));
        caches.push(PIP_CACHE.to_owned());
    }
    caches.sort();
    caches.dedup();
    steps.push(Step::Install {
        commands,
        caches,
        secrets: install.variables.clone(),
        ssh: install.needs_ssh,
    });
    steps.extend(machine::downloads(ground));
    Some(steps)
}

/// The manifests, or the whole source where it is itself installed.
fn copies(ground: &Ground<'_>, install: &Install, steps: &mut Vec<Step>) {
    if install.installs_project || install.manager == Named::Setuptools {
        steps.push(Step::CopySource { from: ".".to_owned(), to: layout::SOURCE.to_owned() });
        return;
    }
    let mut files = install.manifests.clone();
    if !ground.is_prod() {
        files.extend(development_files(ground, install));
    }
    files.sort();
    files.dedup();
    steps.push(Step::CopyManifests { files, to: layout::SOURCE.to_owned() });
    for package in &install.local_packages {
        steps.push(Step::CopySource { from: package.to_string(), to: layout::source(package) });
    }
}

fn request(
    ground: &Ground<'_>,
    install: &Install,
    _manager: &PackageManager,
    tool: Option<crate::python::Version>,
) -> Request {
    let mut files = install.requirement_files.clone();
    if !ground.is_prod() {
        files.extend(development_files(ground, install));
    }
    let seen = |file: &Utf8PathBuf| match path::relative_to(file, &install.folder) {
        Some(inside) => inside.to_string(),
        None => layout::source(file),
    };
    Request {
        python: ground.python,
        tool,
        requirement_files: files.iter().map(seen).collect(),
        more: ground.unlisted.iter().map(|unlisted| unlisted.requirement.clone()).collect(),
        has_lock: install.lock.is_some(),
        groups: install.groups.clone(),
        unneeded_groups: install.unneeded_groups.clone(),
        extras: install.extras.clone(),
        development: !ground.is_prod(),
        hashes: install.hashes,
        has_unhashed: install.needs_git || !install.local_packages.is_empty(),
        installs_project: install.installs_project,
    }
}

/// For pip: the files that development needs beside those of production, by the names that people give them.
fn development_files(ground: &Ground<'_>, install: &Install) -> Vec<Utf8PathBuf> {
    const NAMES: &[&str] = &[
        "dev",
        "develop",
        "development",
        "local",
        "dev-requirements",
        "requirements-dev",
        "requirements_dev",
        "requirements-local",
        "requirements-development",
        "dev_requirements",
    ];
    if !matches!(install.manager, Named::Pip) {
        return Vec::new();
    }
    let folders: Vec<_> = install.requirement_files.iter().map(|file| path::parent(file)).collect();
    let known =
        |file: &Utf8PathBuf| install.requirement_files.contains(file) || install.manifests.contains(file);
    let mut found: Vec<Utf8PathBuf> = folders
        .iter()
        .flat_map(|folder| ground.tree.children(folder))
        .map(|(file, _)| file.to_owned())
        .filter(|file| {
            file.extension() == Some("txt") && file.file_stem().is_some_and(|stem| NAMES.contains(&stem))
        })
        .filter(|file| ground.tree.is_file(file) && !known(file))
        .collect();
    found.sort();
    found.dedup();
    found
}

fn word(manager: Named) -> &'static str {
    match manager {
        Named::Pip => "pip",
        Named::Poetry => "poetry",
        Named::Uv => "uv",
        Named::Pipenv => "pipenv",
        Named::Pdm => "pdm",
        Named::Conda => "conda",
        Named::Setuptools => "setuptools",
        Named::None => "none",
    }
}
