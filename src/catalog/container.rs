//! The surroundings that a pulled image of a server needs: of a database as of a store.

/// The way in which a server's container is run, and how its readiness is seen.
///
/// The container runs with a read-only root file system, without capabilities but those named here, and behind no published
/// port. Everything that the image needs beyond that is a field.
#[derive(Clone, Copy, Debug)]
pub struct Container {
    /// The key of the image in `knowledge/images.toml`, which holds its tags. Never a tag itself: tags age.
    pub image: &'static str,
    /// The port inside the container on which clients reach the server.
    pub port: u16,
    /// A shell line that succeeds when the server takes connections from other containers. It runs inside the container
    /// with `/bin/sh` and may use the container's variables and programs of the image, nothing else. It must not
    /// succeed for the temporary server that some images start while they make their data, and must need no password
    /// on its command line.
    pub health: &'static str,
    /// Seconds that the first start may take, with making the data, until failed checks count.
    pub start_period: u32,
    /// Folders that it writes beside its data: kept in memory, because the root file system is read-only.
    pub writable: &'static [&'static str],
    /// Number of the user, and of the group of the same number, that owns these folders; `None` where root owns them, which is
    /// enough for folders that the image lets everybody write into: a folder in memory has the permissions of the one below, and
    /// not its owner.
    pub writer: Option<u32>,
    /// Capabilities that stay when all others are dropped: those with which the entrypoint gives the data folder to the
    /// server's user and becomes that user. Empty for an image that starts as its own user.
    pub capabilities: &'static [&'static str],
    /// The arguments of the server; they replace the image's command if there are any. Exec form: no shell reads them.
    pub command: &'static [&'static str],
    /// Megabytes of `/dev/shm`; `None` for Docker's 64.
    pub shared_memory: Option<u32>,
    /// Seconds between the stop signal and the kill; `None` for Docker's 10 seconds. A database needs the time to end open
    /// transactions.
    pub stop_grace_period: Option<u32>,
}

/// Capabilities of official images whose entrypoints, as root, `chown` the data folder and then call `gosu`
/// (<https://github.com/docker-library/postgres/blob/master/docker-entrypoint.sh>; those of MySQL, MariaDB and Redis do so
/// too).
pub const ENTRYPOINT_CAPABILITIES: &[&str] = &["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"];
