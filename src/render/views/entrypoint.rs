//! The view of an entrypoint.

use serde::Serialize;

use crate::render::filters::sh;
use crate::stack::{Entrypoint, TemplateCopy, WaitFor};

/// `entrypoint.sh`, `entrypoint.prod.sh`.
#[derive(Serialize)]
pub(in crate::render) struct EntrypointView {
    pub comments: bool,
    templates: Vec<TemplateView>,
    wait_for: Vec<Target>,
}

#[derive(Serialize)]
struct TemplateView {
    from: String,
    to: String,
}

/// Both are words of the shell already.
#[derive(Serialize)]
struct Target {
    address: String,
    port: String,
}

impl EntrypointView {
    pub(in crate::render) fn new(entrypoint: &Entrypoint, comments: bool) -> Self {
        let template = |copy: &TemplateCopy| TemplateView { from: copy.from.clone(), to: copy.to.clone() };
        Self {
            comments,
            templates: entrypoint.templates.iter().map(template).collect(),
            wait_for: entrypoint.wait_for.iter().map(Target::new).collect(),
        }
    }
}

impl Target {
    fn new(target: &WaitFor) -> Self {
        match target {
            WaitFor::Address { host, port } => Self { address: sh::word(host), port: port.to_string() },
            WaitFor::Variables { host, port, default_port } => Self {
                address: variable(host, ""),
                port: port
                    .as_ref()
                    .map_or(default_port.to_string(), |name| variable(name, &default_port.to_string())),
            },
            WaitFor::Url { variable: name, default_port } => {
                Self { address: variable(name, ""), port: default_port.to_string() }
            }
        }
    }
}

/// The value of a variable that may be missing. What cannot be a name in a shell is no variable there.
fn variable(name: &str, default: &str) -> String {
    let name: String =
        name.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
    format!("\"${{{name}:-{default}}}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_that_are_missing_are_no_error() {
        assert_eq!(variable("DB_HOST", ""), "\"${DB_HOST:-}\"");
        assert_eq!(variable("DB_PORT", "5432"), "\"${DB_PORT:-5432}\"");
    }
}
