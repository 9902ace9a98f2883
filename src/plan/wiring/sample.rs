//! Stand-ins for secrets while nothing is generated yet.
//!
//! Wiring works on plain text, in which every secret is a word that occurs nowhere else; what is found is then
//! turned into text that names the variable instead.

use std::collections::BTreeMap;

use crate::stack::{Text, TextPart};

/// The stand-ins, by the variable of the env file that holds the secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Samples {
    by_variable: BTreeMap<String, String>,
}

impl Samples {
    /// The stand-in for what `variable` will hold: long enough for whoever checks the length of a secret.
    pub fn add(&mut self, variable: &str) -> String {
        let name = variable.to_lowercase().replace('_', "-");
        let word = format!("djdock-sample-{name}-0123456789-0123456789-0123456789");
        self.by_variable.entry(variable.to_owned()).or_insert(word).clone()
    }

    /// Takes over what others stand for.
    pub fn join(&mut self, other: &Self) {
        let others = other.by_variable.iter().map(|(variable, word)| (variable.clone(), word.clone()));
        self.by_variable.extend(others);
    }

    /// `text` with each stand-in replaced by the variable that holds the secret.
    pub fn to_text(&self, text: &str) -> Text {
        let mut found = Text::default();
        let mut rest = text;
        while let Some((at, variable, word)) = self.first_in(rest) {
            found = found.then_known(&rest[..at]).then(Text::variable(variable));
            rest = &rest[at + word.len()..];
        }
        found.then_known(rest)
    }

    /// The variable whose secret `text` is, exactly.
    pub fn variable_of(&self, text: &str) -> Option<&str> {
        self.by_variable.iter().find(|(_, word)| *word == text).map(|(variable, _)| variable.as_str())
    }

    /// Tells whether a secret is in `text`.
    pub fn has_secret(&self, text: &str) -> bool {
        self.first_in(text).is_some()
    }

    /// Returns the values that the env file would hold.
    pub fn values(&self) -> &BTreeMap<String, String> {
        &self.by_variable
    }

    /// Text of a compose file, as it is when the env file holds the stand-ins.
    pub fn resolve(&self, text: &Text) -> String {
        text.resolve(&self.by_variable)
    }

    fn first_in(&self, text: &str) -> Option<(usize, &str, &str)> {
        let places = self.by_variable.iter().filter_map(|(variable, word)| {
            text.find(word.as_str()).map(|at| (at, variable.as_str(), word.as_str()))
        });
        places.min()
    }
}

/// Tells whether text is one variable of the env file and nothing else.
pub fn is_one_variable(text: &Text) -> bool {
    matches!(text.0.as_slice(), [TextPart::Variable { .. }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_become_the_variables_that_hold_them() {
        let mut samples = Samples::default();
        let password = samples.add("DB_PASSWORD");
        let key = samples.add("SECRET_KEY");
        assert_ne!(password, key);
        let url = samples.to_text(&format!("postgres://app:{password}@db:5432/app"));
        assert_eq!(
            url,
            Text::known("postgres://app:").then(Text::variable("DB_PASSWORD")).then_known("@db:5432/app")
        );
        assert_eq!(samples.variable_of(&key), Some("SECRET_KEY"));
        assert!(!samples.has_secret("nothing"));
    }
}
