//! Views of the app server's and the reverse proxy's configuration.

use serde::Serialize;

use crate::stack::Stack;
use crate::stack::{Location, Proxy, Role};

/// Docker's own patience where a service states none.
const DEFAULT_GRACE: u32 = 10;

/// `gunicorn.conf.py`.
#[derive(Serialize)]
pub(in crate::render) struct GunicornView<'a> {
    pub comments: bool,
    bind: String,
    worker_class: &'a str,
    /// For the worker class that has some.
    threads: Option<u32>,
    megabytes_per_worker: u32,
    timeout: u32,
    /// Less than Docker waits until it kills.
    graceful_timeout: u32,
    forwarded_allow_ips: &'a str,
    /// Django is set up before the ASGI application is imported.
    sets_up: bool,
}

impl<'a> GunicornView<'a> {
    pub(in crate::render) fn new(stack: &'a Stack, comments: bool) -> Self {
        let server = &stack.app_server;
        let grace = stack.role(Role::Web).and_then(|web| web.stop_grace_period).unwrap_or(DEFAULT_GRACE);
        Self {
            comments,
            bind: format!("0.0.0.0:{}", server.port),
            worker_class: &server.worker_class,
            threads: (server.worker_class == "gthread").then_some(4),
            megabytes_per_worker: 150,
            timeout: server.timeout,
            graceful_timeout: grace.saturating_sub(2).max(1),
            forwarded_allow_ips: &server.forwarded_allow_ips,
            // Classes of settings have a setup of their own, and a module that calls it.
            sets_up: server.asgi && !server.application.starts_with("configurations."),
        }
    }
}

/// `nginx/default.conf.template`.
#[derive(Serialize)]
pub(in crate::render) struct NginxView<'a> {
    pub comments: bool,
    listen: u16,
    upstream_service: &'a str,
    upstream_port: u16,
    locations: &'a [Location],
    body_size: &'a str,
    /// `/notes`; empty where the site lies at the root.
    prefix: &'a str,
    health_path: &'a str,
    websockets: bool,
    /// A little more than the app server allows itself, so that the answer comes from there.
    timeout: u32,
}

impl<'a> NginxView<'a> {
    pub(in crate::render) fn new(stack: &'a Stack, proxy: &'a Proxy, comments: bool) -> Self {
        Self {
            comments,
            listen: proxy.listen,
            upstream_service: &proxy.upstream_service,
            upstream_port: proxy.upstream_port,
            locations: &proxy.locations,
            body_size: &proxy.body_size,
            prefix: proxy.prefix.as_deref().unwrap_or_default(),
            health_path: &proxy.health_path,
            websockets: stack.app_server.asgi,
            timeout: stack.app_server.timeout + 5,
        }
    }
}
