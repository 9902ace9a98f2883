//! Exceptions: who would catch one, and what an uncaught one means.
//!
//! An exception that some `except` of the project catches travels there. One that nobody catches stops the
//! import: inside a branch of an undecided test it ends that branch, otherwise it is recorded as a failure,
//! and evaluation goes on as if the expression were merely unknown, so that everything that would stop the
//! import is found in one run.

use super::limits;
use super::object::{Exception, Missing, Name, Obj};
use super::raised;
use super::source::Pos;
use super::{Interp, Outcome};

/// A `try` (or `suppress`) that is being executed.
pub(super) struct Handler {
    /// The classes that it catches.
    pub(super) catches: Vec<Name>,
    /// The exceptions after which the import goes on: their handler does not raise again.
    pub(super) goes_on_after: Vec<Name>,
    /// The exceptions that may be raised in it.
    pub(super) pending: Vec<Exception>,
}

/// An exception that stops the import.
#[derive(Clone, Debug)]
pub(super) struct Failed {
    pub(super) exception: Exception,
    pub(super) pos: Pos,
    pub(super) from: Vec<Obj>,
}

impl Interp<'_> {
    /// Tells whether a handler around here catches this class.
    pub(super) fn catches(&self, class: &str) -> bool {
        let lineage = raised::lineage(class);
        self.handler_for(&lineage).is_some()
    }

    pub(super) fn handler_for(&self, lineage: &[Name]) -> Option<usize> {
        self.handlers.iter().rposition(|handler| handler.catches.iter().any(|name| lineage.contains(name)))
    }

    /// Raises: `Err` where the exception travels or ends this branch, an unknown where it was recorded.
    pub(super) fn raise(&mut self, exception: Exception, pos: Pos) -> Outcome {
        if self.handler_for(&exception.lineage).is_some() {
            return Err(Box::new(exception));
        }
        if self.undecided() {
            self.record_conditional(&exception, pos);
            return Err(Box::new(exception));
        }
        self.record_failure(&exception, pos);
        Ok(Obj::unknown(format!("raises {}", exception.class()), pos, &exception.from))
    }

    /// Notes an exception that may or may not be raised here: a handler that would catch it is remembered to run in one branch.
    pub(super) fn may_raise(&mut self, exception: Exception) -> bool {
        let Some(at) = self.handler_for(&exception.lineage) else { return false };
        if self.handlers[at].pending.len() < 8 {
            self.handlers[at].pending.push(exception);
        }
        true
    }

    pub(super) fn record_failure(&mut self, exception: &Exception, pos: Pos) {
        let from = exception.from.clone();
        let pos = self.telling_pos(exception, pos);
        let mut exception = exception.clone();
        // `except ImportError: raise Exception("copy the example")`: what is missing is the module.
        if exception.missing.is_none() && exception.variable.is_none() {
            let here = self.frames.last().map(|frame| frame.module);
            let handled = self.handling.last().filter(|(_, module)| *module == here);
            let module = handled.and_then(|(handled, _)| handled.missing.clone());
            exception.missing = module.filter(|missing| matches!(missing, Missing::Module(_)));
        }
        if self.failures.len() < 1000 {
            self.failures.push(Failed { exception, pos, from });
        }
    }

    fn record_conditional(&mut self, exception: &Exception, pos: Pos) {
        let absent: Vec<Name> =
            self.present.iter().filter(|(_, set)| !set).map(|(name, _)| name.clone()).collect();
        limits::work(self.reads.len() * (absent.len() + 1) / 16);
        for read in &mut self.reads {
            if absent.contains(&read.name) && read.default.is_none() {
                read.fails = true;
            }
        }
        self.record_possible(exception, pos);
    }

    /// Some environments stop the import here.
    pub(super) fn record_possible(&mut self, exception: &Exception, pos: Pos) {
        let from = self.tests.iter().flatten().chain(&exception.from).cloned().collect();
        if self.conditional.len() < 1000 {
            self.conditional.push(Failed { exception: exception.clone(), pos, from });
        }
    }

    /// Returns the position that names a variable, rather than that of a helper that raises.
    fn telling_pos(&self, exception: &Exception, pos: Pos) -> Pos {
        exception.variable.as_ref().map_or(pos, |variable| self.call_naming(variable, pos))
    }

    /// The outermost call, of those being executed, that passes `text` on as an argument; else `pos`.
    pub(super) fn call_naming(&self, text: &str, pos: Pos) -> Pos {
        let mut at = pos;
        for frame in self.frames.iter().rev() {
            if !frame.texts.iter().any(|argument| &**argument == text) {
                break;
            }
            at = frame.call;
        }
        at
    }

    pub(super) fn missing_module(&mut self, dotted: &str, pos: Pos) -> Outcome {
        let exception = Exception {
            missing: Some(Missing::Module(dotted.to_owned())),
            ..Exception::new("ModuleNotFoundError", format!("No module named '{dotted}'"))
        };
        self.raise(exception, pos)
    }
}
