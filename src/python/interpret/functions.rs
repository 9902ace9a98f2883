//! Functions of the project: defining and entering them.

use std::rc::Rc;

use ruff_python_ast::{Expr, ExprLambda, Parameters, Stmt, StmtFunctionDef};

use super::limits;
use super::object::{Exception, Name, Obj};
use super::scope::{Frame, FrameKind};
use super::source::{Pos, Source};
use super::statements::Flow;
use super::{Interp, Outcome};

/// A function, with what it closes over.
pub(super) struct Function<'a> {
    pub(super) name: Name,
    parameters: Option<&'a Parameters>,
    body: Body<'a>,
    source: &'a Source,
    module: usize,
    enclosing: Vec<usize>,
    /// Of the positional, then the keyword-only parameters that have one, in order.
    defaults: Vec<(Name, Obj)>,
    pub(super) class: Option<usize>,
    generates: bool,
}

#[derive(Clone, Copy)]
enum Body<'a> {
    Block(&'a [Stmt]),
    Expression(&'a Expr),
}

impl Function<'_> {
    pub(super) fn label(&self) -> &str {
        &self.name
    }
}

/// Calls of the project's functions inside one another.
const MOST_FRAMES: usize = 80;

impl<'a> Interp<'a> {
    pub(super) fn define_function(&mut self, def: &'a StmtFunctionDef) -> Result<(), Box<Exception>> {
        let pos = self.pos(def);
        let generates = def.body.iter().any(|statement| yields(statement, 0));
        let mut value =
            self.function(def.name.as_str(), Some(&def.parameters), Body::Block(&def.body), generates)?;
        for decorator in def.decorator_list.iter().rev() {
            let decorator_pos = self.pos(decorator);
            let wrap = self.eval(&decorator.expression)?;
            value = self.decorate(&wrap, value, decorator_pos)?;
        }
        self.bind_name(def.name.as_str(), value, pos);
        Ok(())
    }

    fn decorate(&mut self, wrap: &Obj, value: Obj, pos: Pos) -> Outcome {
        Ok(match wrap {
            Obj::External(dotted) => match &**dotted {
                "property" | "functools.cached_property" | "django.utils.functional.cached_property" => {
                    Obj::wrapped(value, |value| Obj::Property(Rc::new(value)))
                }
                "classmethod" => Obj::wrapped(value, |value| Obj::ClassMethod(Rc::new(value))),
                "staticmethod" => Obj::wrapped(value, |value| Obj::StaticMethod(Rc::new(value))),
                // Decorators of libraries are taken not to change what a function returns.
                _ => value,
            },
            Obj::Made(made) if &*made.class == "environs.parser_for" => {
                self.call(wrap, vec![value], Vec::new(), pos)?
            }
            Obj::Method(_) | Obj::Made(_) | Obj::Unknown(_) => value,
            other => self.call(other, vec![value], Vec::new(), pos)?,
        })
    }

    pub(super) fn lambda(&mut self, lambda: &'a ExprLambda) -> Outcome {
        self.function("<lambda>", lambda.parameters.as_deref(), Body::Expression(&lambda.body), false)
    }

    fn function(
        &mut self,
        name: &str,
        parameters: Option<&'a Parameters>,
        body: Body<'a>,
        generates: bool,
    ) -> Outcome {
        let mut defaults = Vec::new();
        if let Some(parameters) = parameters {
            let with_default =
                parameters.posonlyargs.iter().chain(&parameters.args).chain(&parameters.kwonlyargs);
            for parameter in with_default {
                if let Some(default) = &parameter.default {
                    let value = self.eval(default)?;
                    defaults.push((self.name(parameter.parameter.name.as_str()), value));
                }
            }
        }
        let name = self.name(name);
        let Some(frame) = self.frames.last() else { return Ok(Obj::None) };
        let mut enclosing = frame.enclosing.clone();
        if frame.kind == FrameKind::Function {
            enclosing.insert(0, frame.locals);
        } else if frame.kind == FrameKind::Module && frame.locals != self.modules[frame.module].space {
            // Inside a comprehension.
            enclosing.insert(0, frame.locals);
        }
        let class = if frame.kind == FrameKind::Class { frame.class } else { None };
        let (source, module) = (frame.source, frame.module);
        self.functions.push(Function {
            name,
            parameters,
            body,
            source,
            module,
            enclosing,
            defaults,
            class,
            generates,
        });
        limits::values(10);
        Ok(Obj::Function(self.functions.len() - 1))
    }

