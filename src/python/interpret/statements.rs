//! Statements, one after the other.

use ruff_python_ast::{Expr, Operator, Stmt, StmtAssert, StmtAugAssign, StmtRaise, StmtWith};

use super::Interp;
use super::object::{Exception, Obj};
use super::scope::FrameKind;
use super::source::Pos;

/// How a statement or block ended.
#[derive(Clone, Debug)]
pub(super) enum Flow {
    Next,
    Return(Obj),
    Break,
    Continue,
}

pub(super) type Ended = Result<Flow, Box<Exception>>;

impl<'a> Interp<'a> {
    pub(super) fn execute(&mut self, block: &'a [Stmt]) -> Ended {
        for (at, statement) in block.iter().enumerate() {
            if !self.step() {
                return Ok(Flow::Next);
            }
            let rest = &block[at + 1..];
            let ended = self.deeper(|interp| interp.statement(statement, rest));
            match ended {
                None => return Ok(Flow::Next),
                Some(Ok((Flow::Next, false))) => {}
                Some(Ok((flow, _))) => return Ok(flow),
                Some(Err(exception)) => return Err(exception),
            }
        }
        Ok(Flow::Next)
    }

    /// Executes a statement; also says whether the statements after it were executed with it.
    fn statement(&mut self, statement: &'a Stmt, rest: &'a [Stmt]) -> Result<(Flow, bool), Box<Exception>> {
        if let Stmt::If(chosen) = statement {
            return self.if_statement(chosen, rest);
        }
        if let Stmt::Match(chosen) = statement {
            return self.match_statement(chosen, rest);
        }
        self.simple(statement).map(|flow| (flow, false))
    }

    fn simple(&mut self, statement: &'a Stmt) -> Ended {
        let pos = self.pos(statement);
        match statement {
            Stmt::Expr(expression) => {
                self.eval(&expression.value)?;
            }
            Stmt::Assign(assign) => {
                let before = self.deciders.so_far();
                let value = self.eval(&assign.value)?;
                for target in &assign.targets {
                    self.note_assigned(target, &assign.value, before);
                    self.assign(target, value.clone(), pos)?;
                }
            }
            Stmt::AnnAssign(assign) => {
                if let Expr::Name(name) = assign.target.as_ref() {
                    self.note_annotation(&name.id, &assign.annotation);
                }
                if let Some(expression) = &assign.value {
                    let before = self.deciders.so_far();
                    let value = self.eval(expression)?;
                    self.note_assigned(&assign.target, expression, before);
                    self.assign(&assign.target, value, pos)?;
                }
            }
            Stmt::AugAssign(assign) => self.augmented(assign, pos)?,
            Stmt::Import(import) => self.import_statement(import)?,
            Stmt::ImportFrom(import) => self.import_from(import)?,
            Stmt::FunctionDef(function) => self.define_function(function)?,
            Stmt::ClassDef(class) => self.define_class(class)?,
            Stmt::Return(back) => {
                let value = back.value.as_ref().map_or(Ok(Obj::None), |value| self.eval(value))?;
                return Ok(Flow::Return(value));
            }
            Stmt::Raise(raise) => return self.raise_statement(raise, pos),
            Stmt::Assert(assert) => self.assert_statement(assert, pos)?,
            Stmt::For(each) => return self.for_statement(each),
            Stmt::While(repeat) => return self.while_statement(repeat),
            Stmt::Try(attempt) => return self.try_statement(attempt),
            Stmt::With(with) => return self.with_statement(with),
            Stmt::Delete(delete) => {
                for target in &delete.targets {
                    self.delete(target, pos)?;
                }
            }
            Stmt::Global(global) => {
                let Some(space) = self.globals() else { return Ok(Flow::Next) };
                self.send_elsewhere(global.names.iter().map(|name| (name.as_str(), space)).collect());
            }
            Stmt::Nonlocal(nonlocal) => {
                let Some(frame) = self.frame() else { return Ok(Flow::Next) };
                let found = nonlocal.names.iter().filter_map(|name| {
                    let holds = |space: &&usize| self.heap.get(**space, name.as_str()).is_some();
                    Some((name.as_str(), *frame.enclosing.iter().find(holds)?))
                });
                let found = found.collect();
                self.send_elsewhere(found);
            }
            Stmt::Break(_) => return Ok(Flow::Break),
            Stmt::Continue(_) => return Ok(Flow::Continue),
            Stmt::If(_) | Stmt::Match(_) | Stmt::Pass(_) | Stmt::TypeAlias(_) | Stmt::IpyEscapeCommand(_) => {
            }
        }
        Ok(Flow::Next)
    }

    fn send_elsewhere(&mut self, names: Vec<(&str, usize)>) {
        for (name, space) in names {
            let name = self.name(name);
            if let Some(frame) = self.frames.last_mut()
                && frame.kind != FrameKind::Module
                && !frame.elsewhere.contains(&(name.clone(), space))
            {
                frame.elsewhere.push((name, space));
            }
        }
    }

