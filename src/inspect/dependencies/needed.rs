//! What the project's settings need at least: it tells a requirements file that is kept from one that was left behind.

use std::collections::BTreeSet;

use camino::Utf8Path;

use super::requirements_txt::Requirements;
use super::roles::{self, Role};
use crate::base::{Tree, path};
use crate::knowledge::modules;

/// Settings lie in few files; a project with more has somebody who keeps its requirements.
const MOST_FILES: usize = 12;
/// As many must be missing: fewer may be brought by another distribution, or be somebody's tool.
const CLEARLY: usize = 2;

/// Modules that the settings import or name, and that a known distribution brings.
#[derive(Debug, Default)]
pub(super) struct Needed(BTreeSet<String>);

impl Needed {
    pub fn read(tree: &Tree) -> Self {
        let files = tree.files().filter(|file| is_settings(file)).take(MOST_FILES);
        let texts = files.filter_map(|file| tree.text(file));
        let named = texts.flat_map(str::lines).filter_map(named).filter(|name| {
            !modules::comes_along(name) && modules::distribution_of(name).is_some() && !is_tool(name)
        });
        Self(named.map(str::to_owned).collect())
    }

    /// What `one` states of it and `other` does not, as distributions; empty where `other` states something that
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
    let usual = modules::distribution_of(module).and_then(|name| name.split('[').next());
    read.stated
        .iter()
        .any(|stated| Some(stated.name.as_str()) == usual || modules::others(module).contains(&stated.name))
}

/// A settings module that production may run on, by its name or its folder's.
fn is_settings(file: &Utf8Path) -> bool {
    let about = |name: &str| name.contains("settings");
    path::extension(file) == Some("py")
        && path::depth(file) <= 5
        && (about(path::stem(file)) || about(path::name(path::parent(file))))
        && roles::of_group(path::stem(file)) != Role::Development
}

/// What debugging takes stands in settings for development, whatever those are called.
fn is_tool(module: &str) -> bool {
    ["debug_toolbar", "django_extensions", "silk", "django_browser_reload", "nplusone"].contains(&module)
}

/// The top-level module of `import a.b`, `from a.b import c` and `"a.b",`.
fn named(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("import ").or_else(|| line.strip_prefix("from ")).or_else(|| {
        let quoted = line.trim_start().strip_prefix(['"', '\''])?;
        let end = quoted.find(['"', '\''])?;
        let is_dotted = quoted[..end].chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
        // A key of a dictionary is no module.
        (is_dotted && !quoted[end + 1..].trim_start().starts_with(':')).then_some(quoted)
    })?;
    let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_found_where_settings_name_them() {
        assert_eq!(named("from decouple import config"), Some("decouple"));
        assert_eq!(named("    'rest_framework.authtoken',"), Some("rest_framework"));
        assert_eq!(named("import environ, os"), Some("environ"));
        assert_eq!(named("    \"channels\": {"), None);
        assert_eq!(named("    'a sentence, with words',"), None);
        assert_eq!(named("# from decouple import config"), None);
        assert_eq!(named("'ends nowhere"), None);
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
