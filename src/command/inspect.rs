//! `djdock inspect`: the facts with their evidence.

use serde::Serialize;

use super::project::{self, Dir};
use super::{Exit, Failure};
use crate::base::Diagnostic;
use crate::inspect::Facts;
use crate::shell::terminal;

/// Show what djdock read in the project, and where
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    dir: Dir,
    /// Print the facts as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    facts: &'a Facts,
    diagnostics: &'a [Diagnostic],
}

pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let project = project::read(&arguments.dir)?;
    if arguments.json {
        let (facts, diagnostics) = (&project.facts, project.diagnostics.as_slice());
        terminal::json(&Report { schema: "djdock.facts/1", facts, diagnostics })?;
    } else {
        terminal::data(&terminal::facts(&project.facts))?;
    }
    terminal::diagnostics(Some(&project.tree), &project.diagnostics);
    let exit = Exit::with(&project.diagnostics);
    // The process ends here, and the system takes all of it back at once.
    std::mem::forget(project);
    Ok(exit)
}
