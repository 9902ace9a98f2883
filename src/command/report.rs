//! Final messages: the next steps for people, JSON for programs, and differences.

use std::fmt::Write;

use camino::Utf8Path;
use serde::Serialize;
use shell_words::quote;

use super::proposal::{GITIGNORE, Proposal, ignore_rule};
use super::{review, words};
use crate::base::codes::update::FILE_NOT_NEEDED;
use crate::base::language::Language;
use crate::base::wording::count;
use crate::base::{Diagnostic, Severity};
use crate::catalog::target::Act;
use crate::choose::Answers;
use crate::plan::OutputKind;
use crate::shell::disk::InGit;
use crate::shell::terminal::style::{aside, command, heading};
use crate::shell::terminal::{self, table};
use crate::stack::Stack;
use crate::stack::VariableValue;
use crate::update::{Change, ChangeKind};

/// How much the person has seen of the proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Nothing,
    Everything,
}

impl Shown {
    pub fn reviewed(reviewed: bool) -> Self {
        if reviewed { Self::Everything } else { Self::Nothing }
    }
}

/// The contract of `init --json`.
#[derive(Serialize)]
pub struct Report<'a> {
    schema: &'static str,
    answers: &'a Answers,
    changes: Vec<Row<'a>>,
    diagnostics: &'a [Diagnostic],
}

#[derive(Serialize)]
struct Row<'a> {
    path: &'a Utf8Path,
    change: ChangeKind,
    because: &'a str,
}

impl<'a> Report<'a> {
    pub fn new(proposal: &'a Proposal) -> Self {
        let row =
            |change: &'a Change| Row { path: &change.path, change: change.kind, because: &change.because };
        Self {
            schema: "djdock.init/1",
            answers: &proposal.chosen.answers,
            changes: proposal.changes.iter().map(row).collect(),
            diagnostics: &proposal.diagnostics,
        }
    }
}

/// The differences that writing makes. Of a file that holds secrets only its name is shown.
pub fn diffs(proposal: &Proposal) -> String {
    let tree = &proposal.project.tree;
    let shown = |change: &Change| match &change.file {
        Some(_) if change.secret => aside(&format!("{} holds secrets and is not shown", change.path)) + "\n",
        Some(file) => {
            let before = tree.text(&change.path).unwrap_or_default();
            terminal::diff(change.path.as_str(), before, &file.contents)
        }
        None if change.kind == ChangeKind::Remove => {
            let before = tree.text(&change.path).unwrap_or_default();
            terminal::diff(change.path.as_str(), before, "")
        }
        None => String::new(),
    };
    proposal.changes.iter().map(shown).collect()
}

/// Returns the files that were or would be written, the values to fill in, and the next commands.
pub fn outcome(proposal: &Proposal, dry_run: bool, shown: Shown) -> String {
    let language = proposal.chosen.answers.lang;
    let mut text = String::new();
    if shown == Shown::Nothing {
        let _ =
            writeln!(text, "{}\n{}", heading(words::FILES.to(language)), review::files(&proposal.changes));
    }
    let written = proposal.changes.iter().filter(|change| change.file.is_some()).count();
    let removed = proposal.changes.iter().filter(|change| change.kind == ChangeKind::Remove).count();
    let verb = if dry_run { words::WOULD_WRITE } else { words::WROTE };
    if !proposal.is_news() {
        let _ = writeln!(text, "{}", words::NOTHING_NEW.to(language));
    } else {
        let mut done = format!("{} {}", verb.to(language), count(written, "file"));
        if removed > 0 {
            let also = if dry_run { words::WOULD_REMOVE } else { words::REMOVED };
            let _ = write!(done, ", {} {removed}", also.to(language));
        }
        let _ = writeln!(text, "{done}. {}", words::COMMIT.to(language));
    }
    let stops = |one: &Diagnostic| one.severity == Severity::Error && one.code != FILE_NOT_NEEDED;
    if proposal.diagnostics.iter().any(stops) {
        let _ = writeln!(text, "{}", words::MEND.to(language));
    }
    if !dry_run {
        text.push_str(&to_keep_out(proposal, language));
        text.push_str(&to_fill_in(proposal, language));
        text.push_str(&next(proposal, language));
    }
    text
}

