//! What works off tasks in the background.

mod celery;

/// Every one.
pub const ALL: &[&Worker] = &[&celery::CELERY];

pub const DEFAULT: &Worker = &celery::CELERY;

/// A worker, and the scheduler that feeds it. In commands `{app}` stands for the application.
#[derive(Clone, Copy, Debug)]
pub struct Worker {
    pub word: &'static str,
    /// The distribution that brings it.
    pub distribution: &'static str,
    /// For people.
    pub name: &'static str,
    pub command: &'static [&'static str],
    pub scheduler: &'static [&'static str],
    /// Asks the worker itself, through the broker, whether it is there. A shell line, because the worker's name
    /// holds the container's.
    pub health: &'static str,
    /// Seconds that running tasks may take to end when it is stopped.
    pub stop_grace_period: u32,
}
