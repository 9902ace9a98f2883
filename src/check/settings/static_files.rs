//! Static files: where they are collected, and from where.

use crate::base::codes::check::settings::{
    STATIC_ROOT_IN_STATICFILES_DIRS, STATIC_ROOT_MISSING, STATICFILES_DIR_ABSENT,
    STATICFILES_STORAGE_IGNORED, VITE_MANIFEST_HIDDEN, WHITENOISE_WITHOUT_MIDDLEWARE,
};
use crate::base::{Diagnostic, Place};
use crate::check::subject::in_project;
use crate::check::{Rule, Subject};
use crate::inspect::frontend::bundlers;
use crate::python::Value;

pub const RULES: &[Rule] = &[
    Rule { codes: &[STATIC_ROOT_MISSING], find: root },
    Rule { codes: &[STATIC_ROOT_IN_STATICFILES_DIRS, STATICFILES_DIR_ABSENT], find: folders },
    Rule { codes: &[VITE_MANIFEST_HIDDEN], find: manifest },
    Rule { codes: &[STATICFILES_STORAGE_IGNORED], find: storage },
    Rule { codes: &[WHITENOISE_WITHOUT_MIDDLEWARE], find: whitenoise },
];

fn root(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let installed =
        subject.facts.installed_apps.value.iter().any(|app| app.starts_with("django.contrib.staticfiles"));
    let root = subject.setting("STATIC_ROOT");
    let unset = root.is_none_or(|(value, _)| matches!(value, Value::None) || value.as_str() == Some(""));
    if !installed || !unset || subject.facts.static_on_service.value {
        return Vec::new();
    }
    let mut diagnostic =
        Diagnostic::error(STATIC_ROOT_MISSING, "`STATIC_ROOT` is not set, and `collectstatic` needs it");
    let place =
        root.map(|(_, place)| place).or_else(|| subject.setting("STATIC_URL").map(|(_, place)| place));
    if let Some(place) = place {
        diagnostic = diagnostic.at(place, "static files are configured here");
    }
    vec![
        diagnostic
            .because("with `DEBUG` off Django serves no static files: they must be collected for the reverse proxy, else the admin has no styles")
            .help("add `STATIC_ROOT = BASE_DIR / \"staticfiles\"`")
            .help("or leave the file as it is: `djdock init` sets it in a settings module of its own"),
    ]
}

fn folders(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let Some((dirs, place)) = subject.setting("STATICFILES_DIRS") else { return Vec::new() };
    let root = subject.setting("STATIC_ROOT").and_then(|(value, _)| in_project(value));
    let mut found = Vec::new();
    for folder in dirs.items().unwrap_or_default() {
        // An entry may be a pair of prefix and folder.
        let folder = match folder.items() {
            Some([_, folder]) => folder,
            _ => folder,
        };
        let Some(path) = in_project(folder) else { continue };
        if Some(path) == root {
            found.push(same_folder(path.as_str(), place));
        } else if !subject.tree.is_folder(path) && !is_built(subject, path.as_str()) {
            found.push(absent_folder(path.as_str(), place));
        }
    }
    found
}

/// Tells whether a front end's build makes it: then it is absent only until the image is built.
fn is_built(subject: &Subject<'_>, path: &str) -> bool {
    let mut parts = path.split('/');
    let above: Vec<&str> = parts.by_ref().take_while(|part| *part != "node_modules").collect();
    let installed = above.len() < path.split('/').count();
    let manifest = above.iter().chain(&["package.json"]).copied().collect::<Vec<_>>().join("/");
    if installed && subject.tree.is_file(&manifest) {
        return true;
    }
    subject.facts.built_frontend().value.as_ref().is_some_and(|frontend| {
        frontend.dir == "."
            || path.starts_with(frontend.dir.as_str())
            || bundlers::makes(subject.tree, &frontend.dir, path.into())
    })
}

/// A manifest of Vite in a hidden folder, which `collectstatic` leaves out, where django-vite looks for it among the
/// collected files: <https://github.com/MrBin99/django-vite#vite-config>.
pub fn manifest(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let is_installed = subject.facts.installed_apps.value.iter().any(|app| app == "django_vite");
    let Some(frontend) = subject.facts.built_frontend().value.as_ref().filter(|_| is_installed) else {
        return Vec::new();
    };
    // Whoever names its place has thought of it: outside of what is collected, it is found.
    let configurations = subject.setting("DJANGO_VITE").and_then(|(value, _)| value.entries());
    let says_where = configurations.into_iter().flatten().any(|(_, one)| one.get("manifest_path").is_some())
        || subject.setting("DJANGO_VITE_MANIFEST_PATH").is_some();
    let Some((file, line)) = bundlers::hidden_manifest(subject.tree, &frontend.dir).filter(|_| !says_where)
    else {
        return Vec::new();
    };
    vec![
        Diagnostic::error(VITE_MANIFEST_HIDDEN, "the manifest of Vite is in a hidden folder, and `collectstatic` leaves it out")
            .at(&Place::line(file, line), "since Vite 5 this means `.vite/manifest.json`")
            .because("with `DEBUG` off `django_vite` looks for `manifest.json` in `STATIC_ROOT`, and every page with its tags answers 500")
            .help("write `manifest: \"manifest.json\"` here"),
    ]
}

