//! Static files that no part of the stack would serve.

use super::Refusal;
use crate::catalog::Listed;
use crate::catalog::proxy::Proxy;
use crate::catalog::static_files::StaticFiles;
use crate::inspect::storages;
use crate::knowledge::tools;
use crate::plan::ground::Ground;
use crate::python::Minor;

/// Static files that are to be copied to the project's own storage, where the project has none outside of its machine.
pub(super) fn in_no_storage(ground: &Ground<'_>) -> Option<Refusal> {
    if !ground.answers.static_files.is_elsewhere() || ground.facts.static_on_service.value {
        return None;
    }
    let django = ground.facts.django_version.value.as_deref().and_then(Minor::parse);
    let because = match storages::backends_of_static_files(ground.open(), django) {
        Some(backends) if backends.iter().all(|backend| storages::is_folder(backend)) => {
            format!(
                "`collectstatic` would fill no bucket: `{}` writes to a folder",
                backends.first().map_or("", String::as_str)
            )
        }
        // A backend that djdock does not know may be anything.
        Some(_) => return None,
        None if ground.facts.object_storage.value => return None,
        None => "the settings let no object storage keep static files".to_owned(),
    };
    Some(Refusal {
        because,
        nearest: nearest(ground)
            .into_iter()
            .chain(["or set the storage in STORAGES[\"staticfiles\"]".to_owned()])
            .collect(),
    })
}

/// Static files that the proxy is to serve, where there is none, or one that serves no files.
pub(super) fn by_nobody(ground: &Ground<'_>) -> Option<Refusal> {
    let answers = ground.answers;
    let is_refused =
        ground.keeps_static() && answers.static_files.is_by_proxy() && !answers.proxy.serves_files();
    is_refused.then(|| Refusal {
        because: match answers.proxy.run {
            None => "nothing would serve static files: without a proxy the app server answers all requests"
                .to_owned(),
            Some(_) => {
                format!("{} serves no files: it only passes requests on", answers.proxy.offer.label.en)
            }
        },
        nearest: nearest(ground).into_iter().chain(other_proxy()).collect(),
    })
}

/// A middleware that djdock cannot put into the project.
pub(super) fn by_what_cannot_be_added(ground: &Ground<'_>) -> Option<Refusal> {
    let (because, allow) = obstacle(ground, ground.answers.static_files.entry())?;
    let by_proxy = if ground.answers.proxy.serves_files() { nearest(ground) } else { other_proxy() };
    let middleware = ground.added_middleware()?;
    let by_hand = format!(
        "or add `{}` to the requirements, and `{}` to MIDDLEWARE below SecurityMiddleware",
        middleware.distribution, middleware.class
    );
    Some(Refusal { because, nearest: allow.into_iter().chain(by_proxy).chain([by_hand]).collect() })
}

/// Returns the reason why djdock cannot let the project serve static files through the answer's middleware, and the flag that
/// would change that. `None` where it can, and where nothing is to be added.
fn obstacle(ground: &Ground<'_>, answer: &StaticFiles) -> Option<(String, Option<String>)> {
    let facts = ground.facts;
    let middleware = answer.middleware().filter(|_| !facts.whitenoise_serves.value)?;
    if !ground.is_prod() || !facts.has_static_files() {
        return None;
    }
    let name = answer.offer.label.en;
    let django = facts.django_version.value.as_deref().and_then(Minor::parse);
    let is_set = |setting: &str| ground.open().get(setting).is_some();
    if !ground.answers.overlay {
        let because = format!(
            "{name} is not in MIDDLEWARE, and without a settings module of its own djdock cannot put it there"
        );
        return Some((because, Some("let djdock write the module: `--overlay`".to_owned())));
    }
    if is_set("MIDDLEWARE_CLASSES") && !is_set("MIDDLEWARE") {
        let because =
            format!("djdock adds {name} to MIDDLEWARE, and the project has the older MIDDLEWARE_CLASSES");
        return Some((because, None));
    }
    let is_there = ground.has_distribution(middleware.distribution)
        || tools::choose_for_django(middleware.distribution, ground.python, django).is_some();
    (!is_there).then(|| {
        let django = django.map(|django| format!(" with Django {django}")).unwrap_or_default();
        (format!("djdock knows no version of {name} that runs on Python {}{django}", ground.python), None)
    })
}

/// Returns the flag for the nearest answer under which somebody serves static files: the proxy where it can, else the project,
/// else another proxy.
fn nearest(ground: &Ground<'_>) -> Option<String> {
    let fits = |one: &StaticFiles| match one.middleware() {
        Some(_) => obstacle(ground, one).is_none(),
        None => one.is_by_proxy() && ground.answers.proxy.serves_files(),
    };
    let Some(word) = StaticFiles::first(fits).map(Listed::word) else {
        let proxy = Proxy::ALL.iter().find(|proxy| proxy.serves_files())?.word();
        let word = StaticFiles::first(StaticFiles::is_by_proxy)?.word();
        return Some(format!("let a proxy serve them: `--proxy {proxy}`, with `--static {word}`"));
    };
    let who = if ground.answers.proxy.serves_files() { "the proxy" } else { "the app server" };
    Some(format!("let {who} serve them: `--static {word}`"))
}

/// Returns the flag for a proxy that serves files.
fn other_proxy() -> Option<String> {
    let proxy = Proxy::ALL.iter().find(|proxy| proxy.serves_files())?;
    Some(format!("put a proxy that serves files in front: `--proxy {}`", proxy.word()))
}
