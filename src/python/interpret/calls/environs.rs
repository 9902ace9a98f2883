//! environs.

use std::rc::Rc;

use super::super::environment::Reading;
use super::super::object::{MadeObj, Name, Obj};
use super::super::source::Pos;
use super::super::{Interp, Outcome};
use super::{Call, Row};
use crate::python::value::Cast;

pub(super) const ROWS: &[Row] = &[
    ("environs.Env()", |interp, call| typed(interp, call, "str")),
    ("environs.Env().read_env", read_env),
    ("environs.Env.read_env", read_env),
    ("environs.Env().prefixed", |_, call| {
        Ok(Obj::made("environs.Env().prefixed", call.args, Vec::new(), call.pos))
    }),
    ("environs.Env().seal", |_, _| Ok(Obj::None)),
    ("environs.Env().parser_for", |_, call| {
        Ok(Obj::made("environs.parser_for", call.args, Vec::new(), call.pos))
    }),
    ("environs.parser_for()", |interp, call| {
        let name = call.made().and_then(|made| made.args.first().cloned());
        if let Some(Obj::Str(name)) = name {
            interp.environ.insert(interp_key(&name), call.first());
        }
        Ok(call.first())
    }),
    ("environs.Env().add_parser", |interp, call| {
        if let (Obj::Str(name), Some(parser)) = (call.first(), call.args.get(1)) {
            interp.environ.insert(interp_key(&name), parser.clone());
        }
        Ok(Obj::None)
    }),
];

/// The name under which the interpreter keeps the stack of prefixes of `env.prefixed(...)`.
const PREFIX: &str = "environs prefix";

/// Under what name a parser of the project is kept among the interpreter's names.
fn interp_key(method: &str) -> Name {
    Name::from(format!("environs parser {method}"))
}

/// `env.hosts("X")`, where the project has a parser `hosts`.
fn parsed(interp: &mut Interp<'_>, call: &Call, parser: &Obj) -> Outcome {
    let name = call.arg(0, "name").unwrap_or(Obj::None);
    let default = call.arg(1, "default").filter(|default| !matches!(default, Obj::None));
    let exception = if call.arg(1, "default").is_some() { None } else { Some("environs.EnvError") };
    let name = prefixed(interp, call, name);
    let value = interp.read(&name, Reading { default, cast: Cast::Str, exception }, call.pos)?;
    interp.call(parser, vec![value], Vec::new(), call.pos)
}

/// `env.int("X", 3)`: the second argument is the default, as it is.
pub(super) fn typed(interp: &mut Interp<'_>, call: Call, method: &str) -> Outcome {
    let cast = match method {
        "str" | "__call__" | "url" => Cast::Str,
        "enum" | "date" | "datetime" | "time" | "uuid" | "log_level" | "decimal" | "timedelta" => {
            Cast::Other(method.to_owned())
        }
        "bool" => Cast::Bool,
        "int" => Cast::Int,
        "float" => Cast::Float,
        "list" => {
            let delimiter = call.kwarg("delimiter").and_then(|text| text.as_str().map(str::to_owned));
            Cast::List(delimiter.unwrap_or_else(|| ",".to_owned()))
        }
        "dict" => Cast::Dict,
        "json" => Cast::Json,
        "path" => Cast::Path,
        "dj_db_url" => Cast::DatabaseUrl,
        "dj_email_url" => Cast::EmailUrl,
        "dj_cache_url" => Cast::CacheUrl,
        _ => {
            return match interp.environ.get(&interp_key(method)).cloned() {
                Some(parser) => parsed(interp, &call, &parser),
                None => Ok(Obj::unknown(format!("the result of `env.{method}()`"), call.pos, &call.parts())),
            };
        }
    };
    let name = call.arg(0, "name").unwrap_or(Obj::None);
    let name = prefixed(interp, &call, name);
    let default = call.arg(1, "default");
    let none = matches!(default, Some(Obj::None));
    let default = match default.filter(|default| !matches!(default, Obj::None)) {
        Some(default) if super::super::urls::is_url(&cast) || matches!(cast, Cast::Path) => {
            Some(interp.cast(&default, &cast, call.pos)?)
        }
        other => other,
    };
    let exception = if none { None } else { Some("environs.EnvError") };
    let value = interp.read(&name, Reading { default, cast, exception }, call.pos)?;
    match method {
        "url" => Ok(Obj::made("urllib.parse.urlparse", vec![value], Vec::new(), call.pos)),
        "list" => super::environ::cast_items(interp, &value, call.kwarg("subcast"), call.pos),
        "dict" => cast_values(
            interp,
            &value,
            call.kwarg("subcast_values").or_else(|| call.kwarg("subcast")),
            call.pos,
        ),
        _ => Ok(value),
    }
}

/// `env.dict("X", subcast_values=int)`.
fn cast_values(interp: &mut Interp<'_>, value: &Obj, cast: Option<Obj>, pos: Pos) -> Outcome {
    let (Obj::Dict(cell), Some(cast)) = (value, cast) else { return Ok(value.clone()) };
    let cast = super::environ::cast_of(interp, &cast);
    let Some(dict) = interp.heap.entries(*cell).filter(|_| !matches!(cast, Cast::Other(_))) else {
        return Ok(value.clone());
    };
    let mut entries = Vec::with_capacity(dict.entries.len());
    for (key, value) in &dict.entries {
        entries.push((key.clone(), interp.cast(value, &cast, pos)?));
    }
    Ok(Obj::Dict(interp.heap.dict(entries)))
}

/// With the prefix of the reader, and of what encloses the call.
fn prefixed(interp: &mut Interp<'_>, call: &Call, name: Obj) -> Obj {
    let own = call.made().and_then(|made| {
        made.kwargs.iter().find(|(key, _)| &**key == "prefix").map(|(_, value)| value.clone())
    });
    let around = interp.environ.get(PREFIX).cloned();
    let parts: Vec<Obj> = own.into_iter().chain(around).filter(|part| matches!(part, Obj::Str(_))).collect();
    if parts.is_empty() { name } else { interp.text_of(parts.into_iter().chain([name]).collect()) }
}

fn read_env(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let path =
        call.arg(0, "path").filter(|path| !matches!(path, Obj::None)).unwrap_or_else(|| Obj::str(".env"));
    interp.load_variables(&path, matches!(call.kwarg("override"), Some(Obj::Bool(true))), call.pos);
    Ok(Obj::None)
}

impl Interp<'_> {
    /// Enters `with env.prefixed("X_")`.
    pub(in crate::python::interpret) fn push_prefix(&mut self, made: &Rc<MadeObj>) -> bool {
        let Some(Obj::Str(added)) = made.args.first() else { return false };
        let before = self.environ.get(PREFIX).and_then(Obj::as_str).unwrap_or("").to_owned();
        let (now, stack) = (format!("{before}{added}"), format!("{PREFIX} {}", self.prefix_depth()));
        let (key, outer) = (self.name(PREFIX), self.name(&stack));
        self.environ.insert(outer, Obj::str(before));
        self.environ.insert(key, Obj::str(now));
        true
    }

    pub(in crate::python::interpret) fn pop_prefix(&mut self) {
        let Some(depth) = self.prefix_depth().checked_sub(1) else { return };
        let before = self.environ.remove(format!("{PREFIX} {depth}").as_str());
        let key = self.name(PREFIX);
        match before {
            Some(before) => self.environ.insert(key, before),
            None => self.environ.remove(&key),
        };
    }

    fn prefix_depth(&self) -> usize {
        (0..20).take_while(|depth| self.environ.contains_key(format!("{PREFIX} {depth}").as_str())).count()
    }
}
