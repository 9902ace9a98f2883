//! Runs rules on a project given as text.

use super::{Rule, Subject};
use crate::base::{Diagnostic, Tree};
use crate::inspect::inspect;

const MANAGE: &str = "import os, sys\n\
    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n\
    from django.core.management import execute_from_command_line\n\
    execute_from_command_line(sys.argv)\n";

/// Text that makes a module count as settings; put below the settings of a test, so that those keep their lines.
const SETTINGS: &str = "ROOT_URLCONF = 'site.urls'\nINSTALLED_APPS = ['django.contrib.staticfiles']\n";

/// The codes that `rules` report on a project with these settings and files, with line numbers.
pub(super) fn of_settings(rules: &[Rule], settings: &str, more: &[(&str, &str)]) -> Vec<String> {
    let settings = format!("{settings}\n{SETTINGS}");
    let mut files =
        vec![("manage.py", MANAGE), ("site/__init__.py", ""), ("site/settings.py", settings.as_str())];
    files.extend_from_slice(more);
    let tree = Tree::from_literals(files);
    let (facts, _) = inspect(&tree);
    let subject = Subject::new(&tree, &facts);
    rules.iter().flat_map(|rule| (rule.find)(&subject)).map(|diagnostic| in_short(&diagnostic)).collect()
}

/// Returns the diagnostics of a project that holds this file, and of which the settings do not matter.
pub(super) fn of_file(rules: &[Rule], name: &str, text: &str, more: &[(&str, &str)]) -> Vec<String> {
    let mut files = vec![(name, text)];
    files.extend_from_slice(more);
    of_settings(rules, "", &files)
}

/// `code:line`
fn in_short(diagnostic: &Diagnostic) -> String {
    match diagnostic.labels.first() {
        Some(label) => format!("{}:{}", diagnostic.code, label.line),
        None => diagnostic.code.to_string(),
    }
}
