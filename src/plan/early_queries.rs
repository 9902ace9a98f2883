//! Queries that run while modules are imported: choices of a form, the address of a site. Before it makes a table,
//! `migrate` lets Django check the URLs, which imports the views, so a new database never gets its tables.

use crate::base::{Evidence, Place, Tree};
use crate::inspect::queries::asks;
use crate::inspect::{Facts, imports};
use crate::python::scan;

/// Larger projects than this have been set up anew before.
const MOST_FILES: usize = 400;

/// The first of them, in the order of the files.
pub(super) fn first(tree: &Tree, facts: &Facts) -> Option<Evidence> {
    let sources: Vec<_> = tree.files().filter(|file| file.extension() == Some("py")).collect();
    if sources.len() > MOST_FILES || facts.python_roots.value.is_empty() {
        return None;
    }
    let is_run_apart = |part: &str| matches!(part, "migrations" | "management" | "commands");
    let imported = sources.into_iter().filter(|file| {
        !imports::is_aside(file) && !file.components().any(|part| is_run_apart(part.as_str()))
    });
    imported.into_iter().find_map(|file| {
        let text = tree.glance(file).filter(|text| text.contains(".objects."))?;
        let scan = scan::scan(file, &text);
        let early =
            scan.calls.iter().find(|call| !call.context.function && !call.context.tried && asks(call))?;
        Some(Evidence::new(Place::line(file, early.line), "asks the database when it is imported"))
    })
}
