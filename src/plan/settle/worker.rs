//! The settings of a worker that has its own: what they ask for beyond the site's is set in every service.

use super::settled::{Settled, WorkerModule};
use super::wired::wired_given;
use super::{lay_over, prove};
use crate::base::Diagnostic;
use crate::plan::ground::Ground;
use crate::plan::wiring::Assignment;

/// Settles the worker's settings under what the stack sets, and adds to that what they need besides.
pub(super) fn settle(ground: &Ground<'_>, settled: &mut Settled, suffix: &str, errors: &mut Vec<Diagnostic>) {
    let Some(own) = ground.of_worker() else { return };
    let is_variable = |name: &str| !name.starts_with("DJANGO_SETTINGS") && !name.starts_with("DJANGO_CONF");
    let given: Assignment = settled
        .variables
        .iter()
        .filter(|(name, _)| is_variable(name))
        .map(|(a, b)| (a.clone(), b.clone()))
        .collect();
    let mut worker = wired_given(&own, &given, settled.store_login.as_ref());
    lay_over(&own, &mut worker, suffix, None, Vec::new(), errors);
    prove(&own, &worker, errors);
    let module = worker.module(&own).0.to_owned();
    let added = worker.variables.into_iter().filter(|(name, _)| is_variable(name));
    for (name, value) in added {
        settled.variables.entry(name).or_insert(value);
    }
    settled.placeholders.extend(worker.placeholders);
    settled.samples.join(&worker.samples);
    settled.worker = Some(WorkerModule { module, overlay: worker.overlay });
}
