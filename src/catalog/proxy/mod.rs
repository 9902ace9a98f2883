//! Reverse proxies.

mod nginx;

/// Every one, in the order in which they are offered.
pub const ALL: &[&Proxy] = &[&nginx::NGINX];

/// A reverse proxy: the only service with a published port in production. It runs as a user without privileges, with a
/// read-only root file system.
#[derive(Clone, Copy, Debug)]
pub struct Proxy {
    /// The word in answers, and the name of the service in compose files.
    pub word: &'static str,
    /// The key of the image in `knowledge/images.toml`, which holds its tags. Never a tag itself: tags age.
    pub image: &'static str,
    /// `uid:gid` of the user that the image's own build makes for the proxy, in numbers: the container starts as this user.
    pub user: &'static str,
    /// The port inside the container; above 1024, because the proxy is not root.
    pub port: u16,
    /// The path of the configuration below the project's folder of configuration files; its template has this path below
    /// `templates/proxy/`, with `.tera` at its end.
    pub configuration: &'static str,
    /// The path at which the image looks for the configuration.
    pub configuration_target: &'static str,
    /// Folders that the proxy writes at run time: kept in memory.
    pub writable: &'static [&'static str],
    /// The path that the proxy answers itself, without the project. No project may have a page there.
    pub health_path: &'static str,
    /// The command of the health check, in exec form: it asks for `health_path` with a program that the image has.
    pub health: &'static [&'static str],
    /// The signal after which the proxy finishes open requests and ends.
    pub stop_signal: &'static str,
    /// Text that the proxy's `Server` header holds: by it a smoke run sees who served a file.
    pub server_header: &'static str,
}

/// Returns the proxy called `word` in answers.
pub fn find(word: &str) -> Option<&'static Proxy> {
    ALL.iter().copied().find(|proxy| proxy.word == word)
}
