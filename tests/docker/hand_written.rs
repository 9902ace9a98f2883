//! A stack that was written by hand, for everything that can go wrong with one.

use camino::Utf8Path;
use djdock::plan::Probe;
use djdock::plan::probes::{Act, Get, Output};
use djdock::shell::disk::{self, ThrowAway};
use djdock::shell::engine::Engine;
use djdock::shell::smoke::{Check, Run, SmokeReport, Step, Watch, smoke};
use djdock::stack::Environment;

use crate::engine::{alone, engine, held};

/// The project's files.
const FILES: &[(&str, &str)] = &[
    ("app/server.py", SERVER),
    (
        "Dockerfile",
        "FROM python:3.13-slim-trixie AS app\nWORKDIR /app\nCOPY app .\nRUN mkdir /data && chown 10001:10001 /data\nUSER 10001:10001\nCMD [\"python\", \"-u\", \"server.py\"]\n",
    ),
    (".dockerignore", "*\n!app\n"),
    (".env", "SECRET_KEY=the-persons-own-secret-0123456789\n"),
    ("compose.yaml", COMPOSE),
];

const SERVER: &str = r#"import http.server, os, pathlib, signal, sys
key = os.environ["SECRET_KEY"]
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
pathlib.Path("/data/made").write_text("x")

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.headers["Host"].split(":")[0] != "localhost":
            print("ERROR Invalid HTTP_HOST header: %r. You may need to add it to ALLOWED_HOSTS." % self.headers["Host"])
            return self.send_error(400)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"hello from %d" % os.getuid())

http.server.HTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
"#;

const COMPOSE: &str = r#"name: hand
services:
  web:
    build: {context: ., target: app}
    image: hand-web
    container_name: hand-web
    env_file: .env
    restart: unless-stopped
    ports: ["${WEB_PORT:-8123}:8000"]
    volumes: ["data:/data"]
    depends_on: {prepare: {condition: service_completed_successfully}}
    healthcheck:
      test: ["CMD", "python", "-c", "import urllib.request as u; u.urlopen('http://localhost:8000/')"]
      interval: 10s
      retries: 2
  prepare:
    image: hand-web
    env_file: .env
    command: ["python", "-c", "print('prepared')"]
volumes: {data: {}}
"#;

/// Says nothing.
struct Silent;

impl Watch for Silent {
    fn begins(&mut self, _step: &str) {}
    fn detail(&mut self, _text: &str) {}
    fn goes_on(&mut self, _text: &str) {}
    fn says(&mut self, _text: &str) {}
    fn ended(&mut self, step: &Step) {
        eprintln!(
            "{} {} {:.1} {}",
            if step.ok { "ok" } else { "FAILED" },
            step.name,
            step.seconds,
            step.detail
        );
        if let Some(diagnostic) = &step.diagnostic {
            eprintln!("   {:?}\n   {:?}", diagnostic.notes, diagnostic.helps);
        }
    }
}

fn get(path: &str) -> Get {
    Get {
        service: "web".to_owned(),
        container_port: 8000,
        path: path.to_owned(),
        host: "localhost".to_owned(),
        forwarded_https: false,
        status: (200, 399),
        admits_host: true,
        server: Some("BaseHTTP".to_owned()),
        content_type: Some("text/html".to_owned()),
        body: true,
        hashed: None,
    }
}

fn probes() -> Vec<Probe> {
    let probe = |name: &'static str, act: Act, needs: &[&'static str]| Probe {
        name,
        environment: Environment::Prod,
        act,
        because: String::new(),
        needs: needs.to_vec(),
    };
    let inspect = Act::InspectImages {
        variables: vec!["SECRET_KEY".to_owned()],
        globs: vec!["**/.env*".to_owned(), "**/*.pem".to_owned()],
        folder: "/app".to_owned(),
    };
    let exec = Act::Exec {
        service: "web".to_owned(),
        argv: ["python", "-c", "print('yes')"].map(str::to_owned).to_vec(),
        expect: Output::Contains { text: "yes".to_owned() },
    };
    vec![
        probe("images-build", Act::BuildImages, &[]),
        probe("image-secrets", inspect, &["images-build"]),
        probe(
            "services-healthy",
            Act::Healthy { services: vec!["web".to_owned()], within: 30 },
            &["images-build"],
        ),
        probe("prepared", Act::Completed { services: vec!["prepare".to_owned()] }, &["services-healthy"]),
        probe("home-page", Act::Get(get("/")), &["services-healthy"]),
        probe("command", exec, &["services-healthy"]),
        probe("not-root", Act::NotUser { service: "web".to_owned(), uid: 0 }, &["services-healthy"]),
        probe(
            "stop",
            Act::Stop { within: 10, codes: vec![0, 143], servers: Vec::new() },
            &["services-healthy"],
        ),
        probe("nothing-left", Act::Remove, &[]),
    ]
}

/// Runs the project with some of its files changed.
fn run(engine: &Engine, changed: &[(&str, &str)], checks: Vec<Check>) -> SmokeReport {
    let folder = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(folder.path()).unwrap().canonicalize_utf8().unwrap();
    for (name, text) in FILES.iter().chain(changed) {
        std::fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
        std::fs::write(root.join(name), text).unwrap();
    }
    let tree = disk::load(&root).unwrap();
    let probes = probes();
    let secret = "the-runs-own-secret-9876543210";
    let run = Run {
        root,
        tree: &tree,
        environment: Environment::Prod,
        name: "hand".to_owned(),
        target: djdock::catalog::target::DEFAULT,
        project_service: "web".to_owned(),
        compose_file: "compose.yaml".into(),
        env_file: ".env".into(),
        throw_away: vec![ThrowAway {
            path: ".env".into(),
            text: format!("SECRET_KEY={secret}\n"),
            mode: 0o600,
        }],
        secrets: vec![
            ("SECRET_KEY".to_owned(), secret.to_owned()),
            ("SECRET_KEY".to_owned(), "the-persons-own-secret-0123456789".to_owned()),
        ],
        outside: Vec::new(),
        may_write_outside: false,
        probes: probes.iter().collect(),
        checks,
        keep: false,
    };
    let _alone = alone();
    let before = held(engine);
    let report = smoke(&run, engine, &mut Silent).unwrap();
    assert_eq!(held(engine), before, "something is left");
    report
}

