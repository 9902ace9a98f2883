//! One service of a compose file.

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value as Json;

use crate::base::path;
use crate::check::command_line::{SimpleCommand, shell_commands, simple_commands};
use crate::check::dockerfile::Dockerfile;

/// A service, as far as rules ask.
#[derive(Debug)]
pub struct Service {
    pub name: String,
    pub image: Option<String>,
    pub builds: bool,
    /// The Dockerfile that it is built from, by path, and the stage of it where not the last one.
    pub dockerfile: Option<Utf8PathBuf>,
    pub target: Option<String>,
    /// The folder of the project that the image is built from.
    pub context: Option<Utf8PathBuf>,
    /// `entrypoint` and `command`, as the commands that they run.
    pub commands: Vec<SimpleCommand>,
    /// How many of `commands` are of `entrypoint`; `None` where the image's own is kept.
    pub entrypoint: Option<usize>,
    /// `command` is said, so the image's own is not run.
    pub says_command: bool,
    pub working_folder: Option<String>,
    pub ports: Vec<String>,
    /// Something is mounted, or lies in memory, or comes from another service.
    pub has_mounts: bool,
    /// It mounts what another container mounts: `volumes_from`.
    pub borrows_mounts: bool,
    /// `host:container` or `volume:container`.
    pub mounts: Vec<String>,
    pub environment: Vec<(String, Option<String>)>,
    /// Paths of env files that must be there, as written.
    pub env_files: Vec<String>,
    /// The command of the service's own health check; `None` if there is none.
    pub health_check: Option<Vec<SimpleCommand>>,
    /// It is started again, or it is said that it is not.
    pub says_restart: bool,
    /// Started only when it is named.
    pub has_profiles: bool,
    pub has_links: bool,
    /// It runs as somebody else than the image says.
    pub says_user: bool,
    /// The host's network, or another container's.
    pub shares_network: bool,
    /// Services that it only waits to see started.
    pub waits_for_start_of: Vec<String>,
    /// Every service that it depends on, in either form.
    pub depends_on: Vec<String>,
    pub networks: Vec<String>,
    /// Other names by which containers reach it: aliases in networks, `hostname`, `container_name`.
    pub other_names: Vec<String>,
    /// Names that it knows beside services: `extra_hosts`, `links` with a name of their own.
    pub known_hosts: Vec<String>,
    /// A part of it stands in another service: `extends`.
    pub extends: bool,
    /// One that no variable decides.
    pub container_name: Option<String>,
    /// Keys that no service has and volumes do.
    pub looks_like_volumes: bool,
}

/// Returns the service `name` of the compose file at `path`.
pub(super) fn read(path: &Utf8Path, name: &str, service: &Json) -> Service {
    let text = |key: &str| service.get(key).and_then(Json::as_str).map(str::to_owned);
    let mut commands = commands(service.get("entrypoint"));
    let of_entrypoint = commands.len();
    commands.extend(self::commands(service.get("command")));
    Service {
        name: name.to_owned(),
        image: text("image"),
        builds: service.get("build").is_some(),
        dockerfile: service.get("build").and_then(|build| dockerfile(path, build)),
        target: service
            .get("build")
            .and_then(|build| build.get("target"))
            .and_then(Json::as_str)
            .map(str::to_owned),
        context: service.get("build").and_then(|build| context(path, build)),
        commands,
        entrypoint: service
            .get("entrypoint")
            .filter(|entrypoint| !entrypoint.is_null())
            .map(|_| of_entrypoint),
        says_command: service.get("command").is_some_and(|command| !command.is_null()),
        working_folder: text("working_dir"),
        ports: texts(service.get("ports")),
        has_mounts: ["volumes", "tmpfs", "volumes_from", "extends"]
            .iter()
            .any(|key| service.get(key).is_some()),
        borrows_mounts: service.get("volumes_from").is_some() || service.get("extends").is_some(),
        mounts: mounts(service.get("volumes")),
        environment: environment(service.get("environment")),
        env_files: env_files(service.get("env_file")),
        health_check: service.get("healthcheck").map(|check| health_check(check.get("test"))),
        says_restart: service.get("restart").is_some()
            || service.get("deploy").is_some_and(|deploy| deploy.get("restart_policy").is_some())
            || service.get("extends").is_some(),
        has_profiles: service.get("profiles").is_some(),
        has_links: service.get("links").is_some(),
        says_user: service.get("user").is_some(),
        shares_network: service.get("network_mode").is_some(),
        waits_for_start_of: match service.get("depends_on") {
            Some(Json::Array(_)) => texts(service.get("depends_on")),
            _ => Vec::new(),
        },
        depends_on: names(service.get("depends_on")),
        networks: names(service.get("networks")),
        other_names: other_names(service),
        known_hosts: known_hosts(service),
        extends: service.get("extends").is_some(),
        container_name: text("container_name").filter(|name| !name.contains('$')),
        looks_like_volumes: service.as_object().is_some_and(|entries| {
            let known = ["image", "build", "extends", "command", "provider"];
            !entries.is_empty()
                && !entries.keys().any(|key| known.contains(&key.as_str()))
                && entries.values().all(Json::is_null)
        }),
    }
}

/// `build: .`, or its long form; what a variable decides is not known.
fn context(file: &Utf8Path, build: &Json) -> Option<Utf8PathBuf> {
    let context = build.as_str().or(build.get("context").and_then(Json::as_str)).unwrap_or(".");
    (!context.contains('$')).then(|| path::join(path::parent(file), context))?
}