/// Files with secrets that the next commit would take along. A command stands alone on its line, with what is said of it
/// behind `#`: a line that is pasted whole does what it says and no more.
fn to_keep_out(proposal: &Proposal, language: Language) -> String {
    let tree = &proposal.project.tree;
    let dir = &proposal.project.dir;
    let in_dir = |path: &str| quote(dir.join(path).as_str().trim_start_matches("./")).into_owned();
    let ignores = in_dir(GITIGNORE);
    let is_added = proposal.changes.iter().any(|change| change.path == GITIGNORE && change.file.is_some());
    // What is appended to a last line without an end becomes part of it.
    let mut is_open = tree.text(GITIGNORE).is_some_and(|text| !text.is_empty() && !text.ends_with('\n'));
    let mut rows: Vec<[String; 2]> = Vec::new();
    for (path, standing) in proposal.secrets_in_git() {
        if !is_added {
            let say = if std::mem::take(&mut is_open) { "printf '\\n%s\\n'" } else { "echo" };
            let line = format!("{say} {} >> {ignores}", quote(&ignore_rule(path)));
            rows.push([command(&line), remark(words::HOLDS_SECRETS.to(language))]);
        }
        if standing == InGit::Tracked {
            let line = format!("git rm --cached {}", in_dir(path.as_str()));
            rows.push([command(&line), remark(words::IN_GIT.to(language))]);
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    format!("\n{}\n{}", heading(words::KEEP_OUT.to(language)), table(2, &rows))
}

/// Returns a remark about a command that a shell takes for a comment.
fn remark(text: &str) -> String {
    aside(&format!("# {text}"))
}

/// Lists the variables that only the person can know.
fn to_fill_in(proposal: &Proposal, language: Language) -> String {
    let env_file = &proposal.plan.prod.env_file;
    let variables = proposal.plan.variables().into_iter().filter_map(|variable| {
        let asked = matches!(variable.value, VariableValue::Asked { .. });
        asked.then(|| [format!("{env_file}: {}", variable.name), aside(&variable.because)])
    });
    let files = proposal.plan.secret_files.iter().filter_map(|file| {
        let keys = file.asked();
        let because =
            format!("the settings read {} from this file", if keys.len() == 1 { "it" } else { "them" });
        (!keys.is_empty()).then(|| [format!("{}: {}", file.path, keys.join(", ")), aside(&because)])
    });
    let rows: Vec<[String; 2]> = variables.chain(files).collect();
    if rows.is_empty() {
        return String::new();
    }
    format!("\n{}\n{}", heading(words::FILL_IN.to(language)), table(2, &rows))
}

/// The commands that one types next.
fn next(proposal: &Proposal, language: Language) -> String {
    let dir = quote(proposal.project.dir.as_str());
    let in_dir = if dir == "." { String::new() } else { format!(" {dir}") };
    let cd = if dir == "." { String::new() } else { format!("cd {dir} && ") };
    let plan = &proposal.plan;
    let at = |text: &str, stack: &Stack| match stack.url() {
        Some(url) => remark(&format!("{text}: {url}")),
        None => remark(text),
    };
    let up = |stack: &Stack, act| command(&format!("{cd}{}", plan.target.command(stack, act)));
    let mut rows = vec![
        [command(&format!("djdock smoke prod{in_dir}")), remark(words::SEE_IT_RUN.to(language))],
        [up(&plan.dev, Act::Run), at(words::START_DEVELOPMENT.to(language), &plan.dev)],
        [up(&plan.prod, Act::Deploy), at(words::START_PRODUCTION.to(language), &plan.prod)],
    ];
    if let Some(document) = plan.outputs.iter().find(|output| output.kind == OutputKind::Document) {
        let path = proposal.project.dir.join(&document.path);
        let path = path.as_str().trim_start_matches("./");
        rows.push([command(&format!("less {}", quote(path))), remark(words::READ_ON.to(language))]);
    }
    format!("\n{}\n{}", heading(words::NEXT.to(language)), table(2, &rows))
}
