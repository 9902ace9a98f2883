//! Services that work off tasks and keep their schedules.

use super::project::{Shared, after_migrations, base};
use crate::base::Evidence;
use crate::catalog::worker::{self, Run, Worker};
use crate::plan::ground::Ground;
use crate::plan::image::manage;
use crate::stack::{HealthCheck, Role, Service, Text};

/// Returns the workers of the project's own application, then those of each task queue.
pub(in crate::plan) fn workers(ground: &Ground<'_>, shared: &Shared) -> Vec<Service> {
    let mut found = Vec::new();
    if let Some((kind, app)) = application(ground) {
        let facts = ground.facts;
        for run in runs_of_application(ground, kind) {
            let because =
                if run.is_scheduler { &facts.celery_beat.evidence } else { &facts.celery_app.evidence };
            let command = command(ground, run, &app, &facts.celery_queues.value);
            let mut service = service(ground, shared, run, command, &app, because);
            if run.is_scheduler && facts.celery_beat_scheduler.value.is_some() {
                service.because.extend(facts.celery_beat_scheduler.evidence.iter().cloned());
            }
            start_with_own_settings(ground, shared, &mut service);
            found.push(service);
        }
    }
    for queue in ground.facts.queues.iter().filter(|queue| ground.runs(queue)) {
        for run in queue.worker.runs.iter().filter(|run| is_wanted(ground, run)) {
            let command = command(ground, run, "", &queue.names);
            found.push(service(ground, shared, run, command, "", std::slice::from_ref(&queue.evidence)));
        }
    }
    found
}

/// Returns the names of the services that `workers` makes.
pub(in crate::plan) fn names(ground: &Ground<'_>) -> Vec<&'static str> {
    let of_application = application(ground);
    let of_application = of_application.iter().flat_map(|(kind, _)| runs_of_application(ground, kind));
    let queues = ground.facts.queues.iter().filter(|queue| ground.runs(queue));
    let of_queues = queues.flat_map(|queue| queue.worker.runs.iter().filter(|run| is_wanted(ground, run)));
    of_application.chain(of_queues).map(|run| run.service).collect()
}

/// Returns the processes of the project's own application: a scheduler only where there is a schedule.
fn runs_of_application(ground: &Ground<'_>, kind: &Worker) -> impl Iterator<Item = &'static Run> {
    let has_schedule = ground.facts.celery_beat.value;
    kind.runs.iter().filter(move |run| !run.is_scheduler || has_schedule)
}

fn start_with_own_settings(ground: &Ground<'_>, shared: &Shared, service: &mut Service) {
    let Some(module) = &shared.worker_module else { return };
    service.environment.insert("DJANGO_SETTINGS_MODULE".to_owned(), Text::known(module));
    let own = ground.facts.worker_settings.iter().filter_map(|own| own.evidence.clone());
    service.because.extend(own);
}

fn application(ground: &Ground<'_>) -> Option<(&'static Worker, String)> {
    (ground.answers.worker && ground.has_broker()).then_some(())?;
    Some((worker::DEFAULT, ground.facts.celery_app.value.clone()?))
}

fn is_wanted(ground: &Ground<'_>, run: &Run) -> bool {
    run.only_with.is_none_or(|name| ground.has_distribution(name))
}

/// The words of a process; `{queues,}` and `{scheduler}` take the option before them away where nothing is named.
pub(in crate::plan) fn command(ground: &Ground<'_>, run: &Run, app: &str, queues: &[String]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in run.command {
        match *word {
            "{manage}" => words.extend(manage(ground, &[])),
            "{queues}" => words.extend(queues.iter().cloned()),
            "{queues,}" if queues.is_empty() => {
                words.pop();
            }
            "{queues,}" => words.push(queues.join(",")),
            "{scheduler}" => match &ground.facts.celery_beat_scheduler.value {
                Some(scheduler) => words.push(scheduler.clone()),
                None => {
                    words.pop();
                }
            },
            word => words.push(word.replace("{app}", app)),
        }
    }
    words
}

fn service(
    ground: &Ground<'_>,
    shared: &Shared,
    run: &Run,
    command: Vec<String>,
    app: &str,
    because: &[Evidence],
) -> Service {
    let role = if run.is_scheduler { Role::Scheduler } else { Role::Worker };
    let mut service = base(ground, shared, run.service, role);
    service.command = command;
    service.depends_on = after_migrations(shared);
    service.stop_grace_period = run.stop_grace_period;
    // Its own, not that of the image: nothing answers HTTP here.
    service.health_check = run.health.map(|health| HealthCheck {
        test: vec![health.replace("{app}", app)],
        shell: true,
        interval: 60,
        timeout: 30,
        retries: 3,
        start_period: 60,
        // The check itself starts a whole Celery.
        start_interval: 5,
    });
    service.because = because.to_vec();
    service
}
