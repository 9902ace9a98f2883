//! Whole runs on a machine that follows a [`Script`].

use std::time::Duration;

use super::host::Host;
use super::script::{Script, answers, web};
use super::stage::Stage;
use super::{Run, SmokeReport, Step, Watch, steps};
use crate::base::codes::smoke as codes;
use crate::base::{Code, Tree};
use crate::plan::Probe;
use crate::plan::probes::{Act, Get, Output};
use crate::shell::engine::containers::{Container, Health, State};
use crate::shell::interrupt::Stopped;
use crate::stack::Environment;

struct Silent;

impl Watch for Silent {
    fn begins(&mut self, _: &str) {}
    fn detail(&mut self, _: &str) {}
    fn goes_on(&mut self, _: &str) {}
    fn says(&mut self, _: &str) {}
    fn ended(&mut self, _: &Step) {}
}

pub(super) fn probe(name: &'static str, act: Act, needs: &[&'static str]) -> Probe {
    Probe { name, environment: Environment::Prod, act, because: String::new(), needs: needs.to_vec() }
}

/// The request for the home page, as a proxy that ends TLS passes it on, or without one.
pub(super) fn get_home(forwarded_https: bool) -> Get {
    Get {
        service: "web".to_owned(),
        container_port: 8000,
        path: "/".to_owned(),
        host: "localhost".to_owned(),
        forwarded_https,
        status: (100, 499),
        admits_host: true,
        server: None,
        content_type: None,
        body: false,
        hashed: None,
    }
}

fn home_page() -> Probe {
    probe("home-page", Act::Get(get_home(false)), &[])
}

fn healthy(within: u32) -> Probe {
    probe("services-healthy", Act::Healthy { services: vec!["web".to_owned()], within }, &[])
}

fn carried_out(script: &mut Script, probes: &[Probe]) -> Result<SmokeReport, Stopped> {
    carried_out_with(script, probes, false)
}

/// The report of a run with values of its own, which may write outside of the stack.
pub(super) fn report_with_values(script: &mut Script, probes: &[Probe]) -> SmokeReport {
    carried_out_with(script, probes, true).ok().unwrap()
}

fn carried_out_with(
    script: &mut Script,
    probes: &[Probe],
    may_write_outside: bool,
) -> Result<SmokeReport, Stopped> {
    let tree = Tree::from_literals::<&str, &str>([]);
    let run = Run {
        root: "/home/ana/shop".into(),
        tree: &tree,
        environment: Environment::Prod,
        name: "shop".to_owned(),
        target: crate::catalog::target::DEFAULT,
        project_service: "web".to_owned(),
        compose_file: "compose.prod.yaml".into(),
        env_file: ".env".into(),
        throw_away: Vec::new(),
        outside: Vec::new(),
        may_write_outside,
        secrets: Vec::new(),
        probes: probes.iter().collect(),
        checks: Vec::new(),
        keep: false,
    };
    steps::all(&run, &Stage::empty(), script, &mut Silent)
}

/// The report of a run that nothing interrupts.
pub(super) fn report(script: &mut Script, probes: &[Probe]) -> SmokeReport {
    carried_out(script, probes).ok().unwrap()
}

/// The code that explains the only step, where it failed.
fn failed(script: &mut Script, probe: Probe) -> Option<Code> {
    let report = report(script, &[probe]);
    report.steps[0].diagnostic.as_ref().map(|diagnostic| diagnostic.code)
}

#[test]
fn a_refused_host_is_no_page() {
    let title = |mut script: Script| {
        let report = report(&mut script, &[home_page()]);
        report.steps[0].diagnostic.as_ref().map(|diagnostic| diagnostic.title.clone())
    };
    let refused = "`web` answered 400 to `GET /`, and Django refuses the host `localhost`";
    let own = answers([(400, "<html><h1>Bad Request (400)</h1></html>")]);
    assert_eq!(title(own).as_deref(), Some(refused));
    let log = "Invalid HTTP_HOST header: 'localhost'. You may need to add 'localhost' to ALLOWED_HOSTS.\n";
    let of_project = Script { log: Box::new(move |_| log.to_owned()), ..answers([(400, "<h1>Sorry</h1>")]) };
    assert_eq!(title(of_project).as_deref(), Some(refused));
    // A GraphQL address asked without a query, a page behind a login, one that is not there, one elsewhere.
    for (status, body) in [(400, "{\"errors\": []}"), (403, ""), (404, ""), (301, "")] {
        assert_eq!(title(answers([(status, body)])), None, "{status}");
    }
    assert_eq!(failed(&mut answers([(500, "")]), home_page()), Some(codes::PAGE_WRONG));
}

#[test]
fn what_is_not_there_yet_is_asked_for_again() {
    let mut script = answers([(502, ""), (503, ""), (200, "hello")]);
    assert_eq!(failed(&mut script, home_page()), None);
    assert_eq!(script.asked.get(), 3);
    // An error of the project's own is an answer.
    let mut script = answers([(500, ""), (200, "")]);
    assert_eq!(failed(&mut script, home_page()), Some(codes::PAGE_WRONG));
    assert_eq!(script.asked.get(), 1);
}

