//! Static files that go to a service: the images hold none of them, and somebody has to copy them there.

use super::messages;
use crate::base::{Diagnostic, Place};
use crate::inspect::storages;
use crate::plan::ground::Ground;
use crate::plan::image;
use crate::plan::service;
use crate::plan::settle::Settled;
use crate::python::Minor;
use crate::stack::Stack;

/// Who has to copy static files to their service; or that the answer does not fit the storage that the stack's
/// variables lead to.
pub(super) fn find(ground: &Ground<'_>, settled: &Settled, stack: &Stack) -> Option<Diagnostic> {
    let facts = ground.facts;
    let has_app = facts.installed_apps.value.iter().any(|app| app.starts_with("django.contrib.staticfiles"));
    if !has_app || !ground.is_prod() {
        return None;
    }
    let (backend, place) = settled_backend(ground, settled);
    let by_name = backend.as_deref().is_some_and(storages::is_service);
    let answered = ground.answers.static_files.is_elsewhere();
    let place = place.as_ref().or(facts.static_on_service.decided_by());
    if answered && (by_name || (facts.static_on_service.value && !is_djangos(backend.as_deref()))) {
        let command = image::manage(ground, &["collectstatic", "--noinput"]);
        return Some(messages::not_uploaded(&messages::once(ground, stack, &command), place));
    }
    match (answered, by_name) {
        (true, false) => Some(messages::in_no_bucket(backend.as_deref(), place)),
        (false, true) => Some(messages::not_in_the_image(backend.as_deref()?, place)),
        _ => None,
    }
}

/// Returns a warning where the proxy serves static files at an address that is guessed.
pub(super) fn find_unknown_address(ground: &Ground<'_>, settled: &Settled) -> Option<Diagnostic> {
    let is_served = ground.serves_static_by_proxy() && image::static_root(ground, settled).is_some();
    let is_guessed = is_served && service::static_url_is_unknown(settled);
    is_guessed.then(|| messages::address_guessed(settled.evaluation.place("STATIC_URL")))
}

/// Tells whether the backend is one that is known to write to a folder.
fn is_djangos(backend: Option<&str>) -> bool {
    backend.is_none_or(|name| name.starts_with("django.") || name.starts_with("whitenoise."))
}

/// The storage of static files under the stack's variables, with the line that sets it.
fn settled_backend(ground: &Ground<'_>, settled: &Settled) -> (Option<String>, Option<Place>) {
    let django = ground.facts.django_version.value.as_deref().and_then(Minor::parse);
    let evaluation = &settled.evaluation;
    let backend = |(name, keys): &(&str, &[&str])| {
        let value = keys.iter().try_fold(evaluation.get(name)?, |value, key| value.get(key))?;
        Some((value.as_str()?.to_owned(), evaluation.place(name).cloned()))
    };
    match storages::names_of_static_backend(django).iter().find_map(backend) {
        Some((backend, place)) => (Some(backend), place),
        None => (None, None),
    }
}
