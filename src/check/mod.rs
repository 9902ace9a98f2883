//! Facts → Diagnostics: would this project work in a container, as it stands?
//!
//! Each file holds the rules about one thing, each rule finds one kind of failure. A rule speaks only of what was
//! read: where a value is not known it is silent, and each of its findings names the line that decided.

mod command_line;
pub mod compose;
pub mod dockerfile;
pub mod server;
pub mod settings;
mod subject;

pub use subject::Subject;

use crate::base::{Code, Diagnostic, Tree};
use crate::inspect::Facts;

/// Something that breaks, or surprises, in a container.
#[derive(Debug)]
pub struct Rule {
    /// The codes that it can report.
    pub codes: &'static [Code],
    pub find: fn(&Subject<'_>) -> Vec<Diagnostic>,
}

/// Every rule, by what it is about.
pub const RULES: &[&[Rule]] = &[
    settings::debug::RULES,
    settings::hosts::RULES,
    settings::secrets::RULES,
    settings::database::RULES,
    settings::static_files::RULES,
    settings::proxy::RULES,
    settings::services::RULES,
    settings::storage::RULES,
    dockerfile::process::RULES,
    dockerfile::build::RULES,
    dockerfile::secrets::RULES,
    dockerfile::image::RULES,
    dockerfile::packages::RULES,
    compose::services::RULES,
    compose::databases::RULES,
    compose::outdated::RULES,
    server::scripts::RULES,
    server::configuration::RULES,
];

/// All that the rules find, in no particular order.
pub fn check(tree: &Tree, facts: &Facts) -> Vec<Diagnostic> {
    let subject = Subject::new(tree, facts);
    RULES.iter().copied().flatten().flat_map(|rule| (rule.find)(&subject)).collect()
}

/// Whether a file says in its first lines that djdock made it.
fn is_made_by_djdock(text: &str) -> bool {
    text.lines().take(4).any(|line| line.contains("djdock"))
}

/// Whether a variable's name says that its value is a secret.
fn is_secret_variable(name: &str) -> bool {
    let name = name.to_uppercase();
    let ends =
        ["SECRET", "SECRET_KEY", "PASSWORD", "PASSWD", "TOKEN", "API_KEY", "PRIVATE_KEY", "ACCESS_KEY"];
    ends.iter().any(|end| name == *end || name.ends_with(&format!("_{end}")))
}
