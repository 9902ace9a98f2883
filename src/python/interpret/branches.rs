//! Tests: followed where they are decided, else evaluated both ways and joined.

use ruff_python_ast::{ElifElseClause, Expr, Stmt, StmtIf};

use super::choosing::{Chosen, join_values};
use super::heap::{Delta, Heap};
use super::limits;
use super::object::{Exception, Name, Obj};
use super::statements::{Ended, Flow};
use super::{Interp, Outcome};

/// The state that a branch left behind.
pub(super) struct Branch<T> {
    pub(super) ended: Result<T, Box<Exception>>,
    delta: Delta,
    modules: Vec<(String, usize)>,
}

/// The variable whose presence a test asks for, and whether it holds where the variable is set.
pub(super) fn presence(test: &Obj) -> Option<(Name, bool)> {
    match test {
        Obj::Unknown(unknown) => unknown.presence.clone(),
        Obj::Env(env) if env.default.is_none() => Some((env.name.clone(), true)),
        _ => None,
    }
}

impl<'a> Interp<'a> {
    /// Returns the truth of a test by default, if that is known.
    pub(super) fn assumed_truth(&self, test: &Obj) -> Option<bool> {
        match presence(test) {
            Some((_, set)) => Some(!set),
            None => self.truth(&test.assumed()?),
        }
    }

    /// Evaluates one branch of an undecided test and takes it back.
    pub(super) fn branch<T>(
        &mut self,
        test: &Obj,
        holds: bool,
        work: impl FnOnce(&mut Self) -> Result<T, Box<Exception>>,
    ) -> Branch<T> {
        self.note_test(test);
        let known = presence(test).map(|(name, set)| (name, set == holds));
        let (present, modules) = (self.present.len(), self.modules.len());
        self.present.extend(known);
        self.tests.push(vec![test.clone()]);
        self.heap.begin();
        let ended = work(self);
        let delta = self.heap.take_back();
        self.tests.pop();
        self.present.truncate(present);
        // The other branch imports its modules itself: they may change what is not theirs.
        let imported: Vec<(String, usize)> = self
            .by_name
            .iter()
            .filter(|(_, module)| **module >= modules)
            .map(|(name, module)| (name.clone(), *module))
            .collect();
        for (name, _) in &imported {
            self.by_name.remove(name);
        }
        Branch { ended, delta, modules: imported }
    }

    /// Does again what a branch did, as the only one that goes on.
    pub(super) fn follow<T>(&mut self, branch: Branch<T>) -> Result<T, Box<Exception>> {
        self.heap.redo(branch.delta);
        self.by_name.extend(branch.modules);
        branch.ended
    }

    /// Joins the states of two branches; `yes_first` where the first is what happens by default.
    pub(super) fn join<A, B>(&mut self, test: &Obj, yes: Branch<A>, no: Branch<B>, yes_first: bool) {
        let chosen = Chosen::by(test, yes_first, self);
        let mut deltas = vec![yes.delta, no.delta];
        if !yes_first {
            deltas.reverse();
            self.by_name.extend(yes.modules);
            self.by_name.extend(no.modules);
        } else {
            self.by_name.extend(no.modules);
            self.by_name.extend(yes.modules);
        }
        self.note_decided(test, &deltas);
        self.heap.join(deltas, &|heap: &Heap, values: Vec<Obj>| join_values(heap, &chosen, values));
    }

    /// One of two values, depending on a test.
    pub(super) fn either(&self, test: &Obj, yes: Obj, no: Obj) -> Obj {
        let first = self.assumed_truth(test).unwrap_or(true);
        let values = if first { vec![yes, no] } else { vec![no, yes] };
        join_values(&self.heap, &Chosen::by(test, first, self), values)
    }

    pub(super) fn if_statement(
        &mut self,
        chosen: &'a StmtIf,
        rest: &'a [Stmt],
    ) -> Result<(Flow, bool), Box<Exception>> {
        let test = self.eval(&chosen.test)?;
        self.choose((&chosen.test, test), &chosen.body, &chosen.elif_else_clauses, rest)
    }

