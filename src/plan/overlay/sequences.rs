//! Assignments to entries of lists and tuples. A tuple cannot be changed in place, and how the project wrote a sequence
//! may change: the whole of it is set anew, with the project's own entries where they do.

use crate::plan::wiring::goal::setting;
use crate::plan::wiring::steps::step;
use crate::python::{Evaluation, Value};

/// A place in the settings, and the Python that it is set to.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// The name, then keys and indexes.
    pub path: Vec<String>,
    pub right: String,
}

/// Returns the assignments, none of them to an entry of a sequence, in the order of the first of each.
pub(super) fn joined(evaluation: &Evaluation, targets: Vec<Target>) -> Vec<(Vec<String>, String)> {
    let mut found: Vec<(Vec<String>, String)> = Vec::new();
    let (entries, plain): (Vec<Target>, Vec<Target>) =
        targets.into_iter().partition(|target| target.path.last().is_some_and(|last| is_index(last)));
    found.extend(plain.into_iter().map(|target| (target.path, target.right)));
    for target in &entries {
        let owner = owner(&target.path);
        if !found.iter().any(|(path, _)| path == owner) {
            found.push((owner.to_vec(), whole(evaluation, owner, &entries)));
        }
    }
    found
}

/// The path up to the outermost of the sequences that the last part is in: the part of a dict, or the setting.
fn owner(path: &[String]) -> &[String] {
    let mut end = path.len();
    while end > 1 && is_index(&path[end - 1]) {
        end -= 1;
    }
    &path[..end]
}

/// A list of what each entry of the sequence at `path` is to be.
fn whole(evaluation: &Evaluation, path: &[String], targets: &[Target]) -> String {
    let below = targets.iter().filter(|target| target.path.starts_with(path));
    let most =
        below.filter_map(|target| target.path.get(path.len())?.parse::<usize>().ok()).max().unwrap_or(0);
    let count = value_at(evaluation, path).and_then(Value::items).map_or(0, <[Value]>::len).max(most + 1);
    let entry = |index: usize| {
        let path = [path, &[index.to_string()]].concat();
        match targets.iter().find(|target| target.path == path) {
            Some(target) => target.right.clone(),
            None if targets.iter().any(|target| target.path.starts_with(&path)) => {
                whole(evaluation, &path, targets)
            }
            None => setting(&path),
        }
    };
    format!("[{}]", (0..count).map(entry).collect::<Vec<_>>().join(", "))
}

fn value_at<'a>(evaluation: &'a Evaluation, path: &[String]) -> Option<&'a Value> {
    let (name, keys) = path.split_first()?;
    keys.iter().try_fold(evaluation.get(name)?, |value, key| step(value, key))
}

fn is_index(part: &str) -> bool {
    part.parse::<usize>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Place;
    use crate::python::Setting;
    use crate::python::evaluation::Presence;

    fn evaluation(value: Value) -> Evaluation {
        let setting = Setting { value, place: Place::line("settings.py", 1), presence: Presence::Always };
        Evaluation { settings: [("S".to_owned(), setting)].into(), ..Evaluation::default() }
    }

    fn target(path: &[&str], right: &str) -> Target {
        Target { path: path.iter().map(|part| (*part).to_owned()).collect(), right: right.to_owned() }
    }

    fn lines(value: Value, targets: &[(&[&str], &str)]) -> Vec<String> {
        let targets = targets.iter().map(|(path, right)| target(path, right)).collect();
        joined(&evaluation(value), targets)
            .into_iter()
            .map(|(path, right)| format!("{} = {right}", setting(&path)))
            .collect()
    }

    fn list(items: &[&str]) -> Value {
        Value::List(items.iter().map(|item| Value::Str((*item).to_owned())).collect())
    }

    #[test]
    fn an_entry_is_never_assigned_to_and_the_others_stay_the_projects_own() {
        assert_eq!(lines(list(&["a", "b"]), &[(&["S", "0"], "X")]), ["S = [X, S[1]]"]);
        let hosts = Value::Dict(vec![(Value::Str("hosts".into()), list(&["a"]))]);
        assert_eq!(lines(hosts, &[(&["S", "hosts", "0"], "X")]), ["S[\"hosts\"] = [X]"]);
    }

    #[test]
    fn a_pair_in_a_list_is_replaced_with_the_list() {
        let pairs = Value::List(vec![list(&["a", "1"]), list(&["b", "2"])]);
        assert_eq!(lines(pairs, &[(&["S", "1", "0"], "X")]), ["S = [S[0], [X, S[1][1]]]"]);
    }

    #[test]
    fn a_key_of_a_dict_in_a_tuple_is_assigned_to() {
        let rows = Value::List(vec![Value::Dict(vec![(Value::Str("HOST".into()), Value::None)])]);
        assert_eq!(lines(rows, &[(&["S", "0", "HOST"], "X")]), ["S[0][\"HOST\"] = X"]);
    }
}
