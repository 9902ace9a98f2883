use super::{PackageManager, Request, pip_install};

pub(super) const SETUPTOOLS: PackageManager = PackageManager {
    word: "setuptools",
    tool: None,
    companions: super::alone,
    environment: &[],
    caches: &["/root/.cache/pip"],
    install,
};

/// The project states what it needs in its own metadata, so it is installed itself.
fn install(request: &Request) -> Vec<Vec<String>> {
    let extras = request.extras.join(",");
    let project = if extras.is_empty() { ".".to_owned() } else { format!(".[{extras}]") };
    let mut commands = vec![pip_install(request.python, &[&project])];
    if !request.requirement_files.is_empty() {
        let mut arguments = Vec::new();
        for file in &request.requirement_files {
            arguments.extend(["--requirement", file.as_str()]);
        }
        commands.push(pip_install(request.python, &arguments));
    }
    commands
}
