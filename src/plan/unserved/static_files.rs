//! Static files whose storage is not the one that the answer says.

use super::messages;
use crate::base::Diagnostic;
use crate::inspect::storages;
use crate::plan::collected;
use crate::plan::ground::Ground;
use crate::plan::image;
use crate::plan::service;
use crate::plan::settle::Settled;

/// Returns a warning where the answer does not fit the storage that the stack's variables lead to.
pub(super) fn find(ground: &Ground<'_>, settled: &Settled) -> Option<Diagnostic> {
    let facts = ground.facts;
    let has_app = facts.installed_apps.value.iter().any(|app| app.starts_with("django.contrib.staticfiles"));
    if !has_app || !ground.is_prod() {
        return None;
    }
    let (backend, place) = collected::storage(ground, settled);
    let by_name = backend.as_deref().is_some_and(storages::is_service);
    let answered = ground.answers.static_files.is_elsewhere();
    let place = place.as_ref().or(facts.static_on_service.decided_by());
    if collected::fills_storage(ground, settled) {
        return None;
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
