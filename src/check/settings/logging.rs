//! Rules about the destination of logs.

use camino::Utf8Path;

use crate::base::codes::check::settings::{ERRORS_UNSEEN, LOG_FILE_IN_SOURCE};
use crate::base::{Diagnostic, wording};
use crate::check::subject::in_project;
use crate::check::{Rule, Subject};
use crate::python::Value;

pub const RULES: &[Rule] = &[
    Rule { codes: &[LOG_FILE_IN_SOURCE], find: log_files },
    Rule { codes: &[ERRORS_UNSEEN], find: unseen_errors },
];

fn log_files(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let Some((logging, place)) = subject.setting("LOGGING") else { return Vec::new() };
    let handlers = logging.get("handlers").and_then(Value::entries).unwrap_or_default();
    let files: Vec<(&str, &Utf8Path)> = handlers
        .iter()
        .filter_map(|(name, handler)| Some((name.as_str()?, in_project(handler.get("filename")?)?)))
        .collect();
    let title = match files.as_slice() {
        [] => return Vec::new(),
        [(name, path)] => format!("the logging handler `{name}` writes to `{path}` beside the code"),
        _ => {
            let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
            format!("the logging handlers {} write to files beside the code", wording::and_ticked(&names))
        }
    };
    let mut diagnostic = Diagnostic::warning(LOG_FILE_IN_SOURCE, title).at(place, "decided here");
    if files.len() > 1 {
        let mut paths: Vec<&Utf8Path> = files.iter().map(|(_, path)| *path).collect();
        paths.dedup();
        diagnostic = diagnostic.because(format!("the files are {}", wording::and_ticked(&paths)));
    }
    vec![
        diagnostic
            .because("the image's files are read-only for the process, and a log inside a container is lost with it")
            .help("log to the console in production (`logging.StreamHandler`): the Engine keeps and rotates it"),
    ]
}

/// Django's own `LOGGING` shows errors on the console with `DEBUG` on alone; with `DEBUG` off it mails them to `ADMINS`:
/// <https://docs.djangoproject.com/en/stable/ref/logging/#default-logging-configuration>.
pub(crate) fn unseen_errors(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let empty = |name: &str| {
        subject.setting(name).is_none_or(|(value, _)| {
            value.entries().is_some_and(<[_]>::is_empty) || value.items().is_some_and(<[_]>::is_empty)
        })
    };
    let Some(module) = subject.prod().modules.first() else { return Vec::new() };
    // Whatever else sets settings may set this one.
    let left_open = subject.prod().settings.values().any(|setting| setting.value.is_left_to().is_some());
    if !subject.has_settings()
        || left_open
        || !empty("LOGGING")
        || !empty("ADMINS")
        || subject.setting("LOGGING_CONFIG").is_some()
        || configures_logging_itself(subject)
    {
        return Vec::new();
    }
    let title = "with `DEBUG` off, errors of requests are in no log: `LOGGING` is not set";
    vec![
        Diagnostic::note(ERRORS_UNSEEN, title)
            .because(format!("looked for it in `{}` and what it imports", module.path))
            .because("a page that fails answers 500, and `docker compose logs` shows nothing of the reason")
            .help(
                "add `LOGGING = {\"version\": 1, \"disable_existing_loggers\": False, \"handlers\": {\"console\": {\"class\": \
                 \"logging.StreamHandler\"}}, \"root\": {\"handlers\": [\"console\"], \"level\": \"INFO\"}}`",
            ),
    ]
}

/// Tells whether the settings call the logging module, or something that takes errors elsewhere is installed.
fn configures_logging_itself(subject: &Subject<'_>) -> bool {
    const CALLS: &[&str] = &["basicConfig(", "dictConfig(", "fileConfig(", "addHandler(", "sentry_sdk"];
    const REPORTERS: &[&str] = &[
        "sentry-sdk",
        "raven",
        "rollbar",
        "bugsnag",
        "honeybadger",
        "airbrake",
        "newrelic",
        "elastic-apm",
        "ddtrace",
        "loguru",
        "structlog",
        "django-structlog",
        "django-heroku",
        "opencensus-ext-azure",
        "azure-monitor-opentelemetry",
        "google-cloud-logging",
        "watchtower",
    ];
    REPORTERS.iter().any(|name| subject.distribution(name).is_some())
        || subject.prod().modules.iter().any(|module| {
            let text = subject.tree.text(&module.path).unwrap_or_default();
            CALLS.iter().any(|call| text.contains(call))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_settings as findings;

    #[test]
    fn logs_do_not_go_to_files_beside_the_code() {
        let settings = "import os\nBASE_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))\n\
            LOGGING = {'handlers': {'file': {'class': 'logging.FileHandler', 'filename': os.path.join(BASE_DIR, 'logs', 'a.log')}}}";
        assert_eq!(findings(&RULES[..1], settings, &[]), ["log-file-in-source:3"]);
    }

    #[test]
    fn errors_are_to_be_seen_where_nobody_is_mailed() {
        let found = |settings: &str, files: &[(&str, &str)]| findings(&RULES[1..], settings, files);
        assert_eq!(found("DEBUG = False", &[]), ["errors-unseen"]);
        assert_eq!(found("DEBUG = False\nLOGGING = {}\nADMINS = []", &[]), ["errors-unseen"]);
        for seen in [
            "LOGGING = {'version': 1, 'handlers': {'console': {'class': 'logging.StreamHandler'}}}",
            "ADMINS = [('Ana', 'ana@example.org')]",
            "import os\nADMINS = os.environ.get('ADMINS', '').split(',')",
            "LOGGING_CONFIG = None",
            "import logging\nlogging.basicConfig(level=logging.INFO)",
        ] {
            assert!(found(seen, &[]).is_empty(), "{seen}");
        }
        assert!(found("DEBUG = False", &[("requirements.txt", "django==5.2\nsentry-sdk==2.1\n")]).is_empty());
    }
}
