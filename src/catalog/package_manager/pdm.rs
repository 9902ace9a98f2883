use super::{BuildConstraints, PackageManager, Request, VENV, each, words};
use crate::base::language::Text;
use crate::catalog::offer::Offer;

pub(super) const PDM: PackageManager = PackageManager {
    offer: Offer {
        word: "pdm",
        label: Text::name("PDM"),
        about: Text::new("pyproject.toml and pdm.lock", "pyproject.toml과 pdm.lock"),
    },
    tool: Some("pdm"),
    // It installs into the environment that is active.
    environment: &[("PDM_CHECK_UPDATE", "0"), ("VIRTUAL_ENV", VENV)],
    build_constraints,
    caches: &["/root/.cache/pdm"],
    install,
};

fn build_constraints(_locked: bool) -> BuildConstraints {
    BuildConstraints::Unheeded
}

fn install(request: &Request) -> Vec<Vec<String>> {
    let mut command = words(&["pdm"]);
    command.extend(words(if request.has_lock { &["sync"] } else { &["install", "--no-lock"] }));
    command.push("--no-self".to_owned());
    if !request.development {
        command.push("--prod".to_owned());
    }
    command.extend(each("--group", &request.groups));
    command.extend(each("--group", &request.extras));
    vec![command]
}
