//! The contract of `inspect --json`: one named field per fact.

mod development;
mod frontend;
mod machine;
mod management;
mod manager;
mod queues;
mod stacks;
mod translations;
mod worker;

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use serde::Serialize;

use super::entry_points::EntryPoint;
use super::existing::{Existing, Process};
use crate::base::{Fact, Place};
use crate::knowledge::distributions::{self, Absent, Foreign};
use crate::python::{Evaluation, Specifiers};

pub use self::development::{Development, Offer, OfferKind};
pub use self::frontend::{FromGit, Frontend, Workspace};
pub use self::machine::{Download, Machine, StartedProgram};
pub use self::management::{CommandKind, ManagementCommand};
pub use self::manager::PackageManager;
pub use self::queues::TaskQueue;
pub use self::stacks::{Stacks, UsedStore};
pub use self::translations::Translations;
pub use self::worker::WorkerSettings;

/// All that djdock knows of a project. Field order is the order in JSON.
///
/// Paths are relative to the folder that the user named; dotted names resolve from [`Facts::python_roots`].
#[derive(Clone, Debug, Default, Serialize)]
pub struct Facts {
    /// `manage.py`; `None` where there is none.
    pub manage_py: Fact<Option<Utf8PathBuf>>,
    /// The folder of `manage.py`; `"."` at the root.
    pub project_dir: Fact<Utf8PathBuf>,
    /// The folders from which dotted names resolve, in order.
    pub python_roots: Fact<Vec<Utf8PathBuf>>,
    /// The default `DJANGO_SETTINGS_MODULE` in `manage.py`, dotted.
    pub settings_module: Fact<Option<String>>,
    /// Every settings module, dotted, sorted.
    pub settings_modules: Fact<Vec<String>>,
    /// The module chosen for development, dotted (`module:Class` for class-based settings).
    pub settings_dev: Fact<Option<String>>,
    pub settings_prod: Fact<Option<String>>,
    /// The dotted module that defines `application` (`config.wsgi`).
    pub wsgi_application: Fact<Option<String>>,
    pub asgi_application: Fact<Option<String>>,
    pub package_manager: Fact<PackageManager>,
    /// The files that the production install reads, in order (for a manager with a lock: its manifest).
    pub requirements_files: Fact<Vec<Utf8PathBuf>>,
    pub lock_file: Fact<Option<Utf8PathBuf>>,
    /// The Python that the project states, as a PEP 440 specifier.
    pub python_requirement: Fact<Option<String>>,
    /// The version chosen for the image: `3.13`.
    pub python_version: Fact<Option<String>>,
    /// As written.
    pub django_requirement: Fact<Option<String>>,
    /// Locked or implied, `X.Y`.
    pub django_version: Fact<Option<String>>,
    /// By alias; `default` is always there.
    pub databases: Fact<BTreeMap<String, DatabaseEngines>>,
    /// For production: `redis memcached database file locmem dummy`.
    pub cache_backends: Fact<Vec<String>>,
    /// The value for `celery -A`.
    pub celery_app: Fact<Option<String>>,
    pub celery_beat: Fact<bool>,
    /// `redis amqp sqs memory unknown`.
    pub celery_broker: Fact<Option<String>>,
    /// Every queue that a worker must be told to take from, the default one first; empty where it need not be told.
    pub celery_queues: Fact<Vec<String>>,
    /// Other queues: `rq huey dramatiq django_q procrastinate apscheduler …`.
    pub task_queues: Fact<Vec<String>>,
    pub channels: Fact<bool>,
    /// True if the project must be served by ASGI.
    pub asgi: Fact<bool>,
    pub static_url: Fact<Option<String>>,
    /// Relative to the folder that the user named where it lies inside it, else absolute.
    pub static_root: Fact<Option<String>>,
    pub media_url: Fact<Option<String>>,
    pub media_root: Fact<Option<String>>,
    pub whitenoise: Fact<bool>,
    /// True if any storage of production keeps files with a service; which files is not said by it.
    pub object_storage: Fact<bool>,
    pub frontend: Fact<Option<Frontend>>,
    pub auth_user_model: Fact<Option<String>>,
    /// Every variable that the settings read, sorted by name.
    pub variables: Fact<Vec<Variable>>,
    /// Files that settings read and that are not in the project.
    pub secret_files: Fact<Vec<Utf8PathBuf>>,
    /// For the chosen base image.
    pub system_packages: Fact<SystemPackages>,
    /// As evaluated for production, in order.
    pub installed_apps: Fact<Vec<String>>,
    /// The backend of production's mail: `smtp console file locmem dummy`, else the backend's dotted name.
    pub email_backend: Fact<Option<String>>,
    /// `db cache cached_db file signed_cookies`, else dotted; `None` without sessions.
    pub session_engine: Fact<Option<String>>,
    /// Full-text search beside the database: `elasticsearch opensearch solr meilisearch whoosh …`.
    pub search_engines: Fact<Vec<String>>,
    /// As what it is run elsewhere: a Procfile, supervisor, systemd.
    pub processes: Fact<Vec<Process>>,
    /// Commands of its own that say how it is run: daemons, what a crontab starts, what makes the first account.
    pub management_commands: Fact<Vec<ManagementCommand>>,
    /// Ports that its own files let Django listen on.
    pub ports: Fact<Vec<u16>>,

