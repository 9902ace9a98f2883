//! Frames, and how names are looked up and bound.

use std::rc::Rc;

use ruff_python_ast::Expr;
use ruff_text_size::Ranged;

use super::heap::Binding;
use super::limits;
use super::object::{Exception, Name, Obj};
use super::source::{Pos, Source};
use super::{Interp, Outcome};
use crate::python::evaluation::World;

/// The code that is being executed: a module, a function or the body of a class.
pub(super) struct Frame<'a> {
    pub(super) source: &'a Source,
    pub(super) module: usize,
    pub(super) locals: usize,
    /// Scopes of the functions around this one, the innermost first.
    pub(super) enclosing: Vec<usize>,
    pub(super) kind: FrameKind,
    /// Names that `global` or `nonlocal` sends to another scope.
    pub(super) elsewhere: Vec<(Name, usize)>,
    /// The class in which the function was defined, and its first argument: what `super()` needs.
    pub(super) class: Option<usize>,
    pub(super) receiver: Option<Obj>,
    /// The position of the call, and the texts among its arguments.
    pub(super) call: Pos,
    pub(super) texts: Vec<Name>,
    /// The values that branches returned while others went on.
    pub(super) returned: Vec<Obj>,
    pub(super) yielded: Option<Vec<Obj>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FrameKind {
    Module,
    Function,
    Class,
}

impl<'a> Interp<'a> {
    pub(super) fn frame(&self) -> Option<&Frame<'a>> {
        self.frames.last()
    }

    pub(super) fn pos(&self, node: &impl Ranged) -> Pos {
        self.frames.last().map_or_else(Pos::default, |frame| frame.source.pos(node))
    }

    /// The scope of the module whose code is being executed.
    pub(super) fn globals(&self) -> Option<usize> {
        self.frames.last().map(|frame| self.modules[frame.module].space)
    }

    pub(super) fn look_up(&mut self, name: &str, pos: Pos) -> Outcome {
        if let Some(binding) = self.find_binding(name) {
            return Ok(binding.value.clone());
        }
        match name {
            "__name__" => {
                let module = self.frames.last().map(|frame| frame.module);
                return Ok(module.map_or(Obj::None, |module| Obj::str(&self.modules[module].dotted)));
            }
            "__file__" => {
                let module = self.frames.last().map(|frame| frame.module);
                return Ok(module.and_then(|module| self.modules[module].file()).unwrap_or(Obj::None));
            }
            _ => {}
        }
        if is_builtin(name) {
            return Ok(Obj::External(self.name(name)));
        }
        if self.catches("NameError") {
            return self.raise(Exception::new("NameError", format!("name '{name}' is not defined")), pos);
        }
        Ok(Obj::unknown(format!("`{name}` is not defined in what was read"), pos, &[]))
    }

    pub(super) fn find_binding(&self, name: &str) -> Option<&Binding> {
        let frame = self.frames.last()?;
        limits::work((frame.elsewhere.len() + frame.enclosing.len()) / 8);
        if let Some((_, space)) = frame.elsewhere.iter().find(|(other, _)| &**other == name) {
            return self.heap.get(*space, name);
        }
        self.heap
            .get(frame.locals, name)
            .or_else(|| frame.enclosing.iter().find_map(|space| self.heap.get(*space, name)))
            .or_else(|| self.heap.get(self.modules[frame.module].space, name))
    }

    pub(super) fn bind_name(&mut self, name: &str, value: Obj, pos: Pos) {
        let Some(frame) = self.frames.last() else { return };
        let space = frame
            .elsewhere
            .iter()
            .find(|(other, _)| &**other == name)
            .map_or(frame.locals, |(_, space)| *space);
        if name == "DEBUG" {
            self.note_debug(&value);
        }
        let name = self.name(name);
        self.heap.bind(space, &name, value, pos);
    }

    /// Remembers what is `DEBUG`, for tests that ask about it.
    pub(super) fn note_debug(&mut self, value: &Obj) {
        if let World::Target { .. } = self.request.world
            && self.debugs.len() < 20
            && self.truth(value).is_none()
        {
            self.debugs.push(value.clone());
        }
    }

    /// Tells whether something is `DEBUG` where the target decides it, and what it decides.
    pub(super) fn debug_of_target(&self, value: &Obj) -> Option<bool> {
        let World::Target { debug, .. } = self.request.world else { return None };
        let same = |other: &Obj| match (value, other) {
            (Obj::Env(a), Obj::Env(b)) => Rc::ptr_eq(a, b),
            (Obj::Unknown(a), Obj::Unknown(b)) => Rc::ptr_eq(a, b),
            (Obj::OneOf(a), Obj::OneOf(b)) => Rc::ptr_eq(a, b),
            _ => false,
        };
        self.debugs.iter().any(same).then_some(debug)
    }

    /// Binds a target of an assignment: a name, attribute, subscript, or several.
    pub(super) fn assign(&mut self, target: &'a Expr, value: Obj, pos: Pos) -> Result<(), Box<Exception>> {
        match target {
            Expr::Name(name) => {
                self.bind_name(&name.id, value, pos);
                Ok(())
            }
            Expr::Attribute(attribute) => {
                let owner = self.eval(&attribute.value)?;
                self.set_attribute(&owner, &attribute.attr, value, pos)
            }
            Expr::Subscript(subscript) => {
                let owner = self.eval(&subscript.value)?;
                if let Expr::Slice(slice) = subscript.slice.as_ref() {
                    return self.set_slice(&owner, slice, &value, pos);
                }
                let key = self.eval(&subscript.slice)?;
                if let Some(laid_open) = self.laid_open(&owner, &key, pos)? {
                    // The engine is the project's, whatever the URL says of the rest.
                    self.set_item(&laid_open, &key, value, pos)?;
                    return self.assign(&subscript.value, laid_open, pos);
                }
                self.set_item(&owner, &key, value, pos)
            }
            Expr::Tuple(tuple) => self.assign_several(&tuple.elts, &value, pos),
            Expr::List(list) => self.assign_several(&list.elts, &value, pos),
            Expr::Starred(starred) => self.assign(&starred.value, value, pos),
            _ => Ok(()),
        }
    }

    fn assign_several(&mut self, targets: &'a [Expr], value: &Obj, pos: Pos) -> Result<(), Box<Exception>> {
        let Some(items) = self.sequence(value) else {
            for target in targets {
                self.assign(
                    target,
                    Obj::unknown("one of several values", pos, std::slice::from_ref(value)),
                    pos,
                )?;
            }
            return Ok(());
        };
        let star = targets.iter().position(Expr::is_starred_expr);
        let after = star.map_or(0, |at| targets.len() - at - 1);
        let enough =
            if star.is_some() { items.len() >= targets.len() - 1 } else { items.len() == targets.len() };
        if !enough {
            let problem = Exception::new("ValueError", "not as many values to unpack as names");
            self.raise(problem, pos)?;
            for target in targets {
                self.assign(
                    target,
                    Obj::unknown("not enough values", pos, std::slice::from_ref(value)),
                    pos,
                )?;
            }
            return Ok(());
        }
        for (at, target) in targets.iter().enumerate() {
            let item = match star {
                Some(star) if at == star => {
                    let middle = items[star..items.len() - after].to_vec();
                    Obj::List(self.heap.list(middle))
                }
                Some(star) if at > star => items[items.len() - (targets.len() - at)].clone(),
                _ => items[at].clone(),
            };
            self.assign(target, item, pos)?;
        }
        Ok(())
    }
}

