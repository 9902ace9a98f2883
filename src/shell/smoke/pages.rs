//! Pages: asked as a browser would, through the published port.

use std::collections::BTreeMap;
use std::time::Duration;

use super::checks::Check;
use super::host::Host;
use super::http::Answer;
use super::http::Ask;
use super::setting::{Outcome, Setting};
use super::{findings, health};
use crate::base::Diagnostic;
use crate::plan::probes::{Get, Manifest};
use crate::shell::interrupt::Stopped;

/// How long a proxy may take to find what is behind it.
const SETTLE: Duration = Duration::from_secs(10);
const AGAIN: Duration = Duration::from_millis(200);

/// What the answer to a probe must be.
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
    Ok(match wrong {
        Some(wrong) => findings::page(setting, get, &path, &answer, &wrong, host)?.into(),
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

/// Whether an answer is Django's to a host that is not in `ALLOWED_HOSTS`: a 400 of its own, or of a page that the
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

/// What the project's own check wants, asked where the plan's pages are.
pub(super) fn check(
    setting: &Setting<'_>,
    check: &Check,
    front: &Get,
    host: &dyn Host,
) -> Result<Outcome, Stopped> {
    let answer = match fetch(setting, front, &check.path, host)? {
        Ok((answer, _)) => answer,
        Err(diagnostic) => return Ok(diagnostic.into()),
    };
    let lacks = check.text.as_ref().filter(|text| !answer.text().contains(text.as_str()));
    let wrong = match lacks {
        _ if answer.status != check.status => format!("{} was expected", check.status),
        Some(text) => format!("`{text}` is not on the page"),
        None => {
            return Ok(Outcome::Shown(seen(
                &check.path,
                &answer,
                answer.header("server").unwrap_or("a server without a name"),
            )));
        }
    };
    Ok(findings::page(setting, front, &check.path, &answer, &wrong, host)?.into())
}

/// Sends the form of a login page with a wrong password. Django refuses it with the form again; a CSRF protection
/// that does not fit the proxy refuses it with 403.
pub(super) fn login(setting: &Setting<'_>, get: &Get, host: &dyn Host) -> Result<Outcome, Stopped> {
    let (page, port) = match fetch(setting, get, &get.path, host)? {
        Ok(fetched) => fetched,
        Err(diagnostic) => return Ok(diagnostic.into()),
    };
    let cookies: Vec<&str> = page
        .headers
        .iter()
        .filter(|(name, _)| name == "set-cookie")
        .filter_map(|(_, value)| value.split(';').next())
        .collect();
    let Some(token) = hidden_token(&page.text()) else {
        let wrong = "there is no form with `csrfmiddlewaretoken` on it";
        return Ok(findings::page(setting, get, &get.path, &page, wrong, host)?.into());
    };
    let mut headers = headers(get, port);
    let scheme = if get.forwarded_https { "https" } else { "http" };
    let origin = format!("{scheme}://{}", headers.get("Host").cloned().unwrap_or_default());
    headers.insert("Cookie".to_owned(), cookies.join("; "));
    headers.insert("Referer".to_owned(), format!("{origin}{}", get.path));
    headers.insert("Origin".to_owned(), origin);
    let form = [("csrfmiddlewaretoken", token.as_str()), ("username", "nobody"), ("password", "wrong")];
    let form = form.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let sent = Ask { port, path: get.path.clone(), headers, form: Some(form.into()) };
    let answer = match host.ask(&sent) {
        Ok(answer) => answer,
        Err(cause) => return Ok(findings::no_answer(setting, &get.service, &get.path, &cause, host)?.into()),
    };
    if answer.status == 403 || answer.status >= 500 {
        return Ok(findings::csrf(setting, &get.service, &get.path, &answer, host)?.into());
    }
    Ok(Outcome::Shown(format!("POST {} with a wrong password → {}", get.path, answer.status)))
}

/// The answer to `path` and the port that gave it. What is not there yet, behind a proxy that is, is asked for again.
fn fetch(
    setting: &Setting<'_>,
    get: &Get,
    path: &str,
    host: &dyn Host,
) -> Result<Result<(Answer, u16), Diagnostic>, Stopped> {
    let container = match health::find(&get.service, host)? {
        Ok(container) => container,
        Err(diagnostic) => return Ok(Err(diagnostic)),
    };
    let Some(port) = container.ports.get(&get.container_port).copied() else {
        return Ok(Err(findings::not_published(&get.service, get.container_port)));
    };
    let ask = Ask { port, path: path.to_owned(), headers: headers(get, port), form: None };
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
                Err(cause) => Ok(Err(findings::no_answer(setting, &get.service, path, &cause, host)?)),
            };
        }
        host.pause(AGAIN)?;
    }
}

/// A browser names the port, where it is not the scheme's own.
fn headers(get: &Get, port: u16) -> BTreeMap<String, String> {
    let host = if get.host.contains(':') { get.host.clone() } else { format!("{}:{port}", get.host) };
    let mut headers = BTreeMap::from([("Host".to_owned(), host), ("Accept".to_owned(), "*/*".to_owned())]);
    if get.forwarded_https {
        headers.insert("X-Forwarded-Proto".to_owned(), "https".to_owned());
    }
    headers
}

/// The value of the first hidden field that Django's `{% csrf_token %}` makes.
fn hidden_token(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("name=\"csrfmiddlewaretoken\"")?;
    let (_, rest) = rest.split_once("value=\"")?;
    Some(rest.split_once('"')?.0.to_owned())
}

fn range((low, high): (u16, u16)) -> String {
    if low == high { low.to_string() } else { format!("{low} to {high}") }
}

fn seen(path: &str, answer: &Answer, server: &str) -> String {
    let size = answer.body.len();
    let size = if size < 1000 { format!("{size} bytes") } else { format!("{} kB", size / 1000) };
    format!("GET {path} → {}, {size}, from {server}", answer.status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_of_a_form_is_found() {
        let page = r#"<form><input type="hidden" name="csrfmiddlewaretoken" value="abc123"><input name="x" value="y">"#;
        assert_eq!(hidden_token(page).as_deref(), Some("abc123"));
        assert_eq!(hidden_token("<form></form>"), None);
    }
}
