//! Calls that ask the database, and those of them that run whenever Django starts.

use super::project::Project;
use crate::base::{Evidence, Fact};
use crate::python::scan::{Call, Expression, Scan};

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

/// Modules of an app that Django imports before any command runs: <https://docs.djangoproject.com/en/stable/ref/applications/#how-applications-are-loaded>.
const LOADED: &[&str] = &["__init__", "apps", "models"];

/// Tells whether Django asks the database whenever it starts: in a module of an installed app that it loads, or in the
/// `ready()` of its configuration. A query below a condition or a `try` may be meant for a start without a database.
pub(super) fn at_start(project: &Project<'_>) -> Fact<bool> {
    for app in project.apps() {
        let package = app.split(".apps.").next().unwrap_or(&app);
        for module in LOADED {
            let dotted =
                if *module == "__init__" { package.to_owned() } else { format!("{package}.{module}") };
            let Some(file) = project.sources.file_of(&dotted) else { continue };
            let Some(text) = project.sources.glance(&file).filter(|text| text.contains(".objects.")) else {
                continue;
            };
            let Some(scan) = project.sources.scan(&file) else { continue };
            if let Some(call) = first(&scan, &text, *module == "apps") {
                let evidence =
                    Evidence::new(scan.place(call.line), "asks the database whenever Django starts");
                return Fact::with(true, vec![evidence]);
            }
        }
    }
    let evidence =
        vec![Evidence::new(crate::base::Place::Default, "no app asks the database when Django starts")];
    Fact::with(false, evidence)
}

/// Returns the first call of a module that runs for certain when Django starts, and asks the database.
fn first<'a>(scan: &'a Scan, text: &str, has_ready: bool) -> Option<&'a Call> {
    scan.calls.iter().find(|call| {
        let context = call.context;
        let runs = !context.function || (has_ready && is_in_ready(text, call.line));
        runs && !context.conditional && !context.tried && asks(call)
    })
}

/// Tells whether a line lies directly in a function called `ready`.
fn is_in_ready(text: &str, line: u32) -> bool {
    let lines: Vec<&str> = text.lines().take(line as usize).collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let Some(last) = lines.last().map(|last| indent(last)) else { return false };
    let mut above = lines.iter().rev().filter(|line| !line.trim().is_empty() && indent(line) < last);
    above.next().is_some_and(|line| line.trim_start().starts_with("def ready("))
}

/// Tells whether a call asks the database at once.
pub(crate) fn asks(call: &Call) -> bool {
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
