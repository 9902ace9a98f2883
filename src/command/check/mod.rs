//! `djdock check`: would this project work in a container, and is what djdock wrote up to date?

mod sarif;

use camino::Utf8Path;
use serde::Serialize;

use super::project::{self, Dir, Project};
use super::proposal::{beside, propose};
use super::{Exit, Failure, answers, reasons, summary};
use crate::base::codes::settings::SETTINGS_UNREADABLE;
use crate::base::{Diagnostic, Tree, codes};
use crate::check;
use crate::choose::{Draft, file};
use crate::inspect::Facts;
use crate::plan::Plan;
use crate::python::{Request, World, evaluate};
use crate::shell::terminal;
use crate::update::{Change, ChangeKind, Record, Wishes, memory, messages};

/// Check whether the project works in a container, and whether the files are up to date
///
/// Writes nothing. The exit code is 1 when there are errors.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    dir: Dir,
    /// Print the findings as JSON
    #[arg(long, conflicts_with = "sarif")]
    json: bool,
    /// Print the findings in SARIF 2.1.0, for code hosts and editors
    #[arg(long)]
    sarif: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    ok: bool,
    diagnostics: &'a [Diagnostic],
}

pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let project = project::read(&arguments.dir)?.or_nothing_to_plan()?;
    let tree = project.tree.clone();
    let findings = findings(project)?;
    let exit = Exit::with(&findings);
    let ok = exit == Exit::Done;
    if arguments.json {
        terminal::json(&Report { schema: "djdock.check/1", ok, diagnostics: &findings })?;
    }
    if arguments.sarif {
        terminal::json(&sarif::report(&findings))?;
    }
    show(&tree, &findings);
    Ok(exit)
}

/// Everything that is to be said, the gravest first: of the project, of the plan, and of the files that are there.
fn findings(project: Project) -> Result<Vec<Diagnostic>, Failure> {
    let is_written = !project.record.is_empty();
    let in_force = memory::tree_in_force(&project.tree);
    let ignored = file::ignored(&project.tree);
    let mut own = check::check(&in_force, &project.facts);
    if project.diagnostics.iter().any(|one| one.code == SETTINGS_UNREADABLE) {
        // What Python cannot import decides nothing, whatever its letters seem to say.
        own.retain(|one| codes::check::settings::ALL.iter().all(|entry| entry.code != one.code));
    }
    let (project, chosen) = answers::of(project, &Draft::default(), None)?;
    let mut findings = match propose(project, chosen, &Wishes::default()) {
        Ok(proposal) => {
            terminal::reason(|| reasons::of(&proposal));
            let mut findings = proposal.project.diagnostics.clone();
            // Before the first `init` nothing is out of date: there is nothing. After it the stack runs with the
            // overlay, so what that mends is not wrong any more.
            let ruled = if is_written {
                let facts = as_run(&proposal.project, &proposal.plan);
                let record = &proposal.project.record;
                findings.extend(
                    proposal
                        .changes
                        .iter()
                        .filter_map(|change| out_of_date(change, &proposal.project.tree, record)),
                );
                findings.extend(messages::deleted(&proposal.changes, &proposal.generated));
                findings.extend(messages::marks_left(&proposal.project.tree, record));
                findings.extend(beside(&proposal.project.tree, &proposal.plan, &proposal.changes));
                // An overlay mends and breaks nothing: what it alone would bring up (a header that djdock's proxy sends, and
                // the project's own, which is not in front of it, does not) is no finding.
                let mut ruled = check::check(&in_force, &facts);
                ruled.retain(|one| own.iter().any(|other| other.code == one.code));
                ruled
            } else {
                own
            };
            // What a rule says is not said again by the plan, which is content to warn.
            let planned = proposal.plan.diagnostics.iter();
            findings.extend(planned.filter(|one| ruled.iter().all(|rule| rule.code != one.code)).cloned());
            findings.extend(ruled);
            findings
        }
        // That there is no plan is an answer to the question whether it works.
        Err(Failure::Diagnosed { mut diagnostics, .. }) => {
            diagnostics.extend(own);
            diagnostics
        }
        Err(interrupted @ Failure::Interrupted) => return Err(interrupted),
    };
    ignored.take_out(&mut findings);
    Diagnostic::sort(&mut findings);
    Ok(findings)
}

/// The facts with the settings that the production stack runs with: the overlay, where there is one, and the files
/// that djdock gives it (whose contents never become facts).
fn as_run(project: &Project, plan: &Plan) -> Facts {
    let mut facts = project.facts.clone();
    let own = facts.settings_prod.value.as_deref().unwrap_or_default();
    // `module:Class` for class-based settings.
    let module = own.split(':').next().unwrap_or(own);
    if let Some(overlay) = plan.overlays.iter().find(|overlay| overlay.extends == module) {
        let tree = project.own.with_files([(overlay.path.clone(), overlay.text.clone())]);
        facts.evaluated_prod = evaluate(&Request {
            tree: &tree,
            roots: &facts.python_roots.value,
            module: &overlay.module,
            class: overlay.class.as_deref(),
            world: World::Open,
        });
    }
    // The stack mounts its files of secrets, also those that git ignores and the tree therefore lacks.
    let is_given = |path: &Utf8Path| plan.secret_files.iter().any(|file| file.path == path);
    for file in &mut facts.evaluated_prod.files {
        file.exists |= project.tree.is_file(&file.path) || is_given(&file.path);
    }
    facts
}

fn out_of_date(change: &Change, tree: &Tree, record: &Record) -> Option<Diagnostic> {
    match change.kind {
        ChangeKind::Create if change.secret => Some(messages::not_made_here(&change.path)),
        ChangeKind::Create | ChangeKind::Update | ChangeKind::Merged | ChangeKind::Remove => {
            Some(messages::out_of_date(&change.path, change.kind))
        }
        _ => messages::of_change(change, tree, record),
    }
}

fn show(tree: &Tree, findings: &[Diagnostic]) {
    terminal::diagnostics(Some(tree), findings);
    terminal::talk(&summary::of(findings));
}