/// The step that failed first, its code, and all that it says.
fn failure(report: &SmokeReport) -> (String, &'static str, String) {
    let step = report.steps.iter().find(|step| !step.ok).expect("nothing failed");
    let diagnostic = step.diagnostic.as_ref().expect("it was skipped");
    let said = [&diagnostic.notes[..], &diagnostic.helps[..]].concat().join("\n");
    (step.name.clone(), diagnostic.code.0, format!("{}\n{said}", diagnostic.title))
}

#[test]
fn a_stack_shows_what_it_must_and_leaves_nothing() {
    let Some(engine) = engine() else { return };
    let check = |path: &str, status: u16, text: Option<&str>| Check {
        path: path.to_owned(),
        status: Some(status),
        websocket: None,
        text: text.map(str::to_owned),
    };
    let report = run(&engine, &[], vec![check("/", 200, Some("hello from 10001"))]);
    assert!(report.ok, "{report:#?}");
    assert_eq!(report.images.len(), 1);
    let names: Vec<&str> = report.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names[names.len() - 3..], ["check /", "stop", "nothing-left"]);
}

#[test]
fn each_failure_is_explained_by_its_first_cause() {
    let Some(engine) = engine() else { return };
    let broken = SERVER.replacen("import http.server", "import no_such_thing, http.server", 1);
    let (step, code, said) = failure(&run(&engine, &[("app/server.py", &broken)], Vec::new()));
    assert_eq!((step.as_str(), code), ("services-healthy", "service-died"));
    assert!(said.contains("ModuleNotFoundError: No module named 'no_such_thing'"), "{said}");

    let failing =
        COMPOSE.replace("print('prepared')", "raise SystemExit('the-runs-own-secret-9876543210 is wrong')");
    let (step, code, said) = failure(&run(&engine, &[("compose.yaml", &failing)], Vec::new()));
    assert_eq!((step.as_str(), code), ("services-healthy", "service-died"));
    assert!(
        said.contains("`prepare` ended with exit code 1") && said.contains("[SECRET_KEY] is wrong"),
        "{said}"
    );

    let dockerfile = FILES[1].1.replace("RUN mkdir", "RUN echo before; exit 7; mkdir");
    let (step, code, said) = failure(&run(&engine, &[("Dockerfile", &dockerfile)], Vec::new()));
    assert_eq!((step.as_str(), code), ("images-build", "build-failed"));
    assert!(said.contains("exit code 7") && said.contains("before"), "{said}");

    let host = SERVER.replace("!= \"localhost\"", "!= \"127.0.0.1\"");
    let healthy = COMPOSE.replace("http://localhost", "http://127.0.0.1");
    let (step, code, said) =
        failure(&run(&engine, &[("app/server.py", &host), ("compose.yaml", &healthy)], Vec::new()));
    assert_eq!((step.as_str(), code), ("home-page", "page-wrong"));
    assert!(said.contains("answered 400") && said.contains("ALLOWED_HOSTS"), "{said}");

    let sick = COMPOSE.replace("localhost:8000", "localhost:9").replace("interval: 10s", "interval: 4s");
    let (step, code, said) = failure(&run(&engine, &[("compose.yaml", &sick)], Vec::new()));
    assert_eq!((step.as_str(), code), ("services-healthy", "service-unhealthy"));
    assert!(said.contains("its health check said"), "{said}");
}

#[test]
fn secrets_root_and_a_deaf_server_are_found() {
    let Some(engine) = engine() else { return };
    let dockerfile = FILES[1].1.replace("COPY app .", "COPY . .").replace("server.py", "app/server.py");
    let all = [("Dockerfile", dockerfile.as_str()), (".dockerignore", "")];
    let (step, code, said) = failure(&run(&engine, &all, Vec::new()));
    assert_eq!((step.as_str(), code), ("image-secrets", "secret-in-image"));
    assert!(said.contains("`/app/.env` is in it"), "{said}");

    let kept = FILES[1].1.replace("WORKDIR /app", "WORKDIR /app\nENV SECRET_KEY=another");
    let (step, code, said) = failure(&run(&engine, &[("Dockerfile", &kept)], Vec::new()));
    assert_eq!((step.as_str(), code), ("image-secrets", "secret-in-image"));
    assert!(said.contains("`SECRET_KEY` is set in its environment") && !said.contains("another"), "{said}");

    let root = FILES[1].1.replace("USER 10001:10001\n", "");
    let (step, code, _) = failure(&run(&engine, &[("Dockerfile", &root)], Vec::new()));
    assert_eq!((step.as_str(), code), ("not-root", "runs-as-root"));

    let deaf = SERVER.replace("lambda *_: sys.exit(0)", "signal.SIG_IGN");
    let (step, code, said) = failure(&run(&engine, &[("app/server.py", &deaf)], Vec::new()));
    assert_eq!((step.as_str(), code), ("stop", "stopped-badly"));
    assert!(said.contains("did not stop within 10 s and was killed"), "{said}");
}
