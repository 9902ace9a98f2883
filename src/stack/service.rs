//! Services of a stack.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Text;
use crate::base::Evidence;

/// A command as arguments; never a shell line.
pub type Command = Vec<String>;

/// The purpose of a service; probes and documents speak of it by role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Web,
    Proxy,
    Database,
    Cache,
    Worker,
    Scheduler,
    /// Runs to its end before the others start.
    Migrate,
    /// Copies static files into a volume, and ends before the site starts.
    Collect,
    /// Copies static files to a storage outside of the stack, and ends before the site starts.
    Upload,
    /// Rebuilds the front end while its sources are edited.
    Assets,
    /// Gets certificates for the proxy and renews them.
    Certificates,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Service {
    pub name: String,
    pub role: Role,
    pub image: ServiceImage,
    /// Replaces the image's command where it is not empty.
    pub command: Command,
    /// Replaces the image's entrypoint where it is not empty.
    pub entrypoint: Command,
    /// Variables set on the service itself; they win over the env file.
    pub environment: BTreeMap<String, Text>,
    /// True if the env file is passed whole.
    pub env_file: bool,
    /// Sorted by service.
    pub depends_on: Vec<DependsOn>,
    /// `None` where it has none of its own and the image's is switched off.
    pub health_check: Option<HealthCheck>,
    pub mounts: Vec<Mount>,
    /// Folders in memory, that a read-only root file system leaves writable.
    pub memory: Vec<Memory>,
    pub ports: Vec<PublishedPort>,
    pub networks: Vec<String>,
    /// By name, of [`super::Stack::secrets`].
    pub secrets: Vec<String>,
    pub user: Option<String>,
    /// Groups that its processes belong to beside their own: that of the host user, who owns files of secrets.
    pub groups: Vec<Text>,
    pub restart: Restart,
    pub init: bool,
    /// Input stays open although nobody types: some programs end with it.
    pub stdin_open: bool,
    pub read_only: bool,
    pub cap_drop_all: bool,
    pub cap_add: Vec<String>,
    pub no_new_privileges: bool,
    /// True if the log is rotated: the `json-file` driver keeps everything by default.
    pub log_rotation: bool,
    /// Seconds.
    pub stop_grace_period: Option<u32>,
    pub stop_signal: Option<String>,
    /// Megabytes (1 048 576 bytes) of memory that the service's processes can share; `None` for the Engine's 64.
    pub shared_memory: Option<u32>,
    pub profiles: Vec<String>,
    pub because: Vec<Evidence>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ServiceImage {
    /// Pulled: `postgres:17-trixie`.
    Named { tag: String },
    /// Built from the project: the [`super::Image::name`]. The first service that uses an image builds it, the
    /// others share it.
    Built { image: String, arguments: Vec<BuildArgument> },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BuildArgument {
    pub name: String,
    pub value: Text,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DependsOn {
    pub service: String,
    pub condition: Condition,
}

/// The state that a service must have reached before those that depend on it start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    Healthy,
    Started,
    CompletedSuccessfully,
}

/// The rule by which a service starts again when its process ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Restart {
    No,
    /// It starts again, also when the machine does, until a person stops it.
    UnlessStopped,
    /// It starts again after a failure, at most so many times.
    OnFailure(u32),
}

/// A folder that is kept in memory, and empty at each start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Memory {
    pub folder: String,
    /// `uid:gid`; `None` for root. A folder in memory does not take over the owner of the one below it.
    pub owner: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HealthCheck {
    /// A command in exec form; where `shell`, one line for `/bin/sh`, in which `$` means a variable of the container.
    pub test: Command,
    pub shell: bool,
    /// Seconds.
    pub interval: u32,
    pub timeout: u32,
    pub retries: u32,
    /// Seconds after the start in which failed checks do not count.
    pub start_period: u32,
    /// Seconds between checks until the first one succeeds within the start period. Engines before 25 know no such thing.
    pub start_interval: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Mount {
    Volume {
        volume: String,
        target: String,
        read_only: bool,
    },
    Bind {
        source: String,
        target: String,
        read_only: bool,
    },
    /// A volume without a name, which hides a folder of a bind mount.
    Anonymous {
        target: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublishedPort {
    /// `127.0.0.1` in dev; `None` for every interface.
    pub interface: Option<String>,
    /// The variable of the env file that names another port of the host, where this one is taken.
    pub variable: String,
    pub published: u16,
    pub container: u16,
}
