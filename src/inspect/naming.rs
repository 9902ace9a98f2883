//! Which settings modules a file sets as `DJANGO_SETTINGS_MODULE`, as far as its text says it.

use std::rc::Rc;

use camino::Utf8Path;

use super::settings::words::{Purpose, purpose};
use crate::base::{Place, path};
use crate::python::scan::{Expression, Scan};

/// Folders that hold projects which are not the one: examples, tests, templates of projects.
const ASIDE: &[&str] = &[
    "example",
    "examples",
    "demo",
    "demos",
    "sample",
    "samples",
    "test",
    "tests",
    "testing",
    "docs",
    "doc",
    "sandbox",
    "templates",
    "template",
    "fixtures",
    "tutorial",
    "old",
    "backup",
    "legacy",
];

/// A settings module that a file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// Dotted.
    pub(super) module: String,
    /// The class that it names beside it (django-configurations).
    pub(super) class: Option<String>,
    pub(super) place: Place,
}

pub(super) fn is_aside(path: &Utf8Path) -> bool {
    path::parent(path).components().any(|part| ASIDE.contains(&part.as_str()) || part.as_str().contains("{{"))
}

/// Every settings module that a file sets as `DJANGO_SETTINGS_MODULE`, the default first.
pub(super) fn named_by(scan: &Rc<Scan>) -> Vec<Named> {
    let class = assigned(scan, "DJANGO_CONFIGURATION").into_iter().next().map(|(class, _)| class);
    let mut found: Vec<Named> = Vec::new();
    for (module, line) in assigned(scan, "DJANGO_SETTINGS_MODULE") {
        let is_new = found.iter().all(|one| one.module != module);
        if is_new && !module.is_empty() && !module.contains(['/', ' ']) {
            found.push(Named { module, class: class.clone(), place: scan.place(line) });
        }
    }
    found
}

/// Returns the values that the file gives to the variable `name`, with the lines: `setdefault`, and assignments to `os.environ`.
fn assigned(scan: &Scan, name: &str) -> Vec<(String, u32)> {
    let is_name = |expression: Option<&Expression>| {
        expression.is_some_and(|expression| match expression {
            Expression::Str(text) => text == name,
            // django-configurations and some others name it through a constant.
            Expression::Name(constant) => {
                constant.rsplit('.').next() == Some("ENVIRONMENT_VARIABLE")
                    && name == "DJANGO_SETTINGS_MODULE"
            }
            _ => false,
        })
    };
    let set_default = scan.calls.iter().filter(|call| call.callee.ends_with("environ.setdefault"));
    let set_default = set_default
        .filter(|call| is_name(call.arguments.first()))
        .filter_map(|call| Some((call.arguments.get(1)?, call.line, call.context.conditional)));
    let items =
        scan.bindings.iter().filter(|one| one.target.ends_with("environ") && is_name(one.key.as_ref()));
    let items = items.map(|one| (&one.value, one.line, one.context.conditional));
    let mut all: Vec<_> = set_default.chain(items).collect();
    // What stands under a test is a choice beside what does not.
    all.sort_by_key(|(_, line, conditional)| (*conditional, *line));
    let mut found: Vec<(String, u32)> = all
        .into_iter()
        .flat_map(|(value, line, _)| scan.texts_of(value).into_iter().map(move |text| (text, line)))
        .collect();
    // Settings for tests are never what is meant where something else may be.
    found.sort_by_key(|(text, _)| purpose(text) == Purpose::Test);
    found
}