    // What follows is not part of the JSON contract: it is what choose and plan need beyond it.
    /// Settings that an app demands while Django starts, and where: it raises an error where they hold nothing.
    #[serde(skip)]
    pub demanded_settings: BTreeMap<String, Place>,
    /// A front end that has no script that builds, and one that watches: its [`Frontend::build_command`] builds it.
    #[serde(skip)]
    pub watched_frontend: Fact<Option<Frontend>>,
    /// True if a stack talks to a store, such as Redis, that it can run; the evidence is every use.
    #[serde(skip)]
    pub store: Fact<bool>,
    /// The stacks that do.
    #[serde(skip)]
    pub store_in: Stacks,
    /// Other stores that a stack talks to.
    #[serde(skip)]
    pub other_stores: Vec<UsedStore>,
    /// The queues of [`Facts::task_queues`], with what carries their tasks.
    #[serde(skip)]
    pub queues: Vec<TaskQueue>,
    /// The keeper of the schedule that a command names, where the settings name none: `django_celery_beat.schedulers:DatabaseScheduler`.
    #[serde(skip)]
    pub celery_beat_scheduler: Fact<Option<String>>,
    /// True if the broker's address is written down, and is that of a machine that somebody runs.
    #[serde(skip)]
    pub celery_broker_elsewhere: bool,
    /// True if production's `collectstatic` copies to a service, such as a bucket, and not to a folder.
    #[serde(skip)]
    pub static_on_service: Fact<bool>,
    /// True if the project serves static files itself through WhiteNoise, and does not only keep them in its storage.
    #[serde(skip)]
    pub whitenoise_serves: Fact<bool>,
    /// True if `collectstatic` asks the database, because Django's start does: it cannot run while an image is built.
    #[serde(skip)]
    pub collect_asks_database: Fact<bool>,
    /// Every `manage.py` in the first levels, the most likely first.
    #[serde(skip)]
    pub manage_py_candidates: Vec<Utf8PathBuf>,
    /// Every distribution that the production install brings, as far as it is known, sorted by name.
    #[serde(skip)]
    pub distributions: Vec<Distribution>,
    /// How the production install is done; `None` where nothing states any distribution.
    #[serde(skip)]
    pub install: Option<Install>,
    /// Facts of existing files about how the project runs.
    #[serde(skip)]
    pub existing: Existing,
    /// Things that the code takes from the machine that it runs on.
    #[serde(skip)]
    pub machine: Machine,
    /// Catalogues of translations that images compile.
    #[serde(skip)]
    pub translations: Translations,
    /// A requirements file to make, where the project has none that pip can read.
    #[serde(skip)]
    pub proposed_requirements: Option<ProposedRequirements>,
    /// Modules that are read from a template, as they are not in the project.
    #[serde(skip)]
    pub module_templates: Vec<ModuleTemplate>,
    /// Scripts and modules that read variables before the settings do, or beside them.
    #[serde(skip)]
    pub entry_points: Vec<EntryPoint>,
    /// The settings with which the worker starts, where they are its own.
    #[serde(skip)]
    pub worker_settings: Option<WorkerSettings>,
    /// Settings as evaluated in an open world.
    #[serde(skip)]
    pub evaluated_dev: Evaluation,
    #[serde(skip)]
    pub evaluated_prod: Evaluation,
}

