//! The view of a compose file.

use camino::Utf8Path;
use serde::Serialize;

use crate::catalog::target::{Act, Target};
use crate::stack::{
    Condition, DependsOn, HealthCheck, IMAGE_TAG, Memory, Mount, Network, PublishedPort, Restart, Service,
    ServiceImage, Stack, Text, TextPart,
};

/// `compose.yaml`, `compose.prod.yaml`.
#[derive(Serialize)]
pub(in crate::render) struct ComposeView<'a> {
    pub comments: bool,
    name: &'a str,
    /// The command that starts it.
    up: String,
    log_rotation: bool,
    services: Vec<ServiceView<'a>>,
    networks: &'a [Network],
    volumes: Vec<&'a str>,
    secrets: Vec<SecretView<'a>>,
}

#[derive(Serialize)]
struct ServiceView<'a> {
    /// The purpose and the reason, as a phrase; empty if the name says it all.
    why: String,
    name: &'a str,
    image: String,
    /// True if the image is made here, whoever builds it.
    built: bool,
    build: Option<BuildView<'a>>,
    depends_on: Vec<Dependency<'a>>,
    mounts: Vec<String>,
    secrets: Vec<ServiceSecret<'a>>,
    environment: Vec<Setting<'a>>,
    env_file: Option<&'a str>,
    ports: Vec<String>,
    networks: &'a [String],
    command: &'a [String],
    entrypoint: &'a [String],
    restart: String,
    health_check: Option<HealthCheckView<'a>>,
    log_rotation: bool,
    user: Option<&'a str>,
    groups: Vec<String>,
    cap_add: &'a [String],
    cap_drop_all: bool,
    init: bool,
    stdin_open: bool,
    profiles: &'a [String],
    read_only: bool,
    no_new_privileges: bool,
    shm_size: Option<String>,
    stop_grace_period: Option<u32>,
    stop_signal: Option<&'a str>,
    tmpfs: Vec<String>,
}

#[derive(Serialize)]
struct Dependency<'a> {
    service: &'a str,
    condition: &'static str,
}

impl<'a> Dependency<'a> {
    fn new(dependency: &'a DependsOn) -> Self {
        let condition = match dependency.condition {
            Condition::Healthy => "service_healthy",
            Condition::Started => "service_started",
            Condition::CompletedSuccessfully => "service_completed_successfully",
        };
        Self { service: &dependency.service, condition }
    }
}

#[derive(Serialize)]
struct BuildView<'a> {
    dockerfile: &'a Utf8Path,
    target: Option<&'a str>,
    arguments: Vec<Setting<'a>>,
}

/// A value in which compose puts variables.
#[derive(Serialize)]
struct Setting<'a> {
    name: &'a str,
    value: String,
}

#[derive(Serialize)]
struct HealthCheckView<'a> {
    /// `CMD` or `CMD-SHELL`.
    kind: &'static str,
    test: &'a [String],
    interval: u32,
    timeout: u32,
    retries: u32,
    start_period: u32,
    start_interval: u32,
}

#[derive(Serialize)]
struct ServiceSecret<'a> {
    source: &'a str,
    target: &'a str,
}

#[derive(Serialize)]
struct SecretView<'a> {
    name: &'a str,
    file: String,
}

impl<'a> ComposeView<'a> {
    pub(in crate::render) fn new(target: &Target, stack: &'a Stack, comments: bool) -> Self {
        Self {
            comments,
            name: &stack.name,
            up: target.command(stack, Act::Run),
            log_rotation: stack.services.iter().any(|service| service.log_rotation),
            services: stack.services.iter().map(|service| ServiceView::new(stack, service)).collect(),
            networks: &stack.networks,
            volumes: stack.volumes.iter().map(|volume| volume.name.as_str()).collect(),
            secrets: stack
                .secrets
                .iter()
                .map(|secret| SecretView { name: &secret.name, file: here(secret.file.as_str()) })
                .collect(),
        }
    }
}

impl<'a> ServiceView<'a> {
    fn new(stack: &'a Stack, service: &'a Service) -> Self {
        Self {
            why: why(service),
            name: &service.name,
            image: image(stack, &service.image),
            built: matches!(service.image, ServiceImage::Built { .. }),
            build: build(stack, service),
            depends_on: service.depends_on.iter().map(Dependency::new).collect(),
            mounts: service.mounts.iter().map(mount).collect(),
            secrets: stack
                .secrets
                .iter()
                .filter(|secret| service.secrets.contains(&secret.name))
                .map(|secret| ServiceSecret { source: &secret.name, target: &secret.target })
                .collect(),
            environment: settings(service.environment.iter()),
            env_file: service.env_file.then_some(stack.env_file.as_str()),
            ports: service.ports.iter().map(port).collect(),
            networks: &service.networks,
            command: &service.command,
            entrypoint: &service.entrypoint,
            restart: restart(service.restart),
            health_check: service.health_check.as_ref().map(HealthCheckView::new),
            log_rotation: service.log_rotation,
            user: service.user.as_deref(),
            groups: service.groups.iter().map(interpolated).collect(),
            cap_add: &service.cap_add,
            cap_drop_all: service.cap_drop_all,
            init: service.init,
            stdin_open: service.stdin_open,
            profiles: &service.profiles,
            read_only: service.read_only,
            no_new_privileges: service.no_new_privileges,
            shm_size: service.shared_memory.map(|megabytes| format!("{megabytes}m")),
            stop_grace_period: service.stop_grace_period,
            stop_signal: service.stop_signal.as_deref(),
            tmpfs: service.memory.iter().map(tmpfs).collect(),
        }
    }
}

