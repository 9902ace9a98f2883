//! What is said after: for people what to do next, for programs JSON, and differences.

use std::fmt::Write;

use camino::Utf8Path;
use serde::Serialize;
use shell_words::quote;

use super::proposal::Proposal;
use super::{review, words};
use crate::base::Diagnostic;
use crate::base::language::Language;
use crate::base::wording::count;
use crate::choose::Answers;
use crate::plan::Stack;
use crate::plan::stack::VariableValue;
use crate::shell::disk;
use crate::shell::terminal::style::{aside, command, heading};
use crate::shell::terminal::{self, table};
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
        None => String::new(),
    };
    proposal.changes.iter().map(shown).collect()
}

/// What was written or would be, what is to be filled in, and the next commands.
pub fn outcome(proposal: &Proposal, dry_run: bool, shown: Shown) -> String {
    let language = proposal.chosen.answers.lang;
    let mut text = String::new();
    if shown == Shown::Nothing {
        let _ =
            writeln!(text, "{}\n{}", heading(words::FILES.to(language)), review::files(&proposal.changes));
    }
    let written = proposal.changes.iter().filter(|change| change.file.is_some()).count();
    let verb = if dry_run { words::WOULD_WRITE } else { words::WROTE };
    if written == 0 {
        let _ = writeln!(text, "{}", words::NOTHING_NEW.to(language));
    } else {
        let files = count(written, "file");
        let _ = writeln!(text, "{} {files}. {}", verb.to(language), words::COMMIT.to(language));
    }
    if !dry_run {
        text.push_str(&to_keep_out(proposal, language));
        text.push_str(&to_fill_in(proposal, language));
        text.push_str(&next(proposal, language));
    }
    text
}

/// Files with secrets that the next commit would take along.
fn to_keep_out(proposal: &Proposal, language: Language) -> String {
    let written = proposal.changes.iter().filter(|change| change.secret && change.file.is_some());
    let mut written = written.peekable();
    if written.peek().is_none() {
        return String::new();
    }
    // What git ignores is no file of the project.
    let Ok(tree) = disk::load(&proposal.project.dir) else { return String::new() };
    let ignores =
        quote(proposal.project.dir.join(".gitignore").as_str().trim_start_matches("./")).into_owned();
    // What is appended to a last line without an end becomes part of it.
    let is_open = tree.text(".gitignore").is_some_and(|text| !text.is_empty() && !text.ends_with('\n'));
    let rows: Vec<[String; 2]> = written
        .filter(|change| tree.is_file(&change.path))
        .enumerate()
        .map(|(index, change)| {
            let say = if index == 0 && is_open { "printf '\\n%s\\n'" } else { "echo" };
            let line = format!("{say} {} >> {ignores}", quote(&format!("/{}", change.path)));
            [command(&line), aside(words::HOLDS_SECRETS.to(language))]
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    format!("\n{}\n{}", heading(words::KEEP_OUT.to(language)), table(2, &rows))
}

/// What only the person can know.
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

/// The two commands that one types next.
fn next(proposal: &Proposal, language: Language) -> String {
    let dir = quote(proposal.project.dir.as_str());
    let in_dir = if dir == "." { String::new() } else { format!(" {dir}") };
    let cd = if dir == "." { String::new() } else { format!("cd {dir} && ") };
    let rows = [
        [command(&format!("djdock smoke prod{in_dir}")), aside(words::SEE_IT_RUN.to(language))],
        [
            command(&format!("{cd}{}", compose_up(&proposal.plan.dev))),
            aside(words::START_DEVELOPMENT.to(language)),
        ],
    ];
    format!("\n{}\n{}", heading(words::NEXT.to(language)), table(2, &rows))
}

fn compose_up(stack: &Stack) -> String {
    let file = if stack.compose_file == "compose.yaml" {
        String::new()
    } else {
        format!(" -f {}", quote(stack.compose_file.as_str()))
    };
    let env = if stack.env_file == ".env" {
        String::new()
    } else {
        format!(" --env-file {}", quote(stack.env_file.as_str()))
    };
    format!("docker compose{file}{env} up --build")
}
