//! Facts → Diagnostics: would this project work in a container, as it stands?
//!
//! Each file holds the rules about one thing, each rule finds one kind of failure. A rule speaks only of what was
//! read: where a value is not known it is silent, and each of its findings names the line that decided.

mod across;
pub mod ci;
pub(crate) mod command_line;
pub mod compose;
pub mod containers;
pub mod dockerfile;
pub mod manifests;
pub mod server;
pub mod settings;
pub(crate) mod subject;
#[cfg(test)]
mod testing;

pub use command_line::SimpleCommand;
pub use subject::Subject;

use crate::base::{Code, Diagnostic, Place, Tree};
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
    settings::hidden_branch::RULES,
    settings::code_addresses::RULES,
    settings::hosts::RULES,
    settings::secrets::RULES,
    settings::database::RULES,
    settings::static_files::RULES,
    settings::uncollected::RULES,
    settings::proxy::RULES,
    settings::services::RULES,
    settings::logging::RULES,
    settings::foreign_paths::RULES,
    settings::storage::RULES,
    settings::migrations::RULES,
    settings::webpack::RULES,
    dockerfile::process::RULES,
    dockerfile::build::RULES,
    dockerfile::secrets::RULES,
    dockerfile::image::RULES,
    dockerfile::packages::RULES,
    dockerfile::age::RULES,
    dockerfile::habits::RULES,
    dockerfile::leftovers::RULES,
    dockerfile::faults::RULES,
    dockerfile::needs::RULES,
    compose::services::RULES,
    compose::databases::RULES,
    compose::outdated::RULES,
    compose::values::RULES,
    compose::mounts::RULES,
    compose::health::RULES,
    compose::production::RULES,
    compose::undeclared::RULES,
    server::scripts::RULES,
    server::configuration::RULES,
    server::nginx::RULES,
    server::processes::RULES,
    across::RULES,
    ci::RULES,
    manifests::RULES,
];

/// All that the rules find, in no particular order.
pub fn check(tree: &Tree, facts: &Facts) -> Vec<Diagnostic> {
    let subject = Subject::new(tree, facts);
    let mut found: Vec<Diagnostic> =
        RULES.iter().copied().flatten().flat_map(|rule| (rule.find)(&subject)).collect();
    for label in found.iter_mut().flat_map(|diagnostic| &mut diagnostic.labels) {
        // Where a module is not there, what was read is its template.
        if let Some(read) = facts.module_templates.iter().find(|read| read.path == label.path) {
            label.path.clone_from(&read.template);
        }
    }
    found
}

/// Lines that a finding points at; what else it is about is only counted.
const SHOWN: usize = 3;

/// Points at the places that one finding is about, the first few with what about them.
fn at_places<'a>(
    mut diagnostic: Diagnostic,
    places: impl IntoIterator<Item = (&'a Place, String)>,
) -> Diagnostic {
    let places: Vec<(&Place, String)> = places.into_iter().collect();
    let (shown, more) = places.split_at(places.len().min(SHOWN));
    for (place, label) in shown {
        diagnostic = diagnostic.at(place, label);
    }
    let numbers: Vec<String> =
        more.iter().filter_map(|(place, _)| Some(place.line_number()?.to_string())).collect();
    match numbers.as_slice() {
        [] => diagnostic,
        [one] => diagnostic.because(format!("also on line {one}")),
        [first @ .., last] => {
            diagnostic.because(format!("also on the lines {} and {last}", first.join(", ")))
        }
    }
}

/// Tells whether a file says in its first lines that djdock made it.
fn is_made_by_djdock(text: &str) -> bool {
    text.lines().take(4).any(|line| line.contains("djdock"))
}

/// Tells whether a secret's text says that there is none.
fn says_none(text: &str) -> bool {
    matches!(
        text.to_lowercase().as_str(),
        "no" | "none"
            | "null"
            | "false"
            | "true"
            | "off"
            | "on"
            | "0"
            | "1"
            | "-"
            | "disabled"
            | "not-active"
            | "unset"
    )
}

/// Tells whether a secret's text is one that only keeps its place.
fn is_stand_in(text: &str) -> bool {
    const WORDS: [&str; 9] =
        ["dummy", "unused", "placeholder", "example", "changeme", "change-me", "change_me", "your", "xxx"];
    let text = text.to_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::inspect;

    #[test]
    fn what_is_read_in_a_template_is_said_of_the_template() {
        let tree = Tree::from_literals([
            ("manage.py", "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n"),
            ("site/__init__.py", ""),
            ("site/settings.py.example", "DEBUG = True\nROOT_URLCONF = 'site.urls'\nINSTALLED_APPS = []\n"),
        ]);
        let (facts, _) = inspect(&tree);
        let found = check(&tree, &facts);
        let debug =
            found.iter().find(|one| one.code == crate::base::codes::check::settings::DEBUG_ON).unwrap();
        assert_eq!(debug.labels[0].path, "site/settings.py.example");
    }
}
