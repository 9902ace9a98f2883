//! Bytecode in the production image: a container that starts finds its modules compiled, and its file system is read-only.
//!
//! Python itself writes what it compiles, below [`layout::BYTECODE_IN_IMAGE`], and compares each file with its source by time and
//! size when it reads it: a source that somebody mounts or copies over another one is never hidden by old bytecode. Only what is
//! imported is compiled. All of what is installed would weigh three times as much, and most of it never runs.

use super::command;
use crate::catalog::package_manager::VENV;
use crate::catalog::worker;
use crate::plan::ground::Ground;
use crate::plan::layout;
use crate::python::Minor;
use crate::stack::{AppServer, Command};

/// The folder of a throw-away project that Django makes.
const EMPTY: &str = "/tmp/empty";

/// Seconds after which the build goes on without the bytecode of a project whose import does not end.
const PATIENCE: &str = "60";

/// Returns the folder in which the project's Python keeps bytecode; `None` for a Python that keeps it beside the source alone.
pub(in crate::plan) fn folder(ground: &Ground<'_>) -> Option<&'static str> {
    let can = ground.python >= Minor(3, 8);
    can.then_some(if ground.is_prod() { layout::BYTECODE_IN_IMAGE } else { layout::BYTECODE })
}

/// Returns the cache mounts of a command that runs the project's Python. In production there are none: what the command compiles
/// stays in the image.
pub(super) fn caches(ground: &Ground<'_>) -> Vec<String> {
    folder(ground).filter(|_| !ground.is_prod()).map(str::to_owned).into_iter().collect()
}

/// Returns the command that compiles what every Django project with this app server and these workers imports. The command comes
/// before the source, so that the layer outlives edits, and never fails: without bytecode the project starts later.
pub(super) fn of_distributions(ground: &Ground<'_>, app: &AppServer) -> Option<Command> {
    folder(ground)?;
    let mut lines = vec![format!(
        "mkdir {EMPTY} && cd {EMPTY} && python -m django startproject warm . && python manage.py check && python -c \"import warm.wsgi\""
    )];
    let modules = ground.answers.server.way(app.asgi).map(|way| way.modules).unwrap_or_default();
    if !modules.is_empty() {
        lines.push(format!("python -c \"import {}\"", modules.join(", ")));
    }
    let workers =
        worker::ALL.iter().filter(|one| one.distributions.iter().any(|name| ground.has_distribution(name)));
    let packages: Vec<&str> = workers.flat_map(|worker| worker.packages).copied().collect();
    if !packages.is_empty() {
        let Minor(major, minor) = ground.python;
        let folder = |package: &&str| format!("{VENV}/lib/python{major}.{minor}/site-packages/{package}");
        let folders: Vec<String> = packages.iter().map(folder).collect();
        lines.push(format!("python -m compileall -qq {}", folders.join(" ")));
    }
    lines.push(format!("rm -rf {EMPTY} {}/tmp", layout::BYTECODE_IN_IMAGE));
    Some(command(&["sh", "-c", &lines.join("; ")]))
}

/// Returns the command that imports the project as its app server does, so that Python compiles it and what it uses. A project
/// that cannot be imported while the image is built, because it asks a database, says so when it starts, if then at all.
pub(super) fn of_project(ground: &Ground<'_>, app: &AppServer) -> Option<Command> {
    folder(ground)?;
    let (module, attribute) = app.application.split_once(':')?;
    // The name is an argument: that of a folder need be no name in Python.
    let call = attribute.strip_suffix("()").map(|function| format!(".{function}()")).unwrap_or_default();
    // Classes of settings have a setup of their own, and a module that calls it.
    let sets_up = app.asgi && module != "configurations.asgi";
    let set_up = if sets_up { "import django; django.setup(); " } else { "" };
    let script = format!(
        "import sys; from importlib import import_module; {set_up}import_module(sys.argv[1]){call}; \
         from django.urls import get_resolver; get_resolver().url_patterns"
    );
    let line = format!("timeout {PATIENCE} python -c \"{script}\" {module} > /dev/null 2>&1; true");
    Some(command(&["sh", "-c", &line]))
}
