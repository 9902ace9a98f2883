//! Rules about compose files that are already there.

mod reader;

pub mod databases;
pub mod outdated;
pub mod services;

pub use reader::{ComposeFile, Service, compose_files};

#[cfg(test)]
pub(super) mod testing {
    use crate::base::Tree;
    use crate::check::{Rule, Subject};
    use crate::inspect::inspect;

    /// The codes that `rules` report on a project with this compose file, with line numbers.
    pub(crate) fn findings(rules: &[Rule], name: &str, compose: &str, requirements: &str) -> Vec<String> {
        let tree = Tree::from_literals([
            ("manage.py", "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n"),
            ("site/__init__.py", ""),
            ("site/settings.py", "INSTALLED_APPS = []\nROOT_URLCONF = 'site.urls'\n"),
            ("requirements.txt", requirements),
            (name, compose),
        ]);
        let (facts, _) = inspect(&tree);
        let subject = Subject::new(&tree, &facts);
        let found = rules.iter().flat_map(|rule| (rule.find)(&subject));
        found
            .map(|diagnostic| match diagnostic.labels.first() {
                Some(label) => format!("{}:{}", diagnostic.code, label.line),
                None => diagnostic.code.to_string(),
            })
            .collect()
    }
}
