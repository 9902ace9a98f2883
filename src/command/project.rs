//! The folder that a command works on, and what was read there.

use camino::{Utf8Path, Utf8PathBuf};

use crate::base::{Diagnostic, Tree};
use crate::inspect::{Facts, inspect};
use crate::shell::disk;

/// The `[DIR]` that most commands take.
#[derive(clap::Args, Debug)]
pub struct Dir {
    /// The project's folder
    #[arg(value_name = "DIR", default_value = ".")]
    dir: Utf8PathBuf,
}

impl Dir {
    pub fn path(&self) -> &Utf8Path {
        &self.dir
    }
}

/// A project as it was read.
#[derive(Debug)]
pub struct Project {
    pub tree: Tree,
    pub facts: Facts,
    /// The gravest first.
    pub diagnostics: Vec<Diagnostic>,
}

/// Loads and inspects the project in `dir`.
pub fn read(dir: &Dir) -> Result<Project, Diagnostic> {
    let tree = disk::load(dir.path())?;
    let (facts, mut diagnostics) = inspect(&tree);
    diagnostics.extend(disk::troubles(&tree));
    Diagnostic::sort(&mut diagnostics);
    Ok(Project { tree, facts, diagnostics })
}
