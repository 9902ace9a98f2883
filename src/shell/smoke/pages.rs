//! Pages: asked as a browser would, through the published port.

use std::collections::BTreeMap;
use std::time::Duration;

use super::checks::Check;
use super::host::Host;
use super::http::{Answer, Ask, Talk};
use super::setting::{Outcome, Setting};
use super::{Run, findings, health, missing, page_findings};
use crate::base::Diagnostic;
use crate::plan::probes::{Act, Get, Manifest};
use crate::shell::interrupt::Stopped;

/// How long a proxy may take to find what is behind it.
const SETTLE: Duration = Duration::from_secs(10);
const AGAIN: Duration = Duration::from_millis(200);

/// Returns the address under which a browser on this machine finds the site of a kept stack; `machine` is where ports are published.
pub(super) fn address(run: &Run<'_>, machine: &str, host: &dyn Host) -> Option<String> {
    let mut gets = run.probes.iter().filter(|probe| probe.environment == run.environment);
    let get = gets.find_map(|probe| match &probe.act {
        Act::Get(get) => Some(get),
        _ => None,
    })?;
    let port = health::find(&get.service, host).ok()?.ok()?.ports.get(&get.container_port).copied()?;
    let named = |name: &str| {
        let headers = BTreeMap::from([("Host".to_owned(), format!("{name}:{port}"))]);
        Ask { port, path: get.path.clone(), headers, form: None, talk: None }
    };
    // Settings that allow the plan's name alone refuse the number.
    let is_refused = host.ask(&named(machine)).is_ok_and(|answer| answer.status == 400);
    let name = if is_refused { get.host.split(':').next().unwrap_or(machine) } else { machine };
    Some(format!("http://{name}:{port}{}", get.path))
}

/// Compares the answer to a probe with the expected one.
pub(super) fn get(setting: &Setting<'_>, get: &Get, host: &dyn Host) -> Result<Outcome, Stopped> {
    let path = match &get.hashed {
        Some(manifest) => hashed(manifest, host)?.unwrap_or_else(|| get.path.clone()),
        None => get.path.clone(),
    };
    let answer = match fetch(setting, get, &path, host)? {
        Ok((answer, _)) => answer,
        Err(diagnostic) => return Ok(diagnostic.into()),
    };
    let kind = answer.header("content-type").unwrap_or("no content type").to_owned();
    let server = answer.header("server").unwrap_or("a server without a name").to_owned();
    let wrong = if answer.status < get.status.0 || answer.status > get.status.1 {
        Some(format!("{} was expected", range(get.status)))
    } else if get.admits_host && refuses_host(&answer, host)? {
        Some(format!("Django refuses the host `{}`", get.host))
    } else if get.server.as_ref().is_some_and(|expected| !server.contains(expected.as_str())) {
        Some(format!("it came from {server}, and {} was expected", get.server.as_deref().unwrap_or_default()))
    } else if get.content_type.as_ref().is_some_and(|expected| !kind.contains(expected.as_str())) {
        Some(format!("it is {kind}, and {} was expected", get.content_type.as_deref().unwrap_or_default()))
    } else if get.body && answer.body.is_empty() {
        Some("its body is empty".to_owned())
    } else {
        None
    };
    if answer.status == 404
        && wrong.is_some()
        && let Some((found, reason)) = missing::reason_for(setting, &path, host)?
        && found.name.is_some()
    {
        return Ok(page_findings::file_missing(get, &path, &answer, reason).into());
    }
    Ok(match wrong {
        Some(wrong) => page_findings::page(setting, get, &path, &answer, &wrong, host)?.into(),
        None => Outcome::Shown(seen(&path, &answer, &server)),
    })
}

/// The path under which the file is served, as the list in the container has it.
fn hashed(manifest: &Manifest, host: &dyn Host) -> Result<Option<String>, Stopped> {
    let Ok(container) = health::find(&manifest.service, host)? else { return Ok(None) };
    let ran = host.exec(&container.id, &["cat".to_owned(), manifest.file.clone()])?;
    let list: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
    let name = list.get("paths").and_then(|paths| paths.get(&manifest.name)).and_then(|name| name.as_str());
    Ok(name.map(|name| format!("{}{name}", manifest.url)))
}