fn is_builtin(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "abs",
        "all",
        "any",
        "bool",
        "bytes",
        "callable",
        "chr",
        "bytearray",
        "classmethod",
        "compile",
        "long",
        "raw_input",
        "reload",
        "xrange",
        "BlockingIOError",
        "BrokenPipeError",
        "ChildProcessError",
        "ConnectionAbortedError",
        "ConnectionError",
        "ConnectionRefusedError",
        "ConnectionResetError",
        "FileExistsError",
        "FloatingPointError",
        "GeneratorExit",
        "ImportWarning",
        "IndentationError",
        "InterruptedError",
        "ProcessLookupError",
        "TabError",
        "TimeoutError",
        "UnicodeEncodeError",
        "UnicodeTranslateError",
        "WindowsError",
        "dict",
        "dir",
        "divmod",
        "enumerate",
        "eval",
        "exec",
        "execfile",
        "exit",
        "filter",
        "float",
        "format",
        "frozenset",
        "getattr",
        "globals",
        "hasattr",
        "hash",
        "id",
        "input",
        "int",
        "isinstance",
        "issubclass",
        "iter",
        "len",
        "list",
        "locals",
        "map",
        "max",
        "min",
        "next",
        "object",
        "open",
        "ord",
        "pow",
        "print",
        "property",
        "quit",
        "range",
        "repr",
        "reversed",
        "round",
        "set",
        "setattr",
        "delattr",
        "slice",
        "sorted",
        "staticmethod",
        "str",
        "sum",
        "super",
        "tuple",
        "type",
        "unicode",
        "basestring",
        "vars",
        "zip",
        "__import__",
        "ArithmeticError",
        "AssertionError",
        "AttributeError",
        "BaseException",
        "EnvironmentError",
        "EOFError",
        "Exception",
        "FileNotFoundError",
        "ImportError",
        "IndexError",
        "IOError",
        "IsADirectoryError",
        "KeyError",
        "KeyboardInterrupt",
        "LookupError",
        "ModuleNotFoundError",
        "NameError",
        "NotADirectoryError",
        "NotImplementedError",
        "OSError",
        "OverflowError",
        "PermissionError",
        "RecursionError",
        "RuntimeError",
        "RuntimeWarning",
        "DeprecationWarning",
        "UserWarning",
        "Warning",
        "FutureWarning",
        "StopIteration",
        "SyntaxError",
        "SystemExit",
        "TypeError",
        "UnboundLocalError",
        "UnicodeDecodeError",
        "UnicodeError",
        "ValueError",
        "ZeroDivisionError",
    ];
    NAMES.contains(&name)
}
