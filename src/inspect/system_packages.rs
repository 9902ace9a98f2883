//! The system packages that the distributions need, to build and to run.

use super::facts::{Distribution, SystemPackages};
use crate::base::Fact;

/// What beside the distributions asks for system packages.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    /// `django.contrib.gis` is installed or a spatial engine is used.
    pub geodjango: bool,
    /// Catalogues of translations are compiled (`*.po` without `*.mo`).
    pub gettext: bool,
    /// A requirement is fetched with git.
    pub git: bool,
}

/// What the image of Python `python` (`3.13`) on `suite` (`trixie`, `alpine`) must hold for `distributions`.
pub fn needed(
    distributions: &[Distribution],
    needs: &Needs,
    python: &str,
    suite: &str,
) -> Fact<SystemPackages> {
    let _ = (distributions, needs, python, suite);
    Fact::default()
}
