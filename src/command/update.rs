//! `djdock update`: the same answers, today's project, today's djdock.

use super::init::{Writing, carry_out};
use super::project::{self, Dir};
use super::proposal::propose;
use super::question_flags::QuestionFlags;
use super::report::Shown;
use super::{Exit, Failure, answers, reasons};
use crate::base::Diagnostic;
use crate::base::codes::update::NOTHING_TO_UPDATE;
use crate::shell::terminal;

/// Write the files again, with the answers that are recorded
///
/// Your edits stay: what djdock writes differently now is merged into files that you edited. Where both changed the same
/// lines nothing is written, and --conflict decides.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    dir: Dir,
    #[command(flatten)]
    writing: Writing,
    #[command(flatten)]
    answers: QuestionFlags,
}

pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let project = project::read_to_write(&arguments.dir)?.or_nothing_to_plan()?;
    if project.record.is_empty() {
        return Err(never_written(&arguments.dir).into());
    }
    let (project, chosen) = answers::of(project, &arguments.answers.draft, None)?;
    let mut proposal = propose(project, chosen, &arguments.writing.wishes())?;
    if arguments.writing.gitignore {
        proposal = proposal.keeping_secrets_out_of_git();
    }
    terminal::reason(|| reasons::of(&proposal));
    terminal::diagnostics(Some(&proposal.project.tree), &proposal.diagnostics);
    carry_out(&proposal, &arguments.writing, Shown::Nothing)
}

fn never_written(dir: &Dir) -> Diagnostic {
    let dir = dir.path();
    Diagnostic::error(NOTHING_TO_UPDATE, format!("djdock has not written anything in `{dir}` yet"))
        .because(format!("looked for `{}`", crate::update::record::PATH))
        .help(format!("write the files first: `djdock init {dir}`"))
}
