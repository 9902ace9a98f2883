//! Facts → Diagnostics: would this project work in a container, as it stands?
//!
//! Each file holds the rules about one thing, each rule finds one kind of failure. A rule speaks only of what was
//! read: where a value is not known it is silent, and each of its findings names the line that decided.

pub mod settings;
mod subject;

pub use subject::Subject;

use crate::base::{Code, Diagnostic, Tree};
use crate::inspect::Facts;

/// Something that breaks, or surprises, in a container.
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
];

/// All that the rules find, in no particular order.
pub fn check(tree: &Tree, facts: &Facts) -> Vec<Diagnostic> {
    let subject = Subject::new(tree, facts);
    RULES.iter().copied().flatten().flat_map(|rule| (rule.find)(&subject)).collect()
}
