//! Methods of built-in objects: text, lists, dicts, sets, paths.

mod lists;
mod texts;

use super::object::{Exception, Name, Obj};
use super::source::Pos;
use super::{Interp, Outcome};
use crate::python::evaluation::World;
use crate::python::value::Cast;

/// Names that are methods of text, lists, dicts or files: on something unknown they are called, not read.
pub(super) fn is_method(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "append",
        "as_posix",
        "capitalize",
        "clear",
        "copy",
        "count",
        "decode",
        "encode",
        "endswith",
        "exists",
        "extend",
        "format",
        "get",
        "get_secret_value",
        "index",
        "insert",
        "is_dir",
        "is_file",
        "isdigit",
        "items",
        "join",
        "joinpath",
        "keys",
        "lower",
        "lstrip",
        "open",
        "pop",
        "read",
        "read_bytes",
        "read_text",
        "remove",
        "replace",
        "resolve",
        "rsplit",
        "rstrip",
        "setdefault",
        "sort",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "title",
        "update",
        "upper",
        "values",
    ];
    NAMES.contains(&name)
}

/// Methods of dicts and lists that no text has.
fn is_of_tables(name: &str) -> bool {
    ["append", "extend", "items", "keys", "setdefault", "update", "values"].contains(&name)
}

/// Tells whether an argument says how a file is opened: `"rb"`.
fn is_mode(argument: &Obj) -> bool {
    argument.as_str().is_some_and(|mode| !mode.is_empty() && mode.chars().all(|one| "rwxabt+".contains(one)))
}