    fn augmented(&mut self, assign: &'a StmtAugAssign, pos: Pos) -> Result<(), Box<Exception>> {
        let target = assign.target.as_ref();
        let met = self.deciders.so_far();
        let before = self.eval(target)?;
        let value = self.eval(&assign.value)?;
        self.note_assigned(target, &assign.value, met);
        // Lists, sets and dicts are changed in place: other names for the same object see it.
        match (&before, assign.op) {
            (Obj::List(list), Operator::Add) => {
                self.extend_list(*list, &value, pos);
                return self.assign(target, before, pos);
            }
            (Obj::Dict(_) | Obj::Set(_), Operator::BitOr) => {
                self.update(&before, &value, pos)?;
                return self.assign(target, before, pos);
            }
            _ => {}
        }
        let after = self.binary(assign.op, &before, &value, pos)?;
        self.assign(target, after, pos)
    }

    fn raise_statement(&mut self, raise: &'a StmtRaise, pos: Pos) -> Ended {
        let mut exception = match &raise.exc {
            None => match self.handled() {
                Some(exception) => exception,
                None => Exception::new("RuntimeError", "nothing to raise again"),
            },
            Some(raised) => {
                let value = self.eval(raised)?;
                self.exception_of(&value, pos)?
            }
        };
        // `except KeyError: raise ImproperlyConfigured(…)`: what was missing is what is asked for.
        if exception.variable.is_none() {
            exception.variable = self.handled().and_then(|handled| handled.variable);
        }
        if exception.from.is_empty() {
            exception.from = self.tests.iter().flatten().cloned().collect();
        }
        let value = self.raise(exception, pos)?;
        // It stops the import; what follows is read as if it did not. A function gives nothing known.
        let in_function = self.frame().is_some_and(|frame| frame.kind == FrameKind::Function);
        Ok(if in_function { Flow::Return(value) } else { Flow::Next })
    }

    fn assert_statement(&mut self, assert: &'a StmtAssert, pos: Pos) -> Result<(), Box<Exception>> {
        let test = self.eval(&assert.test)?;
        if self.truth(&test) == Some(false) {
            let message = match &assert.msg {
                Some(message) => self.eval(message)?.display(),
                None => None,
            };
            let mut exception = Exception::new("AssertionError", message.unwrap_or_default());
            exception.from = vec![test];
            self.raise(exception, pos)?;
        } else if let Some((name, true)) = super::branches::presence(&test) {
            self.must_be_set(&name);
        }
        Ok(())
    }

    fn delete(&mut self, target: &'a Expr, pos: Pos) -> Result<(), Box<Exception>> {
        match target {
            Expr::Name(name) => {
                if let Some(frame) = self.frames.last() {
                    let (space, name) = (frame.locals, self.name(&name.id));
                    self.heap.unbind(space, &name);
                }
            }
            Expr::Subscript(subscript) => {
                let owner = self.eval(&subscript.value)?;
                if let Expr::Slice(slice) = subscript.slice.as_ref() {
                    return self.set_slice(&owner, slice, &Obj::tuple(Vec::new()), pos);
                }
                let key = self.eval(&subscript.slice)?;
                self.delete_item(&owner, &key, pos)?;
            }
            Expr::Attribute(attribute) => {
                if let Obj::Instance(instance) = self.eval(&attribute.value)? {
                    let (space, name) = (self.instances[instance].space, self.name(&attribute.attr));
                    self.heap.unbind(space, &name);
                }
            }
            Expr::Tuple(tuple) => {
                for target in &tuple.elts {
                    self.delete(target, pos)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn with_statement(&mut self, with: &'a StmtWith) -> Ended {
        let mut suppressed = Vec::new();
        let mut prefixes = 0;
        for item in &with.items {
            let pos = self.pos(&item.context_expr);
            let context = self.eval(&item.context_expr)?;
            if let Obj::Made(made) = &context {
                match &*made.class {
                    "contextlib.suppress" => {
                        for class in &made.args {
                            suppressed.extend(self.class_names(class));
                        }
                    }
                    "environs.Env().prefixed" => {
                        prefixes += usize::from(self.push_prefix(made));
                    }
                    _ => {}
                }
            }
            let entered = self.enter(&context, pos)?;
            if let Some(target) = &item.optional_vars {
                self.assign(target, entered, pos)?;
            }
        }
        let ended = if suppressed.is_empty() {
            self.execute(&with.body)
        } else {
            self.suppressing(suppressed, &with.body)
        };
        for _ in 0..prefixes {
            self.pop_prefix();
        }
        ended
    }

    /// `__enter__`.
    fn enter(&mut self, context: &Obj, pos: Pos) -> super::Outcome {
        if let Obj::Instance(_) = context
            && let Some(enter) = self.find_attribute(context, "__enter__", pos)?
        {
            return self.call(&enter, Vec::new(), Vec::new(), pos);
        }
        Ok(context.clone())
    }
}
