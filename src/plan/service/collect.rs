//! The service that collects static files when the stack starts.

use super::project::{Shared, after_migrations, base};
use crate::base::{Evidence, Place};
use crate::catalog::static_files::Collected;
use crate::plan::ground::Ground;
use crate::plan::settle::Settled;
use crate::plan::{collected, image, layout, writable};
use crate::stack::{Mount, Restart, Role, Service};

/// Tells whether the stack has the service.
pub(in crate::plan) fn is_needed(ground: &Ground<'_>, settled: &Settled) -> bool {
    match ground.collected() {
        Some(Collected::AtStart) => true,
        Some(Collected::InStorage) => collected::fills_storage(ground, settled),
        Some(Collected::InImage) | None => false,
    }
}

/// Returns the service. It runs after the migrations, because apps may ask the database when Django starts, and a release whose
/// migrations fail must not replace the files of the one that runs. The site waits for it, because pages name the files, and a
/// list of their names with hashes is read once.
pub(in crate::plan) fn collect(ground: &Ground<'_>, settled: &Settled, shared: &Shared) -> Option<Service> {
    is_needed(ground, settled).then_some(())?;
    let is_in_stack = ground.collected() == Some(Collected::AtStart);
    let role = if is_in_stack { Role::Collect } else { Role::Upload };
    let mut service = base(ground, shared, layout::COLLECT, role);
    let root = image::static_root(ground, settled).filter(|_| is_in_stack);
    service.command = image::collect_at_start(ground, settled, root.as_deref());
    for mount in &mut service.mounts {
        if let Mount::Volume { volume, read_only, .. } = mount
            && volume == writable::STATIC
        {
            *read_only = false;
        }
    }
    service.depends_on = after_migrations(&Shared { collects: false, ..shared.clone() });
    service.restart = Restart::No;
    let facts = ground.facts;
    let evidence = if is_in_stack { &facts.collect_asks_database } else { &facts.static_on_service };
    let asked =
        if ground.is_answered("static") { Place::Answer("static".to_owned()) } else { Place::Default };
    let because =
        Evidence::new(asked, "static files are collected once, after the migrations and before the site");
    service.because = evidence.evidence.iter().filter(|_| evidence.value).cloned().chain([because]).collect();
    Some(service)
}
