//! The folder that a command works on, and what was read there.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::Failure;
use crate::base::codes::inspect::NO_DJANGO_PROJECT;
use crate::base::{Diagnostic, Tree};
use crate::inspect::{Facts, Said, inspect_as};
use crate::knowledge;
use crate::shell::disk::Recovered;
use crate::shell::{disk, folder, terminal};
use crate::update::{Record, memory};

/// The `[DIR]` that most commands take.
#[derive(clap::Args, Clone, Debug)]
pub struct Dir {
    /// The project's folder
    #[arg(value_name = "DIR", default_value = ".")]
    dir: Utf8PathBuf,
}

impl Dir {
    pub fn new(dir: &Utf8Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    pub fn path(&self) -> &Utf8Path {
        &self.dir
    }
}

/// A project as it was read.
#[derive(Debug)]
pub struct Project {
    /// Its folder, as it was named.
    pub dir: Utf8PathBuf,
    /// The folder's own name, also where `.` was named.
    pub folder: String,
    pub tree: Tree,
    /// The project as the person wrote it: no fact may stand on djdock's own files, and those on files that djdock
    /// replaced stay.
    pub own: Tree,
    /// The person's files that djdock's stand in place of, and where the text of each is kept.
    pub replaced: BTreeMap<Utf8PathBuf, Utf8PathBuf>,
    pub record: Record,
    pub facts: Facts,
    /// The gravest first.
    pub diagnostics: Vec<Diagnostic>,
}

/// Loads and inspects what is in `dir`, after what an earlier run had begun to write there is whole or gone.
pub fn read_to_write(dir: &Dir) -> Result<Project, Diagnostic> {
    match disk::recover(dir.path())? {
        Recovered::Nothing => {}
        Recovered::Finished => terminal::talk("Finished what an earlier run had begun to write.\n"),
        Recovered::TakenAway => terminal::talk("Took away what an earlier run had begun to write.\n"),
    }
    read(dir)
}

/// Loads and inspects what is in `dir`.
pub fn read(dir: &Dir) -> Result<Project, Diagnostic> {
    let _shown = terminal::waiting("reading the project");
    // In a small project the tables take longer than the files.
    std::thread::spawn(knowledge::read_ahead);
    let tree = disk::load(dir.path())?;
    let folder = folder::name(dir.path());
    let (facts, diagnostics) = (Facts::default(), Vec::new());
    let record = Record::read(&tree)?;
    let own = memory::persons_tree(&tree, &record);
    let replaced = memory::replaced(&tree, &record);
    let nothing = Project { dir: dir.dir.clone(), folder, tree, own, replaced, record, facts, diagnostics };
    Ok(nothing.read_again(&Said::default()))
}

impl Project {
    /// Reads the same files again, as the person said.
    #[must_use]
    pub fn read_again(self, said: &Said) -> Self {
        let (facts, mut diagnostics) = inspect_as(&self.own, said);
        diagnostics.extend(disk::troubles(&self.own));
        // What is to be mended in a file that is not in force is nobody's business any more.
        let is_past = |one: &Diagnostic| {
            one.labels.first().is_some_and(|label| self.replaced.contains_key(&label.path))
        };
        diagnostics.retain(|one| !is_past(one));
        let mut diagnostics = self.pointing_at_kept(diagnostics);
        Diagnostic::sort(&mut diagnostics);
        Self { facts, diagnostics, ..self }
    }

    /// Diagnostics of the project, with their places in replaced files where the texts are now.
    pub fn pointing_at_kept(&self, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let point = |diagnostic| memory::pointing_at_kept(diagnostic, &self.replaced);
        diagnostics.into_iter().map(point).collect()
    }

    /// The project, where there is one: nothing can be planned for a folder without Django.
    pub fn or_nothing_to_plan(self) -> Result<Self, Failure> {
        if self.diagnostics.iter().any(|diagnostic| diagnostic.code == NO_DJANGO_PROJECT) {
            return Err(Failure::Diagnosed { diagnostics: self.diagnostics, tree: Some(self.tree) });
        }
        Ok(self)
    }
}
