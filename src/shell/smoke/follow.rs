//! Pages behind redirects: followed as long as they stay within the site.

use super::host::Host;
use super::http::Answer;
use super::links::{Leads, resolve};
use super::setting::Setting;
use super::{django, pages};
use crate::base::Diagnostic;
use crate::plan::probes::Get;
use crate::shell::interrupt::Stopped;

/// More than any login of one site takes.
const REDIRECTS: usize = 8;

/// A page that was reached.
#[derive(Debug)]
pub(super) struct Visit {
    pub path: String,
    pub answer: Answer,
    pub port: u16,
    /// `name=value` of each cookie that was set on the way.
    pub cookies: Vec<String>,
    /// True if it was asked for as a proxy that ends TLS asks, at first or because the site led there.
    pub is_secure: bool,
}

/// The end of a chain of redirects.
#[derive(Debug)]
pub(super) enum Arrived {
    Page(Visit),
    /// `from` redirects to another host.
    Elsewhere {
        from: String,
        to: String,
    },
    Lost(Box<Diagnostic>),
}

/// Asks for `path`, and goes where it redirects to. What is not there, and is below the prefix of the site, is asked for
/// as a proxy asks that takes the prefix off.
pub(super) fn follow(
    setting: &Setting<'_>,
    get: &Get,
    path: &str,
    host: &dyn Host,
) -> Result<Arrived, Stopped> {
    let arrived = walk(setting, get, path, host)?;
    let Arrived::Page(visit) = &arrived else { return Ok(arrived) };
    if visit.answer.status != 404 || visit.path == "/" {
        return Ok(arrived);
    }
    let prefix = django::prefix(setting, host)?;
    match prefix.and_then(|prefix| visit.path.strip_prefix(&prefix).map(|rest| format!("/{rest}"))) {
        Some(inside) => walk(setting, get, &inside, host),
        None => Ok(arrived),
    }
}

/// Follows redirects from `path`. The last answer counts where they do not end.
fn walk(setting: &Setting<'_>, get: &Get, path: &str, host: &dyn Host) -> Result<Arrived, Stopped> {
    let mut get = get.clone();
    let mut path = path.to_owned();
    let mut cookies: Vec<String> = Vec::new();
    let mut redirects = 0;
    loop {
        let (answer, port) = match pages::fetch(setting, &get, &path, host)? {
            Ok(fetched) => fetched,
            Err(diagnostic) => return Ok(Arrived::Lost(Box::new(diagnostic))),
        };
        for (_, value) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let cookie = value.split(';').next().unwrap_or_default().to_owned();
            let name = cookie.split('=').next().unwrap_or_default();
            cookies.retain(|known| known.split('=').next() != Some(name));
            cookies.push(cookie);
        }
        let next = answer.header("location").filter(|_| (300..400).contains(&answer.status));
        let Some(next) = next.filter(|_| redirects < REDIRECTS) else {
            let is_secure = get.forwarded_https;
            return Ok(Arrived::Page(Visit { path, answer, port, cookies, is_secure }));
        };
        redirects += 1;
        match resolve(&path, next, &|name: &str| is_own(&get, name)) {
            Leads::Here(to) => {
                let scheme = next.split("://").next().filter(|_| next.contains("://"));
                let is_secure = scheme.map_or(get.forwarded_https, |scheme| scheme == "https");
                (path, get) = (to, Get { forwarded_https: is_secure, ..get });
            }
            Leads::Elsewhere(to) => return Ok(Arrived::Elsewhere { from: path, to }),
            Leads::Nowhere => return Ok(Arrived::Elsewhere { from: path.clone(), to: next.to_owned() }),
        }
    }
}

/// Tells whether `name`, with or without a port, is the host that `get` asks, or another name of this machine.
pub(super) fn is_own(get: &Get, name: &str) -> bool {
    let bare = |name: &str| name.split(':').next().unwrap_or_default().to_ascii_lowercase();
    [bare(&get.host).as_str(), "localhost", "127.0.0.1"].contains(&bare(name).as_str())
}
