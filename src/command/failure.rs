//! Why a command could not do what was asked.

use crate::base::{Diagnostic, Tree};
use crate::choose::Interrupted;
use crate::shell::interrupt::Stopped;

/// A command that stopped. Wording is the diagnostics' business.
#[derive(Debug)]
pub enum Failure {
    /// The diagnostics that stopped the command, and the project whose lines they point at.
    Diagnosed { diagnostics: Vec<Diagnostic>, tree: Option<Tree> },
    /// A person stopped it; nothing is said, because they know.
    Interrupted,
}

impl Failure {
    /// These diagnostics, shown with the lines of `tree` that they point at.
    pub fn in_tree(diagnostics: Vec<Diagnostic>, tree: &Tree) -> Self {
        Self::Diagnosed { diagnostics, tree: Some(tree.clone()) }
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Diagnosed { diagnostics: vec![diagnostic], tree: None }
    }
}

impl From<Stopped> for Failure {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Diagnosed(diagnostic) => (*diagnostic).into(),
            Stopped::Interrupted => Self::Interrupted,
        }
    }
}

impl From<Interrupted> for Failure {
    fn from(_: Interrupted) -> Self {
        Self::Interrupted
    }
}
