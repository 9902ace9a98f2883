//! The files that dynaconf loads: where it looks for them, and what they hold.

use camino::{Utf8Path, Utf8PathBuf};

use super::super::Interp;
use super::super::limits;
use super::super::object::{Obj, SecretObj};
use super::super::paths::{self, Want};
use super::super::source::{Pos, Source};
use super::options::{EXTENSIONS, Options, is_setting};
use super::tree::Node;
use crate::python::evaluation::{FileFormat, World};
use crate::python::parsed::Parsed;
use crate::python::value::{PathBase, PathValue};

/// Sources of one evaluation.
const MOST_SOURCES: usize = 2000;
/// Files that one object loads.
const MOST_FILES: usize = 64;

/// A settings file that is there.
pub(super) struct SettingsFile {
    pub(super) contents: Contents,
    /// Row among the sources, for places.
    pub(super) source: u32,
    pub(super) text: String,
}

pub(super) enum Contents {
    Data(serde_json::Map<String, serde_json::Value>),
    /// A file whose contents are nobody's to repeat: its keys alone are known.
    Secret {
        row: usize,
        keys: serde_json::Map<String, serde_json::Value>,
    },
    /// The upper-case names of a module.
    Python(Vec<(String, Node, Pos)>),
}

/// Every file that is loaded, in order. `skipped` is the settings module itself.
pub(super) fn collect(
    interp: &mut Interp<'_>,
    options: &Options,
    folder: Option<&Utf8Path>,
    skipped: Option<&Utf8Path>,
    pos: Pos,
) -> Vec<SettingsFile> {
    let folders = search_folders(interp, options, folder);
    let mut listed = options.files.clone();
    let by_variable = interp.given(&options.file_variable).map(str::to_owned);
    if let Some(text) = by_variable {
        listed = text.split([',', ';']).map(|one| Obj::str(one.trim())).collect();
    }
    let is_listed = !listed.is_empty();
    if !is_listed && (folder.is_some() || options.usual_files) {
        let names = EXTENSIONS.iter().map(|end| format!("settings.{end}"));
        listed = names.chain(EXTENSIONS.iter().map(|end| format!(".secrets.{end}"))).map(Obj::str).collect();
    }
    listed.extend(options.secrets.iter().cloned());
    let mut found = places(interp, &options.preloaded, &folders, true, pos);
    for place in places(interp, &listed, &folders, is_listed, pos) {
        if !found.contains(&place) {
            found.push(place);
        }
    }
    // `settings.local.toml` goes over all the others.
    let local: Vec<PathValue> = found.iter().filter_map(|place| local_of(interp, place)).collect();
    found.extend(local);
    let mut files = Vec::new();
    for place in found {
        if skipped.is_none_or(|skipped| paths::in_project_or_working(&place).as_deref() != Some(skipped)) {
            files.extend(read(interp, &place, pos));
        }
    }
    let mut included = options.includes.clone();
    for file in &files {
        if let Contents::Data(tables) = &file.contents {
            included.extend(includes_of(tables));
        }
    }
    for place in places(interp, &included, &folders, true, pos) {
        files.extend(read(interp, &place, pos));
    }
    files
}

/// From where the settings are, or the program, up to the project's root; in each folder also its `config`.
fn search_folders(interp: &mut Interp<'_>, options: &Options, folder: Option<&Utf8Path>) -> Vec<Utf8PathBuf> {
    let root = options.root.clone();
    let root =
        root.and_then(|root| interp.as_path(&root)).and_then(|path| paths::in_project_or_working(&path));
    let program = interp.request.roots.first().cloned().unwrap_or_else(|| ".".into());
    let starts = root.or_else(|| folder.map(ToOwned::to_owned)).into_iter().chain([program, ".".into()]);
    let mut folders: Vec<Utf8PathBuf> = Vec::new();
    for start in starts {
        let start = if start.as_str() == "." { Utf8PathBuf::new() } else { start };
        for ancestor in start.ancestors() {
            for folder in [ancestor.to_owned(), ancestor.join("config")] {
                if !folders.contains(&folder) {
                    folders.push(folder);
                }
            }
        }
    }
    folders
}

