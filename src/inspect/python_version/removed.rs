//! Imports of modules that a later Python no longer has: by the project's own code, and by distributions that are known for it.

use camino::{Utf8Path, Utf8PathBuf};

use super::super::dependencies::Dependencies;
use super::super::imports;
use crate::base::{Place, Tree};
use crate::knowledge::modules::Removal;
use crate::knowledge::{distributions, modules};
use crate::python::Version;

/// An import that fails from some Python on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RemovedImport {
    /// A phrase: "`django-background-tasks==1.2.5`", "the project".
    pub who: String,
    pub module: String,
    pub removal: Removal,
    pub place: Place,
}

impl RemovedImport {
    pub(super) fn reason(&self) -> String {
        format!("{} imports `{}`, which Python {} dropped", self.who, self.module, self.removal.since)
    }
}

/// Larger projects than this are read in part.
const MOST_FILES: usize = 1000;

/// Returns one import for each module, the module that went last first: a single very old import must not decide over the
/// others.
pub(super) fn find(tree: &Tree, project_dir: &Utf8Path, dependencies: &Dependencies) -> Vec<RemovedImport> {
    let mut found: Vec<RemovedImport> = Vec::new();
    let mut note = |module: &str, who: String, place: Place| {
        let Some(removal) = modules::removal_of(module) else { return };
        let is_brought = removal.brought_by.is_some_and(|name| dependencies.get(name).is_some());
        if !is_brought && !found.iter().any(|known| known.module == module) {
            found.push(RemovedImport { who, module: module.to_owned(), removal, place });
        }
    };
    for distribution in &dependencies.distributions {
        let version = distribution.version.as_deref().and_then(Version::parse);
        if let Some(module) = distributions::removed_import(&distribution.name, version.as_ref()) {
            let written = distribution.version.as_deref().unwrap_or_default();
            note(module, format!("`{}=={written}`", distribution.name), distribution.place.clone());
        }
    }
    let roots: [Utf8PathBuf; 1] = [project_dir.to_owned()];
    // A file beside `manage.py` may be a tool that nothing of the site imports.
    let sources = tree.below(project_dir).map(|(file, _)| file).filter(|file| {
        let inside = if project_dir == "." { Some(*file) } else { file.strip_prefix(project_dir).ok() };
        file.extension() == Some("py")
            && inside.is_some_and(|inside| inside.components().count() > 1)
            && !imports::is_aside(file)
    });
    for file in sources.take(MOST_FILES) {
        let Some(text) = tree.glance(file) else { continue };
        for (line, module) in imports::at_load(&text) {
            if modules::removal_of(module).is_some() && !imports::is_own(tree, &roots, Some(file), module) {
                note(module, "the project".to_owned(), Place::line(file, line));
            }
        }
    }
    found.sort_by(|a, b| b.removal.since.cmp(&a.removal.since).then_with(|| a.module.cmp(&b.module)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modules_of(files: &[(&str, &str)]) -> Vec<String> {
        let tree = Tree::from_literals(files.iter().copied());
        let (dependencies, _) = super::super::super::dependencies::read(&tree, ".".into());
        find(&tree, ".".into(), &dependencies).into_iter().map(|one| one.module).collect()
    }

    #[test]
    fn imports_that_nothing_catches_count() {
        let code = "import cgi, os\nfrom distutils.util import strtobool\ntry:\n    import imp\nexcept ImportError:\n    imp = None\n";
        assert_eq!(modules_of(&[("shop/forms.py", code)]), ["cgi", "distutils"]);
        assert!(modules_of(&[("shop/tests/test_forms.py", code), ("setup.py", code)]).is_empty());
    }

    #[test]
    fn modules_of_the_project_and_those_that_are_brought_do_not_count() {
        let own = [
            ("shop/views.py", "import parser\nimport formatter\n"),
            ("parser.py", ""),
            ("formatter/x.py", ""),
        ];
        assert!(modules_of(&own).is_empty());
        let brought = [
            ("requirements.txt", "Django\nsetuptools==80\nlegacy-cgi\n"),
            ("shop/views.py", "import cgi\nfrom distutils.version import LooseVersion\n"),
        ];
        assert!(modules_of(&brought).is_empty());
    }

    #[test]
    fn pinned_releases_that_import_such_a_module_count() {
        assert_eq!(modules_of(&[("requirements.txt", "Django\ndjango-background-tasks==1.2.5\n")]), ["imp"]);
        assert!(modules_of(&[("requirements.txt", "Django\ndjango-background-tasks\n")]).is_empty());
    }
}
