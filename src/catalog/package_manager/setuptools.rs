use super::{PackageManager, Request, pip_install};
use crate::base::language::Text;
use crate::catalog::offer::Offer;

pub(super) const SETUPTOOLS: PackageManager = PackageManager {
    offer: Offer {
        word: "setuptools",
        label: Text::name("setuptools"),
        about: Text::new(
            "pip installs the project itself: pyproject.toml, setup.cfg or setup.py",
            "pip으로 프로젝트 자체를 설치합니다: pyproject.toml, setup.cfg, setup.py",
        ),
    },
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
