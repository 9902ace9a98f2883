//! Servers that cannot run the project's application, or that no proxy of the stack can reach.

use super::Refusal;
use crate::catalog::Listed;
use crate::catalog::proxy::Proxy;
use crate::catalog::server::{ByCall, Server};
use crate::choose::answers::BodySize;
use crate::plan::ground::Ground;
use crate::python::Minor;

/// A server of WSGI applications answers no WebSocket, and Django has ASGI applications from 3.0 on:
/// <https://docs.djangoproject.com/en/stable/releases/3.0/#asgi-support>.
pub(super) fn server_of_another_interface(ground: &Ground<'_>) -> Option<Refusal> {
    const FIRST_WITH_ASGI: Minor = Minor(3, 0);
    let (server, asgi) = (ground.answers.server, ground.facts.asgi.value);
    if server.way(asgi).is_some() {
        return None;
    }
    let line = ground.facts.django_version.value.as_deref().and_then(Minor::parse);
    let because = if asgi {
        format!(
            "the project is an ASGI application, and {} runs WSGI applications alone",
            server.offer.label.en
        )
    } else if line.is_some_and(|line| line < FIRST_WITH_ASGI) {
        format!(
            "{} runs ASGI applications alone, which Django has from {FIRST_WITH_ASGI} on",
            server.offer.label.en
        )
    } else {
        return None;
    };
    Some(Refusal { because, nearest: vec![other_server(ground, |other| other.way(asgi).is_some())?] })
}

/// A project without a module that holds the application, and a server that calls no function for it.
pub(super) fn server_without_application(ground: &Ground<'_>) -> Option<Refusal> {
    let (facts, asgi) = (ground.facts, ground.serves_asgi());
    let stated = if asgi { &facts.asgi_application.value } else { &facts.wsgi_application.value };
    let is_refused = |server: &Server| server.way(asgi).is_some_and(|way| way.by_call == ByCall::Refused);
    (stated.is_none() && is_refused(ground.answers.server.entry())).then(|| {
        let file = if asgi { "asgi.py" } else { "wsgi.py" };
        let other = other_server(ground, |other| other.way(asgi).is_some() && !is_refused(other));
        let own = format!("or write `{file}` as `django-admin startproject` does");
        Refusal {
            because: format!(
                "the project has no `{file}` whose application {} could import",
                ground.answers.server.offer.label.en
            ),
            nearest: other.into_iter().chain([own]).collect(),
        }
    })
}

pub(super) fn server_that_the_proxy_cannot_reach(ground: &Ground<'_>) -> Option<Refusal> {
    let passes = ground.answers.proxy.run.as_ref().map(|run| run.passes);
    if ground.answers.server.protocol(passes).is_some() {
        return None;
    }
    let (server, proxy) = (ground.answers.server.offer.label.en, ground.answers.proxy.offer.label.en);
    let asgi = ground.facts.asgi.value;
    let fits = |other: &Server| other.way(asgi).is_some() && other.protocol(passes).is_some();
    Some(Refusal {
        because: format!("{proxy} passes requests on in no protocol that {server} speaks"),
        nearest: other_server(ground, fits).into_iter().collect(),
    })
}

/// Certificates that somebody gets for a proxy that has its own, or for none.
pub(super) fn certificates_that_the_proxy_does_not_read(ground: &Ground<'_>) -> Option<Refusal> {
    let (answers, proxy) = (ground.answers, ground.answers.proxy.entry());
    let certificates = answers.tls.run.as_ref()?;
    let reads = |proxy: &Proxy| proxy.run.as_ref().is_some_and(|run| run.reads_certificates.is_some());
    if reads(proxy) {
        return None;
    }
    let name = proxy.offer.label.en;
    let own = proxy.run.as_ref().and_then(|run| run.site_variable);
    let because = match (&proxy.run, own) {
        (None, _) => "the stack has no proxy that could answer HTTPS".to_owned(),
        (Some(_), Some(_)) => format!("{name} gets its certificates by itself"),
        (Some(_), None) => format!("{name} does not read the certificates of `{}`", certificates.service),
    };
    let alone = own.map(|variable| {
        format!("leave the answer out, and write the site's name into the env file: `{variable}=example.org`")
    });
    let other = Proxy::ALL.iter().find(|proxy| reads(proxy));
    let other = other.map(|other| format!("choose a proxy that reads them: `--proxy {}`", other.word()));
    Some(Refusal { because, nearest: alone.into_iter().chain(other).collect() })
}

/// A limit of a request's size that no proxy of the stack would look at.
pub(super) fn body_size_that_nothing_limits(ground: &Ground<'_>) -> Option<Refusal> {
    let limits = |proxy: &Proxy| proxy.run.as_ref().is_some_and(|run| run.limits_bodies);
    let (answers, proxy) = (ground.answers, ground.answers.proxy.entry());
    if !matches!(answers.body_size, BodySize::Megabytes(_)) || limits(proxy) {
        return None;
    }
    let because = match proxy.run {
        None => {
            "the stack has no proxy that could refuse larger requests; Django limits all but files by itself"
                .to_owned()
        }
        Some(_) => format!("{} lets requests of any size through", proxy.offer.label.en),
    };
    let other = Proxy::ALL.iter().find(|proxy| limits(proxy))?;
    let nearest = vec![
        format!("choose a proxy that limits them: `--proxy {}`", other.word()),
        "or leave the answer out, and set DATA_UPLOAD_MAX_MEMORY_SIZE in the settings".to_owned(),
    ];
    Some(Refusal { because, nearest })
}

/// Returns the flag that chooses the nearest server: one that the project requires, else the first that fits.
fn other_server(ground: &Ground<'_>, fits: impl Fn(&Server) -> bool) -> Option<String> {
    let required = |server: &&Server| server.distributions.iter().any(|name| ground.has_distribution(name));
    let fitting: Vec<&Server> = Server::ALL.iter().copied().filter(|server| fits(server)).collect();
    let nearest = fitting.iter().copied().find(required).or(fitting.first().copied())?;
    Some(format!("choose a server that does: `--server {}`", nearest.word()))
}
