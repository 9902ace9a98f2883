//! Settings that an overlay adds although no part of the stack asks for them: what a container, and a proxy in front of
//! it, take for granted and the project does not say.

use std::collections::BTreeMap;

use super::lines::Lines;
use crate::check::Subject;
use crate::check::settings::{logging, uncollected};
use crate::inspect::storages;
use crate::plan::ground::Ground;
use crate::plan::wiring::Goal;
use crate::plan::wiring::Want;
use crate::plan::wiring::candidates::candidates;
use crate::plan::{layout, needs};
use crate::python::{Evaluation, Minor, Value};

/// Errors that Django's console handler leaves out with `DEBUG` off: <https://docs.djangoproject.com/en/stable/ref/logging/#default-logging-configuration>.
/// Its own handlers stay, and development sees no line twice.
const LOGGING: &str = r#"{
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"production": {"()": "django.utils.log.RequireDebugFalse"}},
    "handlers": {
        "errors": {"class": "logging.StreamHandler", "filters": ["production"], "level": "ERROR"},
        "refused": {"class": "logging.StreamHandler", "filters": ["production"]},
    },
    "loggers": {
        "django.request": {"handlers": ["errors"]},
        "django.security": {"handlers": ["refused"]},
    },
}"#;

/// Returns the additions for a stack whose settings come to `evaluation`.
pub(in crate::plan) fn of(ground: &Ground<'_>, evaluation: &Evaluation) -> Vec<Lines> {
    // Another distribution may set whatever seems to be missing.
    let is_left_open = evaluation.settings.values().any(|setting| setting.value.is_left_to().is_some());
    if is_left_open || !evaluation.failures.is_empty() {
        return Vec::new();
    }
    let found = if ground.is_prod() {
        let mut found = sources_of_static_files(ground, evaluation);
        found.extend([
            proxy_header(ground, evaluation),
            origins(ground, evaluation),
            storage(ground, evaluation),
            logging_of(ground),
        ]);
        found
    } else {
        vec![prefix(evaluation), toolbar(ground, evaluation)]
    };
    found.into_iter().flatten().collect()
}

/// The settings by which files that lie in `STATIC_ROOT` are collected from there into another folder.
fn sources_of_static_files(ground: &Ground<'_>, evaluation: &Evaluation) -> Vec<Option<Lines>> {
    const SOURCES: &str = "STATICFILES_DIRS";
    let root = || {
        let found = uncollected::find(&Subject::new(ground.tree, ground.facts))?;
        let folder = needs::folder(evaluation.get("STATIC_ROOT")?, &ground.working)?;
        (folder == layout::source(&found.root)).then_some(folder)
    };
    let has_own = evaluation.get(SOURCES).and_then(Value::items).is_some_and(|own| !own.is_empty());
    // The body of a class does not see the names of the class that it extends.
    let Some(root) = root().filter(|_| ground.class.is_none() || !has_own) else { return Vec::new() };
    let because =
        "`STATIC_ROOT` is this folder in the project, and what lies in it is collected from nowhere";
    let kept = if has_own { "*STATICFILES_DIRS, " } else { "" };
    let sources = Lines { uses_own: has_own, ..line(SOURCES, because, &format!("[{kept}\"{root}\"]")) };
    let because = "no folder can be both where files are collected from and where they are collected to";
    let target = line("STATIC_ROOT", because, &format!("\"{}\"", layout::STATIC_ROOT));
    vec![Some(sources), Some(target)]
}

fn line(name: &str, because: &str, right: &str) -> Lines {
    Lines {
        name: name.to_owned(),
        because: vec![because.to_owned()],
        evidence: Vec::new(),
        assignments: vec![(name.to_owned(), right.to_owned())],
        variables: BTreeMap::new(),
        uses_own: false,
    }
}

/// `HttpRequest.is_secure()` behind what ends TLS. The stack's proxy sets the header itself, whatever a client sent, so
/// nobody else can: <https://docs.djangoproject.com/en/stable/ref/settings/#secure-proxy-ssl-header>.
fn proxy_header(ground: &Ground<'_>, evaluation: &Evaluation) -> Option<Lines> {
    let is_missing = matches!(evaluation.get("SECURE_PROXY_SSL_HEADER"), None | Some(Value::None));
    let because = "the proxy says in this header whether the browser came by https, and always sets it";
    (ground.has_proxy() && is_missing)
        .then(|| line("SECURE_PROXY_SSL_HEADER", because, "(\"HTTP_X_FORWARDED_PROTO\", \"https\")"))
}

/// Forms that are sent by https are accepted where what ends TLS does not pass its scheme on. Before 4.0 Django compared
/// hosts alone: <https://docs.djangoproject.com/en/stable/ref/settings/#csrf-trusted-origins>.
fn origins(ground: &Ground<'_>, evaluation: &Evaluation) -> Option<Lines> {
    const NAME: &str = "CSRF_TRUSTED_ORIGINS";
    const SINCE: Minor = Minor(4, 0);
    let django = ground.facts.django_version.value.as_deref().and_then(Minor::parse);
    let is_empty = match evaluation.get(NAME) {
        None | Some(Value::None) => true,
        Some(value) => value.items().is_some_and(<[Value]>::is_empty),
    };
    let goal = Goal::new(&[NAME], Want::Truth(true), "");
    // What a variable decides is the person's to say.
    let is_read = candidates(&goal, ground.open()).iter().any(|value| !value.reads().is_empty());
    if django.is_some_and(|django| django < SINCE) || !is_empty || is_read {
        return None;
    }
    if ground.class.is_some() {
        let because = "forms are accepted that come from these, with https";
        let mut found = line(NAME, because, "os.environ[\"CSRF_TRUSTED_ORIGINS\"].split(\",\")");
        found.variables.insert(NAME.to_owned(), format!("https://{}", needs::HOSTS[0]));
        return Some(found);
    }
    let because = "forms that come by https from the site's own names are accepted, also where what ends TLS does not \
                   pass its scheme on";
    let right = "[\n    f\"https://{'*' if host.startswith('.') else ''}{host}\" for host in ALLOWED_HOSTS if host != \"*\"\n]";
    Some(line(NAME, because, right))
}

