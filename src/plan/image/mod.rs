//! The images that are built from the project.

mod added;
mod assets;
mod build_time;
mod bytecode;
mod compression;
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
pub(super) use build_time::{collect_at_start, manage, sets_module, static_root};
pub(super) use bytecode::folder as bytecode_folder;
pub(super) use dev::dev;
pub(super) use prod::prod;

use super::ground::Ground;
use super::layout;
use crate::catalog::package_manager::VENV;
use crate::stack::{Command, Step};

/// Names of the two Dockerfiles.
pub(super) const DEV_FILE: &str = "Dockerfile";
pub(super) const PROD_FILE: &str = "Dockerfile.prod";

/// The stage that the project runs in, and that of the proxy.
pub(super) const APP: &str = "app";

/// Returns the variables of every stage that runs the project's Python.
fn runtime_environment(ground: &Ground<'_>) -> Step {
    let mut variables = BTreeMap::from([
        ("HOME".to_owned(), layout::HOME.to_owned()),
        (
            "PATH".to_owned(),
            format!("{VENV}/bin:/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin"),
        ),
        ("PYTHONUNBUFFERED".to_owned(), "1".to_owned()),
    ]);
    // In development the files of another user are in the way in a bind mount.
    match bytecode::folder(ground) {
        Some(folder) => variables.insert("PYTHONPYCACHEPREFIX".to_owned(), folder.to_owned()),
        None => variables.insert("PYTHONDONTWRITEBYTECODE".to_owned(), "1".to_owned()),
    };
    variables.extend(prod::python_path(ground).map(|path| ("PYTHONPATH".to_owned(), path)));
    Step::Environment { variables }
}

fn command(words: &[&str]) -> Command {
    words.iter().map(|word| (*word).to_owned()).collect()
}
