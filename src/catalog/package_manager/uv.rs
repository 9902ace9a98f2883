use super::{BuildConstraints, PackageManager, Request, VENV, VENV_PYTHON, each, words};
use crate::base::language::Text;
use crate::catalog::offer::Offer;

pub(super) const UV: PackageManager = PackageManager {
    offer: Offer {
        word: "uv",
        label: Text::name("uv"),
        about: Text::new("pyproject.toml and uv.lock", "pyproject.toml과 uv.lock"),
    },
    tool: Some("uv"),
    environment: &[
        // The cache is a mount of its own, across which nothing can be linked.
        ("UV_LINK_MODE", "copy"),
        ("UV_PROJECT_ENVIRONMENT", VENV),
        // The Python of the image and no other.
        ("UV_PYTHON", "/usr/local/bin/python"),
        ("UV_PYTHON_DOWNLOADS", "never"),
    ],
    build_constraints,
    caches: &["/root/.cache/uv"],
    install,
};

fn build_constraints(_locked: bool) -> BuildConstraints {
    BuildConstraints::OfProject(
        "write `build-constraint-dependencies = [\"{}\"]` under `[tool.uv]` in pyproject.toml, then `uv lock`",
    )
}

fn install(request: &Request) -> Vec<Vec<String>> {
    if !request.requirement_files.is_empty() {
        // A lockfile of the standard: there is no project to synchronise with.
        let mut command = words(&["uv", "pip", "install", "--python", VENV_PYTHON]);
        command.extend(each("--requirements", &request.requirement_files));
        return vec![command];
    }
    let mut command = words(&["uv", "sync"]);
    if request.has_lock {
        // uv compares the lock with the manifest by what the lock of an old uv does not say, and would refuse it.
        command.push(if request.has_old_lock { "--frozen" } else { "--locked" }.to_owned());
    }
    if !request.development {
        // To leave a group out has precedence over asking for it.
        if !request.groups.iter().any(|group| group == "dev") {
            command.push("--no-dev".to_owned());
        }
        let unneeded: Vec<_> =
            request.unneeded_groups.iter().filter(|group| *group != "dev").cloned().collect();
        command.extend(each("--no-group", &unneeded));
    }
    command.extend(each("--group", &request.groups));
    if request.development {
        command.extend(each("--group", &request.development_groups));
    }
    command.extend(each("--extra", &request.extras));
    command.push("--no-install-project".to_owned());
    vec![command]
}
