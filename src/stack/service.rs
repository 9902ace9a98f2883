//! Services of a compose file.

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
    /// Rebuilds the front end while its sources are edited.
    Assets,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Service {
    pub name: String,
    pub role: Role,
    pub image: ServiceImage,
    /// Replaces the image's command where it is not empty.
    pub command: Command,
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
    pub tmpfs: Vec<String>,
    pub ports: Vec<PublishedPort>,
    pub networks: Vec<String>,
    /// By name, of [`super::Stack::secrets`].
    pub secrets: Vec<String>,
    pub user: Option<String>,
    /// Groups that its processes belong to beside their own: that of the host user, who owns files of secrets.
    pub groups: Vec<Text>,
    /// `unless-stopped`, `on-failure:3`; `None` for "no".
    pub restart: Option<String>,
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
    pub shm_size: Option<String>,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Condition {
    #[serde(rename = "service_healthy")]
    Healthy,
    #[serde(rename = "service_started")]
    Started,
    #[serde(rename = "service_completed_successfully")]
    CompletedSuccessfully,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HealthCheck {
    /// Arguments of `CMD`; where `shell`, one argument of `CMD-SHELL`, in which `$` means a variable of the
    /// container (printed doubled in compose files).
    pub test: Command,
    pub shell: bool,
    /// Seconds.
    pub interval: u32,
    pub timeout: u32,
    pub retries: u32,
    pub start_period: u32,
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
    /// Printed as `${WEB_PORT:-8000}`, so that a taken port can be changed in the env file.
    pub variable: String,
    pub published: u16,
    pub container: u16,
}
