//! Finds an assignment under which every goal is met, or as many as can be.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;

use super::assignment::Assignment;
use super::entries;
use super::goal::{Goal, Standing, Want};
use super::propose::{Urls, proposals};
use crate::base::Tree;
use crate::inspect::{environment_switches, named_environment};
use crate::plan::secret_drafts::Draft;
use crate::python::{self, Evaluation, Request, Value, World};
use crate::stack::Environment;

/// How often the settings are evaluated at most, for one stack: it bounds the time, not the result of usual
/// projects, which need two or three.
const MOST_EVALUATIONS: usize = 48;
/// How many proposals for one goal are tried.
const MOST_PROPOSALS: usize = 24;
/// How many switches are tried.
const MOST_SWITCHES: usize = 10;

/// The settings of one stack.
#[derive(Clone, Debug)]
pub struct Project<'a> {
    pub environment: Environment,
    pub tree: &'a Tree,
    pub roots: &'a [Utf8PathBuf],
    pub module: &'a str,
    pub class: Option<&'a str>,
    /// Files that containers have beside those of the tree; what they hold is assigned as variables are.
    pub drafts: &'a [Draft],
}

impl Project<'_> {
    /// Returns the evaluation in which exactly these variables are set, entries of files among them.
    pub fn closed(&self, variables: &Assignment) -> Evaluation {
        let files: BTreeMap<Utf8PathBuf, String> =
            self.drafts.iter().map(|draft| (draft.path.clone(), draft.text(variables))).collect();
        let is_set = |name: &str| entries::split(name).is_none();
        let variables = variables.iter().filter(|(name, _)| is_set(name));
        let variables = &variables.map(|(name, value)| (name.clone(), value.clone())).collect();
        python::evaluate(&Request {
            tree: self.tree,
            roots: self.roots,
            module: self.module,
            class: self.class,
            world: World::Closed { variables, files: &files },
        })
    }
}

/// The result of the search.
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
    let switches = environment_switches(open, project.environment == Environment::Dev);
    let keeps = |one: &Assignment| {
        one.iter().all(|(name, value)| switches.get(name).is_none_or(|word| word == value))
    };
    let proposed: Vec<Vec<Assignment>> =
        goals.iter().map(|goal| proposals(goal, open, urls).into_iter().filter(keeps).collect()).collect();
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
    search.turn_switches(&mut best, &proposed, &switches);
    search.name_environment(&mut best, &proposed);
    search.let_go(&mut best, base, &proposed);
    search.set_parts(&mut best, &proposed);
    let Attempt { variables, evaluation, standings } = best;
    // What a goal was met with is known, also where the import asked for it first.
    let meets_goal = |name: &String, value: &String| {
        let met = proposed.iter().zip(&standings).filter(|(_, standing)| **standing == Standing::Met);
        met.flat_map(|(proposals, _)| proposals).any(|proposal| proposal.get(name) == Some(value))
    };
    let mut placeholders = search.placeholders;
    placeholders.retain(|name| variables.get(name).is_some_and(|value| !meets_goal(name, value)));
    Wired { variables, placeholders, evaluation, standings }
}

pub(super) struct Search<'a> {
    pub(super) project: &'a Project<'a>,
    pub(super) open: &'a Evaluation,
    pub(super) goals: &'a [Goal],
    pub(super) left: usize,
    pub(super) placeholders: BTreeSet<String>,
}

#[derive(Clone)]
pub(super) struct Attempt {
    pub(super) variables: Assignment,
    pub(super) evaluation: Evaluation,
    pub(super) standings: Vec<Standing>,
}

impl Attempt {
    fn met(&self) -> usize {
        self.standings.iter().filter(|standing| **standing == Standing::Met).count()
    }

    /// More is better: first an import that succeeds, then goals that are met.
    fn score(&self) -> (bool, usize) {
        (self.evaluation.failures.is_empty(), self.met())
    }
}

