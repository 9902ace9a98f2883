//! Folders that the project writes to while it runs: the root file system is read-only, so each is a volume or
//! kept in memory.

use std::collections::BTreeSet;

use camino::Utf8Path;

use super::ground::Ground;
use super::needs::{self, is_own_folder};
use super::settle::Settled;
use super::{image, layout};
use crate::base::{Evidence, Place, path};
use crate::catalog::static_files::Collected;
use crate::python::Value;
use crate::stack::{Memory, Mount};

/// A folder and what keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    /// The volume's name.
    pub volume: String,
    pub target: String,
    /// Folders inside that must be there too.
    pub inside: Vec<String>,
    pub because: Evidence,
}

impl Kept {
    pub fn mount(&self) -> Mount {
        // One service alone fills the volume of static files.
        let read_only = self.volume == STATIC;
        Mount::Volume { volume: self.volume.clone(), target: self.target.clone(), read_only }
    }
}

/// The volume of what people upload.
pub(super) const MEDIA: &str = "media";

/// The volume of static files that are collected when the stack starts.
pub(super) const STATIC: &str = "static";

/// Settings that name a folder which is written to, the volume that keeps it, and what for.
const FOLDERS: &[(&str, &str, &str)] = &[
    ("MEDIA_ROOT", MEDIA, "files that people upload"),
    ("SESSION_FILE_PATH", "sessions", "sessions are kept in files there"),
    ("EMAIL_FILE_PATH", "mail", "e-mail is written to files there"),
];

/// Volumes of the project's own containers in production, sorted by name.
pub(super) fn volumes(ground: &Ground<'_>, settled: &Settled) -> Vec<Kept> {
    let mut found: Vec<Kept> = Vec::new();
    let mut keep = |volume: &str, target: String, because: Evidence| {
        let is_there = found.iter().any(|kept| kept.target == target || kept.volume == volume);
        if !is_there && is_own_folder(ground, &target) {
            found.push(Kept { volume: volume.to_owned(), target, inside: Vec::new(), because });
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
    if ground.collected() == Some(Collected::AtStart)
        && let Some(root) = image::static_root(ground, settled)
    {
        keep(
            STATIC,
            root,
            Evidence::new(place("STATIC_ROOT"), "static files are collected there at every start"),
        );
    }
    for (setting, volume, because) in FOLDERS {
        let stated = settled.evaluation.get(setting);
        if let Some(folder) = stated.and_then(|value| needs::folder(value, &ground.working)) {
            keep(volume, folder, Evidence::new(place(setting), *because));
        }
    }
    for folder in search_indexes(ground, settled) {
        keep("search", folder, Evidence::new(place("HAYSTACK_CONNECTIONS"), "the search index is there"));
    }
    let logs = log_folders(ground, settled)
        .into_iter()
        .map(|folder| (folder, Evidence::new(place("LOGGING"), "logs are written to files there")));
    let logs: Vec<(String, Evidence)> = logs.filter(|(folder, _)| is_own_folder(ground, folder)).collect();
    for (index, kept) in outermost(logs).into_iter().enumerate() {
        let volume = if index == 0 { "logs".to_owned() } else { format!("logs-{}", index + 1) };
        if !found.iter().any(|known| known.target == kept.target) {
            found.push(Kept { volume, ..kept });
        }
    }
    for kept in outermost(outside(ground, settled)) {
        let name = kept.target.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let taken = |name: &str| found.iter().any(|known| known.volume == name);
        let volume = (1..).map(|n| if n == 1 { name.clone() } else { format!("{name}-{n}") });
        let volume = volume.into_iter().find(|name| !taken(name)).unwrap_or_default();
        if !found.iter().any(|known| known.target == kept.target) {
            found.push(Kept { volume, ..kept });
        }
    }
    found.sort_by(|a, b| a.volume.cmp(&b.volume));
    found
}

/// Of folders, those that lie in no other one; what lies in them is noted there. Names of volumes come later.
fn outermost(mut folders: Vec<(String, Evidence)>) -> Vec<Kept> {
    folders.sort_by(|a, b| a.0.cmp(&b.0));
    let mut found: Vec<Kept> = Vec::new();
    for (folder, because) in folders {
        let within = |kept: &&mut Kept| Utf8Path::new(&folder).starts_with(&kept.target);
        match found.iter_mut().find(within) {
            Some(kept) if kept.target == folder || kept.inside.contains(&folder) => {}
            Some(kept) => kept.inside.push(folder),
            None => found.push(Kept { volume: String::new(), target: folder, inside: Vec::new(), because }),
        }
    }
    found
}

/// Folders outside the source that settings name as theirs: nothing in the image is there, so they are written.
fn outside(ground: &Ground<'_>, settled: &Settled) -> Vec<(String, Evidence)> {
    const ENDS: &[&str] = &["_DIR", "_ROOT", "_FOLDER", "_DIRECTORY", "_PATH"];
    let settings = settled.evaluation.settings.iter();
    let named = settings.filter(|(name, _)| {
        // What is collected into the image is not written later.
        ENDS.iter().any(|end| name.ends_with(end)) && *name != "STATIC_ROOT" && *name != "COMPRESS_ROOT"
    });
    let folders = named.filter_map(|(name, setting)| {
        let text = match &setting.value {
            Value::Path(path) => layout::absolute(path, &ground.working),
            Value::Str(text) if text.starts_with('/') => text.trim_end_matches('/').to_owned(),
            _ => return None,
        };
        let is_file = Utf8Path::new(&text).extension().is_some();
        let in_source = Utf8Path::new(&text).starts_with(layout::SOURCE);
        // A URL's path looks the same as a folder's: only those below folders that systems have for data are.
        let is_data = DATA_FOLDERS.iter().any(|folder| Utf8Path::new(&text).starts_with(folder));
        (!is_file && !in_source && is_data && is_own_folder(ground, &text))
            .then(|| (text, Evidence::new(setting.place.clone(), format!("sets `{name}`"))))
    });
    folders.collect()
}

/// Folders where systems keep data: <https://refspecs.linuxfoundation.org/FHS_3.0/fhs/index.html>, and those of containers.
const DATA_FOLDERS: &[&str] =
    &["/data", "/home", "/mnt", "/opt", "/srv", "/storage", "/var", "/vol", "/volume", "/volumes", "/www"];

/// Files that the project brings for a folder of the image: pictures that stand in where nobody uploaded one. A new
/// volume starts with them. The first of them.
pub(super) fn brought<'a>(ground: &Ground<'a>, folder: &str) -> Option<&'a Utf8Path> {
    let inside = folder.strip_prefix(layout::SOURCE)?.trim_start_matches('/');
    let tree = ground.tree;
    let mut files = tree.files().filter(|path| path::is_in(path.as_str(), inside));
    files.find(|path| {
        let name = path.file_name().unwrap_or_default();
        // What is there so that git keeps the folder.
        let is_note = name.starts_with('.') || name.to_ascii_lowercase().starts_with("readme");
        !is_note && tree.size(path).is_some_and(|size| size > 0)
    })
}

