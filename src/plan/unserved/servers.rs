//! Servers that settings look for, and that no container of the stack is: a search, a mail server, a cache of another
//! kind.

use std::collections::BTreeMap;

use super::messages::{self, Lacking};
use crate::base::{Diagnostic, Place};
use crate::check::subject::is_this_machine;
use crate::inspect::search_engines;
use crate::knowledge::servers;
use crate::plan::ground::Ground;
use crate::plan::settle::Settled;
use crate::python::Value;

/// Settings are trees of limited depth; addresses lie near the top.
const DEEPEST: usize = 6;
/// Parts of the names of settings with addresses that browsers see, that are listened on, or that others say more of: the
/// database has its own question, the broker its own message.
const NOT_SERVERS: &[&str] = &[
    "ALLOWED",
    "BASE_URL",
    "BIND",
    "BROKER",
    "CALLBACK",
    "CELERY",
    "CLIENT",
    "CORS",
    "CSRF",
    "DATABASE",
    "DEBUG",
    "DOMAIN",
    "FRONT",
    "INTERNAL_IPS",
    "LISTEN",
    "LOGGING",
    "LOGIN",
    "LOGOUT",
    "MEDIA_URL",
    "ORIGIN",
    "PUBLIC",
    "REDIRECT",
    "REST_FRAMEWORK",
    "ROOT_URL",
    "SERVER_NAME",
    "SITE",
    "SPECTACULAR",
    "STATIC",
    "SWAGGER",
    "TRUSTED",
    "VITE",
    "WEBPACK",
    "APP_URL",
    "WEB_URL",
    "HOST_URL",
    "OIDC_ISSUER",
    "WAGTAILADMIN",
];

/// One warning for each kind of server.
pub(super) fn find(ground: &Ground<'_>, settled: &Settled) -> Vec<Diagnostic> {
    let mut found: BTreeMap<&'static str, Lacking> = BTreeMap::new();
    let mut elsewhere = Vec::new();
    for (name, setting) in &settled.evaluation.settings {
        if NOT_SERVERS.iter().any(|part| name.contains(part)) {
            continue;
        }
        let mut leaves = Vec::new();
        walk(&setting.value, &mut vec![name.clone()], &mut leaves, DEEPEST);
        for (path, text) in leaves {
            let Some(address) = Address::parse(&text) else { continue };
            let is_url = address.port.is_some() || address.scheme.is_some();
            let Some(server) = servers::find(&path, address.scheme, address.port) else { continue };
            if !is_this_machine(address.host) {
                elsewhere.extend((is_url || address.host.contains('.')).then_some(server.name.as_str()));
                continue;
            }
            if is_unused(ground, name) || is_in_stack(ground, &server.name) {
                continue;
            }
            let lacking = found.entry(server.name.as_str()).or_default();
            lacking.places.push((setting.place.clone(), format!("looks for it at `{}`", address.shown())));
            lacking.variable = lacking.variable.take().or_else(|| variable(ground, name));
        }
    }
    for (server, place, reason) in used(ground, settled) {
        if elsewhere.contains(&server) && !is_asked(ground, server) || is_in_stack(ground, server) {
            continue;
        }
        let lacking = found.entry(server).or_default();
        if lacking.places.is_empty() {
            lacking.places.push((place, reason));
            lacking.variable = variable_of(ground, server);
        }
    }
    found.iter().map(|(server, lacking)| messages::not_provided(server, lacking)).collect()
}

/// Tells whether the stack has a service of this server.
fn is_in_stack(ground: &Ground<'_>, server: &str) -> bool {
    ground.other_stores.iter().any(|placed| placed.store.name == server)
}

/// Servers of which facts say that they are used, wherever they are. A search that only variables switch on which the stack does
/// not set is not used.
fn used(ground: &Ground<'_>, settled: &Settled) -> Vec<(&'static str, Place, String)> {
    let facts = ground.facts;
    let searched = search_engines(&settled.evaluation);
    let is_searched = |word: &str| searched.iter().any(|(engine, _)| *engine == word);
    let searches = facts.search_engines.value.iter().zip(&facts.search_engines.evidence);
    let searches = searches.filter(|(word, _)| is_searched(word));
    let caches = facts.cache_backends.value.iter();
    let caches = caches.filter_map(|word| Some((word, facts.cache_backends.evidence.first()?)));
    let all = searches.chain(caches).filter_map(|(word, evidence)| {
        let server = servers::named(word)?;
        Some((server.name.as_str(), evidence.place.clone(), evidence.reason.clone()))
    });
    all.collect()
}

/// Tells whether the setting does nothing: a host of mail where mail goes to no server.
fn is_unused(ground: &Ground<'_>, name: &str) -> bool {
    name.starts_with("EMAIL_") && ground.facts.email_backend.value.as_deref() != Some("smtp")
}

/// Tells whether a variable of the env file, that only a person can fill in, has the address.
fn is_asked(ground: &Ground<'_>, server: &str) -> bool {
    variable_of(ground, server).is_some()
}

/// The variable that a setting reads.
fn variable(ground: &Ground<'_>, name: &str) -> Option<String> {
    let reads = ground.open().get(name)?.reads();
    reads.first().map(|read| read.name.clone())
}

/// The variable that is called after a server.
fn variable_of(ground: &Ground<'_>, server: &str) -> Option<String> {
    let mut variables = ground.facts.variables.value.iter();
    let is_its = |name: &str| {
        servers::find(&[name.to_owned()], None, None).is_some_and(|found| found.name == server)
            && ["URL", "URI", "HOST", "HOSTS", "ADDRESS", "SERVER", "SERVERS", "LOCATION"]
                .iter()
                .any(|end| name.ends_with(end))
    };
    variables.find(|variable| is_its(&variable.name)).map(|variable| variable.name.clone())
}

/// Every text, with the names that lead to it.
fn walk(value: &Value, path: &mut Vec<String>, found: &mut Vec<(Vec<String>, String)>, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::Str(text) => found.push((path.clone(), text.clone())),
        Value::List(items) => items.iter().for_each(|item| walk(item, path, found, depth)),
        Value::Dict(entries) => {
            for (key, value) in entries {
                let Some(key) = key.as_str() else { continue };
                path.push(key.to_owned());
                walk(value, path, found, depth);
                path.pop();
            }
        }
        _ => {}
    }
}

/// The address of a server in a text.
struct Address<'a> {
    scheme: Option<&'a str>,
    host: &'a str,
    port: Option<u16>,
}

impl<'a> Address<'a> {
    /// `None` for a text that is no address.
    fn parse(text: &'a str) -> Option<Self> {
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, text),
        };
        let authority = rest.split(['/', '?', ',']).next()?;
        let host_and_port = if scheme.is_some() { authority.rsplit('@').next()? } else { authority };
        let (host, port) = match host_and_port.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().ok()),
            None => (host_and_port, None),
        };
        let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
        (!host.is_empty() && host.chars().all(is_host)).then_some(Self { scheme, host, port })
    }

    /// Host and port, without what may be a secret.
    fn shown(&self) -> String {
        self.port.map_or_else(|| self.host.to_owned(), |port| format!("{}:{port}", self.host))
    }
}
