//! Time and memory of one evaluation.

use std::sync::Mutex;

use camino::Utf8PathBuf;
use djdock::base::Tree;
use djdock::base::codes::settings::SETTINGS_READER_FAILED;
use djdock::python::{Evaluation, Request, Value, World, evaluate};
use peak_alloc::PeakAlloc;

/// Bytes that an evaluation may hold at once, with the trees of the files that it parsed: 32 MB of values, what
/// the parser makes of half a megabyte of source, and what is left of it all at the end.
pub const MOST_BYTES: usize = 128 << 20;
/// Seconds of the processor that an evaluation may take in a build without optimisation, which is ten times slower.
pub const MOST_SECONDS: f64 = 6.0;
/// Values that an evaluation may come to.
pub const MOST_VALUES: usize = 500_000;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

static ALONE: Mutex<()> = Mutex::new(());

/// What an evaluation came to, and what it took.
pub struct Measured {
    pub evaluation: Evaluation,
    pub bytes: usize,
    pub seconds: f64,
}

/// Evaluates the files, of which `settings.py` is asked for, in an open world.
pub fn measured(files: &[(&str, &str)]) -> Measured {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let tree = Tree::from_literals(files.iter().copied());
    let roots = [Utf8PathBuf::from(".")];
    ALLOCATOR.reset_peak_usage();
    let before = ALLOCATOR.current_usage();
    let started = seconds_taken();
    let evaluation = evaluate(&Request {
        tree: &tree,
        roots: &roots,
        module: "settings",
        class: None,
        world: World::Open,
    });
    let seconds = seconds_taken() - started;
    Measured { evaluation, bytes: ALLOCATOR.peak_usage().saturating_sub(before), seconds }
}

/// Evaluates and holds it to every limit.
pub fn ends(name: &str, files: &[(&str, &str)]) -> Evaluation {
    let Measured { evaluation, bytes, seconds } = measured(files);
    let megabytes = bytes >> 20;
    if std::env::var_os("SHOW").is_some() {
        println!("{seconds:6.2} s {megabytes:4} MB  {name}");
    }
    assert!(bytes <= MOST_BYTES, "{name}: {megabytes} MB");
    assert!(seconds <= MOST_SECONDS, "{name}: {seconds} s");
    let broken = evaluation.diagnostics.iter().find(|one| one.code == SETTINGS_READER_FAILED);
    assert!(broken.is_none(), "{name}: {broken:?}");
    assert!(evaluation.modules.iter().any(|module| module.dotted == "settings"), "{name}: was not read");
    let values: usize = evaluation.settings.values().map(|setting| count(&setting.value)).sum();
    assert!(values <= MOST_VALUES, "{name}: {values} values");
    evaluation
}

fn count(value: &Value) -> usize {
    let all = |values: &[Value]| values.iter().map(count).sum::<usize>();
    1 + match value {
        Value::Str(text) => text.len() / 16,
        Value::Text(values) | Value::List(values) | Value::OneOf(values) => all(values),
        Value::Dict(entries) => entries.iter().map(|(key, value)| count(key) + count(value)).sum(),
        Value::Env(read) => read.default.as_ref().map_or(0, count),
        Value::Unknown { from, assumed, .. } => {
            all(from) + assumed.as_ref().map_or(0, |assumed| count(assumed))
        }
        _ => 0,
    }
}

/// Seconds of the processor that this process has taken: what else the machine does is not counted.
fn seconds_taken() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}
