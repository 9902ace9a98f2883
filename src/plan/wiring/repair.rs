//! Values for variables without which the import fails: placeholders, or words that the settings understand.

use std::collections::BTreeSet;

use super::assignment::Assignment;
use super::goal::Goal;
use super::placeholder::{insistent, placeholder};
use super::search::{Attempt, Search};
use super::words;
use crate::base::Place;
use crate::inspect::holds_thing;
use crate::python::{Evaluation, Failure, FailureKind, Value};

/// How many variables are tried to go round what is missing.
const MOST_NEAR: usize = 6;

/// Lines above or below a failure: a test of this many lines stands around it.
const RIGHT_THERE: u32 = 3;

impl Search<'_> {
    /// Evaluates; as long as the import fails for want of a variable, gives it a value and evaluates again.
    pub(super) fn evaluate(&mut self, variables: Assignment) -> Attempt {
        self.evaluate_with(variables, true)
    }

    /// Evaluates without a search for what else would let the import succeed: for what is tried on the off chance.
    pub(super) fn evaluate_lightly(&mut self, variables: Assignment) -> Attempt {
        self.evaluate_with(variables, false)
    }

    fn evaluate_with(&mut self, mut variables: Assignment, repairs: bool) -> Attempt {
        let mut tried = BTreeSet::new();
        loop {
            let evaluation = self.closed(&variables);
            let missing = self.missing(&evaluation, &variables);
            let is_done = missing.is_empty() && (evaluation.failures.is_empty() || !repairs);
            if self.left == 0 || is_done {
                return self.attempt(variables, evaluation);
            }
            if missing.is_empty() {
                match self.repaired(&evaluation, &variables, &mut tried) {
                    Some(better) => variables = better,
                    None => return self.attempt(variables, evaluation),
                }
            }
            for name in missing {
                let text = self.values(&name, &evaluation).remove(0);
                tried.insert((name.clone(), text.clone()));
                self.note_placeholder(&name, &text);
                variables.insert(name, text);
            }
        }
    }

    fn closed(&mut self, variables: &Assignment) -> Evaluation {
        self.left = self.left.saturating_sub(1);
        self.project.closed(variables)
    }

    fn attempt(&self, variables: Assignment, evaluation: Evaluation) -> Attempt {
        let standings = self.goals.iter().map(|goal: &Goal| goal.standing(&evaluation)).collect();
        Attempt { variables, evaluation, standings }
    }

    /// Variables that are not set, and whose absence stops the import.
    fn missing(&self, evaluation: &Evaluation, variables: &Assignment) -> BTreeSet<String> {
        let asked = evaluation.failures.iter().filter(|failure| !is_absent(failure));
        let mut missing: BTreeSet<String> = asked.flat_map(|failure| self.behind(failure)).collect();
        missing.retain(|name| !variables.contains_key(name));
        missing
    }

    /// The variables that a failure depends on. In a closed world every test around a `raise` is decided, and
    /// only the open one tells what it asked for.
    fn behind(&self, failure: &Failure) -> Vec<String> {
        match &failure.kind {
            FailureKind::MissingVariable(name) => vec![name.clone()],
            FailureKind::MissingModule(_) | FailureKind::MissingFile(_) => Vec::new(),
            FailureKind::Raise { .. } => {
                let possible =
                    self.open.possible_failures.iter().filter(|other| other.place == failure.place);
                let all = possible.chain([failure]).flat_map(|failure| failure.variables.iter().cloned());
                all.filter(|name| !words::names_test_run(name)).collect()
            }
        }
    }

    /// Variables that tests ask for or that are read right there, those that are read nearest to `place` first.
    fn tested_near(&self, place: &Place) -> Vec<String> {
        let tested = self.open.reads.iter().filter(|read| {
            self.open.tested.contains(&read.name) || distance(place, &read.place) <= RIGHT_THERE
        });
        let tested = tested.filter(|read| self.may_switch(&read.name));
        let mut near: Vec<(u32, &String)> =
            tested.map(|read| (distance(place, &read.place), &read.name)).collect();
        near.sort();
        near.into_iter().take(MOST_NEAR).map(|(_, name)| name.clone()).collect()
    }

    /// Variables under which the first check that raises is passed: with another word for what it asks for,
    /// or, where nobody understood what that is, with values for the variables that are read next to it.
    fn repaired(
        &mut self,
        evaluation: &Evaluation,
        variables: &Assignment,
        tried: &mut BTreeSet<(String, String)>,
    ) -> Option<Assignment> {
        let failure = evaluation.failures.iter().find(|failure| is_raised(failure) || is_absent(failure))?;
        let behind = if is_absent(failure) { self.tested_near(&failure.place) } else { self.behind(failure) };
        for name in behind {
            // What is not there is gone round: `if not DISABLE_LOGIN: open("key.pem")`.
            let mut values = if is_absent(failure) { self.switches(&name) } else { Vec::new() };
            values.extend(self.values(&name, evaluation));
            for text in values {
                if self.left == 0 {
                    return None;
                }
                // What a goal has set stays.
                let given =
                    tried.iter().any(|(other, _)| *other == name) || self.placeholders.contains(&name);
                let mine = given || !variables.contains_key(&name);
                if !mine || !tried.insert((name.clone(), text.clone())) {
                    continue;
                }
                let mut other = variables.clone();
                other.insert(name.clone(), text.clone());
                if !fails_so(&self.closed(&other), failure) {
                    self.note_placeholder(&name, &text);
                    return Some(other);
                }
            }
        }
        if is_absent(failure) {
            return None;
        }
        let unset = unset_near(evaluation, variables, &failure.place);
        let mut count = 1;
        while self.left > 0 && !unset.is_empty() {
            let mut other = variables.clone();
            for name in unset.iter().take(count) {
                other.insert(name.clone(), self.values(name, evaluation).remove(0));
            }
            if !fails_so(&self.closed(&other), failure) {
                self.placeholders.extend(unset.into_iter().take(count));
                return Some(other);
            }
            if count >= unset.len() {
                return None;
            }
            count *= 2;
        }
        None
    }

    /// A word for this environment is the stack's to know; any other value is for the person to replace.
    fn note_placeholder(&mut self, name: &str, text: &String) {
        if self.words(name).0.contains(text) {
            self.placeholders.remove(name);
        } else {
            self.placeholders.insert(name.to_owned());
        }
    }

    /// Values for a variable that must be set, the likeliest first: a word for this environment that the
    /// settings compare it with, a placeholder, other words. Never empty.
    fn values(&self, name: &str, evaluation: &Evaluation) -> Vec<String> {
        let read = self.open.reads.iter().chain(&evaluation.reads).find(|read| read.name == name);
        let (mut values, others) = self.words(name);
        values.push(placeholder(read, name));
        values.push(insistent(read, name));
        values.extend(others);
        values
    }

    /// Words that the settings compare a variable with: those that speak of this stack's environment, and those
    /// that speak of none.
    fn words(&self, name: &str) -> (Vec<String>, Vec<String>) {
        // Words are for what chooses among them, not for a host or a file that is compared with one.
        if holds_thing(self.open, name) {
            return (Vec::new(), Vec::new());
        }
        let compared = self.open.compared.get(name).into_iter().flatten().filter(|word| !word.is_empty());
        let mut fitting = Vec::new();
        let mut others = Vec::new();
        for word in compared {
            match words::environment_of(word) {
                Some(environment) if environment == self.project.environment => fitting.push(word.clone()),
                Some(_) => {}
                None => others.push(word.clone()),
            }
        }
        (fitting, others)
    }

    /// Tells whether a variable may be set to go another way: not where it says that tests run, nor where it names a module.
    pub(super) fn may_switch(&self, name: &str) -> bool {
        !words::names_test_run(name) && !self.open.imported.contains(name)
    }

    /// Returns the words to try for a variable on which a branch may depend; nothing if the variable is no switch.
    pub(super) fn switches(&self, name: &str) -> Vec<String> {
        if holds_thing(self.open, name) {
            return Vec::new();
        }
        let (mut words, others) = self.words(name);
        words.extend(others.into_iter().take(2));
        if words.is_empty() {
            let usual: &[&str] =
                if words::names_environment(name) { &words::PRODUCTION[..2] } else { &["True", "1"] };
            words.extend(usual.iter().map(ToString::to_string));
        }
        words
    }
}

