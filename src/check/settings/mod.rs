//! Rules about settings, as evaluated for production.

pub mod database;
pub mod debug;
pub mod hosts;
pub mod proxy;
pub mod secrets;
pub mod services;
pub mod static_files;
pub mod storage;

#[cfg(test)]
pub(super) mod testing {
    //! Runs rules on a settings module given as text.

    use crate::base::Tree;
    use crate::check::{Rule, Subject};
    use crate::inspect::inspect;

    const MANAGE: &str = "import os, sys\n\
        os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n\
        from django.core.management import execute_from_command_line\n\
        execute_from_command_line(sys.argv)\n";

    /// The codes that `rules` report, with line numbers, on a project of one settings module (to which the
    /// names that make it one are added) and more files.
    pub(crate) fn findings(rules: &[Rule], settings: &str, more: &[(&str, &str)]) -> Vec<String> {
        let settings = format!(
            "{settings}\nROOT_URLCONF = 'site.urls'\nINSTALLED_APPS = ['django.contrib.staticfiles']\n"
        );
        let mut files =
            vec![("manage.py", MANAGE), ("site/__init__.py", ""), ("site/settings.py", settings.as_str())];
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