/// The files that names, paths and patterns stand for. What is listed by hand and not there is noted.
fn places(
    interp: &mut Interp<'_>,
    listed: &[Obj],
    folders: &[Utf8PathBuf],
    by_hand: bool,
    pos: Pos,
) -> Vec<PathValue> {
    let mut found: Vec<PathValue> = Vec::new();
    for one in listed.iter().take(MOST_FILES) {
        let known = if one.is_known() { Some(one.clone()) } else { one.assumed() };
        let Some(path) = known.and_then(|known| interp.as_path(&known)) else { continue };
        let candidates: Vec<PathValue> = match path.base {
            PathBase::WorkingFolder => {
                let inside = |folder: &Utf8PathBuf| {
                    let folder = PathValue { base: PathBase::Project, rest: folder.clone() };
                    paths::join(&folder, path.rest.as_str())
                };
                folders.iter().map(inside).collect()
            }
            _ => vec![path.clone()],
        };
        if path.rest.as_str().contains(['*', '?', '[']) {
            for pattern in &candidates {
                let matching = interp.glob(pattern);
                if !matching.is_empty() {
                    found.extend(matching.iter().filter_map(|place| interp.as_path(place)));
                    break;
                }
            }
            continue;
        }
        match candidates.iter().find(|place| interp.exists(place, Want::File) == Some(true)) {
            Some(place) => found.push(place.clone()),
            None if by_hand => {
                if let Some(place) = candidates.first() {
                    interp.note_file(place, false, false, pos);
                }
            }
            None => {}
        }
    }
    found.truncate(MOST_FILES);
    found
}

fn local_of(interp: &Interp<'_>, place: &PathValue) -> Option<PathValue> {
    let name = place.rest.file_name()?;
    let (stem, end) = name.rsplit_once('.').filter(|_| !name.contains(".local."))?;
    let local =
        PathValue { base: place.base, rest: place.rest.with_file_name(format!("{stem}.local.{end}")) };
    (interp.exists(&local, Want::File) == Some(true)).then_some(local)
}

fn includes_of(tables: &serde_json::Map<String, serde_json::Value>) -> Vec<Obj> {
    let is_include = |key: &str| key.eq_ignore_ascii_case("dynaconf_include");
    let below = tables.values().filter_map(serde_json::Value::as_object).flatten();
    let stated = tables.iter().chain(below).filter(|(key, _)| is_include(key));
    let texts = stated.flat_map(|(_, value)| match value {
        serde_json::Value::Array(items) => {
            items.iter().filter_map(|item| item.as_str()).map(Obj::str).collect()
        }
        one => one.as_str().map(Obj::str).into_iter().collect::<Vec<_>>(),
    });
    texts.collect()
}

fn read(interp: &mut Interp<'_>, place: &PathValue, pos: Pos) -> Option<SettingsFile> {
    let path = paths::in_project_or_working(place).unwrap_or_else(|| paths::absolute_or_relative(place));
    let name = path.file_name().unwrap_or_default();
    let row = interp.note_file(place, true, false, pos);
    if path.extension() == Some("py") {
        let space = interp.execute_apart(&path, pos).ok()??;
        let names: Vec<_> =
            interp.heap.names(space).iter().map(|(name, it)| (name.clone(), it.clone())).collect();
        let values = names.into_iter().filter(|(name, _)| is_setting(name));
        let values =
            values.map(|(name, it)| (name.to_string(), Node::of(interp, &it.value), it.pos)).collect();
        return Some(SettingsFile { contents: Contents::Python(values), source: 0, text: String::new() });
    }
    let text = interp.known_text(place)?;
    if !limits::reading(text.len()) || !limits::text(text.len()) || interp.sources.len() > MOST_SOURCES {
        return None;
    }
    let data = data(interp, row, &path, &text)?;
    let given = match interp.request.world {
        World::Closed { files, .. } => files.contains_key(&paths::absolute_or_relative(place)),
        _ => false,
    };
    let contents = if name.contains("secret") && !given {
        Contents::Secret { row, keys: data }
    } else {
        Contents::Data(data)
    };
    let source = u32::try_from(interp.sources.len()).unwrap_or(u32::MAX);
    let listed = interp.arena.add(Source::new(&path, source, Parsed::data(&text).into()));
    interp.sources.push(listed);
    Some(SettingsFile { contents, source, text })
}

