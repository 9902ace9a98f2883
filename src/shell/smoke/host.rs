//! The machine as a smoke run needs it. The Engine gives it for real; tests give it from a script, so that the
//! logic of a run is tested without Docker.

use std::time::Duration;

use super::http::{Answer, Ask};
use crate::base::Diagnostic;
use crate::shell::engine::build::{Built, Failed, Progress, Request};
use crate::shell::engine::clean::Things;
use crate::shell::engine::containers::{Container, Ran};
use crate::shell::engine::image::Evidence;
use crate::shell::interrupt::Stopped;

/// How compose's start of the stack goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    GoesOn,
    Done,
    /// The output of compose.
    Failed(String),
}

/// One stack on one Engine.
pub trait Host {
    fn build(&self, request: &Request, progress: &mut dyn FnMut(Progress)) -> Result<Built, Failed>;
    fn evidence(&self, image: &str) -> Result<Evidence, Stopped>;
    /// Shows every file of the image below `folder`, and the beginning of its contents.
    fn files(
        &self,
        image: &str,
        folder: &str,
        look: &mut (dyn FnMut(&str, &[u8]) + Send),
    ) -> Result<(), Stopped>;
    /// Begins to start the stack.
    fn start(&mut self) -> Result<(), Stopped>;
    fn started(&mut self) -> Start;
    fn containers(&self) -> Result<Vec<Container>, Stopped>;
    fn logs(&self, container: &str, lines: usize) -> Result<String, Stopped>;
    fn exec(&self, container: &str, argv: &[String]) -> Result<Ran, Stopped>;
    /// The user ids of a container's processes.
    fn users(&self, container: &str) -> Result<Vec<u32>, Stopped>;
    /// An answer, or why there is none.
    fn ask(&self, ask: &Ask) -> Result<Answer, String>;
    /// An answer from any machine, by an address that begins with `http://`, or why there is none.
    fn fetch(&self, url: &str) -> Result<Answer, String>;
    fn stop(&self, containers: &[String], seconds: u32) -> Result<(), Stopped>;
    /// Removes everything of this run, and says what was removed and what is left.
    fn remove(&mut self) -> Result<(Things, Things), Diagnostic>;
    /// Time since the run began.
    fn now(&self) -> Duration;
    fn since(&self, began: Duration) -> Duration {
        self.now().saturating_sub(began)
    }
    /// Waits, unless a signal arrives.
    fn pause(&self, duration: Duration) -> Result<(), Stopped>;
}
