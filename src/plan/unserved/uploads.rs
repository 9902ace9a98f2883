//! Files that people upload, where no part of the stack serves them.

use crate::base::codes::plan::UPLOADS_NOT_SERVED;
use crate::base::{Diagnostic, Place};
use crate::catalog::Listed;
use crate::catalog::proxy::Proxy;
use crate::inspect::storages;
use crate::plan::ground::Ground;
use crate::plan::service;
use crate::plan::settle::Settled;
use crate::plan::writable;
use crate::python::Minor;
use crate::stack::{Mount, Role, Stack};

/// Returns a warning where uploads are kept on a volume, and neither the proxy nor the project's own code answers their URL.
pub(super) fn find(ground: &Ground<'_>, settled: &Settled, stack: &Stack) -> Option<Diagnostic> {
    if !ground.is_prod() || ground.answers.proxy.serves_files() {
        return None;
    }
    let is_kept = stack
        .role(Role::Web)?
        .mounts
        .iter()
        .any(|mount| matches!(mount, Mount::Volume { volume, .. } if volume == writable::MEDIA));
    let url = service::url_path(settled, "MEDIA_URL")?;
    let is_served = is_in_bucket(ground, settled) || is_served_by_project(ground);
    (is_kept && !is_served).then(|| {
        let proxy = ground.answers.proxy.entry();
        let name = proxy.run.map(|_| proxy.offer.label.en);
        uploads_not_served(&url, name, settled.evaluation.place("MEDIA_URL"))
    })
}

/// Tells whether the settings keep uploads with a service, whose URLs lead elsewhere.
fn is_in_bucket(ground: &Ground<'_>, settled: &Settled) -> bool {
    let django = ground.facts.django_version.value.as_deref().and_then(Minor::parse);
    let named = |name: &str, keys: &[&str]| {
        let value = keys.iter().try_fold(settled.evaluation.get(name)?, |value, key| value.get(key))?;
        value.as_str().map(str::to_owned)
    };
    // The old name counts until Django 5.1 took it away.
    let old = || django.is_none_or(|django| django < Minor(5, 1)).then(|| named("DEFAULT_FILE_STORAGE", &[]));
    let backend = named("STORAGES", &["default", "BACKEND"]).or_else(|| old().flatten());
    // A storage of the project's own may lead anywhere.
    backend.is_some_and(|name| storages::is_service(&name) || !name.starts_with("django."))
}

/// Tells whether the project's code uses Django's view that serves a folder, which works with DEBUG off, too.
fn is_served_by_project(ground: &Ground<'_>) -> bool {
    const VIEW: &str = "django.views.static";
    let tree = ground.tree;
    let mut modules = tree.files().filter(|path| path.extension() == Some("py"));
    modules.any(|path| tree.text(path).is_some_and(|text| text.contains(VIEW)))
}

/// Uploads are kept, and nobody shows them.
fn uploads_not_served(url: &str, proxy: Option<&str>, place: Option<&Place>) -> Diagnostic {
    let title = format!("nothing in the stack serves what people upload, at `{url}`");
    let diagnostic = Diagnostic::warning(UPLOADS_NOT_SERVED, title);
    let diagnostic = match place {
        Some(place) => diagnostic.at(place, "the address is set here"),
        None => diagnostic,
    };
    let diagnostic = match proxy {
        Some(name) => diagnostic.because(format!("{name} serves no files: it only passes requests on")),
        None => diagnostic.because("the stack has no proxy, and Django serves no uploads with DEBUG off"),
    };
    let other = Proxy::ALL.iter().find(|proxy| proxy.serves_files());
    let diagnostic = match other {
        Some(other) => {
            diagnostic.help(format!("choose a proxy that serves files: `--proxy {}`", other.word()))
        }
        None => diagnostic,
    };
    diagnostic.help("or keep uploads in a bucket: set the storage in STORAGES[\"default\"]")
}
