//! `@int 42`, `@merge a,b`, `@format {this.HOST}`: what dynaconf makes of a text that begins with a marker.

use super::super::object::Obj;
use super::super::truths::is_true;
use super::super::{Interp, limits};
use super::tree::{How, Lazy, Node};
use crate::python::value::Cast;

/// Markers that one text begins with.
const MOST_MARKERS: usize = 6;

/// Deeper than this, values are taken as they are.
const DEEPEST: u8 = 24;

/// Returns the node that a text stands for. If `typed`, text without a marker is a literal of TOML if it can be: so are the
/// values of variables read.
pub(super) fn understood(text: &str, typed: bool) -> Node {
    // Markers of markers go no deeper than anybody writes them.
    let markers = text.split(' ').take_while(|word| word.starts_with('@')).take(MOST_MARKERS + 1).count();
    if markers > MOST_MARKERS {
        return Node::str(text);
    }
    let (marker, rest) = text.split_once(' ').unwrap_or((text, ""));
    let Some(name) = marker.strip_prefix('@') else { return plain(text, typed) };
    // `@int @format {…}`: the inner one first.
    if let Some(inner) = formatted(rest.trim_start(), &[name]) {
        return inner;
    }
    match name {
        "format" | "jinja" | "get" | "read_file" => match formatted(text, &[]) {
            Some(lazy) => lazy,
            None => plain(text, typed),
        },
        "merge" => Node::Merge { value: Box::new(mergeable(rest)), unique: false },
        "merge_unique" => Node::Merge { value: Box::new(mergeable(rest)), unique: true },
        "reset" => understood(rest, true),
        "del" => Node::Delete,
        "insert" => inserted(rest),
        "none" | "null" | "note" | "comment" => Node::Value(Obj::None),
        "str" => Node::str(rest),
        "int" => rest.trim().parse().map_or_else(|_| Node::str(text), |number| Node::Value(Obj::Int(number))),
        "float" => {
            rest.trim().parse().map_or_else(|_| Node::str(text), |number| Node::Value(Obj::Float(number)))
        }
        "bool" => Node::Value(Obj::Bool(is_true(rest) || rest.trim().eq_ignore_ascii_case("enabled"))),
        "json" => json(rest).unwrap_or_else(|| Node::str(rest)),
        "upper" => Node::str(rest.to_uppercase()),
        "lower" | "casefold" => Node::str(rest.to_lowercase()),
        "strip" => Node::str(rest.trim()),
        "split" => Node::List(rest.split_whitespace().map(Node::str).collect()),
        _ => plain(text, typed),
    }
}

fn formatted(text: &str, casts: &[&str]) -> Option<Node> {
    let (marker, rest) = text.split_once(' ')?;
    let how = match marker {
        "@format" => How::Format,
        "@jinja" => How::Jinja,
        "@get" => How::Get,
        "@read_file" => How::ReadFile,
        _ => return None,
    };
    let cast = casts.first().map(|cast| match *cast {
        "int" => Cast::Int,
        "float" => Cast::Float,
        "bool" => Cast::Bool,
        "json" => Cast::Json,
        "str" => Cast::Str,
        other => Cast::Other(other.to_owned()),
    });
    Some(Node::Lazy(Lazy { how, text: rest.trim().to_owned(), cast }))
}

fn plain(text: &str, typed: bool) -> Node {
    if !typed {
        return Node::str(text);
    }
    let known = match text.trim() {
        "True" => "true",
        "False" => "false",
        _ => text,
    };
    let table = toml::from_str::<toml::Table>(&format!("key={known}")).ok();
    // A line break and another key would be more than a value.
    let value = table.filter(|table| table.len() == 1).and_then(|mut table| table.remove("key"));
    match value.and_then(|value| serde_json::to_value(value).ok()) {
        Some(json) => Node::of_json(&json),
        None => Node::str(text),
    }
}

fn json(text: &str) -> Option<Node> {
    let python =
        || text.replace('\'', "\"").replace("True", "true").replace("False", "false").replace("None", "null");
    let parsed = serde_json::from_str(text).or_else(|_| serde_json::from_str(&python())).ok()?;
    Some(Node::of_json(&parsed))
}

