//! What files that are already there say of how the project runs: Dockerfiles, compose files, Procfile,
//! scripts, unit files.

pub mod commands;

pub use commands::Command;

use crate::base::Tree;

/// What was read in files that run the project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Existing {
    /// Lines that start something of Python's: servers, workers, management commands.
    pub commands: Vec<Command>,
}

impl Existing {
    pub(super) fn read(tree: &Tree) -> Self {
        Self { commands: commands::read(tree) }
    }
}
