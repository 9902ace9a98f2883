//! Services of the sample.

use std::collections::BTreeMap;

use super::images::health_check;
use super::texts::{because, names};
use crate::stack::{
    Condition, DependsOn, HealthCheck, Memory, Mount, Restart, Role, Service, ServiceImage, Text,
};

pub(super) fn service(name: &str, role: Role, image: ServiceImage) -> Service {
    Service {
        name: name.into(),
        role,
        image,
        command: Vec::new(),
        entrypoint: Vec::new(),
        environment: BTreeMap::new(),
        env_file: false,
        depends_on: Vec::new(),
        health_check: None,
        mounts: Vec::new(),
        memory: memory("/tmp", None),
        ports: Vec::new(),
        networks: names("inner"),
        secrets: Vec::new(),
        user: None,
        groups: Vec::new(),
        restart: Restart::UnlessStopped,
        init: true,
        stdin_open: true,
        read_only: true,
        cap_drop_all: true,
        cap_add: Vec::new(),
        no_new_privileges: true,
        log_rotation: true,
        stop_grace_period: None,
        stop_signal: None,
        shared_memory: None,
        profiles: Vec::new(),
        because: because(),
    }
}

pub(super) fn memory(folders: &str, owner: Option<&str>) -> Vec<Memory> {
    let memory = |folder| Memory { folder, owner: owner.map(str::to_owned) };
    names(folders).into_iter().map(memory).collect()
}

pub(super) fn built(image: &str) -> ServiceImage {
    ServiceImage::Built { image: image.into(), arguments: Vec::new() }
}

pub(super) fn after(service: &str, condition: Condition) -> DependsOn {
    DependsOn { service: service.into(), condition }
}

pub(super) fn database() -> Service {
    Service {
        entrypoint: names("docker-entrypoint.sh"),
        environment: BTreeMap::from([
            ("POSTGRES_DB".to_owned(), Text::known("shop")),
            ("POSTGRES_PASSWORD".to_owned(), Text::variable("POSTGRES_PASSWORD")),
            ("POSTGRES_USER".to_owned(), Text::known("shop")),
        ]),
        health_check: Some(HealthCheck {
            test: vec![
                "pg_isready --host=127.0.0.1 --username=\"$POSTGRES_USER\" --dbname=\"$POSTGRES_DB\"".into(),
            ],
            shell: true,
            ..health_check()
        }),
        mounts: vec![Mount::Volume {
            volume: "database".into(),
            target: "/var/lib/postgresql/data".into(),
            read_only: false,
        }],
        memory: memory("/tmp /var/run/postgresql", None),
        cap_add: names("CHOWN DAC_OVERRIDE FOWNER SETGID SETUID"),
        shared_memory: Some(128),
        stop_grace_period: Some(30),
        ..service("db", Role::Database, ServiceImage::Named { tag: "postgres:17-trixie".into() })
    }
}

pub(super) fn web(image: &str) -> Service {
    let url =
        Text::known("postgres://shop:").then(Text::variable("POSTGRES_PASSWORD")).then_known("@db:5432/shop");
    Service {
        environment: BTreeMap::from([
            ("DATABASE_URL".to_owned(), url),
            ("DJANGO_SETTINGS_MODULE".to_owned(), Text::known("config.settings.prod")),
        ]),
        env_file: true,
        depends_on: vec![after("db", Condition::Healthy), after("migrate", Condition::CompletedSuccessfully)],
        health_check: Some(health_check()),
        mounts: vec![Mount::Volume { volume: "media".into(), target: "/app/media".into(), read_only: false }],
        secrets: names("settings"),
        networks: names("inner outer"),
        stop_grace_period: Some(20),
        ..service("web", Role::Web, built(image))
    }
}
