//! Queries that run while modules are imported: choices of a form, the address of a site. Before it makes a table,
//! `migrate` lets Django check the URLs, which imports the views, so a new database never gets its tables.

use crate::base::{Evidence, Place, Tree};
use crate::inspect::{Facts, imports};
use crate::python::scan::{self, Call, Expression};

/// Larger projects than this have been set up anew before.
const MOST_FILES: usize = 400;

/// Methods of managers and query sets that ask the database at once.
/// Source: <https://docs.djangoproject.com/en/stable/ref/models/querysets/#methods-that-do-not-return-querysets>.
const AT_ONCE: &[&str] = &[
    "aggregate",
    "bulk_create",
    "count",
    "create",
    "delete",
    "earliest",
    "exists",
    "first",
    "get",
    "get_current",
    "get_or_create",
    "in_bulk",
    "last",
    "latest",
    "update",
    "update_or_create",
];
/// Methods that keep a query set a query set.
const THROUGH: &[&str] =
    &["for", "list", "tuple", "set", "dict", "sorted", "len", "bool", "sum", "min", "max"];

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

fn asks(call: &Call) -> bool {
    let of_manager = |callee: &str| callee.contains(".objects.");
    let last = call.callee.rsplit('.').next().unwrap_or_default();
    if of_manager(&call.callee) && AT_ONCE.contains(&last) {
        return true;
    }
    THROUGH.contains(&call.callee.as_str())
        && call.arguments.first().is_some_and(|argument| is_query(argument, 0))
}

/// `Category.objects.all()`, `Category.objects.filter(…).order_by(…)`.
fn is_query(expression: &Expression, depth: usize) -> bool {
    const DEEPEST: usize = 10;
    match expression {
        _ if depth > DEEPEST => false,
        Expression::Call(callee, ..) => is_query(callee, depth + 1),
        Expression::Attribute(of, _) => is_query(of, depth + 1),
        Expression::Name(name) => name.contains(".objects."),
        _ => false,
    }
}