    /// Calls anything.
    pub(super) fn call(
        &mut self,
        callee: &Obj,
        args: Vec<Obj>,
        kwargs: Vec<(Name, Obj)>,
        pos: Pos,
    ) -> Outcome {
        if !self.step() {
            return Ok(Obj::unknown("too much to evaluate", pos, &[]));
        }
        let called = self.deeper(|interp| interp.call_inner(callee, args, kwargs, pos));
        called.unwrap_or_else(|| Ok(Obj::unknown("nested too deeply", pos, &[])))
    }

    fn call_inner(
        &mut self,
        callee: &Obj,
        mut args: Vec<Obj>,
        kwargs: Vec<(Name, Obj)>,
        pos: Pos,
    ) -> Outcome {
        match callee {
            Obj::Function(function) => self.enter_function(*function, args, kwargs, None, pos),
            Obj::Bound(bound) => match &bound.0 {
                Obj::Function(function) => {
                    args.insert(0, bound.1.clone());
                    self.enter_function(*function, args, kwargs, Some(bound.1.clone()), pos)
                }
                other => {
                    args.insert(0, bound.1.clone());
                    self.call(other, args, kwargs, pos)
                }
            },
            Obj::StaticMethod(function) | Obj::ClassMethod(function) => {
                self.call(&function.clone(), args, kwargs, pos)
            }
            Obj::Class(class) => self.instantiate(*class, args, kwargs, pos),
            Obj::Instance(instance) => match self.find_special(*instance, "__call__") {
                Some(method) => self.call(&Obj::bound(method, callee.clone()), args, kwargs, pos),
                None => self.call_external_instance(*instance, args, kwargs, pos),
            },
            Obj::External(dotted) => self.call_external(&dotted.clone(), None, args, kwargs, pos),
            Obj::Method(method) => {
                let (receiver, name) = (method.0.clone(), method.1.clone());
                self.call_method(&receiver, &name, args, kwargs, pos)
            }
            Obj::Made(made) => {
                let class = format!("{}()", made.class);
                self.call_external(&class, Some(callee.clone()), args, kwargs, pos)
            }
            Obj::Path(path) => {
                // `environ.Path`: calling it joins.
                let mut parts = vec![Obj::Path(path.clone())];
                parts.append(&mut args);
                Ok(self.join_paths(&parts, pos))
            }
            Obj::OneOf(alternatives) => {
                let mut values = Vec::new();
                for alternative in alternatives.iter().filter(|one| !matches!(one, Obj::None)) {
                    values.push(self.call(alternative, args.clone(), kwargs.clone(), pos)?);
                }
                Ok(self.heap.one_of(values))
            }
            other => {
                args.push(other.clone());
                args.extend(kwargs.into_iter().map(|(_, value)| value));
                Ok(Obj::unknown("the result of calling something that is not known", pos, &args))
            }
        }
    }

    fn enter_function(
        &mut self,
        number: usize,
        args: Vec<Obj>,
        kwargs: Vec<(Name, Obj)>,
        receiver: Option<Obj>,
        pos: Pos,
    ) -> Outcome {
        if self.frames.len() >= MOST_FRAMES {
            return Ok(Obj::unknown("too many calls inside one another", pos, &args));
        }
        let texts = args.iter().chain(kwargs.iter().map(|(_, value)| value));
        if args.len() + kwargs.len() > 16 {
            limits::values(args.len() + kwargs.len());
        }
        let texts: Vec<Name> = texts
            .filter_map(|arg| if let Obj::Str(text) = arg { Some(text.clone()) } else { None })
            .collect();
        let receiver = receiver.or_else(|| args.first().cloned());
        let locals = self.heap.space();
        self.bind_parameters(number, locals, args, kwargs, pos);
        let function = &self.functions[number];
        let body = function.body;
        let generates = function.generates;
        let frame = Frame {
            source: function.source,
            module: function.module,
            locals,
            enclosing: function.enclosing.clone(),
            kind: FrameKind::Function,
            elsewhere: Vec::new(),
            class: function.class,
            receiver,
            call: pos,
            texts,
            returned: Vec::new(),
            yielded: generates.then(Vec::new),
        };
        self.frames.push(frame);
        let ended = match body {
            Body::Block(block) => self.execute(block),
            Body::Expression(expression) => self.eval(expression).map(Flow::Return),
        };
        let frame = self.frames.pop();
        let last = match ended? {
            Flow::Return(value) => value,
            _ => Obj::None,
        };
        let Some(frame) = frame else { return Ok(last) };
        if let Some(items) = frame.yielded {
            return Ok(Obj::List(self.heap.list(items)));
        }
        let mut values = frame.returned;
        values.push(last);
        Ok(self.heap.one_of(values))
    }

