//! Reverse proxies.

mod caddy;
mod nginx;
mod none;
mod traefik;

use super::configuration::Configuration;
use super::offer::{Listed, Offer};
use crate::stack::Protocol;

impl Listed for Proxy {
    const ALL: &'static [&'static Self] = &[&nginx::NGINX, &caddy::CADDY, &traefik::TRAEFIK, &none::NONE];

    fn offer(&self) -> &Offer {
        &self.offer
    }
}

/// An answer to the question of what stands in front of the app server.
#[derive(Clone, Copy, Debug)]
pub struct Proxy {
    /// The proxy's texts in questions and documents.
    pub offer: Offer,
    /// The way in which the proxy is run; `None` where the app server's own port is published.
    pub run: Option<Run>,
}

/// A program that compresses static files when the image is built.
#[derive(Clone, Copy, Debug)]
pub struct Compressor {
    /// The row of `knowledge/system_packages.toml` that brings the program; `None` where every base image has it.
    pub package: Option<&'static str>,
    /// The command, in exec form, that puts a compressed file beside each file that it is given, with the file's time.
    pub command: &'static [&'static str],
}

/// Compresses as every browser understands. The names and times of files stay out: the same file gives the same bytes.
const GZIP: Compressor =
    Compressor { package: None, command: &["gzip", "--best", "--keep", "--no-name", "--force"] };

impl Proxy {
    /// Tells whether the proxy serves files of a folder.
    pub fn serves_files(&self) -> bool {
        self.run.as_ref().is_some_and(|run| run.serves_files)
    }
}

/// A folder of a proxy whose files are kept.
#[derive(Clone, Copy, Debug)]
pub struct Volume {
    /// The name of the volume in compose files.
    pub name: &'static str,
    /// The folder in the container.
    pub target: &'static str,
    /// The reason why the files are kept, as a phrase.
    pub because: &'static str,
}

/// The way in which a running proxy is told which containers of the app server it may pass requests on to, while others start
/// or end. In the texts, `{service}` stands for the app server's name, and
/// `{port}` for its port.
#[derive(Clone, Copy, Debug)]
pub struct Routing {
    /// The variable from which the proxy's configuration takes the app server whenever it is read.
    pub variable: &'static str,
    /// The variable's usual value: every container of the app server.
    pub usual: &'static str,
    /// The text behind the address of a container.
    pub behind: &'static str,
    /// The text between two containers.
    pub between: &'static str,
    /// The text behind the containers, for the case that none of them is there any more; `None` for a proxy that takes addresses alone.
    pub fallback: Option<&'static str>,
    /// The command in exec form that lets the proxy read its configuration again, with the variable that the command has. Open
    /// requests end as they began.
    pub reload: &'static [&'static str],
    /// Seconds after which no request is passed on as before.
    pub settles: u32,
}

/// The way in which an image starts a proxy that would otherwise wait without end for open connections when it is stopped.
#[derive(Clone, Copy, Debug)]
pub struct EndsInTime {
    /// The image's entrypoint, in exec form.
    pub entrypoint: &'static [&'static str],
    /// The image's command, in exec form.
    pub command: &'static [&'static str],
}

/// Certificates that somebody else gets for a proxy.
#[derive(Clone, Copy, Debug)]
pub struct ReadCertificates {
    /// The folder in the container.
    pub folder: &'static str,
    /// The port inside the container on which the proxy answers HTTPS with them.
    pub port: u16,
}

/// A reverse proxy: the only service with a published port in production. It runs as a user without privileges, with a
/// read-only root file system.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// The name of the service and of the proxy's stage in the Dockerfile.
    pub service: &'static str,
    /// The key of the image in `knowledge/images.toml`, which holds its tags. Never a tag itself: tags age.
    pub image: &'static str,
    /// `uid:gid` of the user that the image's own build makes for the proxy, in numbers: the container starts as this user.
    pub user: &'static str,
    /// The port inside the container; above 1024, because the proxy is not root.
    pub port: u16,
    /// True if the proxy writes a line for each request to the container's log, so that the app server need not.
    pub logs_requests: bool,
    /// The protocols in which the proxy can pass requests on to an app server.
    pub passes: &'static [Protocol],
    /// True if the proxy refuses requests that are larger than its configuration says.
    pub limits_bodies: bool,
    /// True if the proxy can serve files of a folder; false for one that only passes requests on.
    pub serves_files: bool,
    /// The proxy's configuration file.
    pub configuration: Configuration,
    /// The path at which the image looks for the configuration.
    pub configuration_target: &'static str,
    /// Variables of the image that are a part of the proxy's configuration.
    pub environment: &'static [(&'static str, &'static str)],
    /// Commands of the image's build, in exec form.
    pub build: &'static [&'static [&'static str]],
    /// The way in which the proxy learns of containers that start and end; `None` for a proxy that finds out by itself which of
    /// them are healthy.
    pub routing: Option<Routing>,
    /// Formats, beside the file itself, in which the proxy sends static files that were compressed when the image was built: the
    /// programs that make them.
    pub compressors: &'static [Compressor],
    /// Folders that the proxy writes at run time: kept in memory.
    pub writable: &'static [&'static str],
    /// Folders whose files outlive the container, such as those of certificates: each becomes a named volume, and the image
    /// makes the folder with the proxy's user as its owner.
    pub volumes: &'static [Volume],
    /// Capabilities that the container keeps when all others are dropped. Empty for a proxy whose program has none of its own.
    pub capabilities: &'static [&'static str],
    /// The folder and the port of certificates that an entry of [`super::certificates`] gets; `None` for a proxy that reads none.
    /// The proxy must start without them, and take new ones without being told.
    pub reads_certificates: Option<ReadCertificates>,
    /// The port inside the container on which the proxy answers HTTPS, where it can get certificates by itself.
    pub tls_port: Option<u16>,
    /// The variable of the env file that names the site's host, for which the proxy then gets a certificate; `None` for a proxy
    /// that gets none. Until somebody sets the variable, the configuration gets `:PORT`, every name by HTTP.
    pub site_variable: Option<&'static str>,
    /// The path that the proxy answers itself, without the project. No project may have a page there.
    pub health_path: &'static str,
    /// The port on which the proxy answers `health_path`: its usual one, or one for the health check alone.
    pub health_port: u16,
    /// The command of the health check, in exec form: it asks for `health_path` with a program that the image has.
    pub health: &'static [&'static str],
    /// A variable of its container that names one address more whose word on the scheme counts.
    pub trusted_address: &'static str,
    /// The addresses that stand before that one in the variable, with what parts them; empty where the configuration holds them.
    pub trusted_networks: &'static str,
    /// The signal after which the proxy finishes open requests and ends.
    pub stop_signal: &'static str,
    /// The start of a proxy that waits for every open connection, until Docker kills it; `None` for a proxy that ends before.
    pub ends_in_time: Option<EndsInTime>,
    /// Text that the proxy's `Server` header holds: by it a smoke run sees who served a file.
    pub server_header: &'static str,
}
