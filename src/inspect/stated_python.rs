//! Statements of the project about the Python that it runs on.

use crate::base::Place;
use crate::knowledge::pythons;
use crate::python::{Minor, Specifiers};

/// A place that says which Python the project runs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedPython {
    /// A PEP 440 specifier: `>=3.10,<4`, `==3.12.*`.
    pub specifier: String,
    pub place: Place,
    /// A phrase: "`requires-python` of the project".
    pub reason: String,
    pub strength: Strength,
}

/// How a place speaks of Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Which versions the project works with.
    Range,
    /// Which version it is run on.
    Exact,
    /// Which versions it was tried with: CI, the header of compiled requirements.
    Weak,
}

/// Returns the statement that the project runs on exactly this version; `None` where `text` is no version.
pub(super) fn exact(text: &str, place: Place, reason: &str) -> Option<StatedPython> {
    let specifiers = Specifiers::parse(text.trim()).filter(|all| !all.is_any())?;
    Some(StatedPython {
        specifier: specifiers.to_string(),
        place,
        reason: reason.to_owned(),
        strength: Strength::Exact,
    })
}

/// The version for evaluating markers, before Django is known.
pub fn provisional(stated: &[StatedPython]) -> Minor {
    let mut allowed: Vec<Minor> = pythons::releases().iter().map(|release| release.version).collect();
    for one in in_order(stated) {
        if let Some(specifiers) = Specifiers::parse(&one.specifier) {
            let fitting: Vec<Minor> =
                allowed.iter().copied().filter(|python| specifiers.allows(*python)).collect();
            if !fitting.is_empty() {
                allowed = fitting;
            }
        }
    }
    preferred_of(&allowed)
}

/// Returns ranges first, then exact versions, then versions that were only tried.
pub(super) fn in_order(stated: &[StatedPython]) -> impl Iterator<Item = &StatedPython> {
    let of = |strength: Strength| stated.iter().filter(move |one| one.strength == strength);
    of(Strength::Range).chain(of(Strength::Exact)).chain(of(Strength::Weak))
}

/// The newest that is not newer than the preferred one, else the oldest.
pub(super) fn preferred_of(allowed: &[Minor]) -> Minor {
    let preferred = pythons::preferred();
    let at_most = allowed.iter().copied().filter(|python| *python <= preferred).max();
    at_most.or_else(|| allowed.iter().copied().min()).unwrap_or(preferred)
}
