//! Folders that the project writes to while it runs: the root file system is read-only, so each is a volume or
//! kept in memory.

use std::collections::BTreeSet;

use super::ground::Ground;
use super::needs::{self, is_own_folder};
use super::settle::Settled;
use super::stack::Mount;
use crate::base::{Evidence, Place};
use crate::python::Value;

/// A folder and what keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    /// The volume's name.
    pub volume: &'static str,
    pub target: String,
    pub because: Evidence,
}

impl Kept {
    pub fn mount(&self) -> Mount {
        Mount::Volume { volume: self.volume.to_owned(), target: self.target.clone(), read_only: false }
    }
}

/// Volumes of the project's own containers in production, sorted by name.
pub(super) fn volumes(ground: &Ground<'_>, settled: &Settled) -> Vec<Kept> {
    let mut found: Vec<Kept> = Vec::new();
    let mut keep = |volume: &'static str, target: String, because: Evidence| {
        let inside = found.iter().any(|kept| kept.target == target);
        if !inside && is_own_folder(ground, &target) {
            found.push(Kept { volume, target, because });
        }
    };
    let place = |name: &str| settled.evaluation.place(name).cloned().unwrap_or(Place::Default);
    if ground.is_sqlite() {
        let file = needs::sqlite_file(ground);
        if let Some((folder, _)) = file.rsplit_once('/') {
            keep(
                "data",
                folder.to_owned(),
                Evidence::new(place("DATABASES"), "SQLite writes beside its file too"),
            );
        }
    }
    if let Some(root) =
        settled.evaluation.get("MEDIA_ROOT").and_then(|value| needs::folder(value, &ground.working))
    {
        keep("media", root, Evidence::new(place("MEDIA_ROOT"), "files that people upload"));
    }
    for folder in log_folders(ground, settled) {
        keep("logs", folder, Evidence::new(place("LOGGING"), "logs are written to files there"));
    }
    found.sort_by(|a, b| a.volume.cmp(b.volume));
    found.dedup_by(|a, b| a.volume == b.volume);
    found
}

/// Where media files are, if they are in a volume.
pub(super) fn media(volumes: &[Kept]) -> Option<&Kept> {
    volumes.iter().find(|kept| kept.volume == "media")
}

fn log_folders(ground: &Ground<'_>, settled: &Settled) -> BTreeSet<String> {
    log_files(settled.evaluation.get("LOGGING"))
        .into_iter()
        .filter_map(|(_, file)| {
            let path = needs::folder(&file, &ground.working)?;
            path.rsplit_once('/').map(|(folder, _)| folder.to_owned())
        })
        .collect()
}

/// The handlers that write files, by name.
pub(super) fn log_files(logging: Option<&Value>) -> Vec<(String, Value)> {
    let handlers =
        logging.and_then(|logging| logging.get("handlers")).and_then(Value::entries).unwrap_or_default();
    let files = handlers.iter().filter_map(|(name, handler)| {
        let file = handler.get("filename")?.assumed()?;
        Some((name.as_str()?.to_owned(), file))
    });
    files.collect()
}

/// Folders of caches in files: kept in memory.
pub(super) fn memory(ground: &Ground<'_>, settled: &Settled) -> Vec<String> {
    let caches = settled.evaluation.get("CACHES").and_then(Value::entries).unwrap_or_default();
    let mut found: Vec<String> = caches
        .iter()
        .filter(|(_, cache)| {
            cache
                .get("BACKEND")
                .and_then(Value::as_str)
                .is_some_and(|backend| backend.ends_with("FileBasedCache"))
        })
        .filter_map(|(_, cache)| needs::folder(cache.get("LOCATION")?, &ground.working))
        .filter(|folder| is_own_folder(ground, folder))
        .collect();
    found.push("/tmp".to_owned());
    found.sort();
    found.dedup();
    found
}