impl<'a> HealthCheckView<'a> {
    fn new(check: &'a HealthCheck) -> Self {
        Self {
            kind: if check.shell { "CMD-SHELL" } else { "CMD" },
            test: &check.test,
            interval: check.interval,
            timeout: check.timeout,
            retries: check.retries,
            start_period: check.start_period,
            start_interval: check.start_interval,
        }
    }
}

fn why(service: &Service) -> String {
    let evidence = service.because.first();
    evidence.map(|evidence| format!("{} ({})", evidence.reason, evidence.place)).unwrap_or_default()
}

/// The tag; for a built image, a variable whose default keeps the two stacks apart.
fn image(stack: &Stack, image: &ServiceImage) -> String {
    match image {
        ServiceImage::Named { tag } => escaped(tag),
        ServiceImage::Built { image, .. } => {
            format!("{}:${{{IMAGE_TAG}:-{}}}", escaped(image), stack.environment.word())
        }
    }
}

/// The first service that uses an image builds it; the others only name it.
fn build<'a>(stack: &'a Stack, service: &'a Service) -> Option<BuildView<'a>> {
    let ServiceImage::Built { image: name, arguments } = &service.image else { return None };
    let uses =
        |service: &&Service| matches!(&service.image, ServiceImage::Built { image, .. } if image == name);
    let first = stack.services.iter().find(uses)?;
    let image = stack.images.iter().find(|image| image.name == *name)?;
    (first.name == service.name).then(|| BuildView {
        dockerfile: &image.dockerfile,
        target: image.target.as_deref(),
        arguments: settings(arguments.iter().map(|argument| (&argument.name, &argument.value))),
    })
}

fn settings<'a>(values: impl Iterator<Item = (&'a String, &'a Text)>) -> Vec<Setting<'a>> {
    values.map(|(name, value)| Setting { name, value: interpolated(value) }).collect()
}

fn mount(mount: &Mount) -> String {
    let mode = |read_only: bool| if read_only { ":ro" } else { "" };
    match mount {
        Mount::Volume { volume, target, read_only } => {
            format!("{}:{}{}", escaped(volume), escaped(target), mode(*read_only))
        }
        Mount::Bind { source, target, read_only } => {
            format!("{}:{}{}", escaped(&here(source)), escaped(target), mode(*read_only))
        }
        Mount::Anonymous { target } => escaped(target),
    }
}

fn restart(restart: Restart) -> String {
    match restart {
        Restart::No => "no".to_owned(),
        Restart::UnlessStopped => "unless-stopped".to_owned(),
        Restart::OnFailure(times) => format!("on-failure:{times}"),
    }
}

fn tmpfs(memory: &Memory) -> String {
    let folder = escaped(&memory.folder);
    match memory.owner.as_ref().and_then(|owner| owner.split_once(':')) {
        Some((uid, gid)) => format!("{folder}:uid={uid},gid={gid}"),
        None => folder,
    }
}

fn port(port: &PublishedPort) -> String {
    let interface = port.interface.as_deref().unwrap_or("0.0.0.0");
    format!("{interface}:${{{}:-{}}}:{}", port.variable, port.published, port.container)
}

/// Returns the text that compose reads as `text`: its variables put in, its dollars kept.
pub(super) fn interpolated(text: &Text) -> String {
    let part = |part: &TextPart| match part {
        TextPart::Known { text } => escaped(text),
        TextPart::Variable { name } => format!("${{{name}}}"),
        TextPart::VariableOr { name, text } => format!("${{{name}:-{}}}", escaped(text)),
    };
    text.0.iter().map(part).collect()
}

fn escaped(text: &str) -> String {
    text.replace('$', "$$")
}

/// A path beside the compose file as compose wants it where a name without a slash would be a volume.
fn here(path: &str) -> String {
    if path.starts_with(['.', '/', '~']) && path != "." && !is_hidden(path) {
        path.to_owned()
    } else if path == "." {
        ".".to_owned()
    } else {
        format!("./{path}")
    }
}

/// `.secrets/a.json`, but not `./a` or `../a`.
fn is_hidden(path: &str) -> bool {
    path.starts_with('.') && !path.starts_with("./") && !path.starts_with("../")
}
