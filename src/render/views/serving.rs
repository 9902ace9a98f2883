//! The view of every configuration file of an app server or a reverse proxy.

use serde::Serialize;

use crate::stack::{Certificate, Location, Protocol, Stack};

/// Memory of one worker of a usual Django project.
pub(super) const MEGABYTES_PER_WORKER: u32 = 150;

/// How requests reach the project: the fields of the app server first, then those of the proxy, which are zero or empty in a
/// stack without one.
#[derive(Serialize)]
pub(in crate::render) struct ServingView<'a> {
    pub comments: bool,
    /// `config.wsgi:application`.
    application: &'a str,
    /// True for an ASGI application, which may serve `WebSocket`s.
    asgi: bool,
    /// `0.0.0.0:8000`.
    bind: String,
    /// The number of threads of a worker that has threads.
    threads: u32,
    megabytes_per_worker: u32,
    /// Seconds that a request may take.
    timeout: u32,
    /// Seconds that open requests may take when the server ends: less than Docker waits until it kills.
    graceful_timeout: u32,
    /// Addresses whose `X-Forwarded-*` headers are believed; `*` for all.
    forwarded_allow_ips: &'a str,
    /// The variable of the container that names such an address in a stack without a proxy; empty where there is none.
    trusted_variable: &'a str,
    /// True if Django is to be set up before the ASGI application is imported.
    sets_up: bool,
    /// True if the application is loaded once, before the workers are forked.
    preloads: bool,
    /// True if the app server writes a line for each request.
    logs_requests: bool,
    /// The port on which the app server answers its health check in HTTP.
    server_health_port: u16,
    /// The port of the proxy in its container.
    listen: u16,
    /// The port on which the proxy answers HTTPS; 0 where it does not.
    tls_port: u16,
    upstream_service: &'a str,
    upstream_port: u16,
    /// True if the app server speaks uWSGI's protocol, and not HTTP.
    speaks_uwsgi: bool,
    /// The folders whose files the proxy serves, the longest URL first.
    locations: &'a [Location],
    /// The size of a request's body in megabytes; 0 without a limit.
    body_megabytes: u64,
    /// The size with nginx's unit: `20m`, and `0` without a limit.
    body_size: String,
    /// `/notes`; empty where the site lies at the root.
    prefix: &'a str,
    health_path: &'a str,
    proxy_health_port: u16,
    /// The certificate that another service gets, where one does.
    certificate: Option<&'a Certificate>,
    /// Seconds that the proxy waits for an answer: a little more than the app server allows itself, so that the answer comes
    /// from there.
    proxy_timeout: u32,
}

impl<'a> ServingView<'a> {
    pub(in crate::render) fn new(stack: &'a Stack, comments: bool) -> Self {
        let server = &stack.app_server;
        let proxy = stack.proxy.as_ref();
        let body_megabytes = proxy.and_then(|proxy| proxy.body_megabytes);
        Self {
            comments,
            application: &server.application,
            asgi: server.asgi,
            bind: format!("0.0.0.0:{}", server.port),
            threads: 4,
            megabytes_per_worker: MEGABYTES_PER_WORKER,
            timeout: server.timeout,
            graceful_timeout: server.graceful_timeout,
            forwarded_allow_ips: &server.forwarded_allow_ips,
            trusted_variable: server.trusted_variable.as_deref().unwrap_or_default(),
            // Classes of settings have a setup of their own, and a module that calls it.
            sets_up: server.asgi && !server.application.starts_with("configurations."),
            preloads: server.preloads,
            logs_requests: server.logs_requests,
            listen: proxy.map_or(0, |proxy| proxy.listen),
            upstream_service: proxy.map_or("", |proxy| &proxy.upstream_service),
            upstream_port: proxy.map_or(0, |proxy| proxy.upstream_port),
            speaks_uwsgi: server.protocol == Protocol::Uwsgi,
            locations: proxy.map_or(&[], |proxy| &proxy.locations),
            body_megabytes: body_megabytes.unwrap_or_default(),
            body_size: body_megabytes.map_or_else(|| "0".to_owned(), |size| format!("{size}m")),
            prefix: proxy.and_then(|proxy| proxy.prefix.as_deref()).unwrap_or_default(),
            health_path: proxy.map_or("", |proxy| &proxy.health_path),
            proxy_health_port: proxy.map_or(0, |proxy| proxy.health_port),
            tls_port: proxy.and_then(|proxy| proxy.tls_port).unwrap_or_default(),
            server_health_port: server.health_port,
            certificate: proxy.and_then(|proxy| proxy.certificate.as_ref()),
            proxy_timeout: server.timeout + 5,
        }
    }
}
