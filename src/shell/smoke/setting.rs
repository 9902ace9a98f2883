//! The context and the result of a step.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::Run;
use super::redact::Secrets;
use super::report::Image;
use super::stage::Stage;
use crate::base::Diagnostic;

/// How a step ended.
pub(super) enum Outcome {
    /// The observation.
    Shown(String),
    /// The observation, and the things that were left out with the reasons.
    Partly(String, Vec<String>),
    /// The explanation of the failure.
    Failed(Box<Diagnostic>),
}

impl From<Diagnostic> for Outcome {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Failed(Box::new(diagnostic))
    }
}

/// The address of a page that Django knows by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    At(String),
    /// The project's URLs do not lead to it, for this reason.
    Nowhere(String),
    /// Django could not be asked.
    Unknown,
}

/// The context of steps.
pub(super) struct Setting<'a> {
    pub run: &'a Run<'a>,
    pub stage: &'a Stage,
    pub secrets: Secrets,
    pub images: Vec<Image>,
    /// Addresses that Django gave its named pages, so that it is asked once.
    pub paths: Mutex<BTreeMap<String, Named>>,
}