#[test]
fn asking_again_ends() {
    for mut script in [answers([(502, "")]), Script::default()] {
        assert_eq!(failed(&mut script, home_page()), Some(codes::PAGE_WRONG));
        let waited = script.now();
        assert!(waited > Duration::from_secs(10) && waited < Duration::from_secs(11), "{waited:?}");
    }
}

#[test]
fn waiting_for_services_ends_when_nothing_changes() {
    let starting = |_| vec![web(State::Running, Some(Health::Starting))];
    let mut script = Script { containers: Box::new(starting), ..Script::default() };
    assert_eq!(failed(&mut script, healthy(60)), Some(codes::SERVICE_LATE));
    let waited = script.now();
    assert!(waited > Duration::from_mins(1) && waited < Duration::from_secs(62), "{waited:?}");
}

#[test]
fn waiting_goes_on_while_something_changes() {
    // Migrations that say something new every 50 seconds, for five minutes; then everything is there.
    let migrates = |now: Duration| {
        let is_done = now > Duration::from_mins(5);
        let state = if is_done { State::Exited { code: 0, out_of_memory: false } } else { State::Running };
        let migrate = Container { service: "migrate".to_owned(), id: "4567".to_owned(), ..web(state, None) };
        let (state, health) =
            if is_done { (State::Running, Health::Healthy) } else { (State::Created, Health::Starting) };
        vec![migrate, web(state, Some(health))]
    };
    let log = |now: Duration| format!("Applying shop.{:04}\n", now.as_secs() / 50);
    let mut script = Script { containers: Box::new(migrates), log: Box::new(log), ..Script::default() };
    assert_eq!(failed(&mut script, healthy(60)), None);
    assert!(script.now() > Duration::from_mins(5));
    // The same without a word is given up after the limit.
    let mut silent = Script { containers: Box::new(migrates), ..Script::default() };
    assert_eq!(failed(&mut silent, healthy(60)), Some(codes::SERVICE_LATE));
}

#[test]
fn what_has_ended_or_is_unhealthy_is_not_waited_for() {
    let dead = |_| vec![web(State::Exited { code: 1, out_of_memory: false }, None)];
    let mut script = Script { containers: Box::new(dead), ..Script::default() };
    assert_eq!(failed(&mut script, healthy(60)), Some(codes::SERVICE_DIED));
    assert_eq!(script.now(), Duration::ZERO);
    let sick = |_| vec![web(State::Running, Some(Health::Unhealthy))];
    let mut script = Script { containers: Box::new(sick), ..Script::default() };
    assert_eq!(failed(&mut script, healthy(60)), Some(codes::SERVICE_UNHEALTHY));
}

#[test]
fn images_may_be_pulled_for_longer_than_services_start() {
    let mut script = Script { containers: Box::new(|_| Vec::new()), ..Script::default() };
    assert_eq!(failed(&mut script, healthy(60)), Some(codes::SERVICE_LATE));
    assert!(script.now() > Duration::from_mins(15));
}

#[test]
fn a_signal_ends_the_waiting() {
    let starting = |_| vec![web(State::Running, Some(Health::Starting))];
    let interrupts_after = Some(Duration::from_secs(5));
    let mut script = Script { containers: Box::new(starting), interrupts_after, ..Script::default() };
    let ended = carried_out(&mut script, &[healthy(60), home_page()]);
    assert!(matches!(ended, Err(Stopped::Interrupted)));
    assert!(script.now() < Duration::from_secs(6));
    assert_eq!(script.asked.get(), 0);
}

#[test]
fn what_needs_a_failed_step_is_left_out_and_the_rest_is_not() {
    let command = |needs: &[&'static str]| {
        let argv = vec!["python".to_owned(), "manage.py".to_owned(), "check".to_owned()];
        probe("command", Act::Exec { service: "web".to_owned(), argv, expect: Output::Anything }, needs)
    };
    let needing = report(&mut answers([(500, "")]), &[home_page(), command(&["home-page"])]);
    assert!(needing.steps[1].skipped && !needing.ok);
    let other = report(&mut answers([(500, "")]), &[home_page(), command(&[])]);
    assert!(other.steps[1].ok && !other.ok);
}

#[test]
fn a_container_that_had_to_be_killed_has_not_stopped_well() {
    let ends_with = |code: i64| {
        move |now: Duration| {
            let state =
                if now.is_zero() { State::Running } else { State::Exited { code, out_of_memory: false } };
            vec![web(state, None)]
        }
    };
    let stop = || probe("stops", Act::Stop { within: 10, codes: vec![0, 143], servers: Vec::new() }, &[]);
    let mut killed = Script { containers: Box::new(ends_with(137)), ..Script::default() };
    assert_eq!(failed(&mut killed, stop()), Some(codes::STOPPED_BADLY));
    let mut ended = Script { containers: Box::new(ends_with(143)), ..Script::default() };
    assert_eq!(failed(&mut ended, stop()), None);
}
