//! The settings of a worker, as a fact.

use crate::base::Evidence;
use crate::python::Evaluation;

/// A settings module that the worker has for itself.
#[derive(Clone, Debug, Default)]
pub struct WorkerSettings {
    /// The dotted name of the module.
    pub module: String,
    /// The line that names it.
    pub evidence: Option<Evidence>,
    /// The module as evaluated in an open world.
    pub evaluation: Evaluation,
}
