//! Exit statuses.

use std::process::ExitCode;

use crate::base::{Diagnostic, Severity};

/// How a command ended. The numbers are a contract: scripts test them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done what was asked.
    Done = 0,
    /// It was done, and the answer is no: out of date, errors found, a step of a smoke run failed.
    No = 1,
    /// It could not be done: usage, project, Engine.
    CouldNot = 2,
    /// A person stopped it; what a shell says of a process that Ctrl-C ended.
    Interrupted = 130,
}

impl Exit {
    /// How a command ended that did what was asked and found this: no success where there is an error among it.
    pub fn with(findings: &[Diagnostic]) -> Self {
        if findings.iter().any(|one| one.severity == Severity::Error) { Self::No } else { Self::Done }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
