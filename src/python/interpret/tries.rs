//! `try`, `except`, `finally`.

use ruff_python_ast::{ExceptHandler, Expr, Stmt, StmtTry};

use super::Interp;
use super::exceptions::Handler;
use super::heap::Delta;
use super::object::{Exception, Name, Obj};
use super::outside;
use super::source::Pos;
use super::statements::{Ended, Flow};

impl<'a> Interp<'a> {
    pub(super) fn try_statement(&mut self, attempt: &'a StmtTry) -> Ended {
        let (mut catches, mut goes_on_after): (Vec<Name>, Vec<Name>) = Default::default();
        for ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
            let caught = self.caught_by(handler.type_.as_deref())?;
            if outside::goes_on(handler) {
                goes_on_after.extend(caught.clone());
            }
            catches.extend(caught);
        }
        let depth = self.handlers.len();
        self.handlers.push(Handler { catches, goes_on_after, pending: Vec::new() });
        self.heap.begin();
        let ended = self.execute(&attempt.body);
        let pending = self.handlers.pop().map(|handler| handler.pending).unwrap_or_default();
        self.handlers.truncate(depth);
        let ended = match ended {
            Err(exception) => {
                self.heap.keep();
                match self.handler_of(attempt, &exception)? {
                    Some(body) => self.handle(*exception, body),
                    None => Err(exception),
                }
            }
            Ok(flow) => match pending.into_iter().next() {
                None => {
                    self.heap.keep();
                    self.unless_ended(flow, &attempt.orelse)
                }
                Some(exception) => self.perhaps_handled(attempt, flow, exception),
            },
        };
        let after = self.execute(&attempt.finalbody)?;
        match after {
            Flow::Next => ended,
            other => Ok(other),
        }
    }

    fn unless_ended(&mut self, flow: Flow, block: &'a [Stmt]) -> Ended {
        if matches!(flow, Flow::Next) { self.execute(block) } else { Ok(flow) }
    }

    /// The body went through, but might not have: both ends are joined.
    fn perhaps_handled(&mut self, attempt: &'a StmtTry, flow: Flow, exception: Exception) -> Ended {
        let body = self.heap.take_back();
        let Some(handler) = self.handler_of(attempt, &exception)? else {
            self.heap.redo(body);
            return self.unless_ended(flow, &attempt.orelse);
        };
        self.perhaps_raised(
            &exception.clone(),
            (body, flow),
            |interp, flow| interp.unless_ended(flow, &attempt.orelse),
            |interp| interp.handle(exception, handler).map(|flow| (flow, false)),
        )
    }

    /// Joins what comes of a block, which `went_on` goes on from, with what comes of it where `exception` was raised.
    fn perhaps_raised(
        &mut self,
        exception: &Exception,
        (body, flow): (Delta, Flow),
        went_on: impl FnOnce(&mut Self, Flow) -> Ended,
        handled: impl FnOnce(&mut Self) -> Result<(Flow, bool), Box<Exception>>,
    ) -> Ended {
        // A variable that is read without a default is unset by default; a library is there by default.
        let variable = exception.variable.clone();
        let test = match &variable {
            Some(name) => self.presence_test(name, true, Pos::default()),
            None => Obj::unknown_assumed(
                "whether it raises",
                Pos::default(),
                &exception.from,
                Some(Obj::Bool(true)),
            ),
        };
        let yes = self.branch(&test, true, |interp| {
            interp.heap.redo(body);
            went_on(interp, flow).map(|flow| (flow, false))
        });
        let no = self.branch(&test, false, handled);
        if let (None, Some(name)) = (no.ended.as_ref().err(), &variable) {
            // The handler copes with its absence.
            for read in &mut self.reads {
                if read.name == *name {
                    read.fails = false;
                }
            }
        }
        self.after_branches(&test, yes, no, &[]).map(|(flow, _)| flow)
    }

    fn handle(&mut self, exception: Exception, handler: &'a ExceptHandler) -> Ended {
        let ExceptHandler::ExceptHandler(handler) = handler;
        let pos = self.pos(handler);
        let value = exception.instance.clone().unwrap_or_else(|| Obj::Exception(exception.clone().into()));
        self.handling_push(exception);
        if let Some(name) = &handler.name {
            self.bind_name(name.as_str(), value, pos);
        }
        let ended = self.execute(&handler.body);
        self.handling_pop();
        ended
    }

    /// `with suppress(...)`.
    pub(super) fn suppressing(&mut self, catches: Vec<Name>, body: &'a [Stmt]) -> Ended {
        let goes_on_after = catches.clone();
        self.handlers.push(Handler { catches: catches.clone(), goes_on_after, pending: Vec::new() });
        self.heap.begin();
        let ended = self.execute(body);
        let pending = self.handlers.pop().map(|handler| handler.pending).unwrap_or_default();
        match (ended, pending.into_iter().next()) {
            (Err(exception), _) => {
                self.heap.keep();
                let caught = exception.lineage.iter().any(|name| catches.contains(name));
                if caught { Ok(Flow::Next) } else { Err(exception) }
            }
            (Ok(flow), None) => {
                self.heap.keep();
                Ok(flow)
            }
            (Ok(flow), Some(exception)) => {
                let done = self.heap.take_back();
                let nothing = |_: &mut Self| Ok((Flow::Next, false));
                self.perhaps_raised(&exception, (done, flow), |_, flow| Ok(flow), nothing)
            }
        }
    }

    fn handler_of(
        &mut self,
        attempt: &'a StmtTry,
        exception: &Exception,
    ) -> Result<Option<&'a ExceptHandler>, Box<Exception>> {
        for handler in &attempt.handlers {
            let ExceptHandler::ExceptHandler(except) = handler;
            let names = self.caught_by(except.type_.as_deref())?;
            if names.iter().any(|name| exception.lineage.contains(name)) {
                return Ok(Some(handler));
            }
        }
        Ok(None)
    }

    fn caught_by(&mut self, class: Option<&'a Expr>) -> Result<Vec<Name>, Box<Exception>> {
        match class {
            None => Ok(vec![self.name("BaseException")]),
            Some(class) => {
                let class = self.eval(class)?;
                Ok(self.class_names(&class))
            }
        }
    }

    /// The names of a class of exceptions, or of several.
    pub(super) fn class_names(&mut self, class: &Obj) -> Vec<Name> {
        match class {
            Obj::Tuple(tuple) => {
                let classes = tuple.items.clone();
                classes.iter().flat_map(|class| self.class_names(class)).collect()
            }
            Obj::External(dotted) => {
                let name = super::raised::class_name(dotted);
                vec![self.name(&name)]
            }
            Obj::Class(class) => vec![self.own_exception(*class)],
            Obj::OneOf(alternatives) => {
                let classes = alternatives.clone();
                classes.iter().flat_map(|class| self.class_names(class)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Returns the exception that `raise value` raises.
    pub(super) fn exception_of(&mut self, value: &Obj, pos: Pos) -> Result<Exception, Box<Exception>> {
        Ok(match value {
            Obj::Exception(exception) => (**exception).clone(),
            Obj::External(class) => Exception::new(class, ""),
            Obj::Made(made) => {
                let message = made.args.first().and_then(Obj::display).unwrap_or_default();
                let mut exception = Exception::new(&made.class, message);
                exception.from.clone_from(&made.args);
                exception
            }
            Obj::Class(_) => {
                let instance = self.call(value, Vec::new(), Vec::new(), pos)?;
                return self.exception_of(&instance, pos);
            }
            Obj::Instance(instance) => {
                let class = self.instances[*instance].class;
                let lineage = self.exception_lineage(class);
                let message =
                    self.instances[*instance].args.first().and_then(Obj::display).unwrap_or_default();
                Exception { lineage, instance: Some(value.clone()), ..Exception::new("Exception", message) }
            }
            _ => Exception::new("Exception", ""),
        })
    }
}

impl Interp<'_> {
    fn handling_push(&mut self, exception: Exception) {
        let module = self.frames.last().map(|frame| frame.module);
        self.handling.push((exception, module));
    }

    fn handling_pop(&mut self) {
        self.handling.pop();
    }

    /// The exception that the innermost `except` is dealing with.
    pub(super) fn handled(&self) -> Option<Exception> {
        self.handling.last().map(|(exception, _)| exception.clone())
    }
}
