//! Rules about Dockerfiles that are already there, for what is wrong with them for Django.

mod reader;

pub mod build;
pub mod image;
pub mod packages;
pub mod process;
pub mod secrets;

pub use reader::{Dockerfile, Instruction, Stage, dockerfiles};

#[cfg(test)]
pub(super) mod testing {
    use crate::base::Tree;
    use crate::check::{Rule, Subject};
    use crate::inspect::inspect;

    /// The codes that `rules` report on a project with this Dockerfile, with line numbers.
    pub(crate) fn findings(
        rules: &[Rule],
        name: &str,
        dockerfile: &str,
        more: &[(&str, &str)],
    ) -> Vec<String> {
        let mut files = vec![
            ("manage.py", "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n"),
            ("site/__init__.py", ""),
            ("site/settings.py", "INSTALLED_APPS = []\nROOT_URLCONF = 'site.urls'\n"),
            (name, dockerfile),
        ];
        files.extend_from_slice(more);
        let tree = Tree::from_literals(files);
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