fn is_raised(failure: &Failure) -> bool {
    matches!(failure.kind, FailureKind::Raise { .. })
}

/// Tells whether a file or a module is missing.
fn is_absent(failure: &Failure) -> bool {
    matches!(failure.kind, FailureKind::MissingModule(_) | FailureKind::MissingFile(_))
}

/// Tells whether the import fails in the same place with the same words: a loop may ask for several variables.
fn fails_so(evaluation: &Evaluation, failure: &Failure) -> bool {
    evaluation.failures.iter().any(|other| other.place == failure.place && other.kind == failure.kind)
}

/// Variables that were read, are not set and have no default: those that are read nearest to `place` first.
fn unset_near(evaluation: &Evaluation, variables: &Assignment, place: &Place) -> Vec<String> {
    let mut unset: Vec<(u32, &String)> = evaluation
        .reads
        .iter()
        .filter(|read| read.default.as_ref().is_none_or(|default| *default == Value::None))
        .filter(|read| !variables.contains_key(&read.name) && !words::names_test_run(&read.name))
        .map(|read| (distance(place, &read.place), &read.name))
        .collect();
    unset.sort();
    let mut names: Vec<String> = Vec::new();
    for (_, name) in unset {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// Lines between two places of one file.
fn distance(a: &Place, b: &Place) -> u32 {
    match (a.path() == b.path(), a.line_number(), b.line_number()) {
        (true, Some(a), Some(b)) => a.abs_diff(b),
        _ => u32::MAX,
    }
}
