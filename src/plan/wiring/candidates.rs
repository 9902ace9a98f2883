//! The values from which a goal's setting is made.

use super::entries;
use super::goal::Goal;
use crate::python::{Evaluation, Value};

/// Every value that stands where the goal looks, in every branch, and those of what is above it: a whole
/// dict may come from one variable.
pub(crate) fn candidates<'a>(goal: &Goal, open: &'a Evaluation) -> Vec<&'a Value> {
    found_on_the_way(goal, open).into_iter().map(|(value, _)| value).collect()
}

/// Returns the candidates, each with the keys below it that lead to where the goal looks.
pub(super) fn found_on_the_way<'a, 'g>(
    goal: &'g Goal,
    open: &'a Evaluation,
) -> Vec<(&'a Value, &'g [String])> {
    let Some((name, keys)) = goal.path.split_first() else { return Vec::new() };
    let Some(value) = open.get(name) else { return Vec::new() };
    let mut above = Vec::new();
    let mut level = vec![value];
    for (at, key) in keys.iter().enumerate() {
        let mut next = Vec::new();
        for value in level.into_iter().flat_map(Value::alternatives) {
            match value {
                Value::Dict(contents) => {
                    next.extend(value.get(key));
                    // What was laid over the dict under keys that are not known. What is stated beside
                    // `**secrets["db"]` is not looked for in the file.
                    let is_stated = value.get(key).is_some_and(|value| value.as_str().is_some());
                    let others = contents.iter().filter(|(key, other)| {
                        key.assumed().is_none() && !(is_stated && entries::is_entry(other))
                    });
                    above.extend(others.map(|(_, other)| (other, &keys[at..])));
                }
                Value::List(items) => {
                    next.extend(key.parse::<usize>().ok().and_then(|index| items.get(index)));
                }
                Value::Env(_) | Value::Unknown { .. } | Value::Text(_) => above.push((value, &keys[at..])),
                _ => {}
            }
        }
        level = next;
    }
    level.into_iter().map(|value| (value, [].as_slice())).chain(above).collect()
}
