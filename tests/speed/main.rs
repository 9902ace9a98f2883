//! How long djdock takes to plan a project, and how much memory: `cargo bench --bench speed [-- DIR…]`.
//!
//! Without folders, the examples are measured and must stay under the limit: as many times what starting alone takes
//! on this machine, so that a slow or busy one does not decide. With folders, `git ls-files` of the same tree is
//! measured in the same run, since that is what just naming the files costs.
//!
//! A generated project of thousands of modules has limits of its own, also of memory: what is read of each file shows there.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "it measures the program from outside, and its table is what it is for"
)]

mod generated;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 21;
const GOAL: Duration = Duration::from_millis(10);
/// Where a run fails, in times of `djdock --version`: examples take five to six on an idle machine, and up to ten where others
/// are at work.
const LIMIT: f64 = 10.0;
/// The same of `inspect` on the generated project.
const LIMIT_OF_GENERATED: f64 = 50.0;
/// In megabytes, of `inspect` on the generated project: kept texts and parsed files take several times as much.
const MOST_MEMORY: f64 = 35.0;

const INIT: &[&str] = &["init", "--yes", "--dry-run", "--replace-all"];
const INSPECT: &[&str] = &["inspect", "--json"];

fn main() -> ExitCode {
    // `cargo bench` adds `--bench`.
    let named: Vec<PathBuf> =
        std::env::args_os().skip(1).filter(|argument| argument != "--bench").map(PathBuf::from).collect();
    let folders = if named.is_empty() { examples() } else { named.clone() };
    let mut slow = 0;
    println!(
        "{:<40} {:>12} {:>8} {:>12} {:>10} {:>12}",
        "project", "init (ms)", "x start", "inspect (ms)", "peak (MB)", "git ls (ms)"
    );
    for folder in &folders {
        let (init, times) = against(|| djdock(INIT, folder), || djdock(&["--version"], folder));
        let inspect = typical(|| djdock(INSPECT, folder));
        let peak =
            peak_memory(INIT, folder).map_or_else(|| "-".to_owned(), |megabytes| format!("{megabytes:.1}"));
        let git = Path::new(&folder.join(".git")).exists().then(|| typical(|| list_files(folder)));
        let git = git.map_or_else(|| "-".to_owned(), milliseconds);
        let name = folder
            .file_name()
            .map_or_else(|| folder.display().to_string(), |name| name.to_string_lossy().into());
        let (init, inspect) = (milliseconds(init), milliseconds(inspect));
        println!("{name:<40} {init:>12} {times:>8.1} {inspect:>12} {peak:>10} {git:>12}");
        slow += usize::from(named.is_empty() && times > LIMIT);
    }
    println!(
        "the goal for init on an example is {} ms; beyond {LIMIT} times what starting takes this fails",
        GOAL.as_millis()
    );
    if slow > 0 {
        println!("{slow} of {} took longer than {LIMIT} times what starting takes", folders.len());
        return ExitCode::FAILURE;
    }
    if named.is_empty() && !generated_is_within_limits() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Measures the generated project.
fn generated_is_within_limits() -> bool {
    let folder = tempfile::tempdir().expect("a folder for the generated project");
    let root = generated::write(folder.path());
    let (inspect, times) = against(|| djdock(INSPECT, &root), || djdock(&["--version"], &root));
    let peak = peak_memory(INSPECT, &root);
    println!(
        "inspect of a generated project: {} ms, {times:.1} times what starting takes (at most {LIMIT_OF_GENERATED}), \
         {} MB at its peak (at most {MOST_MEMORY})",
        milliseconds(inspect),
        peak.map_or_else(|| "-".to_owned(), |megabytes| format!("{megabytes:.1}"))
    );
    times <= LIMIT_OF_GENERATED && peak.is_none_or(|megabytes| megabytes <= MOST_MEMORY)
}

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let entries = folder.read_dir().expect("the examples can be listed");
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.expect("an example").path()).collect();
    folders.sort();
    folders
}

fn djdock(arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_djdock"));
    command.args(arguments).arg(folder);
    command
}

fn list_files(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.args(["ls-files"]).current_dir(folder);
    command
}

/// The median of some runs, after one that warms the caches.
fn typical(command: impl Fn() -> Command) -> Duration {
    run(command());
    median((0..RUNS).map(|_| run(command())).collect())
}

/// The median of a command, and how many times as long as `other` its best run takes. They take turns, and the best
/// of each is what the machine can do when nothing else is in the way.
fn against(command: impl Fn() -> Command, other: impl Fn() -> Command) -> (Duration, f64) {
    run(command());
    run(other());
    let (ones, others): (Vec<_>, Vec<_>) = (0..RUNS).map(|_| (run(command()), run(other()))).unzip();
    let best = |times: &[Duration]| times.iter().min().map_or(0.0, Duration::as_secs_f64);
    let times = best(&ones) / best(&others);
    (median(ones), times)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn run(mut command: Command) -> Duration {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    let status = quiet.status().expect("it starts");
    let took = began.elapsed();
    // 1 is an answer too: a diagnostic that the project deserves.
    assert!(status.code().is_some_and(|code| code < 2), "{quiet:?} ended with {status}");
    took
}

/// In megabytes, as GNU time tells it; `None` where that is not installed.
fn peak_memory(arguments: &[&str], folder: &Path) -> Option<f64> {
    let output = Command::new("/usr/bin/time")
        .args(["-f", "%M", env!("CARGO_BIN_EXE_djdock")])
        .args(arguments)
        .arg(folder)
        .stdout(Stdio::null())
        .output()
        .ok()?;
    let kilobytes: f64 = String::from_utf8_lossy(&output.stderr).lines().last()?.trim().parse().ok()?;
    Some(kilobytes / 1024.0)
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1000.0)
}
