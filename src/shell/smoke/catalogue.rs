//! The messages of a smoke run about each situation that its findings know.

use camino::Utf8Path;

use super::Run;
use super::http::Answer;
use super::isolate::ToBuild;
use super::missing::{Missing, Reason};
use super::redact::Secrets;
use super::script::{logged, web};
use super::setting::Setting;
use super::stage::Stage;
use super::{findings, page_findings, remains};
use crate::base::Tree;
use crate::plan::probes::{Get, Output};
use crate::shell::engine::build::Step;
use crate::shell::engine::clean::Things;
use crate::shell::engine::containers::{Container, Ran, State};
use crate::shell::terminal::testing::assert_said;
use crate::stack::Environment;

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
        hashed: None,
    }
}

fn container(state: State) -> Container {
    let says = "Traceback\nConnectionRefusedError: [Errno 111] Connection refused\n";
    Container { health_says: says.to_owned(), ..web(state, None) }
}

fn run(tree: &Tree) -> Run<'_> {
    Run {
        root: "/home/ana/shop".into(),
        tree,
        environment: Environment::Prod,
        name: "shop".to_owned(),
        target: crate::catalog::target::DEFAULT,
        project_service: "web".to_owned(),
        compose_file: "compose.prod.yaml".into(),
        env_file: ".env".into(),
        throw_away: Vec::new(),
        outside: Vec::new(),
        may_write_outside: false,
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
    let setting = Setting {
        run: &run,
        stage: &stage,
        secrets: Secrets::new(&[]),
        images: Vec::new(),
        paths: std::sync::Mutex::default(),
    };
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
    let refused = Answer { status: 403, ..Answer::default() };
    let missing = ["/static/shop.css", "/static/shop.js"]
        .map(|path| Missing { path: path.to_owned(), how: "answers 404".to_owned() });
    let reason = Reason {
        note: "no file of the project has this name".to_owned(),
        help: "correct the name in the template, or add the file".to_owned(),
    };
    let file = Utf8Path::new("shop/views.py");
    let said = [
        findings::ended(&setting, &container(State::Exited { code: 1, out_of_memory: false }), &logged(DIED))
            .unwrap(),
        findings::unhealthy(&setting, &container(State::Running), &logged("")).unwrap(),
        findings::late(&setting, &["web"], Some(&container(State::Running)), 120, &logged("waiting\n"))
            .unwrap(),
        findings::not_started(&setting, "Error response from daemon: network shop_default not found"),
        findings::build_failed(&setting, &image, &step),
        page_findings::page(&setting, &front(), "/", &bad, "2xx or 3xx was expected", &logged(REFUSED))
            .unwrap(),
        page_findings::csrf(&setting, &front(), "/admin/login/", "https://localhost", &refused, &logged(""))
            .unwrap(),
        page_findings::asset_missing(&setting, "/", &missing, Some(reason)),
        findings::not_published("web", 8000),
        findings::no_container("worker"),
        findings::command_failed(&setting, "web", &command, &ran, &Output::Anything),
        findings::runs_as("web", 0),
        findings::secret_in_image("shop-web", "`/app/.env` holds `SECRET_KEY`"),
        findings::stopped_badly(&setting, &container(State::Running), 137, 10, &logged("stopping\n"))
            .unwrap(),
        remains::left_behind("djdock-smoke-x", &left),
        remains::no_such_run("djdock-smoke-y"),
        remains::goes_on("djdock-smoke-x"),
        findings::no_source("web", file),
        findings::not_reloaded("web", file, "reloading"),
        findings::not_made("web", "/app", "touch: cannot touch 'x': Permission denied\n"),
        findings::foreign_owner("web", 10001, 1000),
    ];
    for diagnostic in &said {
        assert_said(diagnostic);
    }
}
