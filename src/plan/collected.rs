//! The files that `collectstatic` finds in the project, and the storage that it copies them to.

use camino::{Utf8Path, Utf8PathBuf};

use super::ground::Ground;
use super::settle::Settled;
use super::{layout, needs};
use crate::base::{Place, path};
use crate::catalog::static_files::Collected;
use crate::inspect::storages;
use crate::python::{Minor, Value};

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
    let left_out: Vec<Utf8PathBuf> =
        sheets_for_a_build(ground, settled).into_iter().map(|(file, _)| file).collect();
    folders(ground, settled).iter().find_map(|folder| servable(ground, folder, &left_out))
}

/// The folders of the project that static files are collected from, as Django's own finders look for them.
fn folders(ground: &Ground<'_>, settled: &Settled) -> Vec<Utf8PathBuf> {
    let mut folders: Vec<Utf8PathBuf> = Vec::new();
    // As they are in this stack: elsewhere they may name other folders.
    let stated = settled.evaluation.get("STATICFILES_DIRS").and_then(Value::assumed);
    for folder in stated.as_ref().and_then(Value::items).unwrap_or_default() {
        // A pair is a prefix and its folder.
        let folder = folder.items().and_then(<[Value]>::last).unwrap_or(folder);
        let inside = needs::folder(folder, &ground.working)
            .and_then(|folder| Some(folder.strip_prefix(layout::SOURCE)?.trim_start_matches('/').to_owned()));
        folders.extend(inside.filter(|inside| !inside.is_empty()).map(Utf8PathBuf::from));
    }
    for app in &ground.facts.installed_apps.value {
        let module = app.split(".apps.").next().unwrap_or(app);
        if let Some(file) = ground.module_file(module) {
            folders.push(path::parent(&file).join("static"));
        }
    }
    folders
}

/// Style sheets that are the source of a build and not its result, where a storage that puts hashes into names would stop at
/// them: they import a package of npm, `@import "tailwindcss"`, and the storage looks for a file of that name. Each with its path
/// below the folder that it is collected from.
pub(super) fn sheets_for_a_build(ground: &Ground<'_>, settled: &Settled) -> Vec<(Utf8PathBuf, String)> {
    let django = ground.facts.django_version.value.as_deref().and_then(Minor::parse);
    if !storages::hashes_static_names(&settled.evaluation, django) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for folder in folders(ground, settled) {
        for (file, _) in ground.tree.below(&folder).filter(|(file, _)| file.extension() == Some("css")) {
            let imports_package =
                |text: &str| packages(text).any(|name| !ground.tree.is_file(path::parent(file).join(name)));
            if ground.tree.text(file).is_some_and(imports_package)
                && let Ok(name) = file.strip_prefix(&folder)
            {
                found.push((file.to_owned(), name.to_string()));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The packages that a style sheet imports by their bare names.
fn packages(text: &str) -> impl Iterator<Item = &str> {
    let imports = text.lines().filter_map(|line| line.trim_start().strip_prefix("@import "));
    let named = imports.filter_map(|rest| {
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''))?;
        rest[1..].split(quote).next()
    });
    named.filter(|name| {
        let is_path = name.starts_with(['.', '/']) || name.contains("://") || name.ends_with(".css");
        !name.is_empty() && !is_path
    })
}

/// The list of names with hashes that somebody committed together with the collected files, where the storage keeps one:
/// `collectstatic` would write it anew, without the names whose sources are not in the project.
pub(super) fn committed_list(ground: &Ground<'_>, settled: &Settled) -> Option<Utf8PathBuf> {
    let django = ground.facts.django_version.value.as_deref().and_then(Minor::parse);
    let root = needs::folder(settled.evaluation.get("STATIC_ROOT")?, &ground.working)?;
    let inside = root.strip_prefix(layout::SOURCE)?.trim_start_matches('/');
    // https://docs.djangoproject.com/en/stable/ref/contrib/staticfiles/#django.contrib.staticfiles.storage.ManifestStaticFilesStorage.manifest_name
    let file = Utf8Path::new(inside).join("staticfiles.json");
    (storages::hashes_static_names(&settled.evaluation, django) && ground.tree.is_file(&file)).then_some(file)
}

/// A file below the folder that any page may ask for, relative to it; none of `left_out`.
pub(super) fn servable(ground: &Ground<'_>, folder: &Utf8Path, left_out: &[Utf8PathBuf]) -> Option<String> {
    let mut files: Vec<&Utf8Path> = ground
        .tree
        .below(folder)
        .filter(|(path, _)| ground.tree.size(path).is_some_and(|size| size > 0))
        .filter(|(path, _)| !left_out.iter().any(|file| file == path))
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

/// Tells whether production's `collectstatic` copies to a storage outside of the stack, as the answer says.
pub(super) fn fills_storage(ground: &Ground<'_>, settled: &Settled) -> bool {
    if ground.collected() != Some(Collected::InStorage) {
        return false;
    }
    storage(ground, settled).0.is_some_and(|backend| !storages::is_folder(&backend))
}

/// The storage of static files under the stack's variables, with the line that sets it.
pub(super) fn storage(ground: &Ground<'_>, settled: &Settled) -> (Option<String>, Option<Place>) {
    let django = ground.facts.django_version.value.as_deref().and_then(Minor::parse);
    let evaluation = &settled.evaluation;
    let backend = |(name, keys): &(&str, &[&str])| {
        let value = keys.iter().try_fold(evaluation.get(name)?, |value, key| value.get(key))?;
        Some((value.as_str()?.to_owned(), evaluation.place(name).cloned()))
    };
    match storages::names_of_static_backend(django).iter().find_map(backend) {
        Some((backend, place)) => (Some(backend), place),
        None => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_imported_by_bare_names() {
        let of = |text: &str| packages(text).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            of("@import \"tailwindcss\";\n  @import 'tailwindcss/base' layer(base);\n"),
            ["tailwindcss", "tailwindcss/base"]
        );
        assert_eq!(of("@import \"@fontsource/inter\" screen;"), ["@fontsource/inter"]);
        for fine in [
            "@import 'reset.css';",
            "@import './a';",
            "@import url(b.css);",
            "@import \"https://x.example/a\";",
            "a { b: c }",
        ] {
            assert!(of(fine).is_empty(), "{fine}");
        }
    }
}
