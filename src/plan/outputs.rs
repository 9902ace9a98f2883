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
    /// The settings module of [`super::Plan::overlay`], verbatim.
    Overlay,
    /// [`super::Plan::secret_files`] under this path; written once.
    SecretFile,
    /// The same keys with placeholders, to be committed.
    SecretExample,
    /// `DOCKER.md`.
    Document,
}
