//! Which files are written.

use camino::Utf8PathBuf;
use serde::Serialize;

/// A file that render makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Output {
    /// Relative to the folder that the user named.
    pub path: Utf8PathBuf,
    pub kind: OutputKind,
    pub executable: bool,
    /// Why it is written, as a phrase.
    pub because: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum OutputKind {
    /// `Dockerfile`.
    DevDockerfile,
    ProdDockerfile,
    DockerIgnore,
    DevCompose,
    ProdCompose,
    /// `.env`, written once with mode 0600.
    EnvFile,
    EnvExample,
    DevEntrypoint,
    ProdEntrypoint,
    GunicornConfiguration,
    NginxConfiguration,
    /// That of [`super::Plan::overlays`] with this path, verbatim.
    Overlay,
    /// That of [`super::Plan::secret_files`] with this path; written once.
    SecretFile,
    /// The same keys with placeholders, to be committed.
    SecretExample,
    /// `DOCKER.md`.
    Document,
}

/// What no image may hold, beside what is the same for every project (version control, virtual environments,
/// `node_modules`, env files, private keys).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DockerIgnore {
    /// The lines of the `.dockerignore` that the project has already, where djdock may take it over; they stand
    /// first and stay as they are.
    pub existing: Vec<String>,
    /// Of this project, relative to the build context: `STATIC_ROOT`, `MEDIA_ROOT`, database files, secret files.
    pub paths: Vec<Utf8PathBuf>,
    /// What the build needs although a rule leaves it out: the README that a build backend reads, djdock's own
    /// configuration folder.
    pub keep: Vec<Utf8PathBuf>,
}
