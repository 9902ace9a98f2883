//! Finds an assignment under which every goal is met, or as many as can be.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;

use super::goal::{Goal, Standing};
use super::placeholder::placeholder;
use super::propose::{Assignment, Urls, proposals};
use super::words;
use crate::base::Tree;
use crate::python::{self, Evaluation, FailureKind, Request, World};

/// How often the settings are evaluated at most, for one stack: it bounds the time, not the result of usual
/// projects, which need two or three.
const MOST_EVALUATIONS: usize = 120;
/// How many proposals for one goal are tried.
const MOST_PROPOSALS: usize = 24;

/// The settings of one stack.
#[derive(Clone, Debug)]
pub struct Project<'a> {
    pub tree: &'a Tree,
    pub roots: &'a [Utf8PathBuf],
    pub module: &'a str,
    pub class: Option<&'a str>,
    /// Files that containers have beside those of the tree.
    pub files: BTreeMap<Utf8PathBuf, String>,
}

impl Project<'_> {
    /// What the settings come to when exactly these variables are set.
    pub fn closed(&self, variables: &Assignment) -> Evaluation {
        python::evaluate(&Request {
            tree: self.tree,
            roots: self.roots,
            module: self.module,
            class: self.class,
            world: World::Closed { variables, files: &self.files },
        })
    }
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Wired {
    pub variables: Assignment,
    /// Variables that had to be set to something for the import to succeed, and that nothing wires.
    pub placeholders: BTreeSet<String>,
    /// Under `variables`.
    pub evaluation: Evaluation,
    /// In the order of the goals.
    pub standings: Vec<Standing>,
}

/// Finds variables for `goals`. `base` is set in any case.
pub fn wire(
    project: &Project<'_>,
    open: &Evaluation,
    goals: &[Goal],
    base: &Assignment,
    urls: &Urls,
) -> Wired {
    let mut search = Search { project, open, goals, left: MOST_EVALUATIONS, placeholders: BTreeSet::new() };
    let proposed: Vec<Vec<Assignment>> = goals.iter().map(|goal| proposals(goal, open, urls)).collect();
    let mut variables = base.clone();
    for assignment in proposed.iter().filter_map(|proposals| proposals.first()) {
        for (name, value) in assignment {
            variables.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    let mut best = search.evaluate(variables);
    for (index, proposals) in proposed.iter().enumerate() {
        search.improve(&mut best, index, proposals);
    }
    search.turn_switches(&mut best, &proposed);
    best.let_go(base);
    let Attempt { variables, evaluation, standings } = best;
    let placeholders = search.placeholders.into_iter().filter(|name| variables.contains_key(name)).collect();
    Wired { variables, placeholders, evaluation, standings }
}

struct Search<'a> {
    project: &'a Project<'a>,
    open: &'a Evaluation,
    goals: &'a [Goal],
    left: usize,
    placeholders: BTreeSet<String>,
}

#[derive(Clone)]
struct Attempt {
    variables: Assignment,
    evaluation: Evaluation,
    standings: Vec<Standing>,
}

impl Attempt {
    /// Forgets variables that were proposed and are never read: of two ways to say the same, one is enough.
    fn let_go(&mut self, base: &Assignment) {
        let read: BTreeSet<&str> = self.evaluation.reads.iter().map(|read| read.name.as_str()).collect();
        self.variables.retain(|name, _| base.contains_key(name) || read.contains(name.as_str()));
    }

    fn met(&self) -> usize {
        self.standings.iter().filter(|standing| **standing == Standing::Met).count()
    }

    /// More is better: first an import that succeeds, then goals that are met.
    fn score(&self) -> (bool, usize) {
        (self.evaluation.failures.is_empty(), self.met())
    }
}

impl Search<'_> {
    /// Evaluates, and gives placeholders to variables without which the import fails.
    fn evaluate(&mut self, mut variables: Assignment) -> Attempt {
        loop {
            self.left = self.left.saturating_sub(1);
            let evaluation = self.project.closed(&variables);
            let missing = missing_variables(&evaluation, &variables);
            if missing.is_empty() || self.left == 0 {
                let standings = self.goals.iter().map(|goal| goal.standing(&evaluation)).collect();
                return Attempt { variables, evaluation, standings };
            }
            for name in missing {
                let read = self.open.reads.iter().chain(&evaluation.reads).find(|read| read.name == name);
                variables.insert(name.clone(), placeholder(read, &name));
                self.placeholders.insert(name);
            }
        }
    }

    /// Tries the other proposals for a goal that is not met.
    fn improve(&mut self, best: &mut Attempt, index: usize, proposals: &[Assignment]) {
        if best.standings[index] == Standing::Met {
            return;
        }
        for proposal in proposals.iter().take(MOST_PROPOSALS) {
            if self.left == 0 {
                return;
            }
            if proposal.iter().all(|(name, value)| best.variables.get(name) == Some(value)) {
                continue;
            }
            let mut variables = best.variables.clone();
            variables.extend(proposal.clone());
            let attempt = self.evaluate(variables);
            if attempt.score() > best.score() {
                *best = attempt;
            }
            if best.standings[index] == Standing::Met {
                return;
            }
        }
    }

    /// Tries variables that no goal's value holds, but on which a branch may depend: `USE_POSTGRES`, `STAGE`.
    fn turn_switches(&mut self, best: &mut Attempt, proposed: &[Vec<Assignment>]) {
        let names: BTreeSet<&str> = self.open.reads.iter().map(|read| read.name.as_str()).collect();
        for name in names {
            if best.met() == self.goals.len() || self.left == 0 {
                return;
            }
            if best.variables.contains_key(name) && !self.placeholders.contains(name) {
                continue;
            }
            let texts: &[&str] =
                if words::names_environment(name) { &words::PRODUCTION[..2] } else { &["True", "1"] };
            for text in texts {
                let mut variables = best.variables.clone();
                variables.insert(name.to_owned(), (*text).to_owned());
                // The branch may read variables that were thought of for it before.
                for (index, proposals) in proposed.iter().enumerate() {
                    if best.standings[index] != Standing::Met {
                        for assignment in proposals.iter().take(2) {
                            for (name, value) in assignment {
                                variables.entry(name.clone()).or_insert_with(|| value.clone());
                            }
                        }
                    }
                }
                let attempt = self.evaluate(variables);
                if attempt.score() > best.score() {
                    *best = attempt;
                    break;
                }
            }
        }
    }
}

/// Variables whose absence stops the import.
fn missing_variables(evaluation: &Evaluation, variables: &Assignment) -> BTreeSet<String> {
    let mut missing = BTreeSet::new();
    for failure in &evaluation.failures {
        match &failure.kind {
            FailureKind::MissingVariable(name) => {
                missing.insert(name.clone());
            }
            FailureKind::Raise { .. } => missing.extend(failure.variables.iter().cloned()),
            FailureKind::MissingModule(_) | FailureKind::MissingFile(_) => {}
        }
    }
    missing.retain(|name| !variables.contains_key(name));
    missing
}
