//! Runs that a signal ends at any moment, each followed by another: nothing of them is left then.
//!
//! `DJDOCK_KILLS` says how many (6 unless it does), `DJDOCK_SEED` repeats the moments of an earlier test.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use djdock::shell::engine::Engine;
use rustix::process::{Pid, Signal, kill_process};

use crate::engine::engine;
use crate::examples::copy;

/// A stack that is up and down in moments, with everything that a run makes: two images, volumes, a network, the
/// project's folder in a container. Its server answers anything, and says so when a file changes.
const TINY: &[(&str, &str)] = &[
    (
        "Dockerfile",
        "FROM python:3.13-slim-trixie AS app\nWORKDIR /srv\nCOPY server.py .\nCMD [\"python\", \"-u\", \"/srv/server.py\"]\n",
    ),
    (
        "Dockerfile.prod",
        "FROM python:3.13-slim-trixie AS app\nWORKDIR /srv\nCOPY server.py .\nRUN date > made\nCMD [\"python\", \"-u\", \"/srv/server.py\"]\nFROM app AS nginx\nRUN date > proxy\n",
    ),
    (
        "compose.yaml",
        "services:\n  migrate: {build: ., command: [\"true\"]}\n  web:\n    build: .\n    ports: [\"8000:8000\"]\n    volumes: [\".:/app\", \"data:/data\", \"/more\"]\n    depends_on: {migrate: {condition: service_completed_successfully}}\nvolumes: {data: {}}\n",
    ),
    (
        "compose.prod.yaml",
        "services:\n  migrate: {build: {context: ., dockerfile: Dockerfile.prod, target: app}, command: [\"true\"]}\n  web:\n    build: {context: ., dockerfile: Dockerfile.prod, target: app}\n    volumes: [\"data:/data\", \"/more\"]\n    networks: [default, back]\n    depends_on: {migrate: {condition: service_completed_successfully}}\n  nginx:\n    build: {context: ., dockerfile: Dockerfile.prod, target: nginx}\n    environment: {PORT: \"8080\"}\n    ports: [\"80:8080\"]\n    depends_on: [web]\nvolumes: {data: {}}\nnetworks: {back: {}}\n",
    ),
    ("server.py", SERVER),
];

const SERVER: &str = r#"import http.server, os, signal, sys, threading, time
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
FILE = "/app/mysite/settings.py"

def watch():
    at = os.path.getmtime(FILE)
    while os.path.getmtime(FILE) == at:
        time.sleep(0.1)
    print("changed, reloading")

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"hello")

if os.path.exists(FILE):
    threading.Thread(target=watch, daemon=True).start()
http.server.ThreadingHTTPServer(("0.0.0.0", int(os.environ.get("PORT", "8000"))), Handler).serve_forever()
"#;

/// A build that fails at once: a run of it does nothing but what every run does first and last.
const HOPELESS: &str = "FROM scratch AS app\nCOPY no-such-file /\nFROM app AS nginx\n";

#[test]
#[ignore = "needs a Docker Engine, and minutes"]
fn runs_that_are_killed_leave_nothing_after_the_next() {
    let Some(engine) = engine() else { return };
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let kills = number("DJDOCK_KILLS").unwrap_or(6);
    let clock = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let seed = number("DJDOCK_SEED").unwrap_or_else(clock);
    eprintln!("{kills} runs, DJDOCK_SEED={seed}");
    let place = Place::new();
    // Full runs fill the build cache, and say how long there is something to be interrupted.
    let lengths = ["prod", "dev"].map(|target| place.full(target));
    let mut random = Random(seed | 1);
    let mut ended: BTreeMap<String, u64> = BTreeMap::new();
    let mut swept = 0;
    for round in 1..=kills {
        let at = random.below(2);
        let (target, length) = (["prod", "dev"][at], lengths[at]);
        let (name, signal) =
            [("INT", Signal::INT), ("TERM", Signal::TERM), ("KILL", Signal::KILL)][random.below(3)];
        let moment = length * u32::try_from(random.below(1000)).unwrap() / 1000;
        let status = place.ended_after(target, signal, moment);
        *ended.entry(format!("{name}: {status}")).or_default() += 1;
        let left = place.left(&engine);
        // Only what nobody can catch may leave something for the next run.
        assert!(
            left.is_empty() || signal == Signal::KILL,
            "{name} after {moment:.1?} of {target} left {left:?}"
        );
        swept += u64::from(!left.is_empty());
        place.next();
        let left = place.left(&engine);
        assert!(left.is_empty(), "{name} after {moment:.1?} of {target}, and another run: {left:?}");
        eprintln!("{round}: {target} {name} after {moment:.1?}: {status}");
    }
    eprintln!("{kills} runs ended: {ended:?}; {swept} left something, which the next run removed");
}