impl Facts {
    /// Tells whether the project has static files to collect, as far as its apps are known.
    pub fn has_static_files(&self) -> bool {
        let mut apps = self.installed_apps.value.iter();
        apps.any(|app| app.starts_with("django.contrib.staticfiles")) || !self.installed_apps.is_known()
    }

    /// Returns the front end that is built: by a script that builds, else by the command of one that watches.
    pub fn built_frontend(&self) -> &Fact<Option<Frontend>> {
        let is_watched = self.frontend.value.is_none() && self.watched_frontend.value.is_some();
        if is_watched { &self.watched_frontend } else { &self.frontend }
    }
}

/// Requirements that the project does not state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedRequirements {
    pub path: Utf8PathBuf,
    pub text: String,
    /// The source of the list: an import of Django, conda's environment.
    pub source: Place,
    /// The place that asks for each distribution.
    pub places: BTreeMap<String, Place>,
    /// Top-level modules that are imported and that no known distribution brings.
    pub unknown: Vec<String>,
    /// Programs and servers of conda's environment, which pip cannot install.
    pub programs: Vec<String>,
}

/// A module that each machine copies from a template (`local.py` from `local.py.example`): git ignores it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleTemplate {
    /// Dotted.
    pub module: String,
    /// The path where the module should be.
    pub path: Utf8PathBuf,
    pub template: Utf8PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DatabaseEngines {
    pub dev: DatabaseEngine,
    pub prod: DatabaseEngine,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DatabaseEngine {
    Sqlite,
    Postgresql,
    Mysql,
    Mariadb,
    Oracle,
    Postgis,
    Spatialite,
    #[default]
    Unknown,
    /// A server of which djdock has none and knows no driver: `MongoDB`, `SQL Server`.
    #[serde(rename = "unknown")]
    Other,
}

impl DatabaseEngine {
    /// Returns the word for the engine in JSON and in the catalog's entries; that of an engine without an entry is empty.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgresql => "postgresql",
            Self::Mysql => "mysql",
            Self::Mariadb => "mariadb",
            Self::Oracle => "oracle",
            Self::Postgis => "postgis",
            Self::Spatialite => "spatialite",
            Self::Unknown | Self::Other => "",
        }
    }
}

/// A variable that the settings read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Variable {
    pub name: String,
    /// The production settings cannot be imported without it.
    pub required: bool,
    /// The settings modules that read it, dotted.
    pub settings: Vec<String>,
    /// The value if unset, if that is known.
    pub default: Option<serde_json::Value>,
    /// The settings that its value goes into: `DATABASES.default.HOST`.
    pub feeds: Vec<String>,
    #[serde(skip)]
    pub place: Option<Place>,
}

/// Debian packages by when they are needed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SystemPackages {
    pub build: Vec<String>,
    pub run: Vec<String>,
}

/// A Python distribution that the project needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distribution {
    /// Normalised (PEP 503): `psycopg2-binary`.
    pub name: String,
    /// Locked or pinned.
    pub version: Option<String>,
    /// As written, where it is a direct requirement.
    pub specifier: Option<String>,
    pub extras: Vec<String>,
    pub source: DistributionSource,
    /// Stated by the project itself, not only brought by another one.
    pub direct: bool,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DistributionSource {
    Index,
    /// `git+https`, `git+ssh`, `hg+…`: the address as written.
    Vcs(String),
    Url(String),
    /// A folder or file of the project, relative to it.
    Local(Utf8PathBuf),
}

