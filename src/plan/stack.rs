//! What will run: the model from which every target is rendered.
//!
//! Everything here is decided. A template prints it, and the parse-back tests compare what was printed with it.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use serde::Serialize;

use crate::base::Evidence;

/// Which of the two stacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    Dev,
    Prod,
}

/// One stack: a compose file and the images that it builds.
#[derive(Clone, Debug, Serialize)]
pub struct Stack {
    pub environment: Environment,
    /// The compose project's name: lower-case letters, digits, `-` and `_`.
    pub name: String,
    pub images: Vec<Image>,
    /// Sorted by name.
    pub services: Vec<Service>,
    /// Named volumes, sorted by name.
    pub volumes: Vec<Volume>,
    pub networks: Vec<Network>,
    /// Compose secrets: files that the project reads and that must not be in the image.
    pub secrets: Vec<Secret>,
    /// What `.env` holds for this stack, in order of printing.
    pub variables: Vec<Variable>,
    /// Secret JSON/INI/… files that the person must provide before the first start.
    pub provided_files: Vec<Utf8PathBuf>,
}

/// An image that is built from the project.
#[derive(Clone, Debug, Serialize)]
pub struct Image {
    /// Its name in messages and tags: `shop-web`.
    pub name: String,
    /// `Dockerfile.prod`.
    pub dockerfile: Utf8PathBuf,
    /// The build stage that is the image; `None` for the last.
    pub target: Option<String>,
    pub stages: Vec<Stage>,
    pub because: Vec<Evidence>,
}

/// One stage of a Dockerfile.
#[derive(Clone, Debug, Serialize)]
pub struct Stage {
    /// `builder`, `assets`, `app`, `static`, `nginx`.
    pub name: String,
    /// `python:3.13-slim-trixie`, or the name of an earlier stage.
    pub from: String,
    pub steps: Vec<Step>,
}

/// One instruction of a stage, or a few that belong together. A comment is said by the template.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum Step {
    /// Sorted names.
    SystemPackages {
        packages: Vec<String>,
    },
    Environment {
        variables: BTreeMap<String, String>,
    },
    WorkFolder {
        path: String,
    },
    /// Files that are needed to install, copied before the source so that the layer stays cached.
    CopyManifests {
        files: Vec<Utf8PathBuf>,
        to: String,
    },
    /// The package manager's commands, in order, each with the cache folders it mounts.
    Install {
        commands: Vec<Command>,
        caches: Vec<String>,
    },
    CopySource {
        from: String,
        to: String,
    },
    CopyFrom {
        stage: String,
        from: String,
        to: String,
    },
    Run {
        commands: Vec<Command>,
        variables: BTreeMap<String, String>,
    },
    User {
        uid: u32,
        gid: u32,
        name: String,
    },
    /// Folders made and owned by the user, so that named volumes inherit the owner.
    OwnedFolders {
        paths: Vec<String>,
    },
    Expose {
        port: u16,
    },
    Entrypoint {
        argv: Vec<String>,
    },
    Cmd {
        argv: Vec<String>,
    },
    HealthCheck(HealthCheck),
}

/// A command as arguments; never a shell line.
pub type Command = Vec<String>;

#[derive(Clone, Debug, Serialize)]
pub struct HealthCheck {
    /// Arguments of `CMD`; for `shell` one argument of `CMD-SHELL`.
    pub test: Vec<String>,
    pub shell: bool,
    /// Seconds.
    pub interval: u32,
    pub timeout: u32,
    pub retries: u32,
    pub start_period: u32,
}

/// What a service is for; probes and documents speak of it by role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Web,
    Proxy,
    Database,
    Cache,
    Broker,
    Worker,
    Scheduler,
    /// Runs to its end before the others start.
    Migrate,
    Assets,
}

#[derive(Clone, Debug, Serialize)]
pub struct Service {
    pub name: String,
    pub role: Role,
    pub image: ServiceImage,
    /// Replaces the image's command where it is not empty.
    pub command: Vec<String>,
    pub entrypoint: Option<Vec<String>>,
    /// Variables set on the service itself; the value may refer to `.env` as `${NAME}`.
    pub environment: BTreeMap<String, String>,
    /// Whether it reads `.env` whole.
    pub env_file: bool,
    pub depends_on: Vec<DependsOn>,
    /// `None` where it has none of its own and the image's is switched off.
    pub health_check: Option<HealthCheck>,
    pub mounts: Vec<Mount>,
    pub tmpfs: Vec<String>,
    pub ports: Vec<PublishedPort>,
    pub networks: Vec<String>,
    pub secrets: Vec<String>,
    pub user: Option<String>,
    pub restart: Option<String>,
    pub init: bool,
    pub read_only: bool,
    pub cap_drop_all: bool,
    pub cap_add: Vec<String>,
    pub no_new_privileges: bool,
    /// Seconds.
    pub stop_grace_period: Option<u32>,
    pub stop_signal: Option<String>,
    pub shm_size: Option<String>,
    pub profiles: Vec<String>,
    pub because: Vec<Evidence>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceImage {
    /// Pulled: `postgres:17-trixie`.
    Named(String),
    /// Built from the project: the [`Image::name`].
    Built(String),
}

#[derive(Clone, Debug, Serialize)]
pub struct DependsOn {
    pub service: String,
    /// `service_healthy`, `service_started` or `service_completed_successfully`.
    pub condition: &'static str,
}

#[derive(Clone, Debug, Serialize)]
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

#[derive(Clone, Debug, Serialize)]
pub struct PublishedPort {
    /// `127.0.0.1` in dev, `0.0.0.0` in prod.
    pub interface: String,
    /// Printed as `${WEB_PORT:-8000}`, so that a taken port can be changed in `.env`.
    pub variable: String,
    pub published: u16,
    pub container: u16,
}

#[derive(Clone, Debug, Serialize)]
pub struct Volume {
    pub name: String,
    pub because: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Network {
    pub name: String,
    /// Without a way out.
    pub internal: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Secret {
    pub name: String,
    /// On the host, relative to the compose file.
    pub file: Utf8PathBuf,
    /// In the container.
    pub target: String,
}

/// A line of `.env`.
#[derive(Clone, Debug, Serialize)]
pub struct Variable {
    pub name: String,
    pub value: VariableValue,
    /// What it is for, as a phrase: printed as a comment.
    pub because: String,
    /// The heading that it stands under: `Django`, `Database`, `E-mail`.
    pub group: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum VariableValue {
    Plain {
        text: String,
    },
    /// Made at random when `.env` is first written, from `[A-Za-z0-9_-]`; `secret` names it, so that two
    /// variables can hold the same one (the database's and the project's view of a password).
    Generated {
        secret: String,
        length: usize,
    },
    /// Text with generated secrets in it: `postgres://app:{secret}@db:5432/app`, as alternating parts.
    Composed {
        parts: Vec<TextPart>,
    },
    /// Only the person can know it: left empty, with a word in `.env.example`.
    Asked {
        example: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextPart {
    Text(String),
    Secret(String),
}
