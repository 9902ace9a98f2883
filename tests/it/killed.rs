//! `init` and `update` that are ended at any moment: what they leave, and what the next run makes of it.
//!
//! The long run, with its figures: `cargo test --test it killed -- --include-ignored --nocapture`.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use crate::support::program::Folder;

/// What a folder holds, by path; of files with secrets only that they are there.
type State = BTreeMap<String, Vec<u8>>;

#[derive(Clone, Copy, Debug)]
enum Kind {
    Init,
    Update,
}

impl Kind {
    /// A project in which the command has something to do with every sort of file: new ones, a person's, a secret one.
    fn folder(self) -> Folder {
        let folder = Folder::example("shop");
        folder.write("Dockerfile", "FROM python:3.13-slim\n");
        folder.write(".env", "OTHER=x\n");
        if matches!(self, Self::Update) {
            let run = folder.djdock(&["init", "--yes", "--replace-all"]);
            assert_eq!(run.code, 0, "{}", run.shown());
            // What `update` is to complete again.
            folder.write(".env", "OTHER=x\n");
        }
        folder
    }

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Init => &["init", "--yes", "--replace-all"],
            Self::Update => &["update", "--name", "other", "--config-dir", "deploy", "--comments", "none"],
        }
    }

    fn start(self, folder: &Folder) -> Child {
        Command::new(env!("CARGO_BIN_EXE_djdock"))
            .args(self.arguments())
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }
}

fn is_temporary(path: &str) -> bool {
    path.contains(".djdock-") || path.ends_with(".djdock/writing")
}

fn state(folder: &Folder) -> State {
    let root = folder.path();
    let files = folder.snapshot().into_iter().map(|(path, contents)| {
        let path = path.strip_prefix(&root).unwrap_or(&path).display().to_string();
        let is_secret = path == ".env" && contents != b"OTHER=x\n";
        (path, if is_secret { b"completed".to_vec() } else { contents })
    });
    files.collect()
}

/// Numbers that differ from run to run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit.max(1)
    }
}

#[derive(Debug, Default)]
struct Figures {
    seed: u32,
    kills: usize,
    /// Ended before anything was put in its place, after everything was, or between.
    before: usize,
    after: usize,
    between: usize,
    /// The process was through before the signal came.
    too_late: usize,
    inconsistent: Vec<String>,
    left_after_next_run: Vec<String>,
    secrets_in_temporary_files: Vec<String>,
}

fn kill(times: usize) -> Figures {
    let seed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_nanos();
    let mut chance = Chance(u64::from(seed));
    let mut figures = Figures { seed, ..Figures::default() };
    for (at, kind) in [Kind::Init, Kind::Update].into_iter().cycle().take(times).enumerate() {
        let signal = ["INT", "TERM", "KILL"][at / 2 % 3];
        let reference = kind.folder();
        let before = state(&reference);
        let began = Instant::now();
        assert!(kind.start(&reference).wait().unwrap().success());
        let whole_run = began.elapsed();
        let after = state(&reference);

        let folder = kind.folder();
        let mut child = kind.start(&folder);
        // Every second one towards the end, where files are written.
        let micros = u64::try_from(whole_run.as_micros()).unwrap();
        let delay = if at / 6 % 2 == 0 {
            chance.below(micros)
        } else {
            micros * 7 / 10 + chance.below(micros * 3 / 10)
        };
        std::thread::sleep(Duration::from_micros(delay));
        let sent =
            Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).output().unwrap();
        let status = child.wait().unwrap();
        figures.kills += 1;
        figures.too_late += usize::from(status.success() || !sent.status.success());

        let name = format!("{kind:?} {signal} after {delay} µs of {micros}");
        let found = state(&folder);
        for (path, contents) in
            folder.snapshot().iter().filter(|(path, _)| is_temporary(&path.display().to_string()))
        {
            let mode = path.metadata().map_or(0o600, |metadata| metadata.permissions().mode() & 0o777);
            let holds_secret = String::from_utf8_lossy(contents).contains("DB_PASSWORD=")
                && !path.display().to_string().contains(".env.example.");
            if holds_secret && (signal != "KILL" || mode & 0o077 != 0 || !path.ends_with(".env")) {
                figures.secrets_in_temporary_files.push(format!("{name}: {}", path.display()));
            }
        }
        if signal != "KILL" && found.keys().any(|path| is_temporary(path)) {
            figures.inconsistent.push(format!("{name}: temporary files, and time was left to remove them"));
        }
        let is_pending = found.contains_key(".djdock/writing");
        if found == before {
            figures.before += 1;
        } else if found == after {
            figures.after += 1;
        } else if is_pending {
            figures.between += 1;
        } else {
            figures.inconsistent.push(format!("{name}: neither before nor after, and nothing says so"));
        }

        let next = folder.djdock(kind.arguments());
        if next.code != 0 {
            figures.inconsistent.push(format!(
                "{name}: the next run ends with {}: {}",
                next.code,
                next.shown()
            ));
        }
        let found = state(&folder);
        figures
            .left_after_next_run
            .extend(found.keys().filter(|path| is_temporary(path)).map(|path| format!("{name}: {path}")));
        if found != after {
            let differs = |path: &&String| found.get(*path) != after.get(*path);
            let paths: Vec<&String> = found.keys().chain(after.keys()).filter(differs).collect();
            figures.inconsistent.push(format!("{name}: after the next run {paths:?} differ"));
        }
    }
    figures
}

fn assert_clean(figures: &Figures) {
    assert!(figures.inconsistent.is_empty(), "seed {}: {:#?}", figures.seed, figures.inconsistent);
    assert!(figures.left_after_next_run.is_empty(), "{:#?}", figures.left_after_next_run);
    assert!(figures.secrets_in_temporary_files.is_empty(), "{:#?}", figures.secrets_in_temporary_files);
}

#[test]
fn a_run_that_is_ended_leaves_all_or_nothing() {
    let figures = kill(6);
    println!("{figures:#?}");
    assert_clean(&figures);
}

#[test]
#[ignore = "takes minutes"]
fn a_hundred_runs_that_are_ended_leave_all_or_nothing() {
    let figures = kill(100);
    println!("{figures:#?}");
    assert_clean(&figures);
}
