//! The view of an entrypoint.

use serde::Serialize;

use super::serving::MEGABYTES_PER_WORKER;
use crate::render::filters::sh;
use crate::stack::{Entrypoint, TemplateCopy, WaitFor};

/// `entrypoint.sh`, `entrypoint.prod.sh`.
#[derive(Serialize)]
pub(in crate::render) struct EntrypointView {
    pub comments: bool,
    templates: Vec<TemplateView>,
    wait_for: Vec<Target>,
    /// A name of the shell: the variable from which the app server takes its number of workers; empty where it takes none.
    workers_variable: String,
    /// A word of the shell: the value that the variable has, or else the number that `count_workers` prints.
    workers_value: String,
    megabytes_per_worker: u32,
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
        let workers_variable = shell_name(entrypoint.workers_variable.as_deref().unwrap_or_default());
        Self {
            comments,
            workers_value: variable(&workers_variable, "$(count_workers)"),
            workers_variable,
            templates: entrypoint.templates.iter().map(template).collect(),
            wait_for: entrypoint.wait_for.iter().map(Target::new).collect(),
            megabytes_per_worker: MEGABYTES_PER_WORKER,
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
    format!("\"${{{}:-{default}}}\"", shell_name(name))
}

/// Returns the name without the letters that no name of the shell has.
fn shell_name(name: &str) -> String {
    name.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect()
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
