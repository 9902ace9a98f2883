use super::{PackageManager, Request, VENV, words};

pub(super) const PIPENV: PackageManager = PackageManager {
    word: "pipenv",
    tool: Some("pipenv"),
    companions: super::alone,
    // It installs into the environment that is active, and would say so at length.
    environment: &[("PIPENV_VERBOSITY", "-1"), ("VIRTUAL_ENV", VENV)],
    caches: &["/root/.cache/pip", "/root/.cache/pipenv"],
    install,
};

fn install(request: &Request) -> Vec<Vec<String>> {
    let mut command = words(&["pipenv", "install"]);
    command.push(if request.has_lock { "--deploy" } else { "--skip-lock" }.to_owned());
    if request.development {
        command.push("--dev".to_owned());
    }
    command.push("--extra-pip-args=--no-compile".to_owned());
    vec![command]
}
