//! Task queues and schedules that the project uses and no service works off.

use super::messages;
use crate::base::{Diagnostic, Place};
use crate::catalog::store;
use crate::catalog::worker::{Carrier, Run};
use crate::inspect::facts::TaskQueue;
use crate::plan::ground::Ground;
use crate::plan::service;
use crate::stack::Stack;

/// One warning for each; none where a person left the workers out.
pub(super) fn find(ground: &Ground<'_>, stack: &Stack) -> Vec<Diagnostic> {
    let left_out = !ground.answers.worker && ground.is_answered("worker");
    let lacking = |queue: &&TaskQueue| {
        let by_the_site = queue.carrier == Carrier::Site && !queue.worker.runs.is_empty();
        !by_the_site && !left_out && !ground.runs(queue)
    };
    ground.facts.queues.iter().filter(lacking).map(|queue| said(ground, stack, queue)).collect()
}

fn said(ground: &Ground<'_>, stack: &Stack, queue: &TaskQueue) -> Diagnostic {
    let command = |run: &Run| service::worker_command(ground, run, "", &queue.names).join(" ");
    let Some(command) = queue.worker.runs.first().map(command) else {
        return messages::schedule_not_run(queue, &messages::unattended(ground, stack));
    };
    let carried: Option<(&str, &Place)> = match queue.carrier {
        Carrier::Elsewhere(name) => Some((name, &queue.carried)),
        Carrier::Store if ground.cache.is_none() => Some((store::DEFAULT.name, &queue.carried)),
        _ => None,
    };
    messages::queue_not_run(queue, &command, stack.project_service(), carried)
}