/// Tells whether an answer is Django's to a host that is not in `ALLOWED_HOSTS`: a 400 of its own, or of a page that the
/// project gives it with a line in the log. Another 400 is the project's business.
fn refuses_host(answer: &Answer, host: &dyn Host) -> Result<bool, Stopped> {
    /// The last lines of each service.
    const LINES: usize = 100;
    const SIGNS: [&str; 2] = ["Invalid HTTP_HOST header", "DisallowedHost"];
    if answer.status != 400 {
        return Ok(false);
    }
    let page = answer.text();
    if page.contains("Bad Request (400)") || SIGNS.iter().any(|sign| page.contains(sign)) {
        return Ok(true);
    }
    for container in host.containers()? {
        let log = host.logs(&container.id, LINES)?;
        if SIGNS.iter().any(|sign| log.contains(sign)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Carries out one of the project's own checks, where the plan's pages are.
pub(super) fn check(
    setting: &Setting<'_>,
    check: &Check,
    front: &Get,
    host: &dyn Host,
) -> Result<Outcome, Stopped> {
    let talk = check.websocket.clone().map(|send| Talk { send, until: check.text.clone() });
    let is_socket = talk.is_some();
    let answer = match fetched(setting, front, &check.path, talk, host)? {
        Ok((answer, _)) => answer,
        Err(diagnostic) => return Ok(diagnostic.into()),
    };
    let lacks = check.text.as_ref().filter(|text| !answer.text().contains(text.as_str()));
    let wrong = match lacks {
        _ if answer.status != check.status() => format!("{} was expected", check.status()),
        Some(text) if is_socket => format!("`{text}` did not come back"),
        Some(text) => format!("`{text}` is not on the page"),
        None => {
            return Ok(Outcome::Shown(seen(
                &check.path,
                &answer,
                answer.header("server").unwrap_or("a server without a name"),
            )));
        }
    };
    Ok(page_findings::page(setting, front, &check.path, &answer, &wrong, host)?.into())
}

/// The answer to `path` and the port that gave it. What is not there yet, behind a proxy that is, is asked for again.
pub(super) fn fetch(
    setting: &Setting<'_>,
    get: &Get,
    path: &str,
    host: &dyn Host,
) -> Result<Result<(Answer, u16), Diagnostic>, Stopped> {
    fetched(setting, get, path, None, host)
}

fn fetched(
    setting: &Setting<'_>,
    get: &Get,
    path: &str,
    talk: Option<Talk>,
    host: &dyn Host,
) -> Result<Result<(Answer, u16), Diagnostic>, Stopped> {
    let container = match health::find(&get.service, host)? {
        Ok(container) => container,
        Err(diagnostic) => return Ok(Err(diagnostic)),
    };
    let Some(port) = container.ports.get(&get.container_port).copied() else {
        return Ok(Err(findings::not_published(&get.service, get.container_port)));
    };
    let ask = Ask { port, path: path.to_owned(), headers: headers(get, port), form: None, talk };
    let began = host.now();
    loop {
        let answer = host.ask(&ask);
        let settled = match &answer {
            Ok(answer) => !matches!(answer.status, 502..=504),
            Err(_) => false,
        };
        if settled || host.since(began) > SETTLE {
            return match answer {
                Ok(answer) => Ok(Ok((answer, port))),
                Err(cause) => Ok(Err(page_findings::no_answer(setting, &get.service, path, &cause, host)?)),
            };
        }
        host.pause(AGAIN)?;
    }
}

/// A browser names the port, where it is not the scheme's own.
pub(super) fn headers(get: &Get, port: u16) -> BTreeMap<String, String> {
    let host = if get.host.contains(':') { get.host.clone() } else { format!("{}:{port}", get.host) };
    let mut headers = BTreeMap::from([("Host".to_owned(), host), ("Accept".to_owned(), "*/*".to_owned())]);
    if get.forwarded_https {
        headers.insert("X-Forwarded-Proto".to_owned(), "https".to_owned());
    }
    headers
}

fn range((low, high): (u16, u16)) -> String {
    if low == high { low.to_string() } else { format!("{low} to {high}") }
}

fn seen(path: &str, answer: &Answer, server: &str) -> String {
    let size = answer.body.len();
    let size = if size < 1000 { format!("{size} bytes") } else { format!("{} kB", size / 1000) };
    format!("GET {path} → {}, {size}, from {server}", answer.status)
}