/// Returns the volume of static files, if there is one.
pub(super) fn static_files(volumes: &[Kept]) -> Option<&Kept> {
    volumes.iter().find(|kept| kept.volume == STATIC)
}

/// Returns the volume of media files, if there is one.
pub(super) fn media(volumes: &[Kept]) -> Option<&Kept> {
    volumes.iter().find(|kept| kept.volume == MEDIA)
}

/// Folders of search indexes in files: Whoosh's.
fn search_indexes(ground: &Ground<'_>, settled: &Settled) -> Vec<String> {
    let stated = settled.evaluation.get("HAYSTACK_CONNECTIONS").and_then(Value::assumed);
    let connections = stated.as_ref().and_then(Value::entries).unwrap_or_default();
    let paths = connections.iter().filter_map(|(_, connection)| connection.get("PATH"));
    paths.filter_map(|path| needs::folder(path, &ground.working)).collect()
}

/// Folders of log files.
pub(super) fn log_folders(ground: &Ground<'_>, settled: &Settled) -> BTreeSet<String> {
    log_files(settled.evaluation.get("LOGGING"))
        .into_iter()
        .filter_map(|(_, file)| log_folder(ground, &file))
        .collect()
}

/// The folder that a log file lies in.
pub(super) fn log_folder(ground: &Ground<'_>, file: &Value) -> Option<String> {
    let path = needs::folder(file, &ground.working)?;
    path.rsplit_once('/').map(|(folder, _)| folder.to_owned())
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
pub(super) fn memory(ground: &Ground<'_>, settled: &Settled) -> Vec<Memory> {
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
    let uploads = settled.evaluation.get("FILE_UPLOAD_TEMP_DIR");
    found.extend(
        uploads
            .and_then(|value| needs::folder(value, &ground.working))
            .filter(|folder| is_own_folder(ground, folder)),
    );
    found.push("/tmp".to_owned());
    found.sort();
    found.dedup();
    found.into_iter().map(|folder| Memory { folder, owner: None }).collect()
}
