//! The settings module that djdock writes beside the project's own.

use camino::Utf8PathBuf;
use serde::Serialize;

use crate::base::Evidence;

/// A module that takes over every name of the project's settings and sets a few of them anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Overlay {
    pub path: Utf8PathBuf,
    /// Dotted: what `DJANGO_SETTINGS_MODULE` names in the stack.
    pub module: String,
    /// The project's own module that it extends, dotted.
    pub extends: String,
    /// The whole file.
    pub text: String,
    /// The settings that it sets, and why, in order.
    pub overrides: Vec<Override>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Override {
    /// `ALLOWED_HOSTS`.
    pub setting: String,
    /// What is wrong with the project's own value in a container, as a phrase: the comment above it.
    pub because: String,
    pub evidence: Vec<Evidence>,
}
