//! How the project is started and reached.

use serde::Serialize;

use super::Command;

/// The protocol between a proxy and an app server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    Http,
    /// The binary protocol of uWSGI: <https://uwsgi-docs.readthedocs.io/en/latest/Protocol.html>.
    Uwsgi,
}

/// The app server: the import string and where it listens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AppServer {
    /// `config.wsgi:application`.
    pub application: String,
    /// True if that is an ASGI application: its requests may become `WebSocket`s.
    pub asgi: bool,
    /// The protocol in which the port is answered.
    pub protocol: Protocol,
    /// On every interface of the container.
    pub port: u16,
    /// The port on which the server answers its health check in HTTP.
    pub health_port: u16,
    /// Seconds that a request may take.
    pub timeout: u32,
    /// Seconds that open requests may take when the server ends: less than until the kill.
    pub graceful_timeout: u32,
    /// True if the application is loaded once, before the workers are forked.
    pub preloads: bool,
    /// True if the server writes a line for each request: nothing in front of it does.
    pub logs_requests: bool,
    /// Addresses whose `X-Forwarded-*` headers are believed: `*` where only the proxy can reach the port.
    pub forwarded_allow_ips: String,
    /// The variable that names such an address in a stack without a proxy; `None` where the server looks at none.
    pub trusted_variable: Option<String>,
}

/// The work of the entrypoint before it becomes the command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Entrypoint {
    /// Templates that are copied where the bind mount lacks the module. Images hold the copies themselves.
    pub templates: Vec<TemplateCopy>,
    /// Servers that must accept connections first, each with a bounded number of tries.
    pub wait_for: Vec<WaitFor>,
    /// The variable that is set to a number of workers fitting the container's limits, unless somebody sets it: `WEB_CONCURRENCY`.
    /// `None` where the app server counts by itself.
    pub workers_variable: Option<String>,
}

/// A template and the module that it is copied to; absolute paths in the container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TemplateCopy {
    pub from: String,
    pub to: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum WaitFor {
    Address {
        host: String,
        port: u16,
    },
    /// The address is in variables: a database outside the stack.
    Variables {
        host: String,
        /// A variable, where the project reads one.
        port: Option<String>,
        default_port: u16,
    },
    /// A URL in a variable.
    Url {
        variable: String,
        default_port: u16,
    },
}

/// The reverse proxy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proxy {
    /// In its container; above 1024, because it is not root.
    pub listen: u16,
    pub upstream_service: String,
    pub upstream_port: u16,
    /// The locations that the proxy serves itself, the longest URL first.
    pub locations: Vec<Location>,
    /// The size of a request's body at most, in megabytes of 1 048 576 bytes; `None` without a limit.
    pub body_megabytes: Option<u64>,
    /// The path below which the whole site lies, and which is taken off before the project or a file answers: `/notes`.
    pub prefix: Option<String>,
    /// The path of the proxy's own health check.
    pub health_path: String,
    /// The port of the proxy's own health check.
    pub health_port: u16,
    /// The port on which the proxy answers HTTPS, where it can get certificates.
    pub tls_port: Option<u16>,
    /// The variable of the env file that names the host for which the proxy gets a certificate.
    pub site_variable: Option<String>,
    /// The way in which the proxy learns which containers answer.
    pub routing: Option<Routing>,
    /// The certificate that another service gets.
    pub certificate: Option<Certificate>,
}

/// The way in which a running proxy is told which containers of the app server it may pass requests on to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Routing {
    /// The variable from which the proxy's configuration takes the app server.
    pub variable: String,
    /// The variable's usual value: every container of the app server.
    pub usual: String,
    /// The text behind the address of a container: the port, and options.
    pub behind: String,
    /// The text between two containers.
    pub between: String,
    /// The text behind the last container, for the case that none of them is there any more, where the proxy takes one.
    pub fallback: Option<String>,
    /// Lets the proxy read its configuration again.
    pub reload: Command,
    /// Seconds after which no request is passed on as before.
    pub settles: u32,
}

/// Files of a certificate in the proxy's container, which are not there until the first certificate is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Certificate {
    /// The certificate with those between it and the authority.
    pub chain: String,
    pub key: String,
    /// The folder whose files the authority asks for.
    pub webroot: String,
    /// The Compose profile of the service that gets the certificate.
    pub profile: String,
}

/// A URL prefix and the folder whose files answer it; both end in `/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Location {
    pub url: String,
    pub folder: String,
    /// File names change with their contents, so browsers may keep them for good.
    pub immutable: bool,
    /// True if compressed copies may lie beside the files, which never change while the proxy runs.
    pub compressed: bool,
    /// Uploaded by people: never to be run or rendered as a page of this site.
    pub uploaded: bool,
}
