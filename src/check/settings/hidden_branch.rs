//! Branches of production that a literal `DEBUG = True` above them hides.

use crate::base::codes::check::settings::DEBUG_HIDES_BRANCH;
use crate::base::{Diagnostic, Place, wording};
use crate::check::{Rule, Subject};

pub const RULES: &[Rule] = &[Rule { codes: &[DEBUG_HIDES_BRANCH], find }];

/// A branch that never runs.
#[derive(Debug, PartialEq, Eq)]
struct Hidden {
    line: u32,
    /// Settings that it sets.
    settings: Vec<String>,
    /// Modules from which it imports.
    modules: Vec<String>,
}

/// At most one finding, at the first branch, with the others as further places.
pub fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    find_beyond(subject, &[])
}

/// Finds the branches that set or import anything beside the settings in `given`, which an overlay gives production anyway.
pub fn find_beyond(subject: &Subject<'_>, given: &[&str]) -> Vec<Diagnostic> {
    let Some((_, decided)) = subject.setting("DEBUG").filter(|(value, _)| value.as_bool() == Some(true))
    else {
        return Vec::new();
    };
    let mut found: Vec<(Place, Hidden)> = Vec::new();
    for module in &subject.prod().modules {
        let Some(text) = subject.tree.text(&module.path) else { continue };
        let is_decider = decided.path() == Some(module.path.as_path());
        // A module that takes `DEBUG` over from the one that sets it.
        let takes_over =
            text.lines().any(|line| line.starts_with("from ") && line.trim_end().ends_with("import *"));
        if !is_decider && !takes_over {
            continue;
        }
        let after = if is_decider { decided.line_number().unwrap_or(0) } else { 0 };
        let is_given = |one: &Hidden| {
            one.modules.is_empty() && one.settings.iter().all(|setting| given.contains(&setting.as_str()))
        };
        let branches = hidden(text).into_iter().filter(|one| one.line > after && !is_given(one));
        found.extend(branches.map(|one| (Place::line(module.path.clone(), one.line), one)));
    }
    if found.is_empty() {
        return Vec::new();
    }
    let title = "`DEBUG` is written down as `True`, so what stands in a branch for production never runs";
    let mut diagnostic = Diagnostic::warning(DEBUG_HIDES_BRANCH, title);
    for (place, branch) in &found {
        diagnostic = diagnostic.at(place, branch.said());
    }
    vec![
        diagnostic
            .at(decided, "decided here, whatever the environment says")
            .because("a settings module that sets `DEBUG` afterwards comes too late: the other branch has run then")
            .help("read it from a variable: `DEBUG = os.environ.get(\"DEBUG\") == \"1\"`, and run `djdock init` again"),
    ]
}

impl Hidden {
    fn said(&self) -> String {
        let sets =
            (!self.settings.is_empty()).then(|| format!("sets {}", wording::and_ticked(&self.settings)));
        let imports =
            (!self.modules.is_empty()).then(|| format!("imports {}", wording::and_ticked(&self.modules)));
        let parts: Vec<String> = sets.into_iter().chain(imports).collect();
        format!("never runs: {}", parts.join(", "))
    }
}

/// Returns the branches at the top level that run with `DEBUG` off only, and set or import something.
fn hidden(text: &str) -> Vec<Hidden> {
    let lines: Vec<&str> = text.lines().collect();
    let is_inside = |line: &str| line.trim().is_empty() || line.starts_with([' ', '\t', ')', '#', ']', '}']);
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if let Some(setting) = chosen_inline(line) {
            found.push(Hidden { line: number(at), settings: vec![setting.to_owned()], modules: Vec::new() });
        }
        let Some(test) = line.strip_prefix("if ").and_then(|rest| rest.split('#').next()) else { continue };
        let Some(is_on) = asks_for_debug(test.trim().trim_end_matches(':').trim()) else { continue };
        let block_end =
            |from: usize| (from..lines.len()).find(|at| !is_inside(lines[*at])).unwrap_or(lines.len());
        let start = if is_on { block_end(at + 1) } else { at };
        let is_else =
            lines.get(start).is_some_and(|line| line.starts_with("else:") || line.starts_with("elif "));
        if is_on && !is_else {
            continue;
        }
        let body = &lines[start + 1..block_end(start + 1)];
        let mut settings: Vec<String> =
            body.iter().filter_map(|line| set_in(line)).map(str::to_owned).collect();
        settings.dedup();
        let modules: Vec<String> =
            body.iter().filter_map(|line| imported_in(line)).map(str::to_owned).collect();
        if !settings.is_empty() || !modules.is_empty() {
            found.push(Hidden { line: number(start), settings, modules });
        }
    }
    found
}

