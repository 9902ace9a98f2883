//! The person at the terminal: the only place that asks.

use std::io::IsTerminal;

use dialoguer::console::Term;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Input, Select};

use super::harmless;
use crate::base::language::{Language, Text};
use crate::choose::question::{Kind, is_yes, yes_no};
use crate::choose::{Asked, Interrupted, Person};
use crate::shell::interrupt;

/// Tells whether there is somebody to ask: what they type and what they see are a terminal.
pub fn is_there() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks on stderr, so that stdout stays data.
#[derive(Debug)]
pub struct AtTerminal(Term);

impl AtTerminal {
    /// The person, where there is one.
    pub fn new() -> Option<Self> {
        is_there().then(|| Self(Term::stderr()))
    }

    /// Asks for a yes or no that is no question of [`crate::choose`].
    pub fn confirm(&mut self, prompt: &str, usual: bool) -> Result<bool, Interrupted> {
        let theme = theme();
        let confirm = Confirm::with_theme(&*theme).with_prompt(harmless(prompt)).default(usual);
        self.prompting(|term| confirm.interact_on_opt(term))?.ok_or(Interrupted)
    }

    /// Asks which of `items` is wanted, and returns its index. The first is the usual one.
    pub fn choose(&mut self, prompt: &str, items: &[String]) -> Result<usize, Interrupted> {
        self.select(harmless(prompt), items, 0)
    }

    /// Runs a prompt. Signals are held while it stands: Ctrl-C must not leave a terminal without a cursor.
    fn prompting<T>(&mut self, prompt: impl FnOnce(&Term) -> dialoguer::Result<T>) -> Result<T, Interrupted> {
        let _held = interrupt::hold();
        let answer = prompt(&self.0);
        // A terminal that went away answers nothing: the same as a person who left.
        answer.map_err(|_gone| {
            let _ = self.0.show_cursor();
            Interrupted
        })
    }

    fn select(&mut self, prompt: String, items: &[String], usual: usize) -> Result<usize, Interrupted> {
        let theme = theme();
        let select = Select::with_theme(&*theme).with_prompt(prompt).items(items).default(usual);
        self.prompting(|term| select.interact_on_opt(term))?.ok_or(Interrupted)
    }
}

impl Person for AtTerminal {
    fn ask(&mut self, asked: &Asked<'_>) -> Result<String, Interrupted> {
        let prompt = prompt(asked);
        let suggested = asked.suggestion.word.as_str();
        let words = asked.question.words();
        match &asked.question.kind {
            Kind::YesNo => {
                let usual = is_yes(suggested).unwrap_or(true);
                Ok(yes_no(self.confirm(&prompt, usual)?).to_owned())
            }
            Kind::Choice { now, .. } => {
                let now = now();
                let labels = now.iter().map(|choice| choice.label.to(asked.language));
                let abouts = now.iter().map(|choice| choice.about.to(asked.language));
                let rows: Vec<[String; 2]> =
                    labels.zip(abouts).map(|(label, about)| [label.to_owned(), about.to_owned()]).collect();
                let items: Vec<String> = super::table(0, &rows).lines().map(ToOwned::to_owned).collect();
                let usual = words.iter().position(|word| *word == suggested).unwrap_or(0);
                Ok(words[self.select(prompt, &items, usual)?].to_owned())
            }
            Kind::OneOfThese { .. } if !asked.found.is_empty() => {
                let items: Vec<String> = asked.found.iter().map(|found| harmless(found)).collect();
                let usual = asked.found.iter().position(|found| found == suggested).unwrap_or(0);
                Ok(asked.found[self.select(prompt, &items, usual)?].clone())
            }
            Kind::OneOfThese { form, .. } | Kind::Open { form, .. } => {
                let question = asked.question;
                let theme = theme();
                let input = Input::<String>::with_theme(&*theme)
                    .with_prompt(prompt)
                    .default(suggested.to_owned())
                    .validate_with(|word: &String| {
                        if question.accepts(word) { Ok(()) } else { Err(form_wanted(*form, asked.language)) }
                    });
                self.prompting(|term| input.interact_text_on(term))
            }
        }
    }
}

/// The question, and what speaks for the suggestion.
fn prompt(asked: &Asked<'_>) -> String {
    let prompt = asked.question.prompt.to(asked.language);
    match asked.suggestion.reason() {
        Some(reason) => format!("{prompt} ({})", harmless(&reason)),
        None => prompt.to_owned(),
    }
}

fn form_wanted(form: Text, language: Language) -> String {
    Text::new("write", "다음 형식으로 적어 주세요:").to(language).to_owned() + " " + form.to(language)
}

/// Colours unless they are not wanted; then plain characters too.
fn theme() -> Box<dyn Theme> {
    if dialoguer::console::colors_enabled_stderr() {
        Box::new(ColorfulTheme::default())
    } else {
        Box::new(SimpleTheme)
    }
}