impl Interp<'_> {
    pub(super) fn call_method(
        &mut self,
        receiver: &Obj,
        name: &str,
        args: Vec<Obj>,
        kwargs: Vec<(Name, Obj)>,
        pos: Pos,
    ) -> Outcome {
        match receiver {
            Obj::OneOf(alternatives) => {
                let mut values = Vec::new();
                for alternative in alternatives.iter().filter(|one| !matches!(one, Obj::None)) {
                    values.push(self.call_method(alternative, name, args.clone(), kwargs.clone(), pos)?);
                }
                Ok(self.heap.one_of(values))
            }
            Obj::List(cell) => self.list_method(*cell, name, args, &kwargs, pos),
            Obj::Set(_) => self.set_method(receiver, name, &args, pos),
            Obj::Tuple(_) => self.tuple_method(receiver, name, &args, pos),
            Obj::Dict(cell) => self.dict_method(receiver, *cell, name, args, &kwargs, pos),
            Obj::Names(space) => self.names_method(receiver, *space, name, &args, &kwargs, pos),
            Obj::Str(_) if self.is_closed() && is_of_tables(name) => self.no_method("str", name, pos),
            Obj::Str(_) => self.text_method(receiver, name, args, &kwargs, pos),
            Obj::Path(path) => {
                let path = path.clone();
                self.path_method(&path, name, args, &kwargs, pos)
            }
            Obj::Env(_) | Obj::Text(_) | Obj::Secret(_) | Obj::Unknown(_) => {
                self.unknown_method(receiver, name, args, &kwargs, pos)
            }
            Obj::Made(made) => {
                let dotted = format!("{}().{name}", made.class);
                self.call_external(&dotted, Some(receiver.clone()), args, kwargs, pos)
            }
            Obj::Instance(instance) => self.instance_method(*instance, name, args, kwargs, pos),
            Obj::Class(class) => self.class_method(*class, name, args, kwargs, pos),
            Obj::External(dotted) => {
                let dotted = format!("{dotted}.{name}");
                self.call_external(&dotted, None, args, kwargs, pos)
            }
            // A variable that is not set, in a world where that is known.
            Obj::None if self.is_closed() && is_method(name) => self.no_method("NoneType", name, pos),
            // What a file holds is of another type than the settings take it for.
            Obj::Bool(_) if self.is_closed() && is_method(name) => self.no_method("bool", name, pos),
            Obj::Int(_) if self.is_closed() && is_method(name) => self.no_method("int", name, pos),
            other => {
                self.note_method_outside(other, name, &args, &kwargs, pos);
                let secret = super::calls::secret_of(other).map(str::to_owned);
                let why = secret.unwrap_or_else(|| format!("the result of `.{name}()`"));
                let mut parts = args;
                parts.push(other.clone());
                Ok(Obj::unknown(why, pos, &parts))
            }
        }
    }

    fn is_closed(&self) -> bool {
        matches!(self.request.world, World::Closed { .. })
    }

    fn no_method(&mut self, class: &str, name: &str, pos: Pos) -> Outcome {
        let message = format!("'{class}' object has no attribute '{name}'");
        self.raise(Exception::new("AttributeError", message), pos)
    }

    /// A method of something that depends on the environment.
    fn unknown_method(
        &mut self,
        receiver: &Obj,
        name: &str,
        args: Vec<Obj>,
        kwargs: &[(Name, Obj)],
        pos: Pos,
    ) -> Outcome {
        match (receiver, name) {
            (Obj::Env(env), "split") if env.cast == Cast::Str => {
                let separator = args.first().and_then(Obj::as_str).unwrap_or(" ").to_owned();
                let default = env.default.clone();
                let Obj::Env(made) = self.cast(receiver, &Cast::List(separator.clone()), pos)? else {
                    return Ok(receiver.clone());
                };
                // A plain split keeps what a reader's list drops.
                let default = match default {
                    Some(default) if default.is_known() => {
                        Some(self.call_method(&default, "split", args, Vec::new(), pos)?)
                    }
                    _ => made.default.clone(),
                };
                return Ok(Obj::Env(std::rc::Rc::new(super::object::EnvObj { default, ..(*made).clone() })));
            }
            (Obj::Env(_), "get_secret_value" | "unicode_string") => return Ok(receiver.clone()),
            (Obj::Env(env), "strip" | "rstrip" | "lstrip" | "decode" | "encode") => {
                let default = match &env.default {
                    Some(default) => {
                        Some(self.call_method(&default.clone(), name, args, kwargs.to_vec(), pos)?)
                    }
                    None => None,
                };
                return Ok(Obj::Env(std::rc::Rc::new(super::object::EnvObj { default, ..(**env).clone() })));
            }
            (Obj::Secret(_), "strip" | "rstrip" | "lstrip" | "decode" | "encode" | "read") => {
                return Ok(receiver.clone());
            }
            (Obj::Secret(secret), "get") if !args.is_empty() => {
                self.note_optional(receiver, &args[0]);
                return Ok(self.secret_item(&secret.clone(), &args[0], pos));
            }
            (Obj::Secret(secret), "items" | "keys" | "values" | "copy") => self.note_table(&secret.clone()),
            (Obj::Env(_) | Obj::Text(_) | Obj::Unknown(_), "read_text" | "read_bytes") => {
                return self.read_file(receiver, pos);
            }
            // What has more to open than itself is no path: `storage.open("a.txt")`.
            (Obj::Env(_) | Obj::Text(_) | Obj::Unknown(_), "open") if args.first().is_none_or(is_mode) => {
                let all = std::iter::once(receiver.clone()).chain(args).collect();
                return self.call_external("open", None, all, kwargs.to_vec(), pos);
            }
            (Obj::Secret(_) | Obj::Text(_), "split") => {}
            _ => {}
        }
        let nothing_to_assume = receiver.is_known() && args.iter().all(Obj::is_known);
        let assumed = receiver.assumed().filter(|assumed| assumed.is_known() && !nothing_to_assume);
        let known: Option<Vec<Obj>> = args.iter().map(Obj::assumed).collect();
        let assumed = match (assumed, known) {
            (Some(receiver), Some(args)) => {
                let kwargs = kwargs.to_vec();
                self.quietly(|interp| interp.call_method(&receiver, name, args, kwargs, pos))
            }
            _ => None,
        };
        let mut parts = vec![receiver.clone()];
        parts.extend(args);
        let assumed = assumed.filter(Obj::is_known);
        let asks = matches!(name, "startswith" | "endswith");
        let assumed = assumed.or_else(|| asks.then_some(Obj::Bool(false)));
        Ok(Obj::unknown_assumed(format!("the result of `.{name}()`"), pos, &parts, assumed))
    }

    fn names_method(
        &mut self,
        receiver: &Obj,
        space: usize,
        name: &str,
        args: &[Obj],
        kwargs: &[(Name, Obj)],
        pos: Pos,
    ) -> Outcome {
        match name {
            "update" => {
                for other in args {
                    self.update(receiver, other, pos)?;
                }
                for (name, value) in kwargs {
                    self.heap.bind(space, name, value.clone(), pos);
                }
                Ok(Obj::None)
            }
            "get" | "setdefault" | "pop" => {
                let default = args.get(1).cloned().unwrap_or(Obj::None);
                let Some(Obj::Str(key)) = args.first() else {
                    return Ok(Obj::unknown("a name that is not known", pos, args));
                };
                match self.heap.get(space, key) {
                    Some(binding) => Ok(binding.value.clone()),
                    None => {
                        if name == "setdefault" {
                            let key = key.clone();
                            self.heap.bind(space, &key, default.clone(), pos);
                        }
                        Ok(default)
                    }
                }
            }
            "items" | "keys" | "values" | "copy" => {
                let mut entries: Vec<_> = self
                    .heap
                    .names(space)
                    .iter()
                    .map(|(name, binding)| (binding.at, name.clone(), binding.value.clone()))
                    .collect();
                entries.sort_by_key(|(at, _, _)| *at);
                let entries: Vec<(Obj, Obj)> =
                    entries.into_iter().map(|(_, name, value)| (Obj::Str(name), value)).collect();
                if name == "copy" {
                    return Ok(Obj::Dict(self.heap.dict(entries)));
                }
                let items = entries
                    .into_iter()
                    .map(|(key, value)| match name {
                        "items" => Obj::tuple(vec![key, value]),
                        "keys" => key,
                        _ => value,
                    })
                    .collect();
                Ok(Obj::List(self.heap.list(items)))
            }
            _ => Ok(Obj::unknown(format!("the result of `.{name}()`"), pos, args)),
        }
    }
}
