//! Leftovers of killed runs, and kept runs: found by the labels of what the Engine holds, and by folders.
//!
//! A run that goes on is never touched, and one that was kept only where that is asked for. What carries the labels
//! of another machine, where several share an Engine, cannot be judged from here and is left alone.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use camino::{Utf8Path, Utf8PathBuf};

use super::remains;
use super::staging::{self, Lock, Staging, Standing};
use crate::base::Diagnostic;
use crate::shell::engine::Engine;
use crate::shell::engine::clean::Things;
use crate::shell::engine::compose::Compose;

/// Carried by everything that a run makes; its value is the run's name.
pub(super) const LABEL: &str = "djdock.smoke";
const FOLDER: &str = "djdock.smoke.folder";
const MACHINE: &str = "djdock.smoke.machine";
/// Seconds since 1970.
const BEGAN: &str = "djdock.smoke.began";
/// Only where `--keep` was asked for.
const KEEP: &str = "djdock.smoke.keep";

/// How long the Engine may need to finish what nobody waits for any more.
pub(super) const AFTERWARDS: Duration = Duration::from_millis(500);
/// A run of another machine that is older is told of.
const LONG: u64 = 60 * 60;

type Labels = BTreeMap<String, String>;

/// The labels of a run.
pub(super) fn labels(staging: &Staging, keep: bool) -> Labels {
    let mut labels = Labels::from(
        [
            (LABEL, staging.id.clone()),
            (FOLDER, staging.path.to_string()),
            (MACHINE, machine()),
            (BEGAN, now().to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    if keep {
        labels.insert(KEEP.to_owned(), "yes".to_owned());
    }
    labels
}

/// The knowledge of a run that is not this one.
#[derive(Debug)]
enum Known {
    GoesOn,
    /// It is older than any run takes where the second is true.
    Elsewhere {
        is_old: bool,
    },
    Kept(Option<Lock>),
    Left(Option<Lock>),
}

/// The leftovers of an earlier run that this one found.
#[derive(Debug, Default)]
pub(super) struct Swept {
    /// The names of runs that were killed, and what they had left.
    removed: Vec<(String, Things)>,
    kept: Vec<String>,
    elsewhere: Vec<String>,
    failed: Vec<Diagnostic>,
}

impl Swept {
    /// Returns the lines that the person is told.
    pub(super) fn told(&self) -> Vec<String> {
        let mut lines: Vec<String> = self
            .removed
            .iter()
            .map(|(id, things)| format!("Removed what the killed run {id} had left: {}.", counted(things)))
            .collect();
        lines.extend(self.failed.iter().map(|diagnostic| format!("Left as it is: {}.", diagnostic.title)));
        lines.extend(self.kept.iter().map(|id| {
            format!("The run {id} was kept and is still there; `djdock smoke --remove {id}` removes it.")
        }));
        lines.extend(self.elsewhere.iter().map(|id| {
            format!("The run {id} of another machine or container left something; `djdock smoke --remove {id}` removes it.")
        }));
        lines
    }

    /// Looks once more for what the Engine finished for a killed run after it was removed.
    pub(super) fn again(&self, engine: &Engine) {
        for (id, _) in &self.removed {
            // What cannot be removed now is found by the next run.
            let _ = engine.remove(&format!("{LABEL}={id}"));
        }
    }
}

/// Removes what killed runs of this machine left.
pub(super) fn sweep(engine: &Engine) -> Result<Swept, Diagnostic> {
    let mut swept = Swept::default();
    for (id, known) in find(engine)? {
        match known {
            Known::GoesOn | Known::Elsewhere { is_old: false } => {}
            Known::Elsewhere { is_old: true } => swept.elsewhere.push(id),
            Known::Kept(_) => swept.kept.push(id),
            Known::Left(lock) => match take_away(engine, &id, lock) {
                Ok(things) => swept.removed.push((id, things)),
                Err(diagnostic) => swept.failed.push(diagnostic),
            },
        }
    }
    Ok(swept)
}

/// Removes the run `wanted`, or every run of this machine that does not go on where it is `all`. Returns what was
/// removed, by the names of the runs.
pub fn remove(engine: &Engine, wanted: &str) -> Result<Vec<(String, String)>, Diagnostic> {
    let mut removed = Vec::new();
    for (id, known) in find(engine)? {
        let lock = match known {
            Known::GoesOn if id == wanted => return Err(remains::goes_on(&id)),
            Known::Kept(lock) | Known::Left(lock) if id == wanted || wanted == "all" => lock,
            Known::Elsewhere { .. } if id == wanted => None,
            _ => continue,
        };
        let things = take_away(engine, &id, lock)?;
        removed.push((id, counted(&things)));
    }
    if removed.is_empty() && wanted != "all" {
        return Err(remains::no_such_run(wanted));
    }
    Ok(removed)
}

fn counted(things: &Things) -> String {
    if things.is_empty() { "its folder".to_owned() } else { format!("{} and its folder", things.counted()) }
}

/// Removes everything of a run that has ended, and returns what there was.
fn take_away(engine: &Engine, id: &str, lock: Option<Lock>) -> Result<Things, Diagnostic> {
    Compose { project: id.to_owned() }.end_all();
    let label = format!("{LABEL}={id}");
    let things = engine.labelled(&label)?;
    let mut left = engine.remove(&label)?;
    if !things.is_empty() {
        std::thread::sleep(AFTERWARDS);
        left = engine.remove(&label)?;
    }
    if !left.is_empty() {
        return Err(remains::left_behind(id, &left));
    }
    let folder = lock.as_ref().map(|lock| lock.folder().to_owned()).unwrap_or_default();
    lock.map_or(Ok(()), Lock::remove).map_err(|error| remains::folder_left(&folder, &error))?;
    Ok(things)
}

/// Every run but this one, by name.
fn find(engine: &Engine) -> Result<Vec<(String, Known)>, Diagnostic> {
    let mut runs = engine.values_of(LABEL)?;
    let named: Vec<Utf8PathBuf> =
        runs.values().filter_map(|labels| labels.get(FOLDER)).map(Utf8PathBuf::from).collect();
    for folder in temporary().as_deref().map(staging::all).unwrap_or_default() {
        // Killed before anything was made on the Engine.
        if let Some(id) = folder.file_name().filter(|_| !named.contains(&folder)) {
            let labels = [(FOLDER, folder.to_string()), (MACHINE, machine())];
            runs.entry(id.to_owned())
                .or_default()
                .extend(labels.map(|(name, value)| (name.to_owned(), value)));
        }
    }
    let (machine, now) = (machine(), now());
    Ok(runs.into_iter().map(|(id, labels)| (id, judged(&labels, &machine, now, staging::standing))).collect())
}

fn judged(labels: &Labels, machine: &str, now: u64, standing: impl Fn(&Utf8Path) -> Standing) -> Known {
    let here = labels.get(MACHINE).is_some_and(|stated| stated == machine);
    let Some(folder) = labels.get(FOLDER).filter(|_| here) else {
        let began = labels.get(BEGAN).and_then(|began| began.parse::<u64>().ok());
        return Known::Elsewhere { is_old: began.is_some_and(|began| now.saturating_sub(began) > LONG) };
    };
    match standing(Utf8Path::new(folder)) {
        Standing::Taken => Known::GoesOn,
        Standing::Kept(lock) => Known::Kept(Some(lock)),
        Standing::Left(lock) => Known::Left(Some(lock)),
        // The system empties the folder for temporary files now and then; what runs was kept all the same.
        Standing::Absent if labels.contains_key(KEEP) => Known::Kept(None),
        Standing::Absent => Known::Left(None),
    }
}

/// The folder for temporary files.
pub(super) fn temporary() -> Option<Utf8PathBuf> {
    Utf8PathBuf::from_path_buf(std::env::temp_dir()).ok()
}

/// A name for what shares processes and files with this djdock: the machine, or the container in it. Others may use
/// the same Engine.
fn machine() -> String {
    /// The process namespace that is no container's.
    const OUTERMOST: &str = "pid:[4026531836]";
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let id = std::fs::read_to_string("/etc/machine-id").unwrap_or_default();
    let namespace = std::fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    let namespace = namespace.to_str().filter(|name| *name != OUTERMOST).unwrap_or_default();
    let parts = [host.as_str(), id.trim(), namespace.trim_start_matches("pid:")];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(labels: &[(&str, &str)], standing: fn() -> Standing) -> String {
        let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        format!("{:?}", judged(&labels, "here", 10_000, |_| standing()))
    }

    #[test]
    fn only_what_a_killed_run_of_this_machine_left_is_removed() {
        let (here, folder) = ((MACHINE, "here"), (FOLDER, "/tmp/djdock-smoke-1"));
        assert_eq!(known(&[here, folder], || Standing::Taken), "GoesOn");
        assert_eq!(known(&[here, folder], || Standing::Absent), "Left(None)");
        assert_eq!(known(&[here, folder, (KEEP, "yes")], || Standing::Absent), "Kept(None)");
        // The folder may be there by the same name, and is another machine's.
        let young = "Elsewhere { is_old: false }";
        assert_eq!(known(&[(MACHINE, "there"), folder, (BEGAN, "9900")], || Standing::Absent), young);
        let old = "Elsewhere { is_old: true }";
        assert_eq!(known(&[(MACHINE, "there"), folder, (BEGAN, "5000")], || Standing::Absent), old);
        // Without the labels nobody knows whose it is.
        assert_eq!(known(&[], || Standing::Absent), young);
    }

    #[test]
    fn the_person_is_told_what_was_removed_and_how_to_remove_the_rest() {
        let things = Things { images: vec!["x".to_owned()], ..Things::default() };
        let swept = Swept {
            removed: vec![
                ("djdock-smoke-a".to_owned(), things),
                ("djdock-smoke-b".to_owned(), Things::default()),
            ],
            kept: vec!["djdock-smoke-c".to_owned()],
            ..Swept::default()
        };
        let told = [
            "Removed what the killed run djdock-smoke-a had left: 1 image and its folder.",
            "Removed what the killed run djdock-smoke-b had left: its folder.",
            "The run djdock-smoke-c was kept and is still there; `djdock smoke --remove djdock-smoke-c` removes it.",
        ];
        assert_eq!(swept.told(), told);
    }
}