/// Everything needed to write the commands that install the project's distributions for production.
///
/// Paths are relative to the folder that the user named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Install {
    /// The manager that runs: pip if requirements were exported from another manager's manifest that has no lockfile.
    ///
    /// [`PackageManager::Setuptools`] means the requirements of `pyproject.toml`, `setup.cfg` or `setup.py`:
    /// `pip install .` where [`Install::installs_project`], else only what they state. uv for `pylock.toml`, which
    /// then is in [`Install::requirement_files`].
    pub manager: PackageManager,
    /// The folder in which the manager is started: that of its manifest.
    pub folder: Utf8PathBuf,
    /// Files to copy into the image before installing, sorted: manifests, lockfile, every file that `-r` and
    /// `-c` lead to, the manifests of workspace members, the README where a build backend reads it.
    pub manifests: Vec<Utf8PathBuf>,
    /// Folders and archives of the project that are installed as distributions, to be copied whole before
    /// installing.
    pub local_packages: Vec<Utf8PathBuf>,
    /// For pip, and uv with `pylock.toml`: the arguments of `-r`, in order.
    pub requirement_files: Vec<Utf8PathBuf>,
    pub lock: Option<Utf8PathBuf>,
    /// Dependency groups (PEP 735, Poetry, PDM) that production needs beside the main ones, sorted.
    pub groups: Vec<String>,
    /// Groups that the manager installs unless told otherwise and that production does not need, sorted.
    pub unneeded_groups: Vec<String>,
    /// Optional dependencies of the project that production needs, sorted.
    pub extras: Vec<String>,
    /// The project itself is installed as a distribution and its code must be there: `pip install .`.
    pub installs_project: bool,
    /// A requirement is fetched with git.
    pub needs_git: bool,
    /// A requirement is fetched over ssh: `--mount=type=ssh`.
    pub needs_ssh: bool,
    /// Addresses of further package indexes, without credentials.
    pub indexes: Vec<String>,
    /// Variables that the manifests name and the install reads: `${PRIVATE_TOKEN}` in an index address.
    pub variables: Vec<String>,
    /// The version of the manager that the project asks for, as a PEP 440 specifier.
    pub tool_requirement: Option<String>,
    /// The version of the lockfile's format, where it decides which versions of the manager can read it.
    pub lock_version: Option<String>,
    /// The lock lacks what later versions of its manager compare with the manifest.
    pub has_old_lock: bool,
    /// The version of the manager that wrote the lockfile, where it says so.
    pub lock_written_by: Option<String>,
    /// Every requirement carries a hash, so pip must not be given one without.
    pub hashes: bool,
    /// Distributions that are to be compiled although they have wheels: `--no-binary`.
    pub no_binary: Vec<String>,
    /// Variables that stand for a version which a build backend would read from git: no image holds a repository.
    pub pretended_versions: BTreeMap<String, String>,
    pub development: Development,
}

impl Install {
    /// Tells whether lines can be taken out of the copy of the requirements that images install from: a line with a hash goes
    /// on in the next one, and other managers read no plain list.
    pub fn can_leave_lines_out(&self) -> bool {
        self.manager == PackageManager::Pip && !self.hashes
    }
}

impl Distribution {
    /// Returns the table row for the distribution if Linux has none of that name.
    pub fn foreign(&self) -> Option<&'static Foreign> {
        self.is_asked_for_by_name().then(|| distributions::foreign(&self.name)).flatten()
    }

    /// Returns the table row for the distribution if the index has nothing to install for what is required.
    pub fn absent(&self) -> Option<&'static Absent> {
        let wanted = match (&self.version, &self.specifier) {
            (Some(version), _) => Specifiers::parse_exact(version),
            (None, written) => Specifiers::parse(written.as_deref().unwrap_or("*")),
        };
        let wanted = wanted.filter(|_| self.is_asked_for_by_name())?;
        distributions::absent(&self.name, &wanted)
    }

    fn is_asked_for_by_name(&self) -> bool {
        self.direct && self.source == DistributionSource::Index
    }
}
