//! Facts of existing files about how the project runs: Dockerfiles, compose files, Procfile,
//! scripts, unit files.

pub mod commands;
pub mod lines;
pub mod packages;
pub mod platforms;
pub mod ports;
pub mod processes;

pub use commands::Command;
pub use packages::Installed;
pub use platforms::AddOn;
pub use processes::Process;

use camino::Utf8Path;

use crate::base::Tree;

/// The content of files that run the project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Existing {
    /// Lines that start something of Python's: servers, workers, management commands.
    pub commands: Vec<Command>,
    /// System packages that they install.
    pub packages: Vec<Installed>,
    /// Servers that a platform runs beside the project.
    pub add_ons: Vec<AddOn>,
}

impl Existing {
    pub(super) fn read(tree: &Tree, project_dir: &Utf8Path) -> Self {
        Self {
            commands: commands::read(tree),
            packages: packages::read(tree, project_dir),
            add_ons: platforms::add_ons(tree),
        }
    }
}
