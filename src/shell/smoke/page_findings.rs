//! Messages about pages and forms that a run found wrong.

use super::causes;
use super::findings::{READ, SHOWN, remedy};
use super::host::Host;
use super::http::Answer;
use super::inside;
use super::missing::{self, Missing, Reason};
use super::setting::Setting;
use crate::base::Diagnostic;
use crate::base::codes::smoke as code;
use crate::plan::probes::Get;
use crate::shell::engine::containers::Container;
use crate::shell::interrupt::Stopped;

/// A page that is not what it must be.
pub(super) fn page(
    setting: &Setting<'_>,
    get: &Get,
    path: &str,
    answer: &Answer,
    wrong: &str,
    host: &dyn Host,
) -> Result<Diagnostic, Stopped> {
    let service = &get.service;
    let title = format!("`{service}` answered {} to `GET {path}`, and {wrong}", answer.status);
    let mut diagnostic = Diagnostic::error(code::PAGE_WRONG, title);
    if answer.status == 500 {
        diagnostic = inside::explained(setting, diagnostic, get, path, host)?;
    }
    behind(setting, diagnostic, service, answer, host)
}

/// A form that was refused, or broke.
pub(super) fn csrf(
    setting: &Setting<'_>,
    get: &Get,
    path: &str,
    origin: &str,
    answer: &Answer,
    host: &dyn Host,
) -> Result<Diagnostic, Stopped> {
    let service = &get.service;
    let title = format!("`{service}` answered {} to a form sent to `{path}` from `{origin}`", answer.status);
    let mut diagnostic = Diagnostic::error(code::FORM_REFUSED, title);
    if answer.status == 403 {
        diagnostic = if get.forwarded_https {
            diagnostic
                .because("so it is behind a proxy that ends TLS: the browser's address begins with `https://`, and Django takes the request for one over http")
                .help("let Django believe the proxy: `SECURE_PROXY_SSL_HEADER = (\"HTTP_X_FORWARDED_PROTO\", \"https\")` in the settings")
                .help(format!("or trust the address that browsers show: `CSRF_TRUSTED_ORIGINS = [\"{origin}\"]`"))
        } else {
            diagnostic.help(format!("let the proxy pass the host on as it came, `proxy_set_header Host $http_host;`, or trust the address: `CSRF_TRUSTED_ORIGINS = [\"{origin}\"]`"))
        };
    }
    behind(setting, diagnostic, service, answer, host)
}

/// A static file that does not come.
pub(super) fn file_missing(get: &Get, path: &str, answer: &Answer, reason: Reason) -> Diagnostic {
    let title = format!("`{}` answered {} to `GET {path}`, a static file", get.service, answer.status);
    Diagnostic::error(code::ASSET_MISSING, title).because(reason.note).help(reason.help)
}

/// A static file that its storage outside of the stack does not give out as it must; `status` is that of the answer.
pub(super) fn file_not_stored(file: &str, how: &str, status: Option<u16>) -> Diagnostic {
    let Reason { note, help } = missing::of_bucket(status);
    Diagnostic::error(code::ASSET_MISSING, format!("`{file}` {how}, and it is a static file"))
        .because(note)
        .help(help)
}

/// Stylesheets or scripts that a page links to and that do not come.
pub(super) fn asset_missing(
    setting: &Setting<'_>,
    page: &str,
    missing: &[Missing],
    reason: Option<Reason>,
) -> Diagnostic {
    let shown = |missing: &Missing| format!("`{}` {}", missing.path, missing.how);
    let first = missing.first().map(shown).unwrap_or_default();
    let title = match missing.len() {
        1 => format!("{first}, and `{page}` links to it"),
        2 => format!("{first}, and so does 1 other file that `{page}` links to"),
        number => format!("{first}, and so do {} other files that `{page}` links to", number - 1),
    };
    let mut diagnostic = Diagnostic::error(code::ASSET_MISSING, title);
    for other in missing.iter().skip(1).take(SHOWN) {
        diagnostic = diagnostic.because(shown(other));
    }
    let Some(reason) = reason else {
        return diagnostic.help(keep(setting));
    };
    diagnostic.because(reason.note).help(reason.help)
}

pub(super) fn no_answer(
    setting: &Setting<'_>,
    service: &str,
    path: &str,
    cause: &str,
    host: &dyn Host,
) -> Result<Diagnostic, Stopped> {
    let diagnostic =
        Diagnostic::error(code::PAGE_WRONG, format!("no answer from `{service}` to `GET {path}`: {cause}"));
    behind(setting, diagnostic, service, &Answer::default(), host)
}

/// Adds what the services say that stand behind a page: those that run Django first, because a proxy only repeats
/// them.
fn behind(
    setting: &Setting<'_>,
    diagnostic: Diagnostic,
    front: &str,
    answer: &Answer,
    host: &dyn Host,
) -> Result<Diagnostic, Stopped> {
    let containers = host.containers()?;
    let built: Vec<&Container> = containers.iter().filter(|container| container.service != front).collect();
    let front = containers.iter().filter(|container| container.service == front);
    let mut diagnostic = diagnostic;
    for container in built.into_iter().chain(front) {
        let log = host.logs(&container.id, READ)?;
        if let Some(cause) = causes::find(&log, setting.run.tree) {
            let said = setting.secrets.out_of(&cause.line);
            let service = &container.service;
            diagnostic = diagnostic.because(format!("from the log of `{service}`: {said}"));
            if !cause.help.is_empty() {
                return Ok(diagnostic.help(cause.help));
            }
            break;
        }
    }
    // Django's page for developers says it in its title.
    if let Some((_, rest)) = answer.text().split_once("<title>")
        && let Some((said, _)) = rest.split_once("</title>")
    {
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        // A server's own page only repeats the status.
        if said.starts_with(&answer.status.to_string()) {
            return Ok(remedy(diagnostic, setting, &keep(setting)));
        }
        diagnostic = diagnostic.because(format!("the page's title: {}", setting.secrets.out_of(&said)));
    }
    Ok(remedy(diagnostic, setting, &keep(setting)))
}

/// Returns the remedy if nothing else helps.
fn keep(setting: &Setting<'_>) -> String {
    format!(
        "see it yourself: `djdock smoke {} --keep` leaves the stack running",
        setting.run.environment.word()
    )
}
