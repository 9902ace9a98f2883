//! The view of a constraints file of pip.

use serde::Serialize;

use crate::plan::Constraints;
use crate::plan::constraints::ConstraintGroup;

/// `poetry-constraints.txt`, `build-constraints.txt`.
#[derive(Serialize)]
pub(in crate::render) struct ConstraintsView<'a> {
    pub comments: bool,
    about: &'a str,
    groups: &'a [ConstraintGroup],
}

impl<'a> ConstraintsView<'a> {
    pub(in crate::render) fn new(held: &'a Constraints, comments: bool) -> Self {
        Self { comments, about: &held.about, groups: &held.groups }
    }
}
