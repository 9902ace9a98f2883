//! Checks that the choices go together: package manager, Python, Django, database.

use super::ground::Ground;
use super::messages;
use crate::base::{Diagnostic, Place};
use crate::inspect::facts::PackageManager;
use crate::knowledge::{django, images};
use crate::python::Minor;

/// Warnings; or errors, where nothing that works can be written.
pub(super) fn check(ground: &Ground<'_>) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let facts = ground.facts;
    let mut warnings = Vec::new();
    if facts.install.as_ref().is_some_and(|install| install.manager == PackageManager::Conda) {
        return Err(vec![messages::manager_unsupported("conda", facts.package_manager.decided_by())]);
    }
    if ground.answers.worker && facts.celery_app.value.is_some() && !ground.has_broker() {
        warnings
            .push(messages::no_broker(facts.celery_broker.decided_by().or(facts.celery_app.decided_by())));
    }
    let line = facts.django_version.value.as_deref().and_then(Minor::parse);
    let release = line.and_then(django::release);
    warnings.extend(answered_python(ground, release));
    let Some(line) = line else { return Ok(warnings) };
    match database(ground, line) {
        Some(error) => Err(vec![error]),
        None => Ok(warnings),
    }
}

/// Tells whether a Python that an answer chose is one that Django runs on. Of the one that the project asks for, `inspect`
/// has said it.
fn answered_python(ground: &Ground<'_>, django: Option<&django::Release>) -> Option<Diagnostic> {
    let (facts, python) = (ground.facts, ground.python);
    let is_answer = facts.python_version.value.as_deref().and_then(Minor::parse) != Some(python)
        || matches!(facts.python_version.decided_by(), Some(Place::Answer(_)));
    let release = django.filter(|_| is_answer)?;
    let fits = release.oldest_python().is_none_or(|oldest| python >= oldest)
        && release.newest_python().is_none_or(|newest| python <= newest);
    let documented: Vec<String> = release.pythons.iter().map(ToString::to_string).collect();
    let place = facts.django_requirement.decided_by();
    (!fits).then(|| {
        messages::python_and_django(&python.to_string(), &release.line.to_string(), &documented, place)
    })
}

/// Tells whether the newest image of the database is still too old.
fn database(ground: &Ground<'_>, line: Minor) -> Option<Diagnostic> {
    let server = ground.database.server()?;
    let floor = django::release(line)?.database_floor(server.floor)?;
    if images::choose(server.container.image, Some(floor)).is_some() {
        return None;
    }
    let offered = images::choose(server.container.image, None)?;
    let line = line.to_string();
    Some(messages::database_too_old(ground.database.name, &offered.version, &line, floor))
}