fn dockerfile(file: &Utf8Path, build: &Json) -> Option<Utf8PathBuf> {
    let name = build.get("dockerfile").and_then(Json::as_str).unwrap_or("Dockerfile");
    if name.contains('$') || build.get("dockerfile_inline").is_some() {
        return None;
    }
    path::join(&context(file, build)?, name)
}

/// The keys of a map, or the items of a list.
fn names(value: Option<&Json>) -> Vec<String> {
    match value {
        Some(Json::Object(entries)) => entries.keys().cloned().collect(),
        other => texts(other),
    }
}

fn other_names(service: &Json) -> Vec<String> {
    let text = |key: &str| service.get(key).and_then(Json::as_str).map(str::to_owned);
    let networks = service.get("networks").and_then(Json::as_object);
    let aliases = networks.into_iter().flatten().flat_map(|(_, network)| texts(network.get("aliases")));
    ["container_name", "hostname"].into_iter().filter_map(text).chain(aliases).collect()
}

fn known_hosts(service: &Json) -> Vec<String> {
    let hosts = match service.get("extra_hosts") {
        Some(Json::Object(entries)) => entries.keys().cloned().collect(),
        other => texts(other),
    };
    let hosts = hosts.iter().filter_map(|host| host.split([':', '=']).next()).map(str::to_owned);
    let links = texts(service.get("links"));
    let links: Vec<String> = links.iter().flat_map(|link| link.split(':')).map(str::to_owned).collect();
    hosts.chain(links).collect()
}

/// A file that may be missing needs no mention.
fn env_files(value: Option<&Json>) -> Vec<String> {
    let one = |item: &Json| match item {
        Json::String(path) => Some(path.clone()),
        Json::Object(entry) if entry.get("required") == Some(&Json::Bool(false)) => None,
        Json::Object(entry) => entry.get("path").and_then(Json::as_str).map(str::to_owned),
        _ => None,
    };
    match value {
        Some(Json::Array(items)) => items.iter().filter_map(one).collect(),
        Some(item) => one(item).into_iter().collect(),
        None => Vec::new(),
    }
}

fn health_check(test: Option<&Json>) -> Vec<SimpleCommand> {
    match test {
        Some(Json::String(line)) => simple_commands(line),
        Some(Json::Array(_)) => match texts(test).as_slice() {
            [shell, line] if shell == "CMD-SHELL" => simple_commands(line),
            [exec, words @ ..] if exec == "CMD" => {
                commands(Some(&Json::Array(words.iter().cloned().map(Json::String).collect())))
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn commands(value: Option<&Json>) -> Vec<SimpleCommand> {
    match value {
        Some(Json::String(line)) => match shell_words::split(line).unwrap_or_default().as_slice() {
            [shell, flag, script, ..] if is_shell(shell, flag) => shell_commands(shell, script),
            // Compose splits the line into words itself: nothing stands between the Engine and the program.
            words if !words.is_empty() => {
                vec![SimpleCommand { words: words.to_vec(), exec: true, ..SimpleCommand::default() }]
            }
            _ => Vec::new(),
        },
        Some(Json::Array(_)) => match texts(value).as_slice() {
            [shell, flag, script, ..] if is_shell(shell, flag) => shell_commands(shell, script),
            [] => Vec::new(),
            words => vec![SimpleCommand { words: words.to_vec(), exec: true, ..SimpleCommand::default() }],
        },
        _ => Vec::new(),
    }
}

fn is_shell(word: &str, flag: &str) -> bool {
    word.ends_with("sh") && flag.starts_with('-') && flag.ends_with('c')
}

fn texts(value: Option<&Json>) -> Vec<String> {
    let text = |item: &Json| match item {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    };
    value.and_then(Json::as_array).map(|items| items.iter().filter_map(text).collect()).unwrap_or_default()
}

/// Mounts in either form as `source:target`.
fn mounts(value: Option<&Json>) -> Vec<String> {
    let one = |item: &Json| match item {
        Json::String(text) => Some(text.clone()),
        Json::Object(entry) => {
            let text = |key: &str| entry.get(key).and_then(Json::as_str);
            Some(format!("{}:{}", text("source")?, text("target")?))
        }
        _ => None,
    };
    value.and_then(Json::as_array).map(|items| items.iter().filter_map(one).collect()).unwrap_or_default()
}

fn environment(value: Option<&Json>) -> Vec<(String, Option<String>)> {
    match value {
        Some(Json::Object(entries)) => entries
            .iter()
            .map(|(name, value)| {
                (
                    name.clone(),
                    value
                        .as_str()
                        .map(str::to_owned)
                        .or_else(|| Some(value.to_string()).filter(|text| text != "null")),
                )
            })
            .collect(),
        Some(Json::Array(_)) => texts(value)
            .iter()
            .map(|line| match line.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (line.clone(), None),
            })
            .collect(),
        _ => Vec::new(),
    }
}

impl Service {
    /// The Dockerfile among `files` whose last stage the service's image is.
    pub fn built_from<'a>(&self, files: &'a [Dockerfile]) -> Option<&'a Dockerfile> {
        let path = self.dockerfile.as_ref()?;
        let file = files.iter().find(|file| file.path == *path)?;
        let is_last = |target: &String| file.last().is_some_and(|last| last.name == *target);
        self.target.as_ref().is_none_or(is_last).then_some(file)
    }
}
