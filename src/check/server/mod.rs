//! Rules about scripts and server configuration that are already there.

pub mod configuration;
pub mod scripts;

#[cfg(test)]
pub(super) mod testing {
    use crate::base::Tree;
    use crate::check::{Rule, Subject};
    use crate::inspect::Facts;

    /// The codes that `rules` report on a project of one file, with line numbers.
    pub(crate) fn findings(rules: &[Rule], name: &str, text: &str) -> Vec<String> {
        let (tree, facts) = (Tree::from_literals([(name, text)]), Facts::default());
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
