//! `djdock explain`: what a diagnostic means, why a line of a generated file is there, a topic.

use super::topics::TOPICS;
use super::{Exit, Failure, because};
use crate::base::Diagnostic;
use crate::base::codes::{self, Explained, choose::NOTHING_TO_EXPLAIN};
use crate::base::language::Language;
use crate::base::wording::did_you_mean;
use crate::shell::terminal::{self, style};

/// Explain a diagnostic, a line of a generated file, or a topic
///
/// Without an argument everything that can be explained is listed.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// A code (settings-unresolved), a file and line (compose.yaml:12), or a topic (questions)
    #[arg(value_name = "WHAT")]
    what: Option<String>,
    /// The language: en, or ko where it is written in Korean
    #[arg(long, value_name = "WORD", default_value = "en", value_parser = language)]
    lang: Language,
}

fn language(word: &str) -> Result<Language, String> {
    Language::from_word(word).ok_or_else(|| "choose `en` or `ko`".to_owned())
}

pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let text = match arguments.what.as_deref() {
        None => list(arguments.lang),
        Some(what) => explained(what, arguments.lang)?,
    };
    terminal::data(&text)?;
    Ok(Exit::Done)
}

fn explained(what: &str, language: Language) -> Result<String, Failure> {
    if let Some(topic) = TOPICS.iter().find(|topic| topic.name == what) {
        return Ok((topic.text)(language));
    }
    if let Some(entry) = codes::all().find(|entry| entry.code.0 == what) {
        return Ok(code(entry, language));
    }
    if because::looks_like_file(what) {
        return because::of(what);
    }
    Err(unknown(what).into())
}

fn code(entry: &Explained, language: Language) -> String {
    let explanation = wrapped(entry.explanation_in(language));
    format!("{}: {}\n\n{explanation}\n", style::heading(entry.code.0), entry.summary_in(language))
}

/// Everything that has a name.
fn list(language: Language) -> String {
    let topics = TOPICS.iter().map(|topic| [topic.name.to_owned(), topic.summary.to(language).to_owned()]);
    let codes = codes::all().map(|entry| [entry.code.0.to_owned(), entry.summary_in(language).to_owned()]);
    let mut codes: Vec<[String; 2]> = codes.collect();
    codes.sort();
    format!(
        "{}\n{}\n{}\n{}\n{}\n{}",
        style::heading("Topics"),
        terminal::table(2, &topics.collect::<Vec<_>>()),
        style::heading("Files"),
        "  Any file that djdock wrote, and any line of it: djdock explain compose.yaml:12\n",
        style::heading("Codes"),
        terminal::table(2, &codes),
    )
}

/// Paragraphs at most 80 columns wide.
fn wrapped(markdown: &str) -> String {
    let paragraph = |text: &str| {
        let mut lines = vec![String::new()];
        for word in text.split_whitespace() {
            let line = lines.last().map_or(0, |line| terminal::width(line));
            if line > 0 && line + 1 + terminal::width(word) > 80 {
                lines.push(String::new());
            }
            if let Some(line) = lines.last_mut() {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
            }
        }
        lines.join("\n")
    };
    markdown.split("\n\n").map(paragraph).collect::<Vec<_>>().join("\n\n")
}

fn unknown(what: &str) -> Diagnostic {
    let names: Vec<&str> =
        TOPICS.iter().map(|topic| topic.name).chain(codes::all().map(|entry| entry.code.0)).collect();
    let diagnostic = Diagnostic::error(NOTHING_TO_EXPLAIN, format!("there is no explanation of `{what}`"))
        .because("it is no code, no topic and no file that djdock wrote");
    match did_you_mean(what, names.iter().copied()) {
        Some(meant) => diagnostic.help(format!("`djdock explain {meant}`")),
        None => diagnostic,
    }
    .help("list what can be explained: `djdock explain`")
}
