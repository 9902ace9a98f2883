//! The images that are built from the project.

mod added;
mod assets;
mod build_time;
mod dev;
mod install;
mod prod;

use std::collections::BTreeMap;

pub(super) use added::added;
pub(super) use build_time::{manage, sets_module};
pub(super) use dev::dev;
pub(super) use prod::{prod, static_root};

use super::layout;
use super::stack::{Command, Step};
use crate::catalog::package_manager::VENV;

/// Names of the two Dockerfiles.
pub(super) const DEV_FILE: &str = "Dockerfile";
pub(super) const PROD_FILE: &str = "Dockerfile.prod";

/// The stage that the project runs in, and that of the proxy.
pub(super) const APP: &str = "app";
pub(super) const PROXY: &str = "nginx";

/// What every stage that runs the project's Python is told.
fn runtime_environment(python_path: Option<String>) -> Step {
    let mut variables = BTreeMap::from([
        ("HOME".to_owned(), layout::HOME.to_owned()),
        (
            "PATH".to_owned(),
            format!("{VENV}/bin:/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin"),
        ),
        // The root file system is read-only, and files of another user are in the way in a bind mount.
        ("PYTHONDONTWRITEBYTECODE".to_owned(), "1".to_owned()),
        ("PYTHONUNBUFFERED".to_owned(), "1".to_owned()),
    ]);
    variables.extend(python_path.map(|path| ("PYTHONPATH".to_owned(), path)));
    Step::Environment { variables }
}

fn command(words: &[&str]) -> Command {
    words.iter().map(|word| (*word).to_owned()).collect()
}
