//! Setting a key: nested ones by their parts, and added to what is there where that is asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::super::object::Obj;
use super::super::source::Pos;
use super::tree::{Node, is_token};

/// Keys inside of keys beyond this are left out.
const DEEPEST: usize = 24;

/// The collected values, by upper-case name.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    pub(super) values: BTreeMap<String, Node>,
    /// The position that set each key last, of keys that are not the module's own.
    pub(super) set_by: BTreeMap<String, Pos>,
    /// Keys whose value asks to be added to what there is, and there was nothing: a module may have something.
    pub(super) merging: BTreeSet<String>,
    /// `merge_enabled`: dicts and lists are added to, not replaced.
    pub(super) always_merges: bool,
}

impl Store {
    /// `settings.set(key, value)`: `DATABASES__default__NAME` is an entry of an entry.
    pub(super) fn set(&mut self, key: &str, value: Node, merge: Option<bool>, pos: Pos) {
        let dotted = key.trim().replace("__", ".");
        let mut parts = dotted.split('.').filter(|part| !part.is_empty()).take(DEEPEST);
        let Some(first) = parts.next() else { return };
        let (first, rest): (String, Vec<&str>) = (first.to_uppercase(), parts.collect());
        self.set_by.insert(first.clone(), pos);
        if rest.is_empty() {
            self.set_top(first, value, merge);
        } else {
            let top = self.values.entry(first).or_insert_with(|| Node::Dict(Vec::new()));
            set_below(top, &rest, value);
        }
    }

    fn set_top(&mut self, key: String, value: Node, merge: Option<bool>) {
        let existing = self.values.get(&key);
        if existing.is_none() && matches!(asked(&value), Some((true, _))) {
            self.merging.insert(key.clone());
        }
        match settled(existing, value, merge.unwrap_or(self.always_merges)) {
            Some(value) => self.values.insert(key, value),
            None => self.values.remove(&key),
        };
    }

    pub(super) fn get(&self, path: &str) -> Option<&Node> {
        let mut parts = path.split('.');
        let mut node = self.values.get(&parts.next()?.to_uppercase())?;
        for part in parts {
            let Node::Dict(entries) = node else { return None };
            node = entries.iter().find(|(key, _)| key.eq_ignore_ascii_case(part)).map(|(_, value)| value)?;
        }
        Some(node)
    }
}

fn set_below(node: &mut Node, path: &[&str], value: Node) {
    let Some((first, rest)) = path.split_first() else { return };
    if !matches!(node, Node::Dict(_)) {
        *node = Node::Dict(Vec::new());
    }
    let Node::Dict(entries) = node else { return };
    let at = entries.iter().position(|(key, _)| key.eq_ignore_ascii_case(first));
    if rest.is_empty() {
        let existing = at.map(|at| &entries[at].1);
        match (settled(existing, value, false), at) {
            (Some(value), Some(at)) => entries[at].1 = value,
            (Some(value), None) => entries.push(((*first).to_owned(), value)),
            (None, Some(at)) => {
                entries.remove(at);
            }
            (None, None) => {}
        }
        return;
    }
    let at = at.unwrap_or_else(|| {
        entries.push(((*first).to_owned(), Node::Dict(Vec::new())));
        entries.len() - 1
    });
    set_below(&mut entries[at].1, rest, value);
}

/// Returns the value of a key after `value` is set over `existing`; `None` if the key goes.
fn settled(existing: Option<&Node>, value: Node, merge: bool) -> Option<Node> {
    Some(match (value, existing) {
        (Node::Delete, _) => return None,
        (Node::Merge { value, unique }, Some(existing)) => merged(existing, *value, unique),
        (Node::Merge { value, .. }, None) => *value,
        (Node::Insert { at, value }, Some(Node::List(items))) => {
            let mut items = items.clone();
            let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
            let at = if at < 0 { (length + at).max(0) } else { at.min(length) };
            items.insert(usize::try_from(at).unwrap_or(0), *value);
            Node::List(items)
        }
        (Node::Insert { value, .. }, _) => Node::List(vec![*value]),
        (value, Some(existing)) => match asked(&value) {
            Some((true, unique)) => merged(existing, without_tokens(value), unique),
            Some((false, _)) => without_tokens(value),
            None if merge => merged(existing, value, false),
            None => value,
        },
        (value, None) => without_tokens(value),
    })
}

/// Tells whether a dict or list says itself that it is to be merged, and with what is not there yet only.
fn asked(value: &Node) -> Option<(bool, bool)> {
    match value {
        Node::List(items) => {
            let token = items.iter().find_map(|item| item.as_str().filter(|text| is_token(text)))?;
            Some((true, token.ends_with("unique")))
        }
        Node::Dict(entries) => {
            let (key, value) = entries.iter().find(|(key, _)| is_token(key))?;
            Some((!matches!(value, Node::Value(Obj::Bool(false) | Obj::None)), key.ends_with("unique")))
        }
        _ => None,
    }
}

fn without_tokens(value: Node) -> Node {
    match value {
        Node::List(items) => Node::List(items.into_iter().filter(|item| !item.is_token()).collect()),
        Node::Dict(mut entries) => {
            // `dynaconf_merge = [...]` alone holds what is merged.
            if let [(key, Node::List(_) | Node::Dict(_))] = entries.as_slice()
                && is_token(key)
            {
                return entries.remove(0).1;
            }
            Node::Dict(entries.into_iter().filter(|(key, _)| !is_token(key)).collect())
        }
        other => other,
    }
}

/// The new value with what the old one has besides: lists one after the other, dicts entry by entry.
pub(super) fn merged(old: &Node, new: Node, unique: bool) -> Node {
    match (old, new) {
        (Node::List(old), Node::List(new)) => {
            let mut all: Vec<Node> = old
                .iter()
                .filter(|item| !unique || !new.iter().any(|other| other.is(item)))
                .cloned()
                .collect();
            all.extend(new);
            Node::List(all)
        }
        (Node::Dict(old), Node::Dict(new)) => {
            let mut all = old.clone();
            for (key, value) in new {
                if is_token(&key) {
                    continue;
                }
                let at = all.iter().position(|(other, _)| other.eq_ignore_ascii_case(&key));
                match at {
                    Some(at) => match settled(Some(&all[at].1), value, true) {
                        Some(value) => all[at].1 = value,
                        None => {
                            all.remove(at);
                        }
                    },
                    None => all.extend(settled(None, value, false).map(|value| (key, value))),
                }
            }
            Node::Dict(all)
        }
        (_, new) => new,
    }
}
