//! The services of a stack.

mod assets;
mod body_size;
mod certificates;
mod collect;
mod development;
mod health;
mod prefix;
mod project;
mod proxy;
mod servers;
mod workers;

pub(super) use assets::{assets, package_mounts, styles};
pub(super) use certificates::{certificates, folder as certificates_folder};
pub(super) use collect::{collect, is_needed as collects_at_start};
pub(super) use development::{Development, NAME as ASSETS, development};
pub(super) use health::{health, health_port};
pub(super) use prefix::{is_plain as is_plain_prefix, of as url_prefix};
pub(super) use project::{GRACE_OF_REQUESTS, Shared, migrate, runserver, serve, trusted_variable, web};
pub(super) use proxy::{hashes_names, path as url_path, proxy, routing, static_url_is_unknown};
pub(super) use servers::{database, stores, test_databases};
pub(super) use workers::{command as worker_command, names as worker_names, workers};

use crate::stack::{Condition, DependsOn, HealthCheck, Memory, Restart, Role, Service, ServiceImage};

/// The network that the proxy reaches the project on, and over which the project reaches the world.
pub(super) const FRONT: &str = "front";
/// The network of the database and cache: without a way out.
pub(super) const BACK: &str = "back";

/// Seconds between the health checks of a service that is up: each starts a process in the container.
const REST: u32 = 30;
/// Seconds between its health checks until the first one succeeds: whatever waits for the service waits no longer than needed.
const HASTE: u32 = 1;

/// A service with nothing special about it.
fn plain(name: &str, role: Role, image: ServiceImage) -> Service {
    Service {
        name: name.to_owned(),
        role,
        image,
        command: Vec::new(),
        entrypoint: Vec::new(),
        environment: std::collections::BTreeMap::new(),
        env_file: false,
        depends_on: Vec::new(),
        health_check: None,
        mounts: Vec::new(),
        memory: Vec::new(),
        ports: Vec::new(),
        networks: Vec::new(),
        secrets: Vec::new(),
        user: None,
        groups: Vec::new(),
        restart: Restart::No,
        init: false,
        stdin_open: false,
        read_only: false,
        cap_drop_all: false,
        cap_add: Vec::new(),
        no_new_privileges: false,
        log_rotation: true,
        stop_grace_period: None,
        stop_signal: None,
        shared_memory: None,
        profiles: Vec::new(),
        because: Vec::new(),
    }
}

/// Adds the traits of every service of a production stack: it comes back, and it can do no more than it must.
fn hardened(mut service: Service, is_prod: bool) -> Service {
    service.no_new_privileges = true;
    if is_prod {
        service.read_only = true;
        service.cap_drop_all = true;
    }
    service
}

fn depends(service: &str, condition: Condition) -> DependsOn {
    DependsOn { service: service.to_owned(), condition }
}

/// Returns folders in memory, with `owner` as `uid:gid`; root's without.
fn memory(folders: &[&str], owner: Option<&str>) -> Vec<Memory> {
    let memory = |folder: &&str| Memory { folder: (*folder).to_owned(), owner: owner.map(str::to_owned) };
    folders.iter().map(memory).collect()
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn shell_check(line: &str, start_period: u32) -> HealthCheck {
    HealthCheck {
        test: vec![line.to_owned()],
        shell: true,
        interval: REST,
        timeout: 5,
        retries: 3,
        start_period,
        start_interval: HASTE,
    }
}
