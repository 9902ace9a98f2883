//! The front end: how its packages are installed, and how it is built.

use camino::Utf8PathBuf;
use serde::Serialize;

use crate::base::Place;

/// A JavaScript build whose output the project serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Frontend {
    /// The folder of `package.json`.
    pub dir: Utf8PathBuf,
    /// `npm yarn pnpm bun`.
    pub package_manager: String,
    /// The script's name: `build`.
    pub build_script: String,
    /// The command that builds once, where the script itself only watches.
    #[serde(skip)]
    pub build_command: Option<String>,
    /// The version of the package manager, as npm takes it: what package.json names, else what wrote the lockfile.
    #[serde(skip)]
    pub manager_version: Option<String>,
    /// Folders above with a package.json of their own: Node looks for packages there too. The uppermost first.
    #[serde(skip)]
    pub packages_above: Vec<Utf8PathBuf>,
    /// The workspace that it is a part of: packages of all parts are installed together, at its root.
    #[serde(skip)]
    pub workspace: Option<Workspace>,
    /// True if the lockfile was written when npm put up with packages that want other versions of each other (before npm 7).
    #[serde(skip)]
    pub legacy_peers: bool,
    /// Its bundler asks for a hash that OpenSSL 3 does not offer by itself (webpack before 5).
    #[serde(skip)]
    pub legacy_hashes: bool,
    /// Packages of it that come from git.
    #[serde(skip)]
    pub from_git: FromGit,
    /// The script that makes the files again whenever a source changes.
    #[serde(skip)]
    pub watch_script: Option<String>,
    /// The script that starts the server of Vite, and its port.
    #[serde(skip)]
    pub vite_server: Option<(String, u16)>,
    /// Other folders inside the Django project that have a build of their own.
    #[serde(skip)]
    pub others: Vec<Utf8PathBuf>,
}

/// Programs that fetch packages of a front end beside the registry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FromGit {
    /// The place of the first package that git fetches.
    pub git: Option<Place>,
    /// The first address that only ssh reaches, and where it is.
    pub ssh: Option<(String, Place)>,
}

/// Several packages that share one lockfile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    pub root: Utf8PathBuf,
    /// The folders of its parts, sorted.
    pub members: Vec<Utf8PathBuf>,
}
