//! `djdock init`: from a project to the files that run it.

use std::collections::BTreeSet;

use camino::Utf8PathBuf;

use super::project::{self, Dir};
use super::proposal::{Proposal, propose};
use super::question_flags::QuestionFlags;
use super::report::{self, Shown};
use super::{Exit, Failure, answers, reasons, review, smoke};
use crate::base::wording::or_ticked;
use crate::choose::Person;
use crate::shell::terminal::{self, AtTerminal};
use crate::update::merge::Side;
use crate::update::messages;
use crate::update::{Change, ChangeKind, Conflict, Replace, Settle, Wishes};

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
    /// Keep your lines (ours), take djdock's (theirs), or write both with marks (inline), where both changed the same
    /// lines; PATH=WORD for one file (may be given several times)
    #[arg(long, value_name = "[PATH=]WORD", value_parser = choice_of_side)]
    pub conflict: Vec<(Option<Utf8PathBuf>, Side)>,
    /// Write nothing where git does not have the present text of a file that would change
    #[arg(long)]
    pub require_clean: bool,
}

impl Writing {
    /// Returns the person's wishes about files that stand in the way.
    pub fn wishes(&self) -> Wishes {
        let mut settle = Settle::default();
        for (path, side) in &self.conflict {
            match path {
                Some(path) => drop(settle.files.insert(without_dot(path), *side)),
                None => settle.all = Some(*side),
            }
        }
        let replace = if self.replace_all {
            Replace::All
        } else {
            Replace::These(self.replace.iter().map(without_dot).collect())
        };
        Wishes { replace, settle }
    }
}

/// Returns `./Dockerfile` as `Dockerfile`.
fn without_dot(path: &Utf8PathBuf) -> Utf8PathBuf {
    path.strip_prefix(".").map_or_else(|_| path.clone(), ToOwned::to_owned)
}

/// Reads a value of `--conflict`: `ours`, or `Dockerfile=ours`.
fn choice_of_side(value: &str) -> Result<(Option<Utf8PathBuf>, Side), String> {
    let (path, word) = match value.rsplit_once('=') {
        Some((path, word)) => (Some(Utf8PathBuf::from(path)), word),
        None => (None, value),
    };
    let words: Vec<&str> = Side::WORDS.iter().map(|(word, _)| *word).collect();
    let side = Side::named(word).ok_or_else(|| format!("write {}", or_ticked(&words)))?;
    Ok((path, side))
}

pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut person = if arguments.yes { None } else { AtTerminal::new() };
    let project = project::read_to_write(&arguments.dir)?.or_nothing_to_plan()?;
    let language = answers::language(&project, &arguments.answers.draft);
    terminal::talk(&review::found(&project, language));
    let asked = person.as_mut().map(|person| person as &mut dyn Person);
    let (project, chosen) = answers::of(project, &arguments.answers.draft, asked)?;
    let mut proposal = propose(project, chosen, &arguments.writing.wishes())?;
    let dry_run = arguments.writing.dry_run;
    if let Some(person) = &mut person {
        proposal = with_replacements(proposal, person, &arguments.writing.wishes())?;
        proposal = kept_out_of_git(proposal, person, &arguments.writing)?;
    } else if arguments.writing.gitignore {
        proposal = proposal.keeping_secrets_out_of_git();
    }
    terminal::reason(|| reasons::of(&proposal));
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
    if proposal.has(ChangeKind::Foreign) || proposal.names_unknown_files() {
        return Ok(Exit::CouldNot);
    }
    if proposal.has(ChangeKind::Conflict) {
        return Ok(Exit::No);
    }
    let not_committed = match proposal.not_committed() {
        Some(paths) => messages::not_committed(&paths, writing.require_clean),
        None => writing.require_clean.then(messages::no_git),
    };
    terminal::diagnostics(Some(&proposal.project.tree), not_committed.as_slice());
    if not_committed.is_some() && writing.require_clean {
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

/// The proposal with those files of the person replaced, and those conflicts decided, that they name when asked, one by
/// one.
fn with_replacements(
    proposal: Proposal,
    person: &mut AtTerminal,
    wishes: &Wishes,
) -> Result<Proposal, Failure> {
    let language = proposal.chosen.answers.lang;
    let mut named = BTreeSet::new();
    let mut wishes = wishes.clone();
    for change in
        proposal.changes.iter().filter(|change| change.kind == ChangeKind::Foreign && !change.secret)
    {
        if person.confirm(&review::may_replace(change, language), false)? {
            named.insert(change.path.clone());
        }
    }
    let mut is_settled = false;
    let is_open = |change: &&Change| matches!(change.conflict, Some(Conflict::SameLines(_)));
    for change in proposal.changes.iter().filter(is_open) {
        terminal::insist(&review::clashes(change, language));
        let sides = review::sides(language);
        let labels: Vec<String> = sides.iter().map(|(_, label)| label.clone()).collect();
        if let Some(side) = sides[person.choose(&review::which_side(change, language), &labels)?].0 {
            wishes.settle.files.insert(change.path.clone(), side);
            is_settled = true;
        }
    }
    if named.is_empty() && !is_settled {
        return Ok(proposal);
    }
    wishes.replace = wishes.replace.and(named);
    proposal.with_wishes(&wishes)
}
