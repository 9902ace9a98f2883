//! A project of Channels whose consumer answers what it is sent: the text goes through the proxy and comes back.

use std::path::Path;
use std::process::Command;

use crate::engine::{alone, engine, held};
use crate::examples::{copy, djdock};

#[test]
#[ignore = "needs a Docker Engine, and minutes"]
fn a_websocket_of_uvicorn_echoes_through_nginx() {
    echoes("uvicorn", "nginx");
}

#[test]
#[ignore = "needs a Docker Engine, and minutes"]
fn a_websocket_of_daphne_echoes_through_nginx() {
    echoes("daphne", "nginx");
}

#[test]
#[ignore = "needs a Docker Engine, and minutes"]
fn a_websocket_of_uvicorn_echoes_through_traefik() {
    echoes("uvicorn", "traefik");
}

/// Plans the project with this server and this proxy, and runs it with its own `smoke.toml`.
fn echoes(server: &str, proxy: &str) {
    let Some(engine) = engine() else { return };
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("echo");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/docker/echo"), &project);
    djdock(&project, &["init", "--yes", "--server", server, "--proxy", proxy]);
    if let Some(image) = image_not_to_be_had(&project) {
        eprintln!("SKIPPED: {server} behind {proxy}: the image `{image}` is not here and cannot be pulled");
        return;
    }
    let _alone = alone();
    let before = held(&engine);
    djdock(&project, &["smoke", "prod"]);
    assert_eq!(held(&engine), before, "something is left");
}

/// Returns the first image that the production images are built from and that is neither on this machine nor to be had from its
/// registry.
fn image_not_to_be_had(project: &Path) -> Option<String> {
    let dockerfile = std::fs::read_to_string(project.join("Dockerfile.prod")).unwrap();
    let images = dockerfile.lines().filter_map(|line| line.strip_prefix("FROM ")?.split_whitespace().next());
    let mut named = images.filter(|image| image.contains(':') && !image.contains('$'));
    let works =
        |words: &[&str]| Command::new("docker").args(words).output().is_ok_and(|run| run.status.success());
    named.find(|image| !works(&["image", "inspect", image]) && !works(&["pull", image])).map(str::to_owned)
}
