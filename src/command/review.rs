//! The review for a person: before the first question the findings; before djdock writes the decisions with reasons, the
//! will run, which files.

use camino::Utf8Path;

use super::project::Project;
use super::proposal::Proposal;
use super::words;
use crate::base::language::Language;
use crate::base::wording::count;
use crate::base::{Evidence, Place};
use crate::inspect::Facts;
use crate::inspect::facts::{DatabaseEngine, PackageManager};
use crate::shell::disk::InGit;
use crate::shell::terminal::style::{aside, doubtful, good, heading};
use crate::shell::terminal::{harmless, table};
use crate::stack::ServiceImage;
use crate::stack::Stack;
use crate::update::merge::{Clash, Side};
use crate::update::{Change, ChangeKind, Conflict};

/// The whole review, for stderr.
pub fn all(proposal: &Proposal) -> String {
    let language = proposal.chosen.answers.lang;
    [
        section(words::ANSWERS.to(language), &answers(proposal)),
        section(words::SERVICES.to(language), &services(proposal, language)),
        section(words::FILES.to(language), &files(&proposal.changes)),
    ]
    .concat()
}

/// Returns the findings in the project, before anything is asked.
pub fn found(project: &Project, language: Language) -> String {
    section(words::FOUND.to(language), &facts(&project.facts))
}

pub(super) fn section(title: &str, body: &str) -> String {
    format!("{}\n{body}\n", heading(title))
}

/// The question whether files with secrets are to be added to `.gitignore`.
pub fn may_ignore(secrets: &[(&Utf8Path, InGit)], language: Language) -> String {
    let names: Vec<String> = secrets.iter().map(|(path, _)| format!("`{path}`")).collect();
    format!("{} {}", names.join(", "), words::IGNORE_IT.to(language))
}

pub fn question(proposal: &Proposal) -> &'static str {
    words::WRITE_THEM.to(proposal.chosen.answers.lang)
}

pub fn nothing_written(proposal: &Proposal) -> String {
    format!("{}\n", words::NOTHING_WRITTEN.to(proposal.chosen.answers.lang))
}

/// The question whether a file of theirs may be replaced.
pub fn may_replace(change: &Change, language: Language) -> String {
    let path = &change.path;
    format!("`{path}` {} `{path}.bak`?", words::REPLACE_IT.to(language))
}

/// Returns both texts of each place where the person and djdock changed the same lines.
pub fn clashes(change: &Change, language: Language) -> String {
    let block = |title: &str, text: &str| {
        let lines: String = text.lines().map(|line| format!("    {}\n", harmless(line))).collect();
        format!("  {}\n{lines}", aside(title))
    };
    let both = |clash: &Clash| {
        let yours = block(words::YOURS.to(language), &clash.persons);
        let place = heading(&format!("{}:{}", change.path, clash.line));
        format!("{place}\n{yours}{}", block(words::DJDOCKS.to(language), &clash.djdocks))
    };
    match &change.conflict {
        Some(Conflict::SameLines(clashes)) => clashes.iter().map(both).collect(),
        Some(Conflict::MarksLeft | Conflict::NotText) | None => String::new(),
    }
}

/// The question which text stands in a file with a conflict.
pub fn which_side(change: &Change, language: Language) -> String {
    format!("`{}`: {}", change.path, words::WHICH_SIDE.to(language))
}

/// The answers to [`which_side`], in the order of a list; `None` decides nothing.
pub fn sides(language: Language) -> [(Option<Side>, String); 4] {
    [
        (Some(Side::Ours), words::KEEP_OURS),
        (Some(Side::Theirs), words::TAKE_THEIRS),
        (Some(Side::Inline), words::KEEP_BOTH),
        (None, words::LEAVE_IT),
    ]
    .map(|(side, text)| (side, text.to(language).to_owned()))
}

