//! The minimal needs of the project's settings: they tell a requirements file that is kept from one that was left behind.

use std::collections::BTreeSet;

use camino::Utf8Path;

use super::requirements_txt::Requirements;
use super::roles::{self, Role};
use crate::base::{Tree, path};
use crate::inspect::imports;
use crate::knowledge::modules;
use crate::python::scan::{Expression, scan};

/// Settings lie in few files; a project with more has somebody who keeps its requirements.
const MOST_FILES: usize = 12;
/// How deep lists are put together.
const DEEPEST: usize = 8;
/// As many must be missing: fewer may be brought by another distribution, or be somebody's tool.
const CLEARLY: usize = 2;

/// Modules that the settings import or name, and that a known distribution brings.
#[derive(Debug, Default)]
pub(super) struct Needed(BTreeSet<String>);

impl Needed {
    pub fn read(tree: &Tree) -> Self {
        let files = tree.files().filter(|file| is_settings(file)).take(MOST_FILES);
        let named = files.filter_map(|file| Some(named(file, tree.text(file)?))).flatten();
        Self(
            named
                .filter(|name| {
                    !modules::comes_along(name) && modules::distribution_of(name).is_some() && !is_tool(name)
                })
                .collect(),
        )
    }

    /// Returns the distributions that `one` states and `other` does not; empty if `other` states something that
    /// `one` does not, or where it is too little to tell.
    pub fn only_in(&self, one: &Requirements, other: &Requirements) -> Vec<&'static str> {
        let (mut only_one, mut only_other) = (Vec::new(), 0);
        for module in &self.0 {
            let Some(distribution) = modules::distribution_of(module) else { continue };
            match (states(one, module), states(other, module)) {
                (true, false) => only_one.push(distribution),
                (false, true) => only_other += 1,
                _ => {}
            }
        }
        if only_other > 0 || only_one.len() < CLEARLY { Vec::new() } else { only_one }
    }
}

fn states(read: &Requirements, module: &str) -> bool {
    read.stated.iter().any(|stated| modules::brings(&stated.name, module))
}

/// A settings module that production may run on, by its name or its folder's.
fn is_settings(file: &Utf8Path) -> bool {
    let about = |name: &str| name.contains("settings");
    path::extension(file) == Some("py")
        && path::depth(file) <= 5
        && (about(path::stem(file)) || about(path::name(path::parent(file))))
        && roles::of_group(path::stem(file)) != Role::Development
}

/// Tells whether a module is a debugging tool; settings for development install those, whatever the settings are called.
fn is_tool(module: &str) -> bool {
    ["debug_toolbar", "django_extensions", "silk", "django_browser_reload", "nplusone"].contains(&module)
}

/// The top-level modules that a settings file imports, or names in a list: apps, middleware.
fn named(file: &Utf8Path, text: &str) -> BTreeSet<String> {
    let found = scan(file, text);
    let imports = found.imports.iter().filter(|import| import.level == 0 && import.context.is_module_level());
    let mut names: BTreeSet<String> =
        imports.map(|import| imports::top_level(&import.module).to_owned()).collect();
    for binding in &found.bindings {
        listed(&binding.value, &mut names, DEEPEST);
    }
    names
}

fn listed(value: &Expression, names: &mut BTreeSet<String>, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Expression::List(items) => {
            let texts = items.iter().filter_map(Expression::as_str);
            names.extend(texts.map(|text| imports::top_level(text).to_owned()));
            for item in items {
                listed(item, names, depth);
            }
        }
        Expression::Joined(parts) | Expression::Either(parts) => {
            for part in parts {
                listed(part, names, depth);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_found_where_settings_name_them() {
        let text = "\"\"\"from celery import Celery\"\"\"
from decouple import config
import environ, os
# import redis
APPS = ['django.contrib.admin', 'rest_framework.authtoken'] + [
    'a sentence, with words', 'corsheaders']
CHANNEL_LAYERS = {
    \"channels\": {},
}
";
        let found: Vec<String> = named(Utf8Path::new("settings.py"), text).into_iter().collect();
        assert_eq!(
            found,
            [
                "a sentence, with words",
                "corsheaders",
                "decouple",
                "django",
                "environ",
                "os",
                "rest_framework"
            ]
        );
    }

    #[test]
    fn settings_for_development_need_what_production_does_not() {
        let tree = Tree::from_literals([
            (
                "site1/settings/base.py",
                "import decouple\nINSTALLED_APPS = [\n 'corsheaders',\n 'debug_toolbar',\n]\n",
            ),
            ("site1/settings/dev.py", "import redis\n"),
            ("site1/views.py", "import celery\n"),
        ]);
        assert_eq!(Needed::read(&tree).0.into_iter().collect::<Vec<_>>(), ["corsheaders", "decouple"]);
    }
}
