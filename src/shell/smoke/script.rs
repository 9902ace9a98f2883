//! A machine that follows a script: its clock stands still except where the run waits, so limits and repeated attempts
//! are seen without Docker and without waiting.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::host::{Host, Start};
use super::http::Answer;
use super::http::Ask;
use crate::base::Diagnostic;
use crate::shell::engine::build::{Built, Failed, Progress, Request};
use crate::shell::engine::clean::Things;
use crate::shell::engine::containers::{Container, Health, Ran, State};
use crate::shell::engine::image::Evidence;
use crate::shell::interrupt::Stopped;

type Answering = Box<dyn Fn(&Ask) -> Answer>;
type Running = Box<dyn Fn(&[String]) -> Ran>;

/// The states that the machine shows, by the time since the run began.
pub(super) struct Script {
    pub(super) clock: Cell<Duration>,
    /// Answers in their order; the last one is given for ever.
    pub(super) answers: RefCell<VecDeque<Result<Answer, String>>>,
    pub(super) asked: Cell<usize>,
    /// Answers by what is asked, in the place of the list.
    pub(super) answer: Option<Answering>,
    /// The output of a command in a container.
    pub(super) ran: Running,
    pub(super) containers: Box<dyn Fn(Duration) -> Vec<Container>>,
    pub(super) log: Box<dyn Fn(Duration) -> String>,
    /// A signal arrives while the run waits, after this time.
    pub(super) interrupts_after: Option<Duration>,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            clock: Cell::default(),
            answers: RefCell::default(),
            asked: Cell::default(),
            answer: None,
            ran: Box::new(|_| Ran::default()),
            containers: Box::new(|_| vec![web(State::Running, None)]),
            log: Box::new(|_| String::new()),
            interrupts_after: None,
        }
    }
}

impl Host for Script {
    fn build(&self, _: &Request, _: &mut dyn FnMut(Progress)) -> Result<Built, Failed> {
        panic!("nothing is built")
    }
    fn evidence(&self, _: &str) -> Result<Evidence, Stopped> {
        panic!("no image is looked into")
    }
    fn files(&self, _: &str, _: &str, _: &mut (dyn FnMut(&str, &[u8]) + Send)) -> Result<(), Stopped> {
        Ok(())
    }
    fn start(&mut self) -> Result<(), Stopped> {
        Ok(())
    }
    fn started(&mut self) -> Start {
        Start::Done
    }
    fn containers(&self) -> Result<Vec<Container>, Stopped> {
        Ok((self.containers)(self.now()))
    }
    fn logs(&self, _: &str, _: usize) -> Result<String, Stopped> {
        Ok((self.log)(self.now()))
    }
    fn exec(&self, _: &str, argv: &[String]) -> Result<Ran, Stopped> {
        Ok((self.ran)(argv))
    }
    fn users(&self, _: &str) -> Result<Vec<u32>, Stopped> {
        Ok(Vec::new())
    }
    fn ask(&self, ask: &Ask) -> Result<Answer, String> {
        self.asked.set(self.asked.get() + 1);
        if let Some(answer) = &self.answer {
            return Ok(answer(ask));
        }
        let mut answers = self.answers.borrow_mut();
        let next = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
        next.unwrap_or_else(|| Err("connection refused".to_owned()))
    }
    fn fetch(&self, url: &str) -> Result<Answer, String> {
        self.ask(&Ask { path: url.to_owned(), ..Ask::default() })
    }
    fn stop(&self, _: &[String], seconds: u32) -> Result<(), Stopped> {
        self.clock.set(self.now() + Duration::from_secs(seconds.into()));
        Ok(())
    }
    fn remove(&mut self) -> Result<(Things, Things), Diagnostic> {
        Ok((Things::default(), Things::default()))
    }
    fn now(&self) -> Duration {
        self.clock.get()
    }
    fn pause(&self, duration: Duration) -> Result<(), Stopped> {
        self.clock.set(self.now() + duration);
        let is_late = self.interrupts_after.is_some_and(|limit| self.now() > limit);
        if is_late { Err(Stopped::Interrupted) } else { Ok(()) }
    }
}

/// A machine of which only the log is asked.
pub(super) fn logged(text: &'static str) -> Script {
    Script { log: Box::new(move |_| text.to_owned()), ..Script::default() }
}

pub(super) fn answers(answers: impl IntoIterator<Item = (u16, &'static str)>) -> Script {
    let answer = |(status, body): (u16, &str)| Ok(Answer { status, body: body.into(), ..Answer::default() });
    Script { answers: RefCell::new(answers.into_iter().map(answer).collect()), ..Script::default() }
}

pub(super) fn web(state: State, health: Option<Health>) -> Container {
    Container {
        id: "0123".to_owned(),
        service: "web".to_owned(),
        state,
        finished: String::new(),
        health,
        health_says: String::new(),
        ports: BTreeMap::from([(8000, 32768)]),
    }
}
