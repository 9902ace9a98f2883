//! The settings in one world after another: as they are evaluated where these variables are set, and those are not.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use crate::python::evaluation::{Evaluation, Request, World};
use crate::python::interpret;

/// Worlds whose outcome is kept, because the next step asks for one of the last again.
const MOST_KEPT: usize = 4;

/// Of the settings, `DEBUG` alone is evaluated to a value: it says which variables to look for.
pub(super) struct Worlds<'a> {
    request: &'a Request<'a>,
    open: Option<Rc<Evaluation>>,
    /// The evaluations where exactly these variables were set, the latest last.
    closed: VecDeque<(BTreeMap<String, String>, Rc<Evaluation>)>,
}

impl<'a> Worlds<'a> {
    pub(super) fn new(request: &'a Request<'a>) -> Self {
        Self { request, open: None, closed: VecDeque::new() }
    }

    /// Returns the evaluation in which nothing is known of the environment.
    pub(super) fn open(&mut self) -> Rc<Evaluation> {
        let request = self.request;
        Rc::clone(self.open.get_or_insert_with(|| only_debug(&Request { world: World::Open, ..*request })))
    }

    /// Returns the evaluation in which exactly these variables are set.
    pub(super) fn closed(&mut self, variables: &BTreeMap<String, String>) -> Rc<Evaluation> {
        if let Some((_, known)) = self.closed.iter().find(|(set, _)| set == variables) {
            return Rc::clone(known);
        }
        let none = BTreeMap::new();
        let files = if let World::Closed { files, .. } = self.request.world { files } else { &none };
        let found = only_debug(&Request { world: World::Closed { variables, files }, ..*self.request });
        if self.closed.len() == MOST_KEPT {
            self.closed.pop_front();
        }
        self.closed.push_back((variables.clone(), Rc::clone(&found)));
        found
    }
}

fn only_debug(request: &Request<'_>) -> Rc<Evaluation> {
    Rc::new(interpret::run_for(request, |name| name == "DEBUG"))
}
