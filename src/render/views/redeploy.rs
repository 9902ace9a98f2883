//! The view of the script that replaces the running containers of a stack.

use camino::Utf8Path;
use serde::Serialize;

use crate::catalog::target::Target;
use crate::stack::{Role, Routing, Stack};

/// `docker/redeploy.sh`.
#[derive(Serialize)]
pub(in crate::render) struct RedeployView<'a> {
    pub comments: bool,
    /// The path of the script as a person types it.
    path: &'a str,
    /// The way from the script's folder to the project's: `..`.
    up: String,
    compose_file: &'a str,
    env_file: &'a str,
    /// The service that runs the project.
    web: &'a str,
    /// True if new containers of that service can run beside the old ones, because no port is published on them.
    beside: bool,
    /// The services that run to their end before the others, separated by spaces; empty where there are none.
    once: String,
    /// The project's services beside these and the proxy: workers, a scheduler.
    others: Vec<&'a str>,
    /// The services of built images whose containers stay.
    built: Vec<&'a str>,
    /// The proxy's service; empty in a stack without one.
    proxy: &'a str,
    routing: Option<RoutingView<'a>>,
}

/// The way in which the proxy learns which containers answer.
#[derive(Serialize)]
struct RoutingView<'a> {
    proxy: &'a str,
    variable: &'a str,
    behind: &'a str,
    between: &'a str,
    fallback: Option<&'a str>,
    reload: String,
    settles: u32,
}

impl<'a> RedeployView<'a> {
    pub(in crate::render) fn new(
        target: &'a Target,
        stack: &'a Stack,
        path: &'a Utf8Path,
        comments: bool,
    ) -> Option<Self> {
        let web = stack.role(Role::Web)?;
        let proxy = stack.role(Role::Proxy).map_or("", |service| service.name.as_str());
        let folders = path.parent().map_or(0, |folder| folder.components().count());
        let up = if folders == 0 { ".".to_owned() } else { vec![".."; folders].join("/") };
        let routing = stack.proxy.as_ref().and_then(|proxy| proxy.routing.as_ref());
        let once = stack.once();
        let others: Vec<&str> = stack
            .built()
            .filter(|service| !matches!(service.role, Role::Web | Role::Proxy))
            .map(|service| service.name.as_str())
            .filter(|name| !once.contains(name))
            .collect();
        let built = stack.built().map(|service| service.name.as_str());
        Some(Self {
            comments,
            path: path.as_str(),
            up,
            compose_file: target.file(stack.environment).as_str(),
            env_file: stack.env_file.as_str(),
            web: &web.name,
            beside: web.ports.is_empty(),
            built: built.filter(|name| !once.contains(name)).collect(),
            once: once.join(" "),
            others,
            proxy,
            routing: routing.map(|routing| RoutingView::new(proxy, routing)),
        })
    }
}

impl<'a> RoutingView<'a> {
    fn new(proxy: &'a str, routing: &'a Routing) -> Self {
        Self {
            proxy,
            variable: &routing.variable,
            behind: &routing.behind,
            between: &routing.between,
            fallback: routing.fallback.as_deref(),
            reload: shell_words::join(&routing.reload),
            settles: routing.settles,
        }
    }
}