/// The storage that goes with the middleware that is added, where the project sets none. From Django 4.2 on there is
/// `STORAGES`, which must not stand beside the older names: <https://docs.djangoproject.com/en/stable/releases/4.2/#custom-file-storages>.
fn storage(ground: &Ground<'_>, evaluation: &Evaluation) -> Option<Lines> {
    const DEFAULT: &str = "django.core.files.storage.FileSystemStorage";
    const NEW: &str = "STORAGES";
    const OLD: &str = "STATICFILES_STORAGE";
    let middleware = ground.added_middleware()?;
    let django = ground.facts.django_version.value.as_deref().and_then(Minor::parse)?;
    let names = storages::names_of_static_backend(Some(django));
    let is_known = |name: &str| names.iter().any(|(known, _)| *known == name);
    let own = evaluation.get(NEW).filter(|_| is_known(NEW));
    let has_old = is_known(OLD) && evaluation.get(OLD).is_some();
    let is_decided = own.is_some_and(|own| own.entries().is_none() || own.get("staticfiles").is_some());
    if has_old || is_decided || own.is_some() && ground.class.is_some() {
        return None;
    }
    let because = middleware.storage_because;
    let entry = format!("\"staticfiles\": {{\"BACKEND\": \"{}\"}}", middleware.storage);
    Some(match own {
        Some(_) => Lines { uses_own: true, ..line(NEW, because, &format!("{{**{NEW}, {entry}}}")) },
        None if is_known(OLD) => line(OLD, because, &format!("\"{}\"", middleware.storage)),
        None => {
            let right = format!("{{\n    \"default\": {{\"BACKEND\": \"{DEFAULT}\"}},\n    {entry},\n}}");
            line(NEW, because, &right)
        }
    })
}

/// Errors of requests on standard error, where nothing else takes them.
fn logging_of(ground: &Ground<'_>) -> Option<Lines> {
    let because =
        "with `DEBUG` off Django shows errors of requests nowhere: `docker compose logs` is to have them";
    let subject = Subject::new(ground.tree, ground.facts);
    (!logging::unseen_errors(&subject).is_empty()).then(|| line("LOGGING", because, LOGGING))
}

/// `runserver` has no proxy before it that takes the prefix off.
fn prefix(evaluation: &Evaluation) -> Option<Lines> {
    let stated = evaluation.get("FORCE_SCRIPT_NAME").and_then(Value::as_str);
    let because = "nothing takes the prefix off in development";
    stated.filter(|stated| !stated.is_empty()).map(|_| line("FORCE_SCRIPT_NAME", because, "None"))
}

/// The debug toolbar shows itself to the addresses in `INTERNAL_IPS`, and a browser comes to a container from that of
/// Docker's network: <https://django-debug-toolbar.readthedocs.io/en/latest/installation.html#configure-internal-ips>.
fn toolbar(ground: &Ground<'_>, evaluation: &Evaluation) -> Option<Lines> {
    const NAME: &str = "DEBUG_TOOLBAR_CONFIG";
    const KEY: &str = "SHOW_TOOLBAR_CALLBACK";
    let apps = evaluation.get("INSTALLED_APPS").and_then(Value::items)?;
    let is_toolbar = |app: &Value| {
        app.as_str().is_some_and(|app| app == "debug_toolbar" || app.starts_with("debug_toolbar."))
    };
    apps.iter().any(is_toolbar).then_some(())?;
    // A page with the toolbar on it fails where the project has no addresses for the toolbar.
    let has_addresses =
        |text: &str| ["debug_toolbar.urls", "debug_toolbar_urls"].iter().any(|name| text.contains(name));
    let mut python = ground.tree.files().filter(|file| file.extension() == Some("py"));
    python.any(|file| ground.tree.text(file).is_some_and(has_addresses)).then_some(())?;
    // Somebody has thought of containers: addresses that are asked for when the settings are imported.
    let addresses = evaluation.get("INTERNAL_IPS");
    if addresses
        .is_some_and(|value| value.items().is_none_or(|all| all.iter().any(|one| one.as_str().is_none())))
    {
        return None;
    }
    let own = evaluation.get(NAME);
    let is_decided = own.is_some_and(|own| own.entries().is_none() || own.get(KEY).is_some());
    if is_decided || ground.class.is_some() && own.is_some() {
        return None;
    }
    let because = "a browser reaches the container from an address of Docker's network, which is not among \
                   `INTERNAL_IPS`; the port is open on this machine alone";
    let kept = if own.is_some() { "**DEBUG_TOOLBAR_CONFIG, " } else { "" };
    let shows = if ground.class.is_some() { "True" } else { "DEBUG" };
    let right = format!("{{{kept}\"{KEY}\": lambda request: {shows}}}");
    Some(Lines { uses_own: own.is_some(), ..line(NAME, because, &right) })
}
