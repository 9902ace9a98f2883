//! The Engine and compose as the [`Host`] of one run.

use std::time::{Duration, Instant};

use super::host::{Host, Start};
use super::http::{self, Answer, Ask};
use super::leftovers::{AFTERWARDS, LABEL};
use super::remains;
use super::stage::Stage;
use super::websocket;
use crate::base::Diagnostic;
use crate::shell::engine::Engine;
use crate::shell::engine::build::{Built, Failed, Progress, Request};
use crate::shell::engine::clean::Things;
use crate::shell::engine::compose::{Compose, Running};
use crate::shell::engine::containers::{Container, Ran};
use crate::shell::engine::image::Evidence;
use crate::shell::interrupt::{self, Stopped};

/// How often is looked for what comes after a sudden end.
const LOOKS: usize = 6;

pub(super) struct Machine<'a> {
    engine: &'a Engine,
    stage: &'a Stage,
    began: Instant,
    start: Option<Running>,
    outcome: Start,
    /// True if everything was removed already.
    removed: bool,
}

impl<'a> Machine<'a> {
    pub(super) fn new(engine: &'a Engine, stage: &'a Stage) -> Self {
        Self { engine, stage, began: Instant::now(), start: None, outcome: Start::GoesOn, removed: false }
    }

    /// Removes whatever is left of the run.
    pub(super) fn take_away(&mut self) -> Result<(), Diagnostic> {
        if self.removed {
            return Ok(());
        }
        let (_, left) = self.remove()?;
        if left.is_empty() { Ok(()) } else { Err(remains::left_behind(&self.stage.id, &left)) }
    }
}

impl Host for Machine<'_> {
    fn build(&self, request: &Request, progress: &mut dyn FnMut(Progress)) -> Result<Built, Failed> {
        self.engine.build(request, progress)
    }

    fn evidence(&self, image: &str) -> Result<Evidence, Stopped> {
        self.engine.evidence(image)
    }

    fn files(
        &self,
        image: &str,
        folder: &str,
        look: &mut (dyn FnMut(&str, &[u8]) + Send),
    ) -> Result<(), Stopped> {
        self.engine.files(image, folder, self.stage.labels.clone(), |path, contents| look(path, contents))
    }

    fn start(&mut self) -> Result<(), Stopped> {
        let compose = Compose { project: self.stage.id.clone() };
        self.start = Some(compose.up(&self.stage.compose_file)?);
        Ok(())
    }

    fn started(&mut self) -> Start {
        if let Some(ended) = self.start.as_mut().and_then(Running::ended) {
            let said = self.start.take().map(Running::said).unwrap_or_default();
            self.outcome = if ended { Start::Done } else { Start::Failed(said) };
        }
        self.outcome.clone()
    }

    fn containers(&self) -> Result<Vec<Container>, Stopped> {
        self.engine.containers(&self.stage.id)
    }

    fn logs(&self, container: &str, lines: usize) -> Result<String, Stopped> {
        self.engine.logs(container, lines)
    }

    fn exec(&self, container: &str, argv: &[String]) -> Result<Ran, Stopped> {
        self.engine.exec(container, argv)
    }

    fn users(&self, container: &str) -> Result<Vec<u32>, Stopped> {
        self.engine.users(container)
    }

    fn ask(&self, ask: &Ask) -> Result<Answer, String> {
        let machine = self.engine.address().ports_on();
        match &ask.talk {
            Some(talk) => websocket::talk(machine, ask, talk),
            None => http::ask(machine, ask),
        }
    }

    fn fetch(&self, url: &str) -> Result<Answer, String> {
        http::fetch(url)
    }

    fn stop(&self, containers: &[String], seconds: u32) -> Result<(), Stopped> {
        self.engine.stop(containers, seconds)
    }

    fn remove(&mut self) -> Result<(Things, Things), Diagnostic> {
        // Compose must have ended, or it makes what is removed anew.
        let is_sudden = self.start.is_some() || interrupt::arrived();
        if let Some(running) = self.start.take() {
            running.said();
        }
        let label = format!("{LABEL}={}", self.stage.id);
        let made = self.engine.labelled(&label)?;
        let mut left = self.engine.remove(&label)?;
        // What the Engine was still making when it was told to stop is looked for again, until nothing new comes.
        for _look in 0..LOOKS {
            if !is_sudden {
                break;
            }
            std::thread::sleep(AFTERWARDS);
            let is_quiet = self.engine.labelled(&label)?.is_empty();
            left = self.engine.remove(&label)?;
            if is_quiet {
                break;
            }
        }
        self.removed = true;
        Ok((made, left))
    }

    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    fn pause(&self, duration: Duration) -> Result<(), Stopped> {
        let end = Instant::now() + duration;
        while Instant::now() < end {
            interrupt::check()?;
            std::thread::sleep(Duration::from_millis(20).min(duration));
        }
        interrupt::check()
    }
}