fn same_folder(path: &str, place: &Place) -> Diagnostic {
    Diagnostic::error(
        STATIC_ROOT_IN_STATICFILES_DIRS,
        format!("`{path}` is both `STATIC_ROOT` and in `STATICFILES_DIRS`"),
    )
    .at(place, "the folder is a source here, and the destination elsewhere")
    .because("Django refuses (`staticfiles.E002`): `collectstatic` would copy the folder into itself")
    .help("collect into a folder of its own: `STATIC_ROOT = BASE_DIR / \"staticfiles\"`")
}

fn absent_folder(path: &str, place: &Place) -> Diagnostic {
    Diagnostic::warning(
        STATICFILES_DIR_ABSENT,
        format!("`STATICFILES_DIRS` names `{path}`, which is not in the project"),
    )
    .at(place, "named here")
    .because(
        "git keeps no empty folders, so a clone and the image lack it; Django warns (`staticfiles.W004`)",
    )
    .help(format!("remove the entry, or keep the folder: `mkdir -p {path} && touch {path}/.gitkeep`"))
}

fn storage(subject: &Subject<'_>) -> Vec<Diagnostic> {
    if subject.django().is_none_or(|version| version < (5, 1)) {
        return Vec::new();
    }
    ["STATICFILES_STORAGE", "DEFAULT_FILE_STORAGE"]
        .into_iter()
        .filter_map(|name| subject.setting(name).map(|(_, place)| (name, place)))
        .map(|(name, place)| {
            let key = if name == "STATICFILES_STORAGE" { "staticfiles" } else { "default" };
            Diagnostic::warning(
                STATICFILES_STORAGE_IGNORED,
                format!("`{name}` has no effect since Django 5.1"),
            )
            .at(place, "ignored")
            .because(if key == "staticfiles" {
                "`collectstatic` uses Django's own storage instead: no hashes in names, nothing compressed"
            } else {
                "files go to the default storage instead: on disk, in the container, where they are lost"
            })
            .help(format!("write `STORAGES = {{\"{key}\": {{\"BACKEND\": …}}}}` instead"))
        })
        .collect()
}

fn whitenoise(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let Some(distribution) = subject.distribution("whitenoise").filter(|distribution| distribution.direct)
    else {
        return Vec::new();
    };
    let Some((Value::List(middleware), place)) = subject.setting("MIDDLEWARE") else { return Vec::new() };
    let named = |item: &Value| item.as_str().is_none_or(|name| name.to_lowercase().contains("whitenoise"));
    // An entry that is not known might be it; and it can wrap the application instead.
    if subject.facts.whitenoise.value
        || middleware.iter().any(named)
        || subject.prod().settings.keys().any(|name| name.starts_with("WHITENOISE_"))
    {
        return Vec::new();
    }
    vec![
        Diagnostic::warning(
            WHITENOISE_WITHOUT_MIDDLEWARE,
            "`whitenoise` is required, and `MIDDLEWARE` does not use it",
        )
        .at(place, "not in this list")
        .because(format!("required at {}", distribution.place))
        .help("add `\"whitenoise.middleware.WhiteNoiseMiddleware\"` after `SecurityMiddleware`")
        .help("or drop the requirement: djdock's nginx serves the static files"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_settings as findings;

    const BASE: &str = "from pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\n";

    #[test]
    fn collected_files_need_a_folder_of_their_own() {
        assert_eq!(findings(RULES, "STATIC_URL = '/static/'", &[]), ["static-root-missing:1"]);
        let same =
            format!("{BASE}STATIC_ROOT = BASE_DIR / 'static'\nSTATICFILES_DIRS = [BASE_DIR / 'static']");
        assert_eq!(findings(RULES, &same, &[]), ["static-root-in-staticfiles-dirs:4"]);
        let absent =
            format!("{BASE}STATIC_ROOT = BASE_DIR / 'out'\nSTATICFILES_DIRS = [BASE_DIR / 'static']");
        assert_eq!(findings(RULES, &absent, &[]), ["staticfiles-dir-absent:4"]);
        assert!(findings(RULES, &absent, &[("static/site.css", "")]).is_empty());
        let installed = format!(
            "{BASE}STATIC_ROOT = BASE_DIR / 'out'\nSTATICFILES_DIRS = [BASE_DIR / 'node_modules' / 'x']"
        );
        assert!(findings(RULES, &installed, &[("package.json", "{}")]).is_empty());
    }

    #[test]
    fn settings_of_old_are_ignored_by_new_django() {
        let settings = "STATIC_ROOT = '/srv/static'\nSTATICFILES_STORAGE = 'x.Storage'";
        assert_eq!(
            findings(RULES, settings, &[("requirements.txt", "django==5.2.1\n")]),
            ["staticfiles-storage-ignored:2"]
        );
        assert!(findings(RULES, settings, &[("requirements.txt", "django==4.2.1\n")]).is_empty());
    }

    #[test]
    fn whitenoise_must_be_in_use() {
        let settings =
            "STATIC_ROOT = '/srv/static'\nMIDDLEWARE = ['django.middleware.security.SecurityMiddleware']";
        let requirements = [("requirements.txt", "django==5.2.1\nwhitenoise==6.12.0\n")];
        assert_eq!(findings(RULES, settings, &requirements), ["whitenoise-without-middleware:2"]);
        let wrapped = [
            requirements[0],
            ("site/asgi.py", "from whitenoise import WhiteNoise\napplication = WhiteNoise(None)\n"),
        ];
        assert!(findings(RULES, settings, &wrapped).is_empty());
    }
}