/// A project to run, one that fails at once, and the folder for temporary files of both.
struct Place {
    folder: tempfile::TempDir,
    files: Vec<PathBuf>,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/polls");
        for name in ["project", "next"] {
            copy(&example, &folder.path().join(name));
            let init = Command::new(env!("CARGO_BIN_EXE_djdock"))
                .args(["init", "--yes"])
                .current_dir(folder.path().join(name))
                .output();
            assert!(init.unwrap().status.success());
        }
        for (name, text) in TINY {
            std::fs::write(folder.path().join("project").join(name), text).unwrap();
        }
        std::fs::write(folder.path().join("next/Dockerfile.prod"), HOPELESS).unwrap();
        std::fs::create_dir(folder.path().join("temporary")).unwrap();
        let files = files(&folder.path().join("project"));
        Self { folder, files }
    }

    fn smoke(&self, project: &str, target: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_djdock"));
        command
            .args(["smoke", target])
            .current_dir(self.folder.path().join(project))
            .env("TMPDIR", self.temporary())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Runs everything, twice, and returns how long the second run took. Steps may fail that ask for Django.
    fn full(&self, target: &str) -> Duration {
        let mut took = Duration::ZERO;
        for _ in 0..2 {
            let began = Instant::now();
            let output = self.smoke("project", target).stderr(Stdio::piped()).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            let showed = |step: &str| said.lines().any(|line| line.starts_with("ok") && line.contains(step));
            assert!(showed("services-healthy") && showed("home-page ") && showed("nothing-left"), "{said}");
            took = began.elapsed();
        }
        eprintln!("{target} takes {took:.1?}");
        took
    }

    /// Runs `target`, sends `signal` after `moment`, and returns how djdock ended.
    fn ended_after(&self, target: &str, signal: Signal, moment: Duration) -> String {
        let mut child = self.smoke("project", target).spawn().unwrap();
        std::thread::sleep(moment);
        let _ = kill_process(Pid::from_child(&child), signal);
        child.wait().unwrap().to_string()
    }

    /// The run after: it fails, and has removed before what it found.
    fn next(&self) {
        let output = self.smoke("next", "prod").stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn temporary(&self) -> PathBuf {
        self.folder.path().join("temporary")
    }

    /// Whatever is there of runs: things of the Engine, files, and processes.
    fn left(&self, engine: &Engine) -> Vec<String> {
        let temporary = self.temporary().canonicalize().unwrap();
        let temporary = temporary.to_str().unwrap();
        // Runs of others on this machine are not this test's.
        let folders = engine.values_of("djdock.smoke.folder").unwrap().into_keys();
        let mut left: Vec<String> = folders
            .filter(|folder| folder.starts_with(temporary))
            .map(|folder| engine.labelled(&format!("djdock.smoke.folder={folder}")).unwrap().counted())
            .collect();
        left.extend(files(Path::new(temporary)).iter().map(|path| path.display().to_string()));
        let now = files(&self.folder.path().join("project"));
        left.extend(
            now.iter().filter(|path| !self.files.contains(path)).map(|path| path.display().to_string()),
        );
        for process in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
            let line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line).replace('\0', " ");
            left.extend(line.contains(temporary).then_some(line));
        }
        left
    }
}

/// Everything below `folder`, without following links.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(entry.path());
            }
            found.push(entry.path());
        }
    }
    found
}

/// Numbers that a seed repeats (xorshift64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit).unwrap()
    }
}