/// The value after `@merge`: a list, a dict, `a=1,b=2`, `a,b`, or one item.
fn mergeable(text: &str) -> Node {
    match understood(text, true) {
        Node::Value(Obj::Str(text)) => {
            if let Some(json) = json(&text) {
                return json;
            }
            if text.contains('=') {
                let pairs = text.split(',').filter_map(|pair| pair.split_once('='));
                let value = |value: &str| understood(value.trim().trim_matches(['"', '\'']), true);
                return Node::Dict(pairs.map(|(key, text)| (key.trim().to_owned(), value(text))).collect());
            }
            Node::List(text.split(',').map(|item| understood(item, true)).collect())
        }
        one @ Node::Value(_) => Node::List(vec![one]),
        several => several,
    }
}

fn inserted(text: &str) -> Node {
    let text = text.trim();
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let (at, value) = match first.parse() {
        Ok(at) if !rest.is_empty() => (at, rest),
        _ => (0, text),
    };
    let value = value.trim_matches(['"', '\'']);
    let value = if value.starts_with("@insert") { Node::str(value) } else { understood(value, true) };
    Node::Insert { at, value: Box::new(value) }
}

impl Node {
    /// A value of Python, its dicts and lists laid open and the markers in its texts understood.
    pub(super) fn of(interp: &mut Interp<'_>, value: &Obj) -> Self {
        Self::within(interp, value, DEEPEST)
    }

    fn within(interp: &mut Interp<'_>, value: &Obj, depth: u8) -> Self {
        let Some(depth) = depth.checked_sub(1) else { return Self::Value(value.clone()) };
        match value {
            Obj::Str(text) if text.starts_with('@') => understood(text, false),
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

    /// Returns the node of a value in a file of data.
    pub(super) fn of_json(json: &serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match json {
            Json::Null => Self::Value(Obj::None),
            Json::Bool(value) => Self::Value(Obj::Bool(*value)),
            Json::Number(number) => Self::Value(match number.as_i64() {
                Some(number) => Obj::Int(number),
                None => number.as_f64().map_or(Obj::None, Obj::Float),
            }),
            Json::String(text) => understood(text, false),
            Json::Array(items) => Self::List(items.iter().map(Self::of_json).collect()),
            Json::Object(entries) => {
                Self::Dict(entries.iter().map(|(key, value)| (key.clone(), Self::of_json(value))).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(format!("{:?}", understood(text, true)), expected, "{text}");
    }

    #[test]
    fn a_variable_is_a_literal_of_toml_where_it_can_be() {
        check("42", "Value(Int(42))");
        check("False", "Value(Bool(false))");
        check("['a', 1]", "List([Value(Str(\"a\")), Value(Int(1))])");
        check("{a=1}", "Dict([(\"a\", Value(Int(1)))])");
        check("on", "Value(Str(\"on\"))");
        check("1\nb=2", "Value(Str(\"1\\nb=2\"))");
    }

    #[test]
    fn a_marker_decides_otherwise() {
        check("@str 42", "Value(Str(\"42\"))");
        check("@bool on", "Value(Bool(true))");
        check("@none", "Value(None)");
        check("@del", "Delete");
        check("@json {\"a\": [1]}", "Dict([(\"a\", List([Value(Int(1))]))])");
        check("@merge a,b", "Merge { value: List([Value(Str(\"a\")), Value(Str(\"b\"))]), unique: false }");
        check("@merge a=1", "Merge { value: Dict([(\"a\", Value(Int(1)))]), unique: false }");
        check("@insert 0 a", "Insert { at: 0, value: Value(Str(\"a\")) }");
        check("@daily", "Value(Str(\"@daily\"))");
    }

    #[test]
    fn markers_without_end_are_text() {
        let text = format!("{}1", "@reset ".repeat(100_000));
        assert!(matches!(understood(&text, true), Node::Value(Obj::Str(_))));
        assert!(matches!(understood(&"@insert 0 ".repeat(100_000), true), Node::Insert { .. }));
    }
}
