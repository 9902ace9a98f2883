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
    /// What was seen.
    Shown(String),
    /// What was seen, and what was left out and why.
    Partly(String, Vec<String>),
    /// What explains that it was not.
    Failed(Box<Diagnostic>),
}

impl From<Diagnostic> for Outcome {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Failed(Box::new(diagnostic))
    }
}

/// What steps work with.
pub(super) struct Setting<'a> {
    pub run: &'a Run<'a>,
    pub stage: &'a Stage,
    pub secrets: Secrets,
    pub images: Vec<Image>,
    /// Addresses that Django gave its named pages, so that it is asked once.
    pub paths: Mutex<BTreeMap<String, Result<String, String>>>,
}
