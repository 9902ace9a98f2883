//! Messages about parts of runs that could not be removed.

use camino::Utf8Path;

use crate::base::Diagnostic;
use crate::base::codes::smoke as code;
use crate::shell::engine::clean::Things;

pub(super) fn left_behind(id: &str, left: &Things) -> Diagnostic {
    let all = [&left.containers, &left.networks, &left.volumes, &left.images];
    let names: Vec<&str> = all.into_iter().flatten().map(String::as_str).collect();
    Diagnostic::error(code::LEFT_BEHIND, format!("could not remove {}", left.counted()))
        .because(names.join(", "))
        .because("the next smoke run tries it again")
        .help(format!("try it now: `djdock smoke --remove {id}`"))
}

/// A folder of a run that cannot be removed: containers that run as root make files in it.
pub(super) fn folder_left(folder: &Utf8Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(code::LEFT_BEHIND, format!("could not remove the folder `{folder}`: {error}"))
        .help(format!("remove it by hand: `sudo rm -rf {folder}`"))
}

pub(super) fn no_such_run(id: &str) -> Diagnostic {
    Diagnostic::error(code::NO_SUCH_RUN, format!("there is no smoke run `{id}`"))
        .because("nothing on the Docker Engine carries its label, and it has no folder on this machine")
        .help("see which there are: `docker ps --all --filter label=djdock.smoke`; `djdock smoke --remove all` removes all that have ended")
}

pub(super) fn goes_on(id: &str) -> Diagnostic {
    Diagnostic::error(code::RUN_GOES_ON, format!("the smoke run `{id}` has not ended"))
        .because("another djdock works with it just now, and removes everything at its end")
        .help("wait for it, or stop it with Ctrl-C where it was started")
}
