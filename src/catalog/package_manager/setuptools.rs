use super::{PackageManager, Request, pip_install};

pub(super) const SETUPTOOLS: PackageManager = PackageManager {
    word: "setuptools",
    tool: None,
    environment: &[],
    build_constraints: super::as_pip,
    caches: &["/root/.cache/pip"],
    install,
};

/// The project states what it needs in its own metadata, so it is installed itself.
fn install(request: &Request) -> Vec<Vec<String>> {
    let extras = request.extras.join(",");
    let project = if extras.is_empty() { ".".to_owned() } else { format!(".[{extras}]") };
    let mut arguments = vec![project.as_str()];
    if request.development {
        arguments.extend(request.development_requirements.iter().map(String::as_str));
    }
    let mut commands = vec![pip_install(request.python, &arguments)];
    if !request.requirement_files.is_empty() {
        let mut arguments = Vec::new();
        for file in &request.requirement_files {
            arguments.extend(["--requirement", file.as_str()]);
        }
        commands.push(pip_install(request.python, &arguments));
    }
    commands
}