fn data(
    interp: &mut Interp<'_>,
    row: usize,
    path: &Utf8Path,
    text: &str,
) -> Option<serde_json::Map<String, serde_json::Value>> {
    let (format, json) = match path.extension()? {
        "toml" | "tml" => (
            FileFormat::Toml,
            toml::from_str::<toml::Table>(text).ok().and_then(|it| serde_json::to_value(it).ok()),
        ),
        "yaml" | "yml" => (FileFormat::Yaml, serde_saphyr::from_str(text).ok()),
        "json" => (FileFormat::Json, serde_json::from_str(text).ok()),
        _ => (FileFormat::Ini, ini(text)),
    };
    interp.set_format(row, format);
    match json? {
        serde_json::Value::Object(tables) => Some(tables),
        _ => None,
    }
}

fn ini(text: &str) -> Option<serde_json::Value> {
    let parsed = ini::Ini::load_from_str(text).ok()?;
    let mut tables = serde_json::Map::new();
    for (section, properties) in &parsed {
        let entries = properties.iter().map(|(key, value)| (key.to_owned(), value.into()));
        match section {
            Some(section) => {
                tables.insert(section.to_owned(), serde_json::Value::Object(entries.collect()));
            }
            None => tables.extend(entries),
        }
    }
    Some(serde_json::Value::Object(tables))
}

impl SettingsFile {
    /// Returns the position where the file sets a key: in the table of an environment, if it has tables.
    pub(super) fn pos(&self, table: Option<&str>, key: &str) -> Pos {
        let mut offset = 0;
        let mut inside = table.is_none();
        let key = key.to_lowercase();
        let table = table.unwrap_or_default().to_lowercase();
        for line in self.text.split_inclusive('\n') {
            let start = line.trim().to_lowercase();
            let plain = start.trim_start_matches(['[', '"', '\'', ' ']);
            let follows =
                |name: &str| plain.strip_prefix(name).map(|rest| rest.trim_start_matches(['"', '\'', ' ']));
            let begins =
                |name: &str| follows(name).is_some_and(|rest| rest.starts_with(['=', ':', '.', ']', '_']));
            let outermost =
                !line.starts_with([' ', '\t']) && (start.starts_with('[') || start.ends_with(':'));
            if let Some(rest) = follows(&table).filter(|_| !table.is_empty() && outermost) {
                inside = rest.starts_with([']', ':', '.', '=']);
                // `[default.DATABASES]`
                let below = rest.strip_prefix('.').unwrap_or_default().trim_start_matches(['"', '\'']);
                if below.starts_with(&key) {
                    return Pos { source: self.source, offset };
                }
            } else if inside && begins(&key) {
                return Pos { source: self.source, offset };
            }
            offset += u32::try_from(line.len()).unwrap_or(0);
        }
        Pos { source: self.source, offset: 0 }
    }
}

/// Returns a stand-in for a key of a file of secrets.
pub(super) fn secret(interp: &mut Interp<'_>, row: usize, key: &str, pos: Pos) -> Obj {
    let path = interp.files.get(row).map(|row| row.path.clone()).unwrap_or_default();
    let file = std::rc::Rc::new(SecretObj { file: row, path, key: None, pos });
    interp.secret_item(&file, &Obj::str(key), pos)
}
