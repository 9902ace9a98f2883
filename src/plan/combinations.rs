//! Answers that nothing can come of in this project: refused before anything is written, each with the nearest that
//! works. What nobody said is no answer: djdock's own suggestions fit.

mod serving;
mod static_files;

use super::ground::Ground;
use crate::base::codes::choose::ANSWER_INEFFECTIVE;
use crate::base::wording::{did_you_mean, or_ticked};
use crate::base::{Diagnostic, Place};
use crate::catalog::Listed;
use crate::catalog::database::Kept;
use crate::catalog::store;
use crate::check::subject::{is_this_machine, url_host};
use crate::choose;
use crate::choose::QUESTIONS;
use crate::choose::question::{Kind, Question, is_yes};
use crate::inspect::facts::DatabaseEngine;
use crate::knowledge::{django, pythons};
use crate::python::{Minor, Value};
use crate::stack::Environment;

/// An answer that does nothing.
struct Refusal {
    /// The fact of this project that makes the answer useless, as a clause.
    because: String,
    /// The flags to type instead, the nearest first.
    nearest: Vec<String>,
}

/// The question of an answer, and why nothing comes of the answer to it that was given.
struct Row {
    key: &'static str,
    refuse: fn(&Ground<'_>) -> Option<Refusal>,
}

const ROWS: &[Row] = &[
    Row { key: "project", refuse: project_that_is_not_there },
    Row { key: "settings_prod", refuse: |ground| settings_that_are_not_there(ground, Environment::Prod) },
    Row { key: "settings_dev", refuse: |ground| settings_that_are_not_there(ground, Environment::Dev) },
    Row { key: "package_manager", refuse: manager_without_manifest },
    Row { key: "python", refuse: python_without_image },
    Row { key: "python", refuse: python_too_old_for_django },
    Row { key: "database", refuse: database_without_address },
    Row { key: "cache", refuse: cache_without_use },
    Row { key: "worker", refuse: worker_without_application },
    Row { key: "worker", refuse: worker_without_broker },
    Row { key: "server", refuse: serving::server_of_another_interface },
    Row { key: "server", refuse: serving::server_without_application },
    Row { key: "server", refuse: serving::server_that_the_proxy_cannot_reach },
    Row { key: "proxy", refuse: serving::server_that_the_proxy_cannot_reach },
    Row { key: "static", refuse: static_files::in_no_storage },
    Row { key: "static", refuse: static_files::by_nobody },
    Row { key: "static", refuse: static_files::by_what_cannot_be_added },
    Row { key: "proxy", refuse: static_files::by_nobody },
    Row { key: "proxy", refuse: static_files::by_what_cannot_be_added },
    Row { key: "tls", refuse: serving::certificates_that_the_proxy_does_not_read },
    Row { key: "body_size", refuse: serving::body_size_that_nothing_limits },
];

/// Every given answer that does nothing, in the order of the questions; one for each question.
pub(super) fn refused(ground: &Ground<'_>) -> Vec<Diagnostic> {
    let mut found: Vec<(&str, Diagnostic)> = Vec::new();
    for row in ROWS {
        let origin = ground.answers.origins.get(row.key).filter(|origin| **origin != Place::Default);
        let question = QUESTIONS.iter().find(|question| question.key == row.key);
        if let (Some(origin), Some(question)) = (origin, question)
            && found.iter().all(|(key, _)| *key != row.key)
            && let Some(refusal) = (row.refuse)(ground)
        {
            found.push((row.key, diagnose(question, &(question.word)(ground.answers), origin, refusal)));
        }
    }
    // Both say the same of what serves static files.
    let mut titles: Vec<Vec<String>> = Vec::new();
    let is_new = |one: &Diagnostic| {
        let said = one.notes.clone();
        let is_new = !titles.contains(&said);
        titles.push(said);
        is_new
    };
    let mut is_new = is_new;
    found.into_iter().map(|(_, one)| one).filter(|one| is_new(one)).collect()
}

fn diagnose(question: &Question, word: &str, origin: &Place, refusal: Refusal) -> Diagnostic {
    let said = match (origin, &question.kind) {
        (Place::Flag(flag), Kind::YesNo) => format!("`{flag}`"),
        (Place::Flag(flag), _) => format!("`{flag} {word}`"),
        (_, Kind::YesNo) => format!("`{} = {}`", question.key, is_yes(word) == Some(true)),
        _ => format!("`{} = \"{word}\"`", question.key),
    };
    let diagnostic = Diagnostic::error(ANSWER_INEFFECTIVE, format!("{said} does not fit this project"));
    let diagnostic = match origin {
        Place::Line { .. } => diagnostic.at(origin, "said here"),
        _ => diagnostic,
    };
    let diagnostic = diagnostic.because(refusal.because);
    refusal.nearest.into_iter().fold(diagnostic, Diagnostic::help)
}

fn project_that_is_not_there(ground: &Ground<'_>) -> Option<Refusal> {
    let (said, candidates) = (&ground.answers.manage_py, &ground.facts.manage_py_candidates);
    if candidates.contains(said) {
        return None;
    }
    let names: Vec<&str> = candidates.iter().map(|path| path.as_str()).collect();
    let nearest = did_you_mean(said.as_str(), names.iter().copied()).or(names.first().copied());
    Some(Refusal {
        because: match names.as_slice() {
            [] => format!("there is no `{said}` that runs Django's commands, nor another file that does"),
            names => {
                format!("there is no `{said}` that runs Django's commands; there is {}", or_ticked(names))
            }
        },
        nearest: nearest
            .map(|path| format!("name one that is there: `--project {path}`"))
            .into_iter()
            .collect(),
    })
}

fn settings_that_are_not_there(ground: &Ground<'_>, environment: Environment) -> Option<Refusal> {
    let (said, flag) = match environment {
        Environment::Prod => (&ground.answers.settings_prod, "--settings-prod"),
        Environment::Dev => (&ground.answers.settings_dev, "--settings-dev"),
    };
    let module = said.split(':').next().unwrap_or_default();
    let known = &ground.facts.settings_modules.value;
    let is_known = known.iter().any(|one| one == said || one.split(':').next() == Some(module));
    if is_known || known.is_empty() || ground.module_file(module).is_some() {
        return None;
    }
    let nearest = did_you_mean(said, known.iter().map(String::as_str)).or(known.first().map(String::as_str));
    Some(Refusal {
        because: format!("there is no settings module `{said}`; there is {}", or_ticked(known)),
        nearest: nearest
            .map(|module| format!("name one that is there: `{flag} {module}`"))
            .into_iter()
            .collect(),
    })
}

fn manager_without_manifest(ground: &Ground<'_>) -> Option<Refusal> {
    let found = &ground.facts.package_manager;
    let word = |manager| {
        QUESTIONS.iter().find(|question| question.key == "package_manager").map(|question| {
            let answers = choose::Answers { package_manager: manager, ..choose::Answers::default() };
            (question.word)(&answers)
        })
    };
    if found.value == ground.answers.package_manager || ground.facts.install.is_none() {
        return None;
    }
    let (said, read) = (word(ground.answers.package_manager)?, word(found.value)?);
    let place = found.decided_by().map(|place| format!(" ({place})")).unwrap_or_default();
    Some(Refusal {
        because: format!(
            "no file of the project is for {said}; what it requires is written down for {read}{place}"
        ),
        nearest: vec![format!(
            "leave the answer out, or choose what there is a file for: `--package-manager {read}`"
        )],
    })
}

/// A Python that the person chose has no official image.
fn python_without_image(ground: &Ground<'_>) -> Option<Refusal> {
    let said = &ground.answers.python;
    let known = Minor::parse(said).and_then(pythons::release);
    let (oldest, newest) = (pythons::releases().first()?, pythons::releases().last()?);
    known.is_none().then(|| Refusal {
        because: format!(
            "djdock knows no image of Python {said}; it knows those from {} to {}",
            oldest.version, newest.version
        ),
        nearest: vec![format!("choose a Python that has one: `--python {}`", fitting(ground))],
    })
}

fn python_too_old_for_django(ground: &Ground<'_>) -> Option<Refusal> {
    let line = ground.facts.django_version.value.as_deref().and_then(Minor::parse)?;
    let release = django::release(line)?;
    let oldest = release.oldest_python()?;
    (ground.python < oldest).then(|| Refusal {
        because: format!(
            "Django {line} does not run on Python {}: it needs {oldest} or newer",
            ground.python
        ),
        nearest: vec![format!("choose a Python that it runs on: `--python {}`", fitting(ground))],
    })
}

/// The Python that djdock would choose; where the answer hides what the project states, the preferred one as far as
/// Django runs on it.
fn fitting(ground: &Ground<'_>) -> String {
    let line = ground.facts.django_version.value.as_deref().and_then(Minor::parse);
    let release = line.and_then(django::release);
    let preferred = pythons::preferred();
    let newest = release.and_then(django::Release::newest_python).unwrap_or(preferred);
    let oldest = release.and_then(django::Release::oldest_python).unwrap_or(preferred);
    preferred.min(newest).max(oldest).to_string()
}

/// A database elsewhere must be named by something that can be set.
fn database_without_address(ground: &Ground<'_>) -> Option<Refusal> {
    if !matches!(ground.answers.database.kept, Kept::Elsewhere) {
        return None;
    }
    let engine = ground.facts.databases.value.get("default").map(|engines| engines.prod);
    // djdock has none of these: they are elsewhere in any case.
    if matches!(engine, Some(DatabaseEngine::Oracle | DatabaseEngine::Other)) {
        return None;
    }
    let feeds_address = |feed: &String| {
        feed == "DATABASES" || feed == "DATABASES.default" || feed.starts_with("DATABASES.default.HOST")
    };
    let is_set = ground.facts.variables.value.iter().any(|variable| variable.feeds.iter().any(feeds_address));
    let default = ground.open().get("DATABASES").and_then(|databases| databases.get("default"));
    // Not known is not absent.
    let default = default.filter(|default| default.entries().is_some())?;
    let host = default.get("HOST").and_then(Value::as_str).unwrap_or_default();
    let is_elsewhere = !host.is_empty() && !is_this_machine(url_host(host).unwrap_or(host));
    let is_known = default.get("HOST").is_none_or(|host| host.as_str().is_some());
    if is_set || is_elsewhere || !is_known {
        return None;
    }
    let read = choose::suggested(ground.facts, "").database.word();
    Some(Refusal {
        because:
            "the settings read the address of the database from no variable, so there is no place for it"
                .to_owned(),
        nearest: vec![
            "let the settings read it: `\"HOST\": os.environ[\"DATABASE_HOST\"]`".to_owned(),
            format!("or keep what they use: `--database {read}`"),
        ],
    })
}

fn cache_without_use(ground: &Ground<'_>) -> Option<Refusal> {
    let facts = ground.facts;
    let has_client = || {
        let names = facts.distributions.iter().map(|distribution| distribution.name.as_str());
        let words: Vec<&str> = store::ALL.iter().map(|store| store.word).collect();
        names.into_iter().any(|name| words.iter().any(|word| name.contains(word)))
    };
    let is_used = facts.celery_app.value.is_some() || has_client() || choose::suggested(facts, "").cache;
    (ground.answers.cache && !is_used).then(|| Refusal {
        because: format!(
            "no setting, broker or distribution of the project uses {}: it would run for nobody",
            store::DEFAULT.name
        ),
        nearest: vec![
            "leave it out: `--no-cache`".to_owned(),
            format!(
                "or let Django use it first: a cache in CACHES whose LOCATION is read from a variable, and `{}` among the requirements",
                store::DEFAULT.word
            ),
        ],
    })
}

fn worker_without_application(ground: &Ground<'_>) -> Option<Refusal> {
    let facts = ground.facts;
    (ground.answers.worker && facts.celery_app.value.is_none()).then(|| Refusal {
        because: match facts.task_queues.value.as_slice() {
            [] => "no module of the project makes a Celery application".to_owned(),
            others => {
                let others: Vec<&str> = others.iter().map(String::as_str).collect();
                format!(
                    "no module of the project makes a Celery application; its tasks go through {}, whose workers djdock does not run",
                    or_ticked(&others)
                )
            }
        },
        nearest: vec!["leave it out: `--no-worker`".to_owned()],
    })
}

fn worker_without_broker(ground: &Ground<'_>) -> Option<Refusal> {
    (ground.answers.worker && !ground.has_broker()).then(|| Refusal {
        because: "the stack has no broker, and a worker would wait for it for ever".to_owned(),
        nearest: vec![
            format!("let {} be the broker: `--cache --worker`", store::DEFAULT.name),
            "or leave it out: `--no-worker`".to_owned(),
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_about_a_question() {
        for row in ROWS {
            assert!(QUESTIONS.iter().any(|question| question.key == row.key), "{}", row.key);
        }
    }
}
