//! What a smoke run says of each situation that its findings know.

use std::time::Duration;

use camino::Utf8Path;

use super::Run;
use super::findings;
use super::host::{Ask, Host, Start};
use super::http::Answer;
use super::isolate::ToBuild;
use super::redact::Secrets;
use super::stage::Stage;
use super::steps::Setting;
use crate::base::{Diagnostic, Tree};
use crate::plan::Environment;
use crate::plan::probes::{Get, Output};
use crate::shell::engine::build::{Built, Failed, Progress, Request, Step};
use crate::shell::engine::clean::Things;
use crate::shell::engine::containers::{Container, Ran, State};
use crate::shell::engine::image::Evidence;
use crate::shell::interrupt::Stopped;
use crate::shell::terminal::testing::assert_said;

/// A stack of one service, of which only the log is asked.
struct Logged(&'static str);

impl Host for Logged {
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
        Ok(vec![container(State::Running)])
    }
    fn logs(&self, _: &str, _: usize) -> Result<String, Stopped> {
        Ok(self.0.to_owned())
    }
    fn exec(&self, _: &str, _: &[String]) -> Result<Ran, Stopped> {
        Ok(Ran::default())
    }
    fn users(&self, _: &str) -> Result<Vec<u32>, Stopped> {
        Ok(Vec::new())
    }
    fn ask(&self, _: &Ask) -> Result<Answer, String> {
        Ok(Answer::default())
    }
    fn stop(&self, _: &[String], _: u32) -> Result<(), Stopped> {
        Ok(())
    }
    fn remove(&mut self) -> Result<(Things, Things), Diagnostic> {
        Ok((Things::default(), Things::default()))
    }
    fn now(&self) -> Duration {
        Duration::ZERO
    }
    fn pause(&self, _: Duration) -> Result<(), Stopped> {
        Ok(())
    }
}

fn front() -> Get {
    Get {
        service: "nginx".to_owned(),
        container_port: 8080,
        path: "/".to_owned(),
        host: "localhost".to_owned(),
        forwarded_https: true,
        status: (200, 399),
        admits_host: true,
        server: None,
        content_type: None,
        body: false,
    }
}

fn container(state: State) -> Container {
    Container {
        id: "0123".to_owned(),
        service: "web".to_owned(),
        state,
        finished: String::new(),
        health: None,
        health_says: "Traceback\nConnectionRefusedError: [Errno 111] Connection refused\n".to_owned(),
        ports: [(8000, 32768)].into(),
    }
}

fn run(tree: &Tree) -> Run<'_> {
    Run {
        root: "/home/ana/shop".into(),
        tree,
        environment: Environment::Prod,
        name: "shop".to_owned(),
        compose_file: "compose.prod.yaml".into(),
        env_file: ".env".into(),
        throw_away: Vec::new(),
        secrets: Vec::new(),
        probes: Vec::new(),
        checks: Vec::new(),
        keep: false,
    }
}

const REFUSED: &str =
    "Invalid HTTP_HOST header: 'localhost:8000'. You may need to add 'localhost' to ALLOWED_HOSTS.\n";
const DIED: &str = "Traceback (most recent call last):\n  File \"/app/manage.py\", line 5, in <module>\nModuleNotFoundError: No module named 'shop.wsgi'\n";

#[test]
fn each_finding_says_what_is_kept() {
    let tree = Tree::from_literals::<&str, &str>([]);
    let run = run(&tree);
    let stage = Stage::empty();
    let setting = Setting { run: &run, stage: &stage, secrets: Secrets::new(&[]), images: Vec::new() };
    let image = ToBuild {
        name: "shop-web".to_owned(),
        tag: "djdock-smoke-x".to_owned(),
        context: ".".into(),
        dockerfile: "Dockerfile.prod".into(),
        target: Some("app".to_owned()),
        arguments: std::collections::BTreeMap::new(),
    };
    let step = Step {
        name: "[build 4/7] RUN pip install -r requirements.txt".to_owned(),
        error: "process \"/bin/sh -c pip install\" did not complete successfully: exit code: 1".to_owned(),
        log: vec!["ERROR: No matching distribution found for django==99".to_owned()],
    };
    let ran = Ran { code: 1, stdout: String::new(), stderr: "no such table: shop_order\n".to_owned() };
    let command = ["python", "manage.py", "check"].map(str::to_owned);
    let left = Things { volumes: vec!["djdock-smoke-x_data".to_owned()], ..Things::default() };
    let bad = Answer { status: 400, ..Answer::default() };
    let file = Utf8Path::new("shop/views.py");
    let said = [
        findings::ended(&setting, &container(State::Exited { code: 1, out_of_memory: false }), &Logged(DIED))
            .unwrap(),
        findings::unhealthy(&setting, &container(State::Running), &Logged("")).unwrap(),
        findings::late(&setting, &["web"], Some(&container(State::Running)), 120, &Logged("waiting\n"))
            .unwrap(),
        findings::not_started(&setting, "Error response from daemon: network shop_default not found"),
        findings::build_failed(&setting, &image, &step),
        findings::page(&setting, &front(), "/", &bad, "2xx or 3xx was expected", &Logged(REFUSED)).unwrap(),
        findings::csrf(&setting, "nginx", "/admin/login/", &Answer { status: 403, ..bad }, &Logged(""))
            .unwrap(),
        findings::not_published("web", 8000),
        findings::no_container("worker"),
        findings::command_failed(&setting, "web", &command, &ran, &Output::Anything),
        findings::runs_as("web", 0),
        findings::secret_in_image("shop-web", "`/app/.env` holds `SECRET_KEY`"),
        findings::stopped_badly(&setting, &container(State::Running), 137, 10, &Logged("stopping\n"))
            .unwrap(),
        findings::left_behind(&left),
        findings::no_source("web", file),
        findings::not_reloaded("web", file, "reloading"),
        findings::not_made("web", "/app", "touch: cannot touch 'x': Permission denied\n"),
        findings::foreign_owner("web", 10001, 1000),
    ];
    for diagnostic in &said {
        assert_said(diagnostic);
    }
}
