//! The reason of every decision, for `--verbose`.

use super::proposal::Proposal;
use super::{review, words};
use crate::base::{Evidence, Place};
use crate::choose::{Question, Suggestion};
use crate::shell::terminal::style::aside;
use crate::shell::terminal::{harmless, table};

/// Returns every decision of the proposal with its reason, and the place in the project that it rests on.
pub fn of(proposal: &Proposal) -> String {
    let language = proposal.chosen.answers.lang;
    let plan = &proposal.plan;
    let stacks = [(words::DEVELOPMENT, &plan.dev), (words::PRODUCTION, &plan.prod)];
    let images = stacks.iter().flat_map(|(name, stack)| {
        stack.images.iter().map(|image| row(name.to(language), image.dockerfile.as_str(), "", &image.because))
    });
    let services = stacks.iter().flat_map(|(name, stack)| {
        stack.services.iter().map(|service| row(name.to(language), &service.name, "", &service.because))
    });
    let variables = plan.variables();
    let variables = variables.iter().map(|variable| row("", &variable.name, &variable.because, &[]));
    let overrides = plan.overlays.iter().flat_map(|overlay| {
        overlay
            .overrides
            .iter()
            .map(|one| row(overlay.module.as_str(), &one.setting, &one.because, &one.evidence))
    });
    let notes = plan.notes.iter().map(|note| row("", &note.topic, &note.text, &note.evidence));
    [
        section(words::ANSWERS.to(language), answers(proposal).into_iter()),
        section(words::IMAGES.to(language), images),
        section(words::SERVICES.to(language), services),
        section(words::VARIABLES.to(language), variables),
        section(words::OVERRIDES.to(language), overrides),
        section(words::NOTES.to(language), notes),
    ]
    .concat()
}

/// Returns each answer with who gave it, or why djdock suggests it.
fn answers(proposal: &Proposal) -> Vec<[String; 2]> {
    let origins = &proposal.chosen.answers.origins;
    let reason = |key: &str, suggestion: &Suggestion| match origins.get(key) {
        Some(Place::Default) | None => suggestion.reason().unwrap_or_else(|| Place::Default.to_string()),
        Some(given) => given.to_string(),
    };
    let row = |(question, suggestion, word): (&Question, &Suggestion, String)| {
        let name = format!("{} = {}", question.key, harmless(&word));
        [name, harmless(&reason(question.key, suggestion))]
    };
    proposal.chosen.each().map(row).collect()
}

/// Returns a decision, and beside it the reasons: a phrase of djdock's, and what is read in the project with its place.
fn row(part: &str, name: &str, because: &str, evidence: &[Evidence]) -> [String; 2] {
    let name = if part.is_empty() { harmless(name) } else { format!("{part}: {}", harmless(name)) };
    let places = evidence.iter().map(|one| {
        format!("{} {}", harmless(&one.reason), aside(&format!("({})", harmless(&one.place.to_string()))))
    });
    let because = (!because.is_empty()).then(|| because.trim_end_matches('.').to_owned());
    let reasons: Vec<String> = because.into_iter().chain(places).collect();
    [name, reasons.join("; ")]
}

/// Returns the rows under their title; nothing where there are none.
fn section(title: &str, rows: impl Iterator<Item = [String; 2]>) -> String {
    let rows: Vec<[String; 2]> = rows.collect();
    if rows.is_empty() { String::new() } else { review::section(title, &table(2, &rows)) }
}
