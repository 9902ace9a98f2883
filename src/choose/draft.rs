//! Answers given in advance, by flags and by `djdock.toml`. All optional; suggestions come last.

use std::collections::BTreeMap;

use super::given::Given;
use super::messages;
use super::questions::by_key;
use crate::base::{Diagnostic, Place};

/// Words for some of the questions, by key, and who gave each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft(BTreeMap<&'static str, Given>);

impl Draft {
    /// Takes `word` for the question `key`, unless it was answered before.
    pub fn give(&mut self, key: &'static str, word: String, place: Place) {
        self.0.entry(key).or_insert(Given { word, place });
    }

    pub fn given(&self, key: &str) -> Option<&Given> {
        self.0.get(key)
    }

    /// This draft, with the words of `other` where this one has none.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        for (key, given) in other.0 {
            self.0.entry(key).or_insert(given);
        }
        self
    }

    /// Returns the faults of the words: unknown, not known yet, of another form.
    pub fn problems(&self) -> Vec<Diagnostic> {
        let questions = self.0.iter().filter_map(|(key, given)| Some((by_key(key)?, given)));
        questions
            .filter(|(question, given)| !question.accepts(&given.word))
            .map(|(question, given)| messages::not_an_answer(question, given))
            .collect()
    }
}
