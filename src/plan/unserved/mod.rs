//! Needs of the project that no container of the stack serves: said, so that nothing is missed without a word.

mod databases;
mod lines;
mod messages;
mod prefix;
mod queues;
mod servers;
mod static_files;
mod uploads;

use super::ground::Ground;
use super::settle::Settled;
use crate::base::Diagnostic;
use crate::check::Subject;
use crate::check::settings::services;
use crate::stack::Stack;

/// Returns warnings about what production lacks.
pub(super) fn find(ground: &Ground<'_>, settled: &Settled, stack: &Stack) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = static_files::find(ground, settled).into_iter().collect();
    found.extend(static_files::find_unknown_address(ground, settled));
    found.extend(uploads::find(ground, settled, stack));
    found.extend(queues::find(ground, stack));
    found.extend(servers::find(ground, settled));
    if ground.facts.channels.value {
        found.extend(services::channel_layer(&Subject::new(ground.tree, ground.facts)));
    }
    found.extend(databases::find(ground, stack));
    found.extend(prefix::find(ground, settled));
    found.extend(lines::find(ground, settled));
    found
}
