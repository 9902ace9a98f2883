//! A project of Channels whose consumer answers what it is sent: the text goes through the proxy and comes back.

use std::path::Path;

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
    let _alone = alone();
    let before = held(&engine);
    djdock(&project, &["smoke", "prod"]);
    assert_eq!(held(&engine), before, "something is left");
}
