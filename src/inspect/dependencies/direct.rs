//! Distributions without a lockfile: those that are stated.

use std::collections::BTreeMap;

use super::super::facts::Distribution;
use super::stated::Stated;
use crate::python::{Specifiers, Target};

/// Returns what is stated, once per name, with versions from constraints, sorted by name.
pub(super) fn from_stated(
    stated: &[Stated],
    constraints: &[Stated],
    target: Option<&Target>,
) -> Vec<Distribution> {
    let mut by_name: BTreeMap<String, Distribution> = BTreeMap::new();
    let applies = |stated: &&Stated| target.is_none_or(|target| stated.marker.holds(target, &[]));
    for one in stated.iter().filter(applies) {
        let distribution = one.clone().into_distribution();
        match by_name.get_mut(&distribution.name) {
            Some(known) => {
                // Stated twice: pip wants both, so the extras add up and a pin holds.
                known.extras.extend(distribution.extras);
                known.extras.sort();
                known.extras.dedup();
                known.version = known.version.take().or(distribution.version);
            }
            None => {
                by_name.insert(distribution.name.clone(), distribution);
            }
        }
    }
    for constraint in constraints {
        let pinned = constraint.specifiers.as_ref().and_then(Specifiers::exact);
        if let (Some(known), Some(version)) = (by_name.get_mut(&constraint.name), pinned) {
            known.version.get_or_insert(version.to_string());
        }
    }
    by_name.into_values().collect()
}
