//! The way to a value inside of a setting.

use crate::python::{Evaluation, Value};

/// Returns the value at a path of a name, keys and indexes.
pub fn value_at<'a>(path: &[String], evaluation: &'a Evaluation) -> Option<&'a Value> {
    let (name, keys) = path.split_first()?;
    let setting = evaluation.get(name)?;
    keys.iter().try_fold(setting, |value, key| step(value, key))
}

/// One step into a value: a key of a dict, or an index of a list.
pub fn step<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    match value {
        Value::List(items) => items.get(key.parse::<usize>().ok()?),
        _ => value.get(key),
    }
}
