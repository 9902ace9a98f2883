//! Why a generated file is there, and a line of it.

use std::fmt::Write;

use camino::Utf8Path;

use super::project::{self, Dir};
use super::proposal::{Proposal, propose};
use super::{Failure, answers};
use crate::base::codes::choose::NOTHING_TO_EXPLAIN;
use crate::base::{Diagnostic, Evidence};
use crate::choose::Draft;
use crate::choose::answers::Comments;
use crate::render::{GeneratedFile, Values, render};
use crate::shell::terminal::style::{aside, heading};
use crate::stack::Stack;
use crate::update::Wishes;

/// Tells whether `what` names a file rather than a code: `compose.yaml`, `docker/entrypoint.sh:3`, `Dockerfile`.
pub fn looks_like_file(what: &str) -> bool {
    let (path, line) = split(what);
    line.is_some()
        || path.as_str().contains(['.', '/'])
        || path.as_str().starts_with(|first: char| first.is_ascii_uppercase())
}

/// The explanation of a file that djdock would write in the current folder, or of one of its lines.
pub fn of(what: &str) -> Result<String, Failure> {
    let (path, line) = split(what);
    let project = project::read(&Dir::new(".".into()))?.or_nothing_to_plan()?;
    let (project, chosen) = answers::of(project, &Draft::default(), None)?;
    let proposal = propose(project, chosen, &Wishes::default())?;
    let Some(file) = proposal.generated.iter().find(|file| file.path == path) else {
        return Err(not_ours(path, &proposal).into());
    };
    let mut text = format!("{}: {}\n", heading(path.as_str()), file.because);
    if let Some(number) = line {
        text.push_str(&of_line(&proposal, file, number)?);
    }
    Ok(text)
}

fn split(what: &str) -> (&Utf8Path, Option<usize>) {
    match what.rsplit_once(':').map(|(path, line)| (path, line.parse())) {
        Some((path, Ok(line))) => (path.into(), Some(line)),
        _ => (what.into(), None),
    }
}

fn of_line(proposal: &Proposal, file: &GeneratedFile, number: usize) -> Result<String, Diagnostic> {
    let there = proposal.project.tree.text(&file.path).unwrap_or(&file.contents);
    let lines: Vec<&str> = there.lines().collect();
    let Some(line) = number.checked_sub(1).and_then(|at| lines.get(at)) else {
        let title = format!("`{}` has no line {number}", file.path);
        return Err(
            Diagnostic::error(NOTHING_TO_EXPLAIN, title).because(format!("it has {} lines", lines.len()))
        );
    };
    let shown = if file.secret { line.split_once('=').map_or(*line, |(name, _)| name) } else { *line };
    let mut text = format!("\n  {}\n\n", shown.trim());
    let lesson = lesson(proposal, file, line);
    let subject = subject(proposal, file, &lines[..number]);
    if !lesson.is_empty() {
        let _ = writeln!(text, "{lesson}");
    }
    for evidence in &subject {
        let place = aside(&format!("({})", evidence.place));
        let _ = writeln!(text, "{} {place}", evidence.reason);
    }
    if lesson.is_empty() && subject.is_empty() {
        text.push_str("It belongs to the block above it; djdock has nothing more to say of it.\n");
    }
    Ok(text)
}

/// Returns the file's own comment on the line: the one above it, if the file has comments.
fn lesson(proposal: &Proposal, file: &GeneratedFile, line: &str) -> String {
    let mut answers = proposal.chosen.answers.clone();
    answers.comments = Comments::Brief;
    // No secret is shown: only comments are looked at.
    let nobody = Values::new(&proposal.project.tree, &proposal.plan, 0, 0, &mut |_| String::new());
    let teaching = render(&proposal.plan, &answers, &nobody).unwrap_or_default();
    let Some(taught) = teaching.iter().find(|taught| taught.path == file.path) else { return String::new() };
    let lines: Vec<&str> = taught.contents.lines().collect();
    let Some(at) = lines.iter().position(|candidate| *candidate == line) else { return String::new() };
    let is_comment = |line: &&&str| line.trim_start().starts_with('#');
    let mut comment: Vec<&str> = lines[..at].iter().rev().take_while(is_comment).copied().collect();
    comment.reverse();
    comment.iter().map(|line| line.trim_start().trim_start_matches('#').trim()).collect::<Vec<_>>().join("\n")
}

/// The evidence for what the last of `lines` belongs to: a service, a variable, a setting, an image.
fn subject(proposal: &Proposal, file: &GeneratedFile, lines: &[&str]) -> Vec<Evidence> {
    let plan = &proposal.plan;
    let line = lines.last().copied().unwrap_or_default();
    if let Some(described) = plan.target.files.iter().find(|described| file.path == described.path) {
        return of_service(plan.stack(described.environment), lines);
    }
    if let Some(overlay) = plan.overlays.iter().find(|overlay| overlay.path == file.path) {
        let setting = |name: &str| line.trim_start().starts_with(name);
        let found = overlay.overrides.iter().find(|entry| setting(&entry.setting));
        return found.map(|entry| with_reason(&entry.because, &entry.evidence)).unwrap_or_default();
    }
    if let Some(variable) = plan.variables().into_iter().find(|variable| {
        let name = line.trim_start_matches(['#', ' ']).split('=').next().unwrap_or_default();
        variable.name == name && line.contains('=')
    }) {
        return vec![Evidence::new(crate::base::Place::Path(file.path.clone()), variable.because.clone())];
    }
    let mut images = plan.stacks().into_iter().flat_map(|stack| &stack.images);
    images.find(|image| image.dockerfile == file.path).map(|image| image.because.clone()).unwrap_or_default()
}

/// The service in whose block the last of `lines` stands: services are indented by two.
fn of_service(stack: &Stack, lines: &[&str]) -> Vec<Evidence> {
    let name = lines.iter().rev().find_map(|line| {
        let name = line.strip_prefix("  ")?.trim_end().strip_suffix(':')?;
        (!name.starts_with([' ', '#', '-'])).then_some(name)
    });
    let service = stack.services.iter().find(|service| Some(service.name.as_str()) == name);
    service.map(|service| service.because.clone()).unwrap_or_default()
}

fn with_reason(because: &str, evidence: &[Evidence]) -> Vec<Evidence> {
    let mut reasons = evidence.to_vec();
    match reasons.first_mut() {
        Some(first) => first.reason = format!("{because}: {}", first.reason),
        None => reasons.push(Evidence::new(crate::base::Place::Default, because)),
    }
    reasons
}

fn not_ours(path: &Utf8Path, proposal: &Proposal) -> Diagnostic {
    let paths: Vec<&str> = proposal.generated.iter().map(|file| file.path.as_str()).collect();
    let meant = crate::base::wording::did_you_mean(path.as_str(), paths.iter().copied());
    let diagnostic =
        Diagnostic::error(NOTHING_TO_EXPLAIN, format!("`{path}` is no file that djdock writes here"));
    match meant {
        Some(meant) => diagnostic.help(format!("`djdock explain {meant}`")),
        None => diagnostic.help("see which files it writes: `djdock init --dry-run`"),
    }
}
