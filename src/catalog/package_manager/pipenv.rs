use super::{PackageManager, Request, VENV, words};
use crate::base::language::Text;
use crate::catalog::offer::Offer;

pub(super) const PIPENV: PackageManager = PackageManager {
    offer: Offer {
        word: "pipenv",
        label: Text::name("Pipenv"),
        about: Text::new("Pipfile and Pipfile.lock", "Pipfile과 Pipfile.lock"),
    },
    tool: Some("pipenv"),
    // It installs into the environment that is active, and would say so at length.
    environment: &[("PIPENV_VERBOSITY", "-1"), ("VIRTUAL_ENV", VENV)],
    build_constraints: super::as_pip,
    caches: &["/root/.cache/pip", "/root/.cache/pipenv"],
    install,
};

/// `sync` installs what is locked. `install --deploy` would first compare the lock with a hash of the Pipfile that each
/// line of releases counts in another way, and refuse what an older pipenv locked.
fn install(request: &Request) -> Vec<Vec<String>> {
    let mut command =
        words(if request.has_lock { &["pipenv", "sync"] } else { &["pipenv", "install", "--skip-lock"] });
    // A Pipfile has one group beside its packages.
    if request.development || !request.groups.is_empty() {
        command.push("--dev".to_owned());
    }
    command.push("--extra-pip-args=--no-compile".to_owned());
    vec![command]
}
