use super::{PackageManager, Request, pip_install};
use crate::base::language::Text;
use crate::catalog::offer::Offer;

pub(super) const PIP: PackageManager = PackageManager {
    offer: Offer {
        word: "pip",
        label: Text::name("pip"),
        about: Text::new("requirements files", "requirements 파일"),
    },
    tool: None,
    environment: &[],
    build_constraints: super::as_pip,
    caches: &["/root/.cache/pip"],
    install,
};

fn install(request: &Request) -> Vec<Vec<String>> {
    let mut arguments = Vec::new();
    for file in &request.requirement_files {
        arguments.extend(["--requirement", file.as_str()]);
    }
    arguments.extend(request.more.iter().map(String::as_str));
    vec![pip_install(request.python, &arguments)]
}