/// Returns the facts that the rest stands on, each with the place that decided. A missing fact has no row.
fn facts(facts: &Facts) -> String {
    let row = |name: &str, value: Option<String>, evidence: &[Evidence]| {
        let place = evidence.first().map(|evidence| evidence.place.to_string()).unwrap_or_default();
        value.map(|value| [name.to_owned(), value, aside(&place)])
    };
    let variables = &facts.variables;
    let required = variables.value.iter().filter(|variable| variable.required).count();
    let read = format!("{}, {required} of them required", count(variables.value.len(), "variable"));
    let engine = facts.databases.value.get("default").map(|engines| engines.prod);
    let engine = engine.filter(|engine| *engine != DatabaseEngine::Unknown).and_then(word);
    let manager = &facts.package_manager;
    let manager_word = (manager.value != PackageManager::None).then(|| word(manager.value)).flatten();
    let caches = &facts.cache_backends;
    let rows: Vec<[String; 3]> = [
        row("project", facts.manage_py.value.as_ref().map(ToString::to_string), &[]),
        row("Django", facts.django_version.value.clone(), &facts.django_version.evidence),
        row("Python", facts.python_version.value.clone(), &facts.python_version.evidence),
        row("requirements", manager_word, &manager.evidence),
        row("settings", facts.settings_prod.value.clone(), &facts.settings_prod.evidence),
        row("database", engine, &facts.databases.evidence),
        row("caches", (!caches.value.is_empty()).then(|| caches.value.join(", ")), &caches.evidence),
        row("Celery", facts.celery_app.value.clone(), &facts.celery_app.evidence),
        row("variables", (!variables.value.is_empty()).then_some(read), &variables.evidence),
    ]
    .into_iter()
    .flatten()
    .collect();
    table(2, &rows)
}

/// The word that JSON uses.
fn word(value: impl serde::Serialize) -> Option<String> {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned))
}

/// Every answer with the reason for it; where there is nothing to choose, none.
fn answers(proposal: &Proposal) -> String {
    let origins = &proposal.chosen.answers.origins;
    let rows: Vec<[String; 3]> = proposal
        .chosen
        .each()
        .filter(|(question, ..)| question.has_choice())
        .map(|(question, suggestion, word)| {
            let reason = match origins.get(question.key) {
                Some(Place::Default) | None => suggestion.reason().unwrap_or_default(),
                Some(Place::Answer(_)) => String::new(),
                Some(place) => place.to_string(),
            };
            [question.key.to_owned(), word, aside(&reason)]
        })
        .collect();
    table(2, &rows)
}

fn services(proposal: &Proposal, language: Language) -> String {
    let named = [(words::DEVELOPMENT, &proposal.plan.dev), (words::PRODUCTION, &proposal.plan.prod)];
    let rows: Vec<[String; 3]> = named
        .iter()
        .flat_map(|(name, stack)| {
            let name = format!("{} ({})", name.to(language), proposal.plan.target.file(stack.environment));
            let first = std::iter::once(name).chain(std::iter::repeat(String::new()));
            first.zip(of_stack(stack)).map(|(name, [service, image])| [name, service, aside(&image)])
        })
        .collect();
    table(2, &rows)
}

fn of_stack(stack: &Stack) -> Vec<[String; 2]> {
    let image = |image: &ServiceImage| match image {
        ServiceImage::Named { tag } => tag.clone(),
        ServiceImage::Built { image, .. } => match stack.images.iter().find(|built| built.name == *image) {
            Some(built) => built.dockerfile.to_string(),
            None => image.clone(),
        },
    };
    stack.services.iter().map(|service| [service.name.clone(), image(&service.image)]).collect()
}

/// Every file with what happens to it.
pub fn files(changes: &[Change]) -> String {
    let rows: Vec<[String; 3]> = changes
        .iter()
        .map(|change| {
            let word = match change.kind {
                ChangeKind::Create | ChangeKind::Update | ChangeKind::Merged | ChangeKind::Remove => {
                    good(change.kind.word())
                }
                ChangeKind::Foreign | ChangeKind::Conflict | ChangeKind::Orphan => {
                    doubtful(change.kind.word())
                }
                ChangeKind::Unchanged | ChangeKind::Deleted => aside(change.kind.word()),
            };
            [word, change.path.to_string(), aside(&change.because)]
        })
        .collect();
    table(2, &rows)
}
