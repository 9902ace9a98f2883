//! Static and media files: where they are served from, where they lie, and who serves them.

use camino::Utf8Path;

use super::project::{Project, Settings, undecided};
use super::storages;
use crate::base::{Evidence, Fact, path};
use crate::python::{Minor, Value};

pub(super) struct StaticFiles {
    pub(super) static_url: Fact<Option<String>>,
    pub(super) static_root: Fact<Option<String>>,
    pub(super) media_url: Fact<Option<String>>,
    pub(super) media_root: Fact<Option<String>>,
    pub(super) whitenoise: Fact<bool>,
    pub(super) whitenoise_serves: Fact<bool>,
    pub(super) object_storage: Fact<bool>,
    pub(super) static_on_service: Fact<bool>,
}

/// `working` is the folder of `manage.py`, where commands run; `django` is the line that is installed.
pub(super) fn read(project: &Project<'_>, working: &Utf8Path, django: Option<Minor>) -> StaticFiles {
    let settings = &project.prod;
    let whitenoise_serves = whitenoise_serves(project);
    StaticFiles {
        static_url: text(settings, "STATIC_URL"),
        static_root: folder(settings, "STATIC_ROOT", working),
        media_url: text(settings, "MEDIA_URL"),
        media_root: folder(settings, "MEDIA_ROOT", working),
        whitenoise: whitenoise(project, &whitenoise_serves),
        whitenoise_serves,
        object_storage: storages::declared(project),
        static_on_service: storages::for_static_files(project, django),
    }
}

/// A folder, seen from the root: one that is written as a relative path begins where commands run.
fn folder(settings: &Settings, name: &str, working: &Utf8Path) -> Fact<Option<String>> {
    let mut fact = text(settings, name);
    let assumed = settings.assumed(name);
    let written = assumed.as_ref().and_then(Value::as_str).filter(|written| !written.starts_with('/'));
    if let (Some(written), Some(_)) = (written, &fact.value)
        && working != "."
        && let Some(seen) = path::join(working, written)
    {
        fact.value = Some(seen.into_string());
    }
    fact
}

/// A URL or folder as it comes to by default; nothing where it is unset, `None` or empty.
fn text(settings: &Settings, name: &str) -> Fact<Option<String>> {
    let Some(setting) = settings.get(name) else {
        return Fact::with(None, vec![Evidence::new(settings.place(name), format!("does not set {name}"))]);
    };
    let evidence = settings.evidence(name, format!("sets `{name}`"));
    match settings.assumed(name) {
        Some(Value::None) => Fact::with(None, evidence),
        Some(value) => match value.as_text().filter(|text| !text.is_empty()) {
            Some(text) => Fact::with(Some(text), evidence),
            None => Fact::with(None, evidence),
        },
        None if setting.presence == crate::python::Presence::Elsewhere => Fact::with(None, evidence),
        None => Fact::unknown(None, evidence, settings.why(name, undecided(name, &setting.value))),
    }
}

fn is_whitenoise(text: &str) -> bool {
    text.to_ascii_lowercase().contains("whitenoise")
}

/// Tells whether the project uses WhiteNoise for anything: to serve files, or only to store them.
fn whitenoise(project: &Project<'_>, serves: &Fact<bool>) -> Fact<bool> {
    let names = ["STORAGES", "STATICFILES_STORAGE"];
    let storage = names.into_iter().find(|name| project.prod.mentions(name, is_whitenoise));
    match storage.filter(|_| !serves.value) {
        Some(name) => Fact::with(true, project.prod.evidence(name, "uses WhiteNoise")),
        None => serves.clone(),
    }
}

/// Tells whether WhiteNoise answers requests for static files: as a middleware, or around the application.
fn whitenoise_serves(project: &Project<'_>) -> Fact<bool> {
    for name in ["MIDDLEWARE", "MIDDLEWARE_CLASSES"] {
        if project.prod.mentions(name, is_whitenoise) {
            return Fact::with(true, project.prod.evidence(name, "uses WhiteNoise"));
        }
    }
    // A middleware of the project's own may derive from it.
    for middleware in project.prod.texts("MIDDLEWARE") {
        let Some((module, class)) = middleware.rsplit_once('.') else { continue };
        let Some(file) = project.sources.file_of(module) else { continue };
        if !project.sources.glance(&file).is_some_and(|text| text.contains("whitenoise")) {
            continue;
        }
        let Some(scan) = project.sources.scan(&file) else { continue };
        let derives = scan.classes.iter().find(|own| {
            own.name == class && own.bases.iter().any(|base| scan.full_name(base).starts_with("whitenoise."))
        });
        if let Some(class) = derives {
            let mut evidence =
                vec![Evidence::new(scan.place(class.line), "derives from WhiteNoise's middleware")];
            evidence.extend(project.prod.evidence("MIDDLEWARE", format!("uses `{middleware}`")));
            return Fact::with(true, evidence);
        }
    }
    // Wrapped around the application, as its manual once said.
    let wrapped = project
        .files(|path| path.ends_with("wsgi.py") || path.ends_with("asgi.py"))
        .into_iter()
        .find_map(|file| {
            project.sources.glance(&file).filter(|text| text.contains("whitenoise"))?;
            let scan = project.sources.scan(&file)?;
            let import = scan.imports_from("whitenoise")?;
            Some(Fact::new(true, scan.place(import.line), "wraps the application in WhiteNoise"))
        });
    wrapped
        .unwrap_or_else(|| Fact::with(false, project.prod.evidence("MIDDLEWARE", "does not use WhiteNoise")))
}
