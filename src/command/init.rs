//! `djdock init`: from a project to the files that run it.

use std::collections::BTreeSet;

use camino::Utf8PathBuf;

use super::project::{self, Dir};
use super::proposal::{Proposal, propose};
use super::question_flags::QuestionFlags;
use super::report::{self, Shown};
use super::{Exit, Failure, answers, review, smoke};
use crate::choose::Person;
use crate::shell::terminal::{self, AtTerminal};
use crate::update::{ChangeKind, Replace};

/// Write what the project needs to run in containers
///
/// Reads the project, asks what it could not read, shows what it will write, and writes it. Without a terminal,
/// and with --yes, nothing is asked: djdock.toml and the flags answer, then what djdock suggests.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    pub dir: Dir,
    /// Ask nothing
    #[arg(long, short)]
    pub yes: bool,
    /// Then build and start the production stack, and show that it works
    #[arg(long, conflicts_with = "dry_run")]
    pub smoke: bool,
    #[command(flatten)]
    pub writing: Writing,
    #[command(flatten)]
    pub answers: QuestionFlags,
}

/// Options that `init` and `update` have in common.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Writing {
    /// Write nothing, only say what would be written
    #[arg(long)]
    pub dry_run: bool,
    /// Print the differences from what is there
    #[arg(long)]
    pub diff: bool,
    /// Print what is done to each file as JSON
    #[arg(long, conflicts_with = "diff")]
    pub json: bool,
    /// Add files with secrets to .gitignore, where git does not ignore them yet
    #[arg(long)]
    pub gitignore: bool,
    /// Replace this file of yours, keeping it as PATH.bak (may be given several times)
    #[arg(long, value_name = "PATH")]
    pub replace: Vec<Utf8PathBuf>,
    /// Replace every file of yours that stands in the way, keeping each as NAME.bak
    #[arg(long)]
    pub replace_all: bool,
}

impl Writing {
    pub fn replaceable(&self) -> Replace {
        if self.replace_all {
            return Replace::All;
        }
        let plain =
            |path: &Utf8PathBuf| path.strip_prefix(".").map_or_else(|_| path.clone(), ToOwned::to_owned);
        Replace::These(self.replace.iter().map(plain).collect())
    }
}

pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut person = if arguments.yes { None } else { AtTerminal::new() };
    let project = project::read_to_write(&arguments.dir)?.or_nothing_to_plan()?;
    let language = answers::language(&project, &arguments.answers.draft);
    terminal::talk(&review::found(&project, language));
    let asked = person.as_mut().map(|person| person as &mut dyn Person);
    let (project, chosen) = answers::of(project, &arguments.answers.draft, asked)?;
    let mut proposal = propose(project, chosen, &arguments.writing.replaceable())?;
    let dry_run = arguments.writing.dry_run;
    if let Some(person) = &mut person {
        proposal = with_replacements(proposal, person)?;
        proposal = kept_out_of_git(proposal, person, &arguments.writing)?;
    } else if arguments.writing.gitignore {
        proposal = proposal.keeping_secrets_out_of_git();
    }
    terminal::diagnostics(Some(&proposal.project.tree), &proposal.diagnostics);
    if let Some(person) = &mut person {
        if arguments.writing.diff {
            terminal::data(&report::diffs(&proposal))?;
        }
        if !proposal.is_blocked() {
            terminal::talk(&review::all(&proposal));
            if !dry_run && proposal.is_news() && !person.confirm(review::question(&proposal), true)? {
                terminal::talk(&review::nothing_written(&proposal));
                return Err(Failure::Interrupted);
            }
        }
    }
    let exit = carry_out(&proposal, &arguments.writing, Shown::reviewed(person.is_some()))?;
    if arguments.smoke && exit == Exit::Done {
        return smoke::run(&smoke::Arguments::of_production(arguments.dir.clone()));
    }
    Ok(exit)
}

/// Writes what is proposed, where nothing stands in the way, and says what comes next.
pub(super) fn carry_out(proposal: &Proposal, writing: &Writing, shown: Shown) -> Result<Exit, Failure> {
    // A person has seen them before they were asked.
    if writing.diff && shown == Shown::Nothing {
        terminal::data(&report::diffs(proposal))?;
    }
    if writing.json {
        terminal::json(&report::Report::new(proposal))?;
    }
    if proposal.is_blocked() {
        return Ok(Exit::CouldNot);
    }
    if !writing.dry_run {
        proposal.write()?;
    }
    terminal::talk(&report::outcome(proposal, writing.dry_run, shown));
    Ok(Exit::with(&proposal.diagnostics))
}

/// The proposal with files of secrets in `.gitignore`, where the person wants that.
fn kept_out_of_git(
    proposal: Proposal,
    person: &mut AtTerminal,
    writing: &Writing,
) -> Result<Proposal, Failure> {
    let in_git = proposal.secrets_in_git();
    if in_git.is_empty() || proposal.is_blocked() {
        return Ok(proposal);
    }
    let question = review::may_ignore(&in_git, proposal.chosen.answers.lang);
    let wanted = writing.gitignore || !writing.dry_run && person.confirm(&question, true)?;
    Ok(if wanted { proposal.keeping_secrets_out_of_git() } else { proposal })
}

/// The proposal with those files of the person replaced that they name when asked, one by one.
fn with_replacements(proposal: Proposal, person: &mut AtTerminal) -> Result<Proposal, Failure> {
    let mut named = BTreeSet::new();
    for change in
        proposal.changes.iter().filter(|change| change.kind == ChangeKind::Foreign && !change.secret)
    {
        if person.confirm(&review::may_replace(change, proposal.chosen.answers.lang), false)? {
            named.insert(change.path.clone());
        }
    }
    if named.is_empty() { Ok(proposal) } else { proposal.replacing(named) }
}
