//! Conversions of a variable's text by its readers.

use std::rc::Rc;

use super::object::{EnvObj, Exception, Obj};
use super::source::Pos;
use super::truths::is_true;
use super::urls;
use super::{Interp, Outcome};
use crate::python::value::Cast;

impl Interp<'_> {
    /// Casts a value; one that is not known keeps what it depends on.
    pub(super) fn cast(&mut self, value: &Obj, cast: &Cast, pos: Pos) -> Outcome {
        if *cast == Cast::Str && !matches!(value, Obj::Int(_) | Obj::Float(_) | Obj::Bool(_)) {
            return Ok(value.clone());
        }
        match value {
            Obj::Env(env) if matches!(env.cast, Cast::Str | Cast::Path) => {
                let default = match &env.default {
                    Some(default) => self.cast_assumed(default, cast, pos),
                    None => None,
                };
                if let (Cast::Int | Cast::Float, None) = (cast, &default) {
                    let text = env.default.as_ref().map(Obj::assumed);
                    let class = match text {
                        None => Some("TypeError"),
                        Some(Some(Obj::Str(_))) => Some("ValueError"),
                        Some(_) => None,
                    };
                    if let Some(class) = class {
                        let error = Exception::new(class, "a number was expected");
                        self.may_fail_unset(&env.clone(), error, pos);
                    }
                }
                if let Some(row) = self.reads.get_mut(env.read)
                    && row.name == env.name
                    && row.cast == Cast::Str
                {
                    row.cast = cast.clone();
                }
                Ok(Obj::Env(Rc::new(EnvObj { cast: cast.clone(), default, ..(**env).clone() })))
            }
            Obj::Env(env) if env.cast == *cast => Ok(value.clone()),
            Obj::OneOf(alternatives) => {
                let mut values = Vec::new();
                for alternative in alternatives.iter() {
                    values.push(self.cast(alternative, cast, pos)?);
                }
                Ok(self.heap.one_of(values))
            }
            Obj::Text(_) if urls::is_url(cast) => Ok(self
                .url(value, cast)
                .unwrap_or_else(|| Obj::unknown("a URL", pos, std::slice::from_ref(value)))),
            Obj::Env(_)
            | Obj::Secret(_)
            | Obj::Unknown(_)
            | Obj::Text(_)
            | Obj::External(_)
            | Obj::Made(_) => {
                let assumed = value.assumed().and_then(|value| self.cast_assumed(&value, cast, pos));
                let assumed = assumed.filter(Obj::is_known);
                Ok(Obj::unknown_assumed(
                    "a value that is converted",
                    pos,
                    std::slice::from_ref(value),
                    assumed,
                ))
            }
            known => match self.cast_known(known, cast) {
                Some(done) => Ok(done),
                None => {
                    let message = format!("cannot convert {}", known.display().unwrap_or_default());
                    let class = if matches!(known, Obj::None) { "TypeError" } else { "ValueError" };
                    let exception = Exception { from: vec![known.clone()], ..Exception::new(class, message) };
                    self.raise(exception, pos)
                }
            },
        }
    }

    /// Casts what a variable is by default, where that works.
    pub(super) fn cast_assumed(&mut self, value: &Obj, cast: &Cast, pos: Pos) -> Option<Obj> {
        if value.is_known() {
            self.cast_known(value, cast)
        } else {
            self.quietly(|interp| interp.cast(value, cast, pos))
        }
    }

    fn cast_known(&mut self, value: &Obj, cast: &Cast) -> Option<Obj> {
        match cast {
            Cast::Str if matches!(value, Obj::Path(_)) => Some(value.clone()),
            Cast::Str => value.display().map(Obj::str),
            Cast::Bool => Some(Obj::Bool(match value {
                Obj::Str(text) => is_true(text),
                other => self.truth(other)?,
            })),
            Cast::Int => match value {
                Obj::Str(text) => text.trim().replace('_', "").parse().ok().map(Obj::Int),
                Obj::Bool(value) => Some(Obj::Int(i64::from(*value))),
                #[expect(clippy::cast_possible_truncation, reason = "as Python's int() does")]
                Obj::Float(number) => Some(Obj::Int(*number as i64)),
                Obj::Int(_) => Some(value.clone()),
                _ => None,
            },
            Cast::Float => match value {
                Obj::Str(text) => text.trim().parse().ok().map(Obj::Float),
                #[expect(clippy::cast_precision_loss, reason = "as Python's float() does")]
                Obj::Int(number) => Some(Obj::Float(*number as f64)),
                Obj::Float(_) => Some(value.clone()),
                _ => None,
            },
            Cast::List(separator) => match value {
                Obj::Str(text) => {
                    let inner = text.trim_matches(|letter| "[](){}".contains(letter));
                    let separator = if separator.is_empty() { "," } else { separator };
                    let items = inner.split(separator).map(str::trim).filter(|item| !item.is_empty());
                    let items = items.map(Obj::str).collect();
                    Some(Obj::List(self.heap.list(items)))
                }
                Obj::List(_) | Obj::Tuple(_) | Obj::Set(_) => Some(value.clone()),
                Obj::None => Some(Obj::None),
                _ => None,
            },
            Cast::Dict => match value {
                Obj::Str(text) => {
                    let pairs = text.split(',').filter_map(|pair| pair.split_once('='));
                    let entries =
                        pairs.map(|(key, value)| (Obj::str(key.trim()), Obj::str(value.trim()))).collect();
                    Some(Obj::Dict(self.heap.dict(entries)))
                }
                Obj::Dict(_) => Some(value.clone()),
                _ => None,
            },
            Cast::Json => match value {
                Obj::Str(text) => serde_json::from_str(text).ok().map(|json| self.object_of_json(&json)),
                Obj::List(_) | Obj::Dict(_) | Obj::Int(_) | Obj::Bool(_) => Some(value.clone()),
                _ => None,
            },
            Cast::Path => match value {
                Obj::Str(_) => Some(self.join_paths(std::slice::from_ref(value), Pos::default())),
                Obj::Path(_) => Some(value.clone()),
                _ => None,
            },
            Cast::DatabaseUrl | Cast::CacheUrl | Cast::EmailUrl | Cast::SearchUrl => match value {
                Obj::Str(_) => self.url(value, cast),
                Obj::Dict(_) => Some(value.clone()),
                _ => None,
            },
            Cast::Other(_) => None,
        }
    }

    pub(super) fn object_of_json(&mut self, json: &serde_json::Value) -> Obj {
        match json {
            serde_json::Value::Null => Obj::None,
            serde_json::Value::Bool(value) => Obj::Bool(*value),
            serde_json::Value::Number(number) => match number.as_i64() {
                Some(number) => Obj::Int(number),
                None => number.as_f64().map_or(Obj::None, Obj::Float),
            },
            serde_json::Value::String(text) => Obj::str(text),
            serde_json::Value::Array(items) => {
                let items = items.iter().map(|item| self.object_of_json(item)).collect();
                Obj::List(self.heap.list(items))
            }
            serde_json::Value::Object(entries) => {
                let entries =
                    entries.iter().map(|(key, value)| (Obj::str(key), self.object_of_json(value))).collect();
                Obj::Dict(self.heap.dict(entries))
            }
        }
    }
}