    fn bind_parameters(
        &mut self,
        number: usize,
        locals: usize,
        args: Vec<Obj>,
        mut kwargs: Vec<(Name, Obj)>,
        pos: Pos,
    ) {
        let Some(parameters) = self.functions[number].parameters else { return };
        // Each is looked for among those given by name and among the defaults.
        let named = kwargs.len() + self.functions[number].defaults.len();
        limits::work((parameters.args.len() + parameters.kwonlyargs.len() + 1) * (named + 1) / 16);
        let mut args = args.into_iter();
        for parameter in parameters.posonlyargs.iter().chain(&parameters.args) {
            let name = self.name(parameter.parameter.name.as_str());
            let given = args.next().or_else(|| take(&mut kwargs, &name));
            let value = given.or_else(|| self.default_of(number, &name));
            let value = value.unwrap_or_else(|| Obj::unknown(format!("`{name}` is not given"), pos, &[]));
            self.heap.bind(locals, &name, value, pos);
        }
        if let Some(rest) = &parameters.vararg {
            let name = self.name(rest.name.as_str());
            let value = Obj::tuple(args.collect());
            self.heap.bind(locals, &name, value, pos);
        }
        for parameter in &parameters.kwonlyargs {
            let name = self.name(parameter.parameter.name.as_str());
            let value = take(&mut kwargs, &name).or_else(|| self.default_of(number, &name));
            let value = value.unwrap_or_else(|| Obj::unknown(format!("`{name}` is not given"), pos, &[]));
            self.heap.bind(locals, &name, value, pos);
        }
        if let Some(rest) = &parameters.kwarg {
            let name = self.name(rest.name.as_str());
            let entries = kwargs.into_iter().map(|(name, value)| (Obj::Str(name), value)).collect();
            let value = Obj::Dict(self.heap.dict(entries));
            self.heap.bind(locals, &name, value, pos);
        }
    }

    fn default_of(&self, number: usize, name: &str) -> Option<Obj> {
        let defaults = &self.functions[number].defaults;
        defaults.iter().find(|(other, _)| &**other == name).map(|(_, value)| value.clone())
    }
}

/// Takes the keyword argument `name`.
pub(super) fn take(kwargs: &mut Vec<(Name, Obj)>, name: &str) -> Option<Obj> {
    let at = kwargs.iter().position(|(other, _)| &**other == name)?;
    Some(kwargs.remove(at).1)
}

/// Tells whether a statement of a function makes it a generator.
fn yields(statement: &Stmt, depth: u32) -> bool {
    if depth > 50 {
        return false;
    }
    let any = |block: &[Stmt]| block.iter().any(|statement| yields(statement, depth + 1));
    match statement {
        Stmt::Expr(expression) => matches!(&*expression.value, Expr::Yield(_) | Expr::YieldFrom(_)),
        Stmt::Assign(assign) => matches!(&*assign.value, Expr::Yield(_) | Expr::YieldFrom(_)),
        Stmt::For(each) => any(&each.body) || any(&each.orelse),
        Stmt::While(repeat) => any(&repeat.body),
        Stmt::If(chosen) => {
            any(&chosen.body) || chosen.elif_else_clauses.iter().any(|clause| any(&clause.body))
        }
        Stmt::With(with) => any(&with.body),
        Stmt::Try(attempt) => any(&attempt.body) || any(&attempt.finalbody),
        _ => false,
    }
}
