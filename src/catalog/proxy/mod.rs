//! Reverse proxies.

mod nginx;
mod none;

use super::configuration::Configuration;
use super::offer::{Listed, Offer};
use crate::stack::Protocol;

impl Listed for Proxy {
    const ALL: &'static [&'static Self] = &[&nginx::NGINX, &none::NONE];

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
    /// The protocols in which the proxy can pass requests on to an app server.
    pub passes: &'static [Protocol],
    /// The proxy's configuration file.
    pub configuration: Configuration,
    /// The path at which the image looks for the configuration.
    pub configuration_target: &'static str,
    /// Folders that the proxy writes at run time: kept in memory.
    pub writable: &'static [&'static str],
    /// The path that the proxy answers itself, without the project. No project may have a page there.
    pub health_path: &'static str,
    /// The command of the health check, in exec form: it asks for `health_path` with a program that the image has.
    pub health: &'static [&'static str],
    /// A variable of its container that names one network more whose word on the scheme counts.
    pub trusted_network: &'static str,
    /// The signal after which the proxy finishes open requests and ends.
    pub stop_signal: &'static str,
    /// Text that the proxy's `Server` header holds: by it a smoke run sees who served a file.
    pub server_header: &'static str,
}
