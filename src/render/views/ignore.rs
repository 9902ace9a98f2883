//! The view of `.dockerignore`.

use camino::Utf8PathBuf;
use serde::Serialize;

use crate::plan::{OutputKind, Plan};

#[derive(Serialize)]
pub(in crate::render) struct DockerIgnoreView<'a> {
    existing: &'a [String],
    paths: &'a [Utf8PathBuf],
    /// Dockerfiles and compose files.
    docker_files: Vec<&'a Utf8PathBuf>,
    keep: &'a [Utf8PathBuf],
}

impl<'a> DockerIgnoreView<'a> {
    pub(in crate::render) fn new(plan: &'a Plan) -> Self {
        let is_docker_file = |kind: &OutputKind| {
            matches!(kind, OutputKind::DevDockerfile | OutputKind::ProdDockerfile | OutputKind::Stack { .. })
        };
        let docker_files = plan.outputs.iter().filter(|output| is_docker_file(&output.kind));
        Self {
            existing: &plan.docker_ignore.existing,
            paths: &plan.docker_ignore.paths,
            docker_files: docker_files.map(|output| &output.path).collect(),
            keep: &plan.docker_ignore.keep,
        }
    }
}