impl Search<'_> {
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
    fn turn_switches(&mut self, best: &mut Attempt, proposed: &[Vec<Assignment>], decided: &Assignment) {
        let known: BTreeSet<String> = best.variables.keys().chain(decided.keys()).cloned().collect();
        let open = self.open.tested.iter().filter(|name| self.may_switch(name) && !known.contains(*name));
        let open: Vec<String> = open.take(MOST_SWITCHES).cloned().collect();
        for name in &open {
            if best.met() == self.goals.len() || self.left == 0 {
                return;
            }
            for text in self.switches(name) {
                let mut variables = best.variables.clone();
                variables.insert(name.clone(), text);
                think_of(&mut variables, best, proposed);
                let attempt = self.evaluate_lightly(variables);
                if attempt.score() > best.score() {
                    *best = attempt;
                    break;
                }
            }
        }
    }

    /// Says which environment this is where the settings ask for it, also where every goal is met without: what was
    /// read of the project was read so.
    fn name_environment(&mut self, best: &mut Attempt, proposed: &[Vec<Assignment>]) {
        let debug = self.project.environment == Environment::Dev;
        for (name, word) in named_environment(self.open, debug) {
            if self.left == 0 || best.variables.contains_key(&name) {
                continue;
            }
            let by_default = self.open.reads.iter().find(|read| read.name == name);
            let by_default = by_default.and_then(|read| read.default.as_ref()?.assumed());
            if by_default.as_ref().and_then(Value::as_str) == Some(&word) {
                continue;
            }
            let mut variables = best.variables.clone();
            variables.insert(name, word);
            think_of(&mut variables, best, proposed);
            let attempt = self.evaluate(variables);
            if attempt.score() >= best.score() {
                *best = attempt;
            }
        }
    }

    /// Sets the variables of which an address is put together where it is not given whole, if each is a setting by itself
    /// too: whoever uses that one is led to the same place.
    fn set_parts(&mut self, best: &mut Attempt, proposed: &[Vec<Assignment>]) {
        let is_setting = |name: &String| {
            let mut settings = self.open.settings.values();
            settings.any(|setting| matches!(&setting.value, Value::Env(read) if read.name == *name))
        };
        let addresses =
            self.goals.iter().zip(proposed).filter(|(goal, _)| matches!(goal.want, Want::Host { .. }));
        let parts: Vec<Assignment> = addresses
            .flat_map(|(_, proposals)| proposals)
            .filter(|proposal| {
                proposal.keys().all(|name| !best.variables.contains_key(name) && is_setting(name))
            })
            .cloned()
            .collect();
        for proposal in parts {
            let is_new = proposal.keys().all(|name| !best.variables.contains_key(name));
            if self.left == 0 || !is_new {
                continue;
            }
            let mut variables = best.variables.clone();
            variables.extend(proposal);
            let attempt = self.evaluate_lightly(variables);
            if attempt.score() >= best.score() {
                *best = attempt;
            }
        }
    }

    /// Forgets variables that were proposed and change nothing: those that are never read, those that were meant
    /// for goals that are not met all the same, and hosts without which as much is met or the import succeeds.
    fn let_go(&mut self, best: &mut Attempt, base: &Assignment, proposed: &[Vec<Assignment>]) {
        let read: BTreeSet<&str> = best.evaluation.reads.iter().map(|read| read.name.as_str()).collect();
        // Which entries of a file are read is known from the start.
        let is_read = |name: &str| read.contains(name) || entries::split(name).is_some();
        best.variables.retain(|name, _| base.contains_key(name) || is_read(name));
        let mut doubtful = BTreeSet::new();
        let mut hosts = BTreeSet::new();
        for (name, value) in best.variables.iter().filter(|(name, _)| !base.contains_key(*name)) {
            let meant =
                |index: &usize| proposed[*index].iter().any(|proposal| proposal.get(name) == Some(value));
            let meant_for: Vec<usize> = (0..proposed.len()).filter(meant).collect();
            let in_vain = meant_for.iter().all(|index| best.standings[*index] != Standing::Met);
            let is_item = meant_for.iter().all(|index| matches!(self.goals[*index].want, Want::Item { .. }));
            let is_wish = meant_for.iter().all(|index| self.goals[*index].is_wish());
            if !meant_for.is_empty() && (in_vain || is_wish) {
                doubtful.insert(name.clone());
            } else if !meant_for.is_empty() && is_item {
                hosts.insert(name.clone());
            }
        }
        // One variable for the hosts is for the person to change; of several, those that do not matter go. Where the
        // import fails, a check may refuse what was thought of for them.
        if hosts.len() > 1 || !best.evaluation.failures.is_empty() {
            doubtful.extend(hosts);
        }
        for name in doubtful {
            if self.left == 0 {
                return;
            }
            let mut variables = best.variables.clone();
            variables.remove(&name);
            let attempt = self.evaluate_lightly(variables);
            if attempt.score() >= best.score() && !attempt.variables.contains_key(&name) {
                *best = attempt;
            }
        }
    }
}

/// A branch that was not taken may read variables that were thought of for it before.
fn think_of(variables: &mut Assignment, best: &Attempt, proposed: &[Vec<Assignment>]) {
    let open = proposed.iter().zip(&best.standings).filter(|(_, standing)| **standing != Standing::Met);
    for (name, value) in open.flat_map(|(proposals, _)| proposals.iter().take(2).flatten()) {
        variables.entry(name.clone()).or_insert_with(|| value.clone());
    }
}
