//! The comment above an overlay's line: true sentences about the project's own files.

use crate::base::wording::and_ticked;
use crate::plan::wiring::candidates::candidates;
use crate::plan::wiring::goal::shown;
use crate::plan::wiring::{Goal, Standing, Want};
use crate::python::{Evaluation, Value};

/// The reason for a setting that cannot have one value in both stacks.
pub(in crate::plan) const ONE_STACK: &str = "right for one stack only";

/// Why the overlay sets what a goal is about, as a phrase; `None` where nothing is wrong with it. `open` are the
/// project's settings with variables as symbols: what a variable was set to for this stack stands nowhere in them.
pub(super) fn because(open: &Evaluation, goal: &Goal, standing: &Standing) -> Option<String> {
    let key = key_of(goal);
    let reason = &goal.because;
    Some(match standing {
        Standing::Met => return None,
        Standing::Missed(_) if hides(goal) => format!("written down in the project: {reason}"),
        Standing::Missed(_) if matches!(goal.want, Want::Entry { .. }) => {
            format!("not in the project's list: {reason}")
        }
        Standing::Missed(found) if found == ONE_STACK => format!("{found}: {reason}"),
        Standing::Missed(found) => {
            let variables = variables(open, goal);
            if variables.is_empty() || is_stated(open, goal, found) {
                format!("{key}`{found}` in the project: {reason}")
            } else {
                format!(
                    "{key}made of {} in the project in a way that does not fit: {reason}",
                    and_ticked(&variables)
                )
            }
        }
        Standing::Absent if candidates(goal, open).is_empty() => {
            format!("{key}not set in the project: {reason}")
        }
        Standing::Absent => format!("{key}set in some branches of the project only: {reason}"),
        Standing::Unknown => format!("{key}not readable from the project's code: {reason}"),
    })
}

/// Tells whether the value stands in the project as it is, or is what a variable comes to by default there.
fn is_stated(open: &Evaluation, goal: &Goal, found: &str) -> bool {
    let all = candidates(goal, open);
    all.iter().flat_map(|value| value.alternatives()).any(|value| shown(value) == found)
        || all.iter().filter_map(|value| value.assumed()).any(|value| shown(&value) == found)
}

/// The variables that the value is made of, in the order of appearance.
fn variables(open: &Evaluation, goal: &Goal) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for read in candidates(goal, open).into_iter().flat_map(Value::reads) {
        if !names.contains(&read.name) {
            names.push(read.name.clone());
        }
    }
    names
}

/// The key below the name, where the goal is about one; of an entry of a list, the key of the list.
fn key_of(goal: &Goal) -> String {
    let below = goal.path.get(1..).unwrap_or_default();
    let key = below.iter().rev().find(|part| part.parse::<usize>().is_err());
    key.map(|key| format!("`{key}` is ")).unwrap_or_default()
}

/// Tells whether what stands there may be a real secret.
fn hides(goal: &Goal) -> bool {
    let last = goal.path.last().map(|last| last.to_ascii_uppercase()).unwrap_or_default();
    last.contains("PASSWORD") || last.contains("SECRET")
}
