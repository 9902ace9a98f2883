//! The values that dynaconf collects: a tree in which markers wait until it is known what they change.

use super::super::Interp;
use super::super::limits;
use super::super::object::Obj;
use super::lazy::Lazy;
use super::markers;

/// Deeper than this, values are taken as they are.
const DEEPEST: u8 = 24;

/// A value that may still be merged.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Value(Obj),
    List(Vec<Node>),
    Dict(Vec<(String, Node)>),
    /// Text that is formatted once everything is loaded.
    Lazy(Lazy),
    /// `@merge …`: added to what is there.
    Merge {
        value: Box<Node>,
        unique: bool,
    },
    /// `@insert 0 …`: put into the list that is there.
    Insert {
        at: i64,
        value: Box<Node>,
    },
    /// `@del`: what is there goes.
    Delete,
}

impl Node {
    pub(super) fn str(text: impl AsRef<str>) -> Self {
        Self::Value(Obj::str(text))
    }

    /// A value of Python, its dicts and lists laid open and the markers in its texts understood.
    pub(super) fn of(interp: &mut Interp<'_>, value: &Obj) -> Self {
        Self::within(interp, value, DEEPEST)
    }

    fn within(interp: &mut Interp<'_>, value: &Obj, depth: u8) -> Self {
        let Some(depth) = depth.checked_sub(1) else { return Self::Value(value.clone()) };
        match value {
            Obj::Str(text) if text.starts_with('@') => markers::understood(text, false),
            Obj::Dict(cell) => {
                let certain = interp.heap.entries(*cell);
                let certain = certain.filter(|dict| dict.others.is_empty() && dict.fallback.is_none());
                let Some(dict) = certain else { return Self::Value(value.clone()) };
                let mut entries = Vec::with_capacity(dict.entries.len());
                for (key, value) in &dict.entries {
                    let Some(key) = key.as_str() else { return Self::Value(Obj::Dict(*cell)) };
                    entries.push((key.to_owned(), Self::within(interp, value, depth)));
                }
                Self::Dict(entries)
            }
            Obj::List(_) | Obj::Tuple(_) => match interp.sequence(value) {
                Some(items) if limits::values(items.len()) => {
                    Self::List(items.iter().map(|item| Self::within(interp, item, depth)).collect())
                }
                _ => Self::Value(value.clone()),
            },
            other => Self::Value(other.clone()),
        }
    }

    /// What a file of data holds.
    pub(super) fn of_json(json: &serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match json {
            Json::Null => Self::Value(Obj::None),
            Json::Bool(value) => Self::Value(Obj::Bool(*value)),
            Json::Number(number) => Self::Value(match number.as_i64() {
                Some(number) => Obj::Int(number),
                None => number.as_f64().map_or(Obj::None, Obj::Float),
            }),
            Json::String(text) => markers::understood(text, false),
            Json::Array(items) => Self::List(items.iter().map(Self::of_json).collect()),
            Json::Object(entries) => {
                Self::Dict(entries.iter().map(|(key, value)| (key.clone(), Self::of_json(value))).collect())
            }
        }
    }

    /// The value, with every marker that is left taken for what it holds. `lazy` formats texts.
    pub(super) fn value(
        &self,
        interp: &mut Interp<'_>,
        lazy: &mut dyn FnMut(&mut Interp<'_>, &Lazy) -> Obj,
    ) -> Obj {
        match self {
            Self::Value(value) => value.clone(),
            Self::Lazy(text) => lazy(interp, text),
            Self::List(items) => {
                let items = items.iter().filter(|item| !item.is_token());
                let items = items.map(|item| item.value(interp, lazy)).collect();
                Obj::List(interp.heap.list(items))
            }
            Self::Dict(entries) => {
                let entries = entries.iter().filter(|(key, _)| !is_token(key));
                let entries =
                    entries.map(|(key, value)| (Obj::str(key), value.value(interp, lazy))).collect();
                Obj::Dict(interp.heap.dict(entries))
            }
            Self::Merge { value, .. } => value.value(interp, lazy),
            Self::Insert { value, .. } => {
                let only = value.value(interp, lazy);
                Obj::List(interp.heap.list(vec![only]))
            }
            Self::Delete => Obj::None,
        }
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        if let Self::Value(value) = self { value.as_str() } else { None }
    }

    /// `dynaconf_merge` as an item of a list.
    pub(super) fn is_token(&self) -> bool {
        self.as_str().is_some_and(is_token)
    }

    /// Whether two values are surely the same.
    pub(super) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Value(Obj::Str(a)), Self::Value(Obj::Str(b))) => a == b,
            (Self::Value(Obj::Int(a)), Self::Value(Obj::Int(b))) => a == b,
            (Self::Value(Obj::Bool(a)), Self::Value(Obj::Bool(b))) => a == b,
            (Self::List(a), Self::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is(b)),
            _ => false,
        }
    }
}

/// A name by which a dict or list says that it is to be merged.
pub(super) fn is_token(name: &str) -> bool {
    matches!(name, "dynaconf_merge" | "dynaconf_merge_unique")
}
