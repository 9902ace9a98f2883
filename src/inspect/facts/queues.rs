//! A queue of tasks, as a fact.

use crate::base::{Evidence, Place};
use crate::catalog::worker::{Carrier, Worker};

/// A queue or schedule that the project uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskQueue {
    pub worker: &'static Worker,
    pub evidence: Evidence,
    /// True if the app is installed in production, so that its management commands are there.
    pub has_commands: bool,
    pub carrier: Carrier,
    /// The line that says what carries its tasks; where no line does, that of `evidence`.
    pub carried: Place,
    /// The queues that a worker must be told to take from; empty where it need not be told.
    pub names: Vec<String>,
}

impl TaskQueue {
    /// Tells whether a container can do its work: its commands are there, and they need no clock of a machine.
    pub fn can_be_run(&self) -> bool {
        self.has_commands && !self.worker.runs.is_empty()
    }
}
