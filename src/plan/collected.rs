//! The files that `collectstatic` finds in the project.

use camino::{Utf8Path, Utf8PathBuf};

use super::ground::Ground;
use super::settle::Settled;
use crate::base::path;
use crate::python::Value;

/// Tells whether `collectstatic` is known to find a file, as Django's own finders look for them.
pub(super) fn collects_something(ground: &Ground<'_>, settled: &Settled) -> bool {
    let has_admin =
        ground.facts.installed_apps.value.iter().any(|app| app.starts_with("django.contrib.admin"));
    let usual_finders = settled.evaluation.get("STATICFILES_FINDERS").is_none();
    usual_finders && (has_admin || project_file(ground, settled).is_some())
}

/// A static file of the project, as seen from `STATIC_URL`: of an installed app, or of a folder that
/// `STATICFILES_DIRS` names.
pub(super) fn project_file(ground: &Ground<'_>, settled: &Settled) -> Option<String> {
    let mut folders: Vec<Utf8PathBuf> = Vec::new();
    // As they are in this stack: elsewhere they may name other folders.
    let stated = settled.evaluation.get("STATICFILES_DIRS").and_then(Value::assumed);
    for folder in stated.as_ref().and_then(Value::items).unwrap_or_default() {
        if let Value::Path(path) = folder {
            folders.extend(path.in_project().map(Utf8Path::to_owned));
        }
    }
    for app in &ground.facts.installed_apps.value {
        let module = app.split(".apps.").next().unwrap_or(app);
        if let Some(file) = ground.module_file(module) {
            folders.push(path::parent(&file).join("static"));
        }
    }
    folders.iter().find_map(|folder| servable(ground, folder))
}

/// A file below the folder that any page may ask for, relative to it.
pub(super) fn servable(ground: &Ground<'_>, folder: &Utf8Path) -> Option<String> {
    let mut files: Vec<&Utf8Path> = ground
        .tree
        .below(folder)
        .filter(|(path, _)| ground.tree.size(path).is_some_and(|size| size > 0))
        .filter_map(|(path, _)| path.strip_prefix(folder).ok())
        .filter(|path| path.as_str().chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c)))
        .filter(|path| !path.components().any(|part| part.as_str().starts_with('.')))
        .collect();
    let rank = |path: &&Utf8Path| match path.extension() {
        Some("css") => 0,
        Some("js") => 1,
        Some("png" | "svg" | "jpg" | "ico") => 2,
        _ => 3,
    };
    files.sort_by_key(|path| (rank(path), *path));
    files.first().filter(|path| rank(path) < 3).map(ToString::to_string)
}
