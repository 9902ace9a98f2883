//! Whether what was chosen goes together: package manager, Python, Django, database.

use super::ground::Ground;
use super::messages;
use crate::base::Diagnostic;
use crate::inspect::facts::PackageManager;
use crate::knowledge::{django, images};
use crate::python::Minor;

/// Warnings; or errors, where nothing that works can be written.
pub(super) fn check(ground: &Ground<'_>) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let facts = ground.facts;
    let mut warnings = Vec::new();
    if facts.package_manager.value == PackageManager::Conda {
        return Err(vec![messages::manager_unsupported("conda", facts.package_manager.decided_by())]);
    }
    if ground.answers.worker && facts.celery_app.value.is_some() && !ground.has_broker() {
        warnings
            .push(messages::no_broker(facts.celery_broker.decided_by().or(facts.celery_app.decided_by())));
    }
    let python = ground.python;
    let Some(line) = facts.django_version.value.as_deref().and_then(Minor::parse) else {
        return Ok(warnings);
    };
    let Some(release) = django::release(line) else { return Ok(warnings) };
    let place = facts.django_requirement.decided_by();
    let oldest = release.oldest_python();
    let newest = release.newest_python();
    if oldest.is_some_and(|oldest| python < oldest) || newest.is_some_and(|newest| python > newest) {
        let documented: Vec<String> = release.pythons.iter().map(ToString::to_string).collect();
        warnings.push(messages::python_and_django(
            &python.to_string(),
            &line.to_string(),
            &documented.join(", "),
            place,
        ));
    }
    match database(ground, line) {
        Some(error) => Err(vec![error]),
        None => Ok(warnings),
    }
}

/// Whether the newest image of the database is still too old.
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
