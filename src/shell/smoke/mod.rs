//! Runs a stack for a moment and shows that it works: builds its images from the files on the disk, starts the
//! compose file as it is written, carries out the plan's probes, and takes everything away again.
//!
//! A running stack of the same project is not touched: names, ports, volumes, images and secrets are the run's own.
//! What of a compose file is changed for that is in [`isolate`], and nowhere else.

mod assets;
#[cfg(test)]
mod catalogue;
mod causes;
pub mod checks;
mod django;
mod evidence;
mod findings;
mod follow;
mod forms;
mod health;
pub mod host;
mod http;
mod inside;
mod isolate;
pub mod junit;
mod leftovers;
mod links;
mod machine;
mod missing;
mod page_findings;
mod pages;
mod redact;
mod remains;
pub mod report;
#[cfg(test)]
mod script;
#[cfg(test)]
mod scripted;
#[cfg(test)]
mod scripted_pages;
#[cfg(test)]
mod scripted_stored;
mod setting;
mod stage;
mod staging;
mod steps;
mod stored;
mod websocket;

use camino::Utf8PathBuf;

use super::engine::Engine;
use super::interrupt::{self, Stopped};
use crate::base::Tree;
use crate::catalog::target::{Act, Target};
use crate::plan::Probe;
use crate::shell::disk::ThrowAway;
use crate::stack::Environment;
pub use checks::Check;
pub use leftovers::remove;
pub use report::{SmokeReport, Step};

/// The stack to run, and its probes.
#[derive(Debug)]
pub struct Run<'a> {
    /// The project's folder, absolute.
    pub root: Utf8PathBuf,
    pub tree: &'a Tree,
    pub environment: Environment,
    /// The stack's own name: images are called after it in the report.
    pub name: String,
    /// The tool that a person would run the stack with: named in remedies.
    pub target: &'static Target,
    /// The service whose containers have the project, its settings and its variables.
    pub project_service: String,
    /// Relative to the root.
    pub compose_file: Utf8PathBuf,
    pub env_file: Utf8PathBuf,
    /// Files with secrets of this run alone, which take the place of the person's: the env file, secret files.
    pub throw_away: Vec<ThrowAway>,
    /// Texts that must be found nowhere and are never shown: names and values of the run's and the person's secrets.
    pub secrets: Vec<(String, String)>,
    /// Services that write to something outside of the stack: a run starts them without their command, unless it may.
    pub outside: Vec<String>,
    /// True if the person gave this run values of its own, and so something outside that it may write to.
    pub may_write_outside: bool,
    pub probes: Vec<&'a Probe>,
    /// Of the project's own `smoke.toml`.
    pub checks: Vec<Check>,
    /// Leave everything running at the end.
    pub keep: bool,
}

impl Run<'_> {
    /// Returns the command with which a person does `act` with this stack.
    fn command(&self, act: Act<'_>) -> String {
        self.target.command_with(self.environment, &self.env_file, act)
    }
}

/// Hears what a run does.
pub trait Watch {
    /// This step begins.
    fn begins(&mut self, step: &str);
    /// Tells the present work of the running step.
    fn detail(&mut self, text: &str);
    /// The running step goes on to something that takes its time: a step of a Dockerfile.
    fn goes_on(&mut self, text: &str);
    /// Something beside the steps.
    fn says(&mut self, text: &str);
    /// This step has ended.
    fn ended(&mut self, step: &Step);
}

/// Runs the stack. Whatever was made is removed again, whether it worked or not, and when a signal arrives; before it,
/// what killed runs left.
pub fn smoke(run: &Run<'_>, engine: &Engine, watch: &mut dyn Watch) -> Result<SmokeReport, Stopped> {
    let signals = interrupt::hold();
    let swept = leftovers::sweep(engine)?;
    for line in swept.told() {
        watch.says(&line);
    }
    signals.check()?;
    let stage = stage::Stage::new(run, engine.address())?;
    let mut machine = machine::Machine::new(engine, &stage);
    let result = steps::all(run, &stage, &mut machine, watch);
    if matches!(result, Err(Stopped::Interrupted)) {
        watch.says("Interrupted. What the run made is being removed.");
    }
    let address = if run.keep { pages::address(run, engine.address().ports_on(), &machine) } else { None };
    // Between the last step and here a signal may have come, or a step may have given up half way.
    let result = if run.keep { signals.check().and(result) } else { result };
    let is_kept = run.keep && result.is_ok();
    let left = if is_kept { Ok(()) } else { machine.take_away() };
    swept.again(engine);
    drop(machine);
    // What is left behind must be known, also to whoever interrupted the run.
    let kept =
        if is_kept { Some(stage.keep()?) } else { left.and_then(|()| stage.remove()).map(|()| None)? };
    drop(signals);
    Ok(SmokeReport { address: address.filter(|_| kept.is_some()), kept, ..result? })
}