    fn choose(
        &mut self,
        (asked, test): (&'a Expr, Obj),
        body: &'a [Stmt],
        clauses: &'a [ElifElseClause],
        rest: &'a [Stmt],
    ) -> Result<(Flow, bool), Box<Exception>> {
        match self.truth(&test) {
            Some(true) => self.execute(body).map(|flow| (flow, false)),
            Some(false) => self.otherwise(clauses, rest),
            None => {
                let yes = self.branch(&test, true, |interp| {
                    interp.narrow(asked, true);
                    interp.execute(body).map(|flow| (flow, false))
                });
                let no = self.branch(&test, false, |interp| {
                    interp.narrow(asked, false);
                    interp.otherwise(clauses, rest)
                });
                self.after_branches(&test, yes, no, rest)
            }
        }
    }

    fn otherwise(
        &mut self,
        clauses: &'a [ElifElseClause],
        rest: &'a [Stmt],
    ) -> Result<(Flow, bool), Box<Exception>> {
        let Some((clause, clauses)) = clauses.split_first() else { return Ok((Flow::Next, false)) };
        match &clause.test {
            None => self.execute(&clause.body).map(|flow| (flow, false)),
            Some(asked) => {
                let Some(test) = self.deeper(|interp| interp.eval(asked)) else {
                    return Ok((Flow::Next, false));
                };
                let test = test?;
                self.deeper(|interp| interp.choose((asked, test), &clause.body, clauses, rest))
                    .unwrap_or(Ok((Flow::Next, false)))
            }
        }
    }

    /// Goes on after both branches of a test: with the one that did not raise, or with both joined. Where one
    /// ended the block and the other did not, what follows in the block belongs to the other alone.
    pub(super) fn after_branches(
        &mut self,
        test: &Obj,
        yes: Branch<(Flow, bool)>,
        no: Branch<(Flow, bool)>,
        rest: &'a [Stmt],
    ) -> Result<(Flow, bool), Box<Exception>> {
        match (&yes.ended, &no.ended) {
            (Err(_), Err(_)) => {
                // Whatever the test says, it raises.
                let exception = match self.follow(no) {
                    Err(exception) => exception,
                    Ok(done) => return Ok(done),
                };
                if self.undecided() || self.handler_for(&exception.lineage).is_some() {
                    return Err(exception);
                }
                self.record_failure(&exception, super::source::Pos::default());
                Ok((Flow::Next, false))
            }
            (Err(exception), Ok(_)) => {
                self.may_raise((**exception).clone());
                self.follow(no)
            }
            (Ok(_), Err(exception)) => {
                self.may_raise((**exception).clone());
                self.follow(yes)
            }
            (Ok((Flow::Next, false)), Ok((Flow::Next, false))) => {
                let first = self.assumed_truth(test).unwrap_or(true);
                self.join(test, yes, no, first);
                Ok((Flow::Next, false))
            }
            (Ok(a), Ok(b)) => {
                let (a, b) = (a.clone(), b.clone());
                self.ended_differently(test, (yes, a), (no, b), rest)
            }
        }
    }

    fn ended_differently(
        &mut self,
        test: &Obj,
        (mut yes, mut a): (Branch<(Flow, bool)>, (Flow, bool)),
        (mut no, mut b): (Branch<(Flow, bool)>, (Flow, bool)),
        rest: &'a [Stmt],
    ) -> Result<(Flow, bool), Box<Exception>> {
        for (holds, branch, ended) in [(true, &mut yes, &mut a), (false, &mut no, &mut b)] {
            if matches!(ended, (Flow::Next, false)) {
                let delta = std::mem::take(&mut branch.delta);
                let modules = std::mem::take(&mut branch.modules);
                let went_on = self.branch(test, holds, |interp| {
                    interp.heap.redo(delta);
                    interp.by_name.extend(modules.clone());
                    interp.execute(rest)
                });
                branch.delta = went_on.delta;
                branch.modules = modules;
                branch.modules.extend(went_on.modules);
                match went_on.ended {
                    Ok(flow) => *ended = (flow, true),
                    Err(exception) => branch.ended = Err(exception),
                }
            }
        }
        match (&yes.ended, &no.ended) {
            (Err(_), Err(_)) => return self.follow(no),
            (Err(exception), Ok(_)) => {
                self.may_raise((**exception).clone());
                self.follow(no)?;
                return Ok((b.0, true));
            }
            (Ok(_), Err(exception)) => {
                self.may_raise((**exception).clone());
                self.follow(yes)?;
                return Ok((a.0, true));
            }
            _ => {}
        }
        let first = self.assumed_truth(test).unwrap_or(true);
        self.join(test, yes, no, first);
        let flow = match (a.0, b.0) {
            (Flow::Return(a), Flow::Return(b)) => Flow::Return(self.either(test, a, b)),
            (Flow::Return(value), other) | (other, Flow::Return(value)) => {
                // Some branch returned; the others go on after this block.
                if let Some(frame) = self.frames.last_mut() {
                    frame.returned.push(value);
                }
                other
            }
            (Flow::Break, Flow::Break) => Flow::Break,
            (Flow::Continue, Flow::Continue) => Flow::Continue,
            _ => Flow::Next,
        };
        Ok((flow, true))
    }

    /// `a if test else b`, and whatever else chooses between two expressions.
    pub(super) fn choose_expression(
        &mut self,
        (asked, test): (&'a Expr, &Obj),
        yes: &'a Expr,
        no: &'a Expr,
    ) -> Outcome {
        let narrowed = |interp: &mut Self, holds: bool| {
            interp.narrow(asked, holds);
            interp.eval(if holds { yes } else { no })
        };
        match self.truth(test) {
            Some(true) => self.eval(yes),
            Some(false) => self.eval(no),
            None => self.both(test, |interp| narrowed(interp, true), |interp| narrowed(interp, false)),
        }
    }

    /// Evaluates both sides of an undecided choice and joins their states and values.
    pub(super) fn both(
        &mut self,
        test: &Obj,
        yes: impl FnOnce(&mut Self) -> Outcome,
        no: impl FnOnce(&mut Self) -> Outcome,
    ) -> Outcome {
        let yes = self.branch(test, true, yes);
        let no = self.branch(test, false, no);
        match (&yes.ended, &no.ended) {
            (Err(_), Err(_)) => self.follow(no),
            (Err(exception), Ok(_)) => {
                self.may_raise((**exception).clone());
                self.follow(no)
            }
            (Ok(_), Err(exception)) => {
                self.may_raise((**exception).clone());
                self.follow(yes)
            }
            (Ok(a), Ok(b)) => {
                let (a, b) = (a.clone(), b.clone());
                let first = self.assumed_truth(test).unwrap_or(true);
                self.join(test, yes, no, first);
                Ok(self.either(test, a, b))
            }
        }
    }

    /// A variable that is certainly set where evaluation goes on.
    pub(super) fn must_be_set(&mut self, name: &Name) {
        limits::work(self.reads.len() / 16);
        for read in &mut self.reads {
            if read.name == *name && read.default.is_none() {
                read.fails = true;
            }
        }
    }

    /// Executes a block that may or may not be executed.
    pub(super) fn perhaps(&mut self, test: &Obj, work: impl FnOnce(&mut Self) -> Ended) -> Ended {
        let yes = self.branch(test, true, |interp| work(interp).map(|flow| (flow, false)));
        let no = self.branch(test, false, |_| Ok((Flow::Next, false)));
        let ended = match &yes.ended {
            Ok((flow, _)) => flow.clone(),
            Err(exception) => {
                self.may_raise((**exception).clone());
                return self.follow(no).map(|(flow, _)| flow);
            }
        };
        let first = self.assumed_truth(test).unwrap_or(false);
        self.join(test, yes, no, first);
        if let (Flow::Return(value), Some(frame)) = (ended, self.frames.last_mut()) {
            frame.returned.push(value);
        }
        Ok(Flow::Next)
    }
}
