//! The images that are built from the project.

mod added;
mod assets;
mod build_time;
mod dev;
mod foreign;
mod install;
mod machine;
mod prod;
mod system;
mod translations;

use std::collections::BTreeMap;

pub(super) use added::added;
pub(super) use assets::{PNPM_STORE, package_folders};
pub(super) use build_time::{manage, sets_module, static_root};
pub(super) use dev::dev;
pub(super) use prod::prod;

use super::layout;
use crate::catalog::package_manager::VENV;
use crate::python::Minor;
use crate::stack::{Command, Step};

/// Names of the two Dockerfiles.
pub(super) const DEV_FILE: &str = "Dockerfile";
pub(super) const PROD_FILE: &str = "Dockerfile.prod";

/// The stage that the project runs in, and that of the proxy.
pub(super) const APP: &str = "app";

/// Returns the variables of every stage that runs the project's Python.
fn runtime_environment(python: Minor, python_path: Option<String>) -> Step {
    let mut variables = BTreeMap::from([
        ("HOME".to_owned(), layout::HOME.to_owned()),
        (
            "PATH".to_owned(),
            format!("{VENV}/bin:/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin"),
        ),
        ("PYTHONUNBUFFERED".to_owned(), "1".to_owned()),
    ]);
    // The root file system is read-only, and files of another user are in the way in a bind mount.
    if keeps_bytecode(python) {
        variables.insert("PYTHONPYCACHEPREFIX".to_owned(), layout::BYTECODE.to_owned());
    } else {
        variables.insert("PYTHONDONTWRITEBYTECODE".to_owned(), "1".to_owned());
    }
    variables.extend(python_path.map(|path| ("PYTHONPATH".to_owned(), path)));
    Step::Environment { variables }
}

/// Tells whether Python can keep bytecode apart from the source.
fn keeps_bytecode(python: Minor) -> bool {
    python >= Minor(3, 8)
}

/// The cache mounts of a command that runs the project's Python.
fn bytecode_cache(python: Minor) -> Vec<String> {
    if keeps_bytecode(python) { vec![layout::BYTECODE.to_owned()] } else { Vec::new() }
}

fn command(words: &[&str]) -> Command {
    words.iter().map(|word| (*word).to_owned()).collect()
}
