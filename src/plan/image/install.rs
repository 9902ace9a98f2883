//! Steps that fill the virtual environment.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;

use super::added::added;
use super::foreign;
use super::machine::{self, PIP_CACHE};
use crate::base::path;
use crate::catalog::package_manager::{self, Request};
use crate::inspect::facts::{Development, Install, PackageManager as Named};
use crate::knowledge::tools;
use crate::plan::constraints;
use crate::plan::ground::Ground;
use crate::plan::installer::{manager, tool};
use crate::plan::layout;
use crate::python::Version;
use crate::stack::{RunPurpose, Step};

/// Everything between an empty image and a complete virtual environment. `None` where nothing says what to install.
pub(super) fn steps(ground: &Ground<'_>) -> Option<Vec<Step>> {
    let install = ground.facts.install.as_ref()?;
    let manager = manager(install)?;
    let tool = tool(ground);
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
    if let Some(tool) = &tool {
        let mut command = super::command(&["pip", "install", "--no-compile"]);
        if let Some(held) =
            constraints::of_manager(ground, tool.name, &tool.version).filter(|_| tool.is_known)
        {
            steps.push(Step::CopySource { from: held.path.to_string(), to: held.target.clone() });
            command.extend(["--constraint".to_owned(), held.target]);
        }
        command.push(tool.requirement.clone());
        command.extend(tools::beside(tool.name, &tool.version).iter().cloned());
        steps.push(Step::Run {
            commands: vec![command],
            variables: BTreeMap::new(),
            caches: vec![PIP_CACHE.to_owned()],
            purpose: RunPurpose::PackageManager,
        });
    }
    steps.push(Step::WorkFolder { path: layout::source(&install.folder) });
    copies(ground, install, &mut steps);
    steps.extend(foreign::leave_out(ground, install));
    let mut variables = install.pretended_versions.clone();
    if let Some(builds) = constraints::of_builds(ground) {
        variables.extend(builds.variables(ground));
        steps.push(Step::CopySource { from: builds.path.to_string(), to: builds.target });
    }
    let request = request(ground, install, tool.map(|tool| tool.version));
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
        variables,
        secrets: install.variables.clone(),
        ssh: install.needs_ssh,
    });
    steps.extend(machine::downloads(ground));
    Some(steps)
}

/// Copies the manifests, or the whole source where the project is itself installed.
fn copies(ground: &Ground<'_>, install: &Install, steps: &mut Vec<Step>) {
    if install.installs_project || install.manager == Named::Setuptools {
        steps.push(Step::CopySource { from: ".".to_owned(), to: layout::SOURCE.to_owned() });
        return;
    }
    let (mut files, mut packages) = (install.manifests.clone(), install.local_packages.clone());
    if !ground.is_prod() {
        files.extend(install.development.manifests.iter().cloned());
        packages.extend(install.development.local_packages.iter().cloned());
    }
    files.sort();
    files.dedup();
    steps.push(Step::CopyManifests { files, to: layout::SOURCE.to_owned() });
    for package in &packages {
        steps.push(Step::CopySource { from: package.to_string(), to: layout::source(package) });
    }
}

fn request(ground: &Ground<'_>, install: &Install, tool: Option<Version>) -> Request {
    let development = (!ground.is_prod()).then_some(&install.development);
    let (mut files, mut extras) = (install.requirement_files.clone(), install.extras.clone());
    if let Some(development) = development {
        if development.instead {
            files.clear();
        }
        files.extend(development.requirement_files.iter().cloned());
        extras.extend(development.extras.iter().cloned());
    }
    let seen = |file: &Utf8PathBuf| match path::relative_to(file, &install.folder) {
        Some(inside) => inside.to_string(),
        None => layout::source(file),
    };
    let of_development =
        |pick: fn(&Development) -> &Vec<String>| development.map(pick).cloned().unwrap_or_default();
    Request {
        python: ground.python,
        tool,
        requirement_files: files.iter().map(seen).collect(),
        more: ground.unlisted.iter().map(|unlisted| unlisted.requirement.clone()).collect(),
        has_lock: install.lock.is_some(),
        has_old_lock: install.has_old_lock,
        groups: install.groups.clone(),
        unneeded_groups: install.unneeded_groups.clone(),
        extras,
        development: !ground.is_prod(),
        development_groups: of_development(|development| &development.groups),
        development_requirements: of_development(|development| &development.requirements),
        hashes: install.hashes,
        has_unhashed: install.needs_git || !install.local_packages.is_empty(),
        installs_project: install.installs_project,
    }
}
