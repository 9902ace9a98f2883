use super::{BuildConstraints, PackageManager, Request, VENV, each, pip_install, words};
use crate::base::language::Text;
use crate::catalog::offer::Offer;
use crate::python::{Minor, Version};

pub(super) const POETRY: PackageManager = PackageManager {
    offer: Offer {
        word: "poetry",
        label: Text::name("Poetry"),
        about: Text::new("pyproject.toml and poetry.lock", "pyproject.toml과 poetry.lock"),
    },
    tool: Some("poetry"),
    // It installs into the environment that is active.
    environment: &[("POETRY_NO_INTERACTION", "1"), ("VIRTUAL_ENV", VENV)],
    build_constraints,
    caches: &["/root/.cache/pip", "/root/.cache/pypoetry"],
    install,
};

/// Groups came with Poetry 1.2; exporting became a plugin then, which Poetry 2 no longer brings: `tools.toml` names the plugin.
const FIRST_WITH_GROUPS: Minor = Minor(1, 2);

/// In the builder, or the layer of the build: never in what runs.
const EXPORTED: &str = "/tmp/requirements.txt";

fn has_groups(tool: Option<&Version>) -> bool {
    tool.and_then(Version::minor).is_none_or(|tool| tool >= FIRST_WITH_GROUPS)
}

/// Returns the variables of build constraints: pip installs what is locked. Without a lock Poetry builds by itself.
fn build_constraints(locked: bool) -> BuildConstraints {
    if locked {
        BuildConstraints::Pip
    } else {
        BuildConstraints::OfProject("lock the project, so that pip installs it: `poetry lock`")
    }
}

/// With a lockfile, pip installs what Poetry says is in it: pip takes every kind of index and mirror, and needs
/// none of what Poetry asks of the package index beside the files.
fn install(request: &Request) -> Vec<Vec<String>> {
    if !request.has_lock {
        return vec![poetry_install(request)];
    }
    let mut export = words(&["poetry", "export", "--output", EXPORTED]);
    if request.development && !has_groups(request.tool.as_ref()) {
        export.push("--dev".to_owned());
    }
    // The main group comes by itself.
    export.extend(each("--with", &request.groups));
    if request.development {
        export.extend(each("--with", &request.unneeded_groups));
        export.extend(each("--with", &request.development_groups));
    }
    export.extend(each("--extras", &request.extras));
    if request.has_unhashed {
        export.push("--without-hashes".to_owned());
    }
    vec![export, pip_install(request.python, &["--requirement", EXPORTED])]
}

/// Without the project itself: its code is not there yet, and Django needs no installed distribution of it.
fn poetry_install(request: &Request) -> Vec<String> {
    let mut command = words(&["poetry", "install", "--no-interaction", "--no-root"]);
    let has_groups = has_groups(request.tool.as_ref());
    if request.development {
        if has_groups {
            command.extend(each("--with", &request.groups));
            command.extend(each("--with", &request.development_groups));
        }
    } else if has_groups {
        command.extend(words(&["--only", "main"]));
        command.extend(each("--only", &request.groups));
    } else {
        command.push("--no-dev".to_owned());
    }
    command.extend(each("--extras", &request.extras));
    command
}
