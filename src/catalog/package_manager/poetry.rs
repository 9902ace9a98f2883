use super::{PackageManager, Request, VENV, each, words};
use crate::python::{Minor, Version};

pub(super) const POETRY: PackageManager = PackageManager {
    word: "poetry",
    tool: Some("poetry"),
    // It installs into the environment that is active.
    environment: &[("POETRY_NO_INTERACTION", "1"), ("VIRTUAL_ENV", VENV)],
    caches: &["/root/.cache/pypoetry"],
    install,
};

/// Groups came with Poetry 1.2.
const FIRST_WITH_GROUPS: Minor = Minor(1, 2);

fn install(request: &Request) -> Vec<Vec<String>> {
    // Without the project itself: its code is not there yet, and Django needs no installed distribution of it.
    let mut command = words(&["poetry", "install", "--no-interaction", "--no-root"]);
    let has_groups =
        request.tool.as_ref().and_then(Version::minor).is_none_or(|tool| tool >= FIRST_WITH_GROUPS);
    if request.development {
        if has_groups {
            command.extend(each("--with", &request.groups));
        }
    } else if has_groups {
        command.extend(words(&["--only", "main"]));
        command.extend(each("--only", &request.groups));
    } else {
        command.push("--no-dev".to_owned());
    }
    command.extend(each("--extras", &request.extras));
    vec![command]
}
