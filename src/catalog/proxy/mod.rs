//! Reverse proxies.

mod nginx;

/// Every one, in the order in which they are offered.
pub const ALL: &[&Proxy] = &[&nginx::NGINX];

/// A reverse proxy, run as a user without privileges.
#[derive(Clone, Copy, Debug)]
pub struct Proxy {
    pub word: &'static str,
    /// The service in `knowledge::images`.
    pub image: &'static str,
    /// `uid:gid` of its user in that image.
    pub user: &'static str,
    /// Above 1024, because it is not root.
    pub port: u16,
    /// The name of its configuration in the project, and where the image looks for it.
    pub configuration: &'static str,
    pub configuration_target: &'static str,
    /// Folders that it writes.
    pub writable: &'static [&'static str],
    /// Where it answers itself, without the project.
    pub health_path: &'static str,
    pub health: &'static [&'static str],
    pub stop_signal: &'static str,
    /// What its `Server` header holds.
    pub server_header: &'static str,
}

/// The proxy called `word` in answers.
pub fn find(word: &str) -> Option<&'static Proxy> {
    ALL.iter().copied().find(|proxy| proxy.word == word)
}
