//! What a pulled image needs around it: the same for every kind of server.

/// How a server's container is run and known to be ready.
#[derive(Clone, Copy, Debug)]
pub struct Container {
    /// The service in `knowledge::images`.
    pub image: &'static str,
    pub port: u16,
    /// A shell line inside the container; it may use the container's variables.
    pub health: &'static str,
    /// Seconds that the first start may take until failed checks count.
    pub start_period: u32,
    /// Folders that it writes beside its data: kept in memory, because the root file system is read-only.
    pub writable: &'static [&'static str],
    /// What its entrypoint needs to give the data folder to the server's user and to become that user.
    pub capabilities: &'static [&'static str],
    /// Replaces the image's command where it is not empty.
    pub command: &'static [&'static str],
    /// Shared memory, where the 64 MB of the default are known to be too little.
    pub shared_memory: Option<&'static str>,
    /// Seconds that it may need to stop cleanly.
    pub stop_grace_period: Option<u32>,
}

/// What the official images' entrypoints do as root: `chown` the data folder, then `gosu`.
pub const ENTRYPOINT_CAPABILITIES: &[&str] = &["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"];