fn number(at: usize) -> u32 {
    u32::try_from(at + 1).unwrap_or(u32::MAX)
}

/// Returns whether a test holds with `DEBUG` on; `None` where it asks for something else too.
fn asks_for_debug(test: &str) -> Option<bool> {
    match test.trim_matches(['(', ')']) {
        "DEBUG" | "DEBUG is True" | "DEBUG == True" => Some(true),
        "not DEBUG" | "DEBUG is False" | "DEBUG == False" | "DEBUG is not True" => Some(false),
        _ => None,
    }
}

/// `STATIC_URL = "/static/" if DEBUG else "https://cdn.example.org/"`
fn chosen_inline(line: &str) -> Option<&str> {
    let (name, value) = line.split_once('=')?;
    let name = name.trim();
    let is_name =
        !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let chooses = [" if DEBUG else ", " if not DEBUG else "].iter().any(|test| value.contains(test));
    (is_name && chooses && line.starts_with(|c: char| c.is_ascii_uppercase())).then_some(name)
}

/// The setting that an indented line sets: `    DATABASES = {`, `    DATABASES["default"] = …`, `    MIDDLEWARE += […]`.
fn set_in(line: &str) -> Option<&str> {
    let inner = line.strip_prefix(['\t', ' '])?.trim_start();
    let end = inner.find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))?;
    let (name, rest) = inner.split_at(end);
    let rest = rest.trim_start();
    let assigns =
        (rest.starts_with('=') && !rest.starts_with("==")) || rest.starts_with("+=") || rest.starts_with('[');
    // Entries of a table stand deeper, and in quotes.
    (name.len() > 1 && assigns && line.len() - inner.len() <= 4).then_some(name)
}

fn imported_in(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("from ").filter(|_| line.starts_with([' ', '\t']))?;
    rest.split_once(" import ").map(|(module, _)| module.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_settings as findings;

    #[test]
    fn branches_for_production_below_a_literal_are_found() {
        for (settings, line) in [
            ("DEBUG = True\nif DEBUG:\n    A = 1\nelse:\n    STATIC_ROOT = '/srv/static'\n", 4),
            ("DEBUG = True\nif not DEBUG:\n    DATABASES = {}\n", 2),
            ("DEBUG = True\n\nif DEBUG is False:\n    ALLOWED_HOSTS = ['example.org']\n", 3),
            ("DEBUG = True\nSTATIC_URL = '/s/' if DEBUG else 'https://cdn.example.org/s/'\n", 2),
            ("DEBUG = True\nif DEBUG:\n    from .local import *\nelse:\n    from .live import *\n", 4),
            (
                "DEBUG = True\nif DEBUG:\n    X = {\n        'a': 1,\n    }\n\n# live\nelse:\n    MEDIA_ROOT = '/m'\n",
                8,
            ),
        ] {
            let more = [("site/local.py", ""), ("site/live.py", "")];
            assert_eq!(
                findings(RULES, settings, &more),
                [format!("debug-hides-branch:{line}")],
                "{settings}"
            );
        }
    }

    #[test]
    fn branches_that_may_run_or_that_set_nothing_are_not_named() {
        for settings in [
            "import os\nDEBUG = os.environ.get('DEBUG') == '1'\nif DEBUG:\n    A = 1\nelse:\n    STATIC_ROOT = '/s'\n",
            "DEBUG = True\nif DEBUG:\n    INSTALLED_APPS = ['a']\n",
            "DEBUG = True\nif not DEBUG:\n    print('live')\n",
            "if not DEBUG if 'DEBUG' in globals() else False:\n    A = 1\nDEBUG = True\n",
            "DEBUG = False\nif DEBUG:\n    A = 1\nelse:\n    STATIC_ROOT = '/s'\n",
            "DEBUG = True\nif DEBUG and A:\n    B = 1\nelse:\n    C = 2\n",
        ] {
            assert!(findings(RULES, settings, &[]).is_empty(), "{settings}");
        }
    }

    #[test]
    fn a_module_that_takes_debug_over_is_read_too() {
        let base = "DEBUG = True\n";
        let settings = "from .base import *\nif not DEBUG:\n    SECURE_SSL_REDIRECT = True\n";
        assert_eq!(findings(RULES, settings, &[("site/base.py", base)]), ["debug-hides-branch:2"]);
    }
}
