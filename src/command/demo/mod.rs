//! `djdock demo`: a small project to look at, and what djdock makes of it.

pub mod examples;

use camino::Utf8PathBuf;

use super::init;
use super::project::Dir;
use super::question_flags::QuestionFlags;
use super::{Exit, Failure, words};
use crate::base::Diagnostic;
use crate::base::codes::choose::EXAMPLE_UNKNOWN;
use crate::base::language::Language;
use crate::base::wording::{did_you_mean, or_ticked};
use crate::shell::terminal::style::heading;
use crate::shell::{disk, folder, terminal};
use crate::update::{FileToWrite, Mode};
use examples::{EXAMPLES, Example};

/// Write a small Django project, and what it needs to run in containers
///
/// Needs no Docker. The folder must be new or empty.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The folder to write it in, by default one that is called as the example
    #[arg(value_name = "DIR")]
    dir: Option<Utf8PathBuf>,
    /// Which project: polls, shop or board
    #[arg(long, value_name = "NAME", default_value = EXAMPLES[0].name)]
    example: String,
    #[command(flatten)]
    answers: QuestionFlags,
}

pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let example = named(&arguments.example)?;
    let dir = arguments.dir.clone().unwrap_or_else(|| example.name.into());
    folder::make_empty(&dir)?;
    disk::write(&dir, &files(example))?;
    let wrote = words::WROTE_EXAMPLE.to(Language::En);
    terminal::talk(&format!("{wrote} {} ({}): {dir}\n\n", heading(example.name), example.about));
    init::run(&init::Arguments {
        dir: Dir::new(&dir),
        yes: true,
        smoke: false,
        writing: init::Writing::default(),
        answers: arguments.answers.clone(),
    })
}

fn named(name: &str) -> Result<&'static Example, Diagnostic> {
    EXAMPLES.iter().find(|example| example.name == name).ok_or_else(|| {
        let names: Vec<&str> = EXAMPLES.iter().map(|example| example.name).collect();
        let diagnostic = Diagnostic::error(EXAMPLE_UNKNOWN, format!("there is no example `{name}`"));
        match did_you_mean(name, names.iter().copied()) {
            Some(meant) => diagnostic.help(format!("`djdock demo --example {meant}`")),
            None => diagnostic,
        }
        .help(format!("choose {}", or_ticked(&names)))
    })
}

fn files(example: &Example) -> Vec<FileToWrite> {
    let file = |(path, text): &(&str, &str)| FileToWrite {
        path: (*path).into(),
        bytes: Some(text.as_bytes().to_vec()),
        mode: if *path == "manage.py" { Mode::Executable } else { Mode::Plain },
        replaces: false,
    };
    example.files.iter().map(file).collect()
}
