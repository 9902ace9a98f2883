//! The values that dynaconf collects: a tree in which markers wait until it is known what they change.

use super::super::Interp;
use super::super::object::Obj;
use crate::python::value::Cast;

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

/// Text that dynaconf formats once everything is loaded.
#[derive(Clone, Debug)]
pub(super) struct Lazy {
    pub(super) how: How,
    pub(super) text: String,
    pub(super) cast: Option<Cast>,
}

/// The marker before such a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Format,
    Jinja,
    Get,
    ReadFile,
}

impl Node {
    pub(super) fn str(text: impl AsRef<str>) -> Self {
        Self::Value(Obj::str(text))
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

    /// Tells whether two values are surely the same.
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
