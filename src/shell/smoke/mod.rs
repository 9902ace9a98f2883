//! Runs a stack for a moment and shows that it works: builds its images from the files on the disk, starts the
//! compose file as it is written, carries out the plan's probes, and takes everything away again.
//!
//! A running stack of the same project is not touched: names, ports, volumes, images and secrets are the run's own.
//! What of a compose file is changed for that is in [`isolate`], and nowhere else.

#[cfg(test)]
mod catalogue;
mod causes;
pub mod checks;
mod evidence;
mod findings;
mod health;
pub mod host;
mod http;
mod inside;
mod isolate;
pub mod junit;
mod machine;
mod pages;
mod redact;
pub mod report;
#[cfg(test)]
mod script;
#[cfg(test)]
mod scripted;
mod setting;
mod stage;
mod steps;

use camino::Utf8PathBuf;

use super::engine::Engine;
use super::interrupt::{self, Stopped};
use crate::base::Tree;
use crate::plan::{Environment, Probe};
pub use checks::Check;
pub use report::{SmokeReport, Step};

/// What to run, and what it must show.
#[derive(Debug)]
pub struct Run<'a> {
    /// The project's folder, absolute.
    pub root: Utf8PathBuf,
    pub tree: &'a Tree,
    pub environment: Environment,
    /// The stack's own name: images are called after it in the report.
    pub name: String,
    /// Relative to the root.
    pub compose_file: Utf8PathBuf,
    pub env_file: Utf8PathBuf,
    /// Files with secrets of this run alone, which take the place of the person's: the env file, secret files.
    pub throw_away: Vec<(Utf8PathBuf, String)>,
    /// What must be found nowhere and is never shown: names and values of the run's and the person's secrets.
    pub secrets: Vec<(String, String)>,
    pub probes: Vec<&'a Probe>,
    /// Of the project's own `smoke.toml`.
    pub checks: Vec<Check>,
    /// Leave everything running at the end.
    pub keep: bool,
}

/// Hears what a run does.
pub trait Watch {
    /// This step begins.
    fn begins(&mut self, step: &str);
    /// What the running step does just now.
    fn detail(&mut self, text: &str);
    /// This step has ended.
    fn ended(&mut self, step: &Step);
}

/// Runs the stack. Whatever was made is removed again, whether it worked or not, and when a signal arrives.
pub fn smoke(run: &Run<'_>, engine: &Engine, watch: &mut dyn Watch) -> Result<SmokeReport, Stopped> {
    let signals = interrupt::hold();
    let stage = stage::Stage::new(run, engine.address())?;
    let mut machine = machine::Machine::new(engine, &stage);
    let result = steps::all(run, &stage, &mut machine, watch);
    // Between the last step and here a signal may have come, or a step may have given up half way.
    let left = if run.keep && result.is_ok() { None } else { Some(machine.take_away()) };
    drop(signals);
    // What is left behind must be known, also to whoever interrupted the run.
    if let Some(Err(diagnostic)) = left {
        return Err(diagnostic.into());
    }
    let report = result?;
    Ok(if left.is_none() { SmokeReport { kept: Some(stage.keep()), ..report } } else { report })
}
