//! Probes of static files: that they were collected, and that the server whose part it is gives them out.

use camino::Utf8Path;

use super::{Act, Get, Manifest, get};
use crate::plan::collected::{project_file, servable};
use crate::plan::ground::Ground;
use crate::plan::layout;
use crate::plan::settle::Settled;
use crate::python::Value;
use crate::stack::{Role, Stack};

/// The admin's style sheet, and a file of the project itself.
pub(super) fn static_files(
    ground: &Ground<'_>,
    stack: &Stack,
    settled: &Settled,
) -> Vec<(&'static str, Act, &'static str)> {
    if stack.role(Role::Upload).is_some() {
        return stored(ground, settled);
    }
    let mut found = Vec::new();
    let Some(url) = crate::plan::service::url_path(settled, "STATIC_URL") else { return found };
    let apps = &ground.facts.installed_apps.value;
    let has = |app: &str| {
        apps.iter().any(|installed| installed == app || installed.starts_with(&format!("{app}.")))
    };
    let is_served = has("django.contrib.staticfiles") && (!ground.is_prod() || ground.keeps_static());
    if !is_served {
        return found;
    }
    let server = super::server_header(ground, stack).filter(|_| ground.serves_static_by_proxy());
    let mut file = |name, path: String, content_type: Option<&str>, because| {
        if let Some(get) = get(stack, &format!("{url}{path}"), (200, 200)) {
            let content_type = content_type.map(str::to_owned);
            let hashed = manifest(ground, settled).map(|file| Manifest {
                service: stack.project_service().to_owned(),
                file,
                url: url.clone(),
                name: path.clone(),
            });
            found.push((
                name,
                Act::Get(Get { server: server.clone(), content_type, body: true, hashed, ..get }),
                because,
            ));
        }
    };
    if has("django.contrib.admin") {
        let because = "static files of Django's own apps are collected and served";
        file("admin-css", "admin/css/base.css".to_owned(), Some("text/css"), because);
    }
    if let Some(path) = project_file(ground, settled).or_else(|| collected_file(ground, settled)) {
        file("project-static", path, None, "static files of the project itself are collected and served");
    }
    found
}

/// The admin's style sheet, and a file of the project itself, in a storage outside of the stack.
fn stored(ground: &Ground<'_>, settled: &Settled) -> Vec<(&'static str, Act, &'static str)> {
    let apps = &ground.facts.installed_apps.value;
    let has_admin =
        apps.iter().any(|app| app == "django.contrib.admin" || app.starts_with("django.contrib.admin."));
    let admin = has_admin.then(|| {
        let act =
            Act::Stored { name: "admin/css/base.css".to_owned(), content_type: Some("text/css".to_owned()) };
        ("admin-css", act, "static files of Django's own apps are where pages name them")
    });
    let own = project_file(ground, settled).map(|name| {
        let act = Act::Stored { name, content_type: None };
        ("project-static", act, "static files of the project itself are where pages name them")
    });
    admin.into_iter().chain(own).collect()
}

/// A file that the project brings in `STATIC_ROOT` itself.
fn collected_file(ground: &Ground<'_>, settled: &Settled) -> Option<String> {
    let root = crate::plan::image::static_root(ground, settled)?;
    let inside = root.strip_prefix(layout::SOURCE)?.trim_start_matches('/');
    servable(ground, Utf8Path::new(inside), &[])
}

/// The file in the container that maps the name of each static file to the one with a hash, where only files with a
/// hash are kept: <https://whitenoise.readthedocs.io/en/stable/django.html#WHITENOISE_KEEP_ONLY_HASHED_FILES>. Otherwise
/// the plain ones are collected too.
fn manifest(ground: &Ground<'_>, settled: &Settled) -> Option<String> {
    const SETTING: &str = "WHITENOISE_KEEP_ONLY_HASHED_FILES";
    let root = crate::plan::image::static_root(ground, settled)?;
    let keeps_only_hashed = settled.evaluation.get(SETTING).and_then(Value::as_bool) == Some(true);
    (keeps_only_hashed && crate::plan::service::hashes_names(ground, settled))
        .then(|| format!("{root}/staticfiles.json"))
}
