//! Images that are built from the project.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use serde::Serialize;

use super::service::{Command, HealthCheck};
use crate::base::Evidence;

/// An image that is built from the project. Images of one Dockerfile share their stages: each lists all of the
/// file's, in order, and `target` says which one it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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

/// The variable that names the tag of built images: another value gives a run images of its own.
/// Without it, the tag is the environment's name.
pub const IMAGE_TAG: &str = "IMAGE_TAG";

/// One stage of a Dockerfile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// `builder`, `assets`, `app`, `nginx`.
    pub name: String,
    /// `python:3.13-slim-trixie`, or the name of an earlier stage.
    pub from: String,
    pub steps: Vec<Step>,
}

/// One instruction of a stage, or a few that belong together. A comment is said by the template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum Step {
    /// Debian packages, sorted, without recommendations; the lists of packages do not stay in the layer.
    SystemPackages {
        packages: Vec<String>,
    },
    /// `ENV`: never a secret.
    Environment {
        variables: BTreeMap<String, String>,
    },
    /// `ARG NAME=default`: never a secret.
    Argument {
        name: String,
        default: String,
    },
    WorkFolder {
        path: String,
    },
    /// Files that are needed to install, copied before the source so that the layer stays cached; they keep
    /// their folders below `to`.
    CopyManifests {
        files: Vec<Utf8PathBuf>,
        to: String,
    },
    /// The package manager's commands, in order, in one layer.
    Install {
        commands: Vec<Command>,
        /// Folders of cache mounts: `/root/.cache/pip`.
        caches: Vec<String>,
        /// Set for these commands alone: which build tools to build with, a version that git would tell.
        variables: BTreeMap<String, String>,
        /// Build secrets that become variables: an index's token. By id; the variable has the same name.
        secrets: Vec<String>,
        /// The ssh agent is forwarded: `--mount=type=ssh`.
        ssh: bool,
    },
    CopySource {
        /// Relative to the build context; `.` for all of it.
        from: String,
        to: String,
    },
    /// A template to where a module is that the project does not hold. Before the source, so that a module that
    /// is there takes its place.
    CopyTemplate {
        /// Relative to the build context.
        from: Utf8PathBuf,
        to: String,
    },
    /// A script of djdock's own: executable for everyone, and with LF line ends whatever the checkout made of it.
    CopyScript {
        from: Utf8PathBuf,
        to: String,
    },
    /// From an earlier stage, or from another image.
    CopyFrom {
        stage: String,
        from: String,
        to: String,
        /// `uid:gid`.
        owner: Option<String>,
    },
    /// Commands in one layer, with variables that are set for them alone.
    Run {
        commands: Vec<Command>,
        variables: BTreeMap<String, String>,
        /// Folders of cache mounts.
        caches: Vec<String>,
        purpose: RunPurpose,
    },
    /// Makes the user, without a password or login shell. Numbers are printed as they are: they may name
    /// build arguments (`${UID}`).
    MakeUser {
        uid: String,
        gid: String,
        name: String,
    },
    /// The user of the rest: `uid:gid`.
    User {
        user: String,
    },
    /// Folders made and owned by the user, so that named volumes inherit the owner.
    OwnedFolders {
        paths: Vec<String>,
        /// The folders in which files lie: they are the user's too, and a new volume starts with them.
        filled: Vec<String>,
        owner: String,
    },
    Expose {
        port: u16,
    },
    Entrypoint {
        argv: Command,
        /// True for the start of a proxy that then ends although connections are open.
        ends_in_time: bool,
    },
    Cmd {
        argv: Command,
    },
    HealthCheck(HealthCheck),
    /// The signal that ends the process kindly: `SIGQUIT` for nginx.
    StopSignal {
        signal: String,
    },
}

/// The purpose of a [`Step::Run`]: the template's comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunPurpose {
    /// Makes the empty virtual environment.
    VirtualEnvironment,
    /// Brings the package manager itself, in the builder only.
    PackageManager,
    /// Takes out of the copied lists what pip would stop at.
    ForeignRequirements,
    /// Imports the C drivers, so that a missing shared library fails the build and not the boot.
    ImportCheck,
    /// Makes static files and collects those that the image holds, and then imports the project for its bytecode where `compiles` is true.
    CollectStatic {
        compiles: bool,
    },
    /// Imports the distributions that every project with this server needs, so that Python keeps the bytecode.
    DistributionBytecode,
    /// Imports the project, so that Python keeps the bytecode.
    ProjectBytecode,
    /// Makes the locales that the code sets.
    Locales,
    /// Fetches what a library would fetch when the site starts.
    Download,
    CompileMessages,
    /// `npm ci`, `npm run build`.
    Frontend,
    /// Puts compressed copies beside static files, so that the proxy need not compress them for each request.
    Compress,
    /// Completes the proxy's own settings.
    ProxySettings,
}
