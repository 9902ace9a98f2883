//! Scripts that Python starts with, before any settings are imported: `manage.py`, `wsgi.py`, `asgi.py`, the module of
//! the Celery application. They read variables too, and name the settings.

use camino::{Utf8Path, Utf8PathBuf};

use super::naming::{Named, is_aside};
use super::sources::Sources;
use crate::base::{Diagnostic, Place, Severity, Tree, path};
use crate::python::{EnvRead, Evaluation, NamedSettings, Request, Value, World, evaluate, evaluate_reads};

/// Larger files are no scripts that start something.
const LARGEST: usize = 64 * 1024;

/// A module of the project that is run or imported without the settings' doing.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryPoint {
    /// The evaluated file: the path of a script, or the dotted name of a module.
    pub module: String,
    pub path: Utf8PathBuf,
    /// Variables that it reads, in an open world.
    pub reads: Vec<EnvRead>,
    /// The values that the file gives `DJANGO_SETTINGS_MODULE`.
    pub named: Vec<NamedSettings>,
    /// Why Python refuses the file, where it does.
    pub problems: Vec<Diagnostic>,
}

impl EntryPoint {
    fn new(module: String, path: Utf8PathBuf, evaluation: Evaluation) -> Self {
        let Evaluation { reads, named, mut diagnostics, .. } = evaluation;
        diagnostics.retain(|one| one.severity == Severity::Error && one.title.contains(&format!("`{path}`")));
        Self { module, path, reads, named, problems: diagnostics }
    }

    /// Reads a module that is imported by its dotted name.
    pub(super) fn module(tree: &Tree, roots: &[Utf8PathBuf], dotted: &str, path: &Utf8Path) -> Self {
        let request = Request { tree, roots, module: dotted, class: None, world: World::Open };
        Self::new(dotted.to_owned(), path.to_owned(), evaluate_reads(&request, path))
    }

    /// Reads a script; `None` where it is not there or too large.
    pub(super) fn script(tree: &Tree, roots: &[Utf8PathBuf], path: &Utf8Path) -> Option<Self> {
        tree.text(path).filter(|text| text.len() <= LARGEST)?;
        let request = Request { tree, roots, module: path.as_str(), class: None, world: World::Open };
        Some(Self::new(path.as_str().to_owned(), path.to_owned(), evaluate(&request)))
    }
}

/// Scripts with which servers and workers are started, beside `manage.py`.
pub(super) fn read(sources: &Sources<'_>, manage: Option<&Utf8Path>) -> Vec<EntryPoint> {
    let tree = sources.tree;
    let starts = |file: &&Utf8Path| {
        let name = path::name(file);
        matches!(name, "wsgi.py" | "asgi.py" | "celery.py" | "celery_app.py" | "celeryapp.py")
            && path::depth(file) <= 4
            && !is_aside(file)
            && tree.glance(file).is_some_and(|text| reads_environment(&text))
    };
    let mut files: Vec<&Utf8Path> = tree.files().filter(starts).collect();
    files.sort_unstable();
    manage
        .into_iter()
        .chain(files)
        .filter_map(|file| EntryPoint::script(tree, &sources.roots, file))
        .collect()
}

/// Tells whether a file may ask the environment for something, by the words in it.
pub(super) fn reads_environment(text: &str) -> bool {
    ["environ", "getenv", "decouple", "dotenv", "dynaconf"].iter().any(|word| text.contains(word))
}

/// The settings modules that a value may name: as it stands, or with each word for the one part that is not known.
pub(super) fn modules_of(sources: &Sources<'_>, named: &NamedSettings) -> Vec<Named> {
    let one = |module: String| Named { module, class: None, place: named.place.clone() };
    let mut found: Vec<String> = Vec::new();
    for value in named.value.alternatives() {
        match value.assumed() {
            Some(Value::Str(module)) => found.push(module),
            _ => found.extend(chosen(sources, value)),
        }
    }
    found.retain(|module| !module.is_empty() && !module.contains(['/', ' ']));
    found.into_iter().map(one).collect()
}

/// The modules that fit `"config.settings." + MODE`.
fn chosen(sources: &Sources<'_>, value: &Value) -> Vec<String> {
    let Some((before, _, after)) = around_variable(value) else { return Vec::new() };
    let Some((package, start)) = before.rsplit_once('.') else { return Vec::new() };
    let Some(folder) = sources.folder_of(package) else { return Vec::new() };
    if after.contains('.') {
        return Vec::new();
    }
    let stems = sources.tree.children(&folder).filter(|(file, _)| path::extension(file) == Some("py"));
    let stems = stems.map(|(file, _)| path::stem(file));
    let fitting = stems.filter(|stem| {
        *stem != "__init__"
            && stem.strip_prefix(start).is_some_and(|rest| rest.len() > after.len() && rest.ends_with(&after))
    });
    fitting.map(|stem| format!("{package}.{stem}")).collect()
}

/// The text before and after the only variable of a value, and that variable.
pub(crate) fn around_variable(value: &Value) -> Option<(String, &EnvRead, String)> {
    let Value::Text(parts) = value else { return None };
    let at = parts.iter().position(|part| matches!(part, Value::Env(_)))?;
    let Value::Env(read) = &parts[at] else { return None };
    let text = |parts: &[Value]| {
        parts.iter().map(|part| part.as_str().map(str::to_owned)).collect::<Option<String>>()
    };
    Some((text(&parts[..at])?, read, text(&parts[at + 1..])?))
}

/// The variable that puts the name of the settings module together, and where.
pub(super) fn deciding_variable(entry: &EntryPoint) -> Option<(&str, &Place)> {
    entry.named.iter().find_map(|named| {
        let (_, read, _) = around_variable(&named.value)?;
        Some((read.name.as_str(), &named.place))
    })
}
