//! A compose file as services, with the lines that they stand on.

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value as Json;

use crate::base::{Place, Tree, path};
use crate::check::command_line::{SimpleCommand, shell_commands, simple_commands};
use crate::check::dockerfile::Dockerfile;

/// A compose file of the project that djdock did not make.
#[derive(Debug)]
pub struct ComposeFile {
    pub path: Utf8PathBuf,
    pub has_version: bool,
    /// In the order of the file's names.
    pub services: Vec<Service>,
    /// Keys that the top level declares as volumes.
    pub volumes: Vec<String>,
    lines: Vec<String>,
}

#[derive(Debug)]
pub struct Service {
    pub name: String,
    pub image: Option<String>,
    pub builds: bool,
    /// The Dockerfile that it is built from, by path, and the stage of it where not the last one.
    pub dockerfile: Option<Utf8PathBuf>,
    pub target: Option<String>,
    /// `entrypoint` and `command`, as the commands that they run.
    pub commands: Vec<SimpleCommand>,
    /// `command` is a shell line in one piece.
    pub ports: Vec<String>,
    /// Something is mounted, or lies in memory, or comes from another service.
    pub has_mounts: bool,
    /// `host:container` or `volume:container`.
    pub mounts: Vec<String>,
    pub environment: Vec<(String, Option<String>)>,
    /// Paths of env files that must be there, as written.
    pub env_files: Vec<String>,
    /// What its health check runs; `None` where it has none of its own.
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
    /// One that no variable decides.
    pub container_name: Option<String>,
    /// Keys that no service has and volumes do.
    pub looks_like_volumes: bool,
}

/// The compose files of the project, by path.
pub fn compose_files(tree: &Tree) -> Vec<ComposeFile> {
    let named = tree.files().filter(|path| path.file_name().is_some_and(is_compose_name));
    named.filter_map(|path| read(path, tree.text(path)?)).collect()
}

fn is_compose_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    let yaml = lower.ends_with(".yml") || lower.ends_with(".yaml");
    yaml && (lower.starts_with("compose")
        || lower.starts_with("docker-compose")
        || matches!(lower.as_str(), "local.yml" | "production.yml"))
}

fn read(path: &Utf8Path, text: &str) -> Option<ComposeFile> {
    if crate::check::is_made_by_djdock(text) {
        return None;
    }
    let document: Json = serde_saphyr::from_str(text).ok()?;
    let services = document.get("services")?.as_object()?;
    Some(ComposeFile {
        path: path.to_owned(),
        has_version: document.get("version").is_some(),
        services: services.iter().map(|(name, service)| self::service(path, name, service)).collect(),
        volumes: document
            .get("volumes")
            .and_then(Json::as_object)
            .map(|volumes| volumes.keys().cloned().collect())
            .unwrap_or_default(),
        lines: text.lines().map(str::to_owned).collect(),
    })
}

fn service(path: &Utf8Path, name: &str, service: &Json) -> Service {
    let text = |key: &str| service.get(key).and_then(Json::as_str).map(str::to_owned);
    let mut commands = commands(service.get("entrypoint"));
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
        commands,
        ports: texts(service.get("ports")),
        has_mounts: ["volumes", "tmpfs", "volumes_from", "extends"]
            .iter()
            .any(|key| service.get(key).is_some()),
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
fn dockerfile(file: &Utf8Path, build: &Json) -> Option<Utf8PathBuf> {
    let text = |key: &str| build.get(key).and_then(Json::as_str);
    let context = build.as_str().or(text("context")).unwrap_or(".");
    let name = text("dockerfile").unwrap_or("Dockerfile");
    if context.contains('$') || name.contains('$') || build.get("dockerfile_inline").is_some() {
        return None;
    }
    path::join(&path::join(path::parent(file), context)?, name)
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

impl ComposeFile {
    /// The line on which a service begins.
    pub fn line_of_service(&self, service: &Service) -> Place {
        Place::line(&self.path, u32::try_from(self.start_of(service) + 1).unwrap_or(u32::MAX))
    }

    /// Whether its name says that it is for production.
    pub fn is_for_production(&self) -> bool {
        let name = self.path.as_str().to_lowercase();
        name.split(['/', '.', '-', '_'])
            .any(|part| matches!(part, "prod" | "production" | "deploy" | "live" | "staging"))
    }

    /// Whether its name says that it is for a developer's machine or for tests.
    pub fn is_for_development(&self) -> bool {
        const WORDS: [&str; 9] =
            ["dev", "development", "local", "test", "tests", "ci", "e2e", "devcontainer", "fuzz"];
        let name = self.path.as_str().to_lowercase();
        name.split(['/', '.', '-', '_']).any(|part| WORDS.contains(&part))
    }

    /// Whether it only says what differs from another file.
    pub fn is_override(&self) -> bool {
        self.path.file_name().is_some_and(|name| name.contains("override"))
    }

    /// The first line of the service that holds `text`; the service's own line otherwise.
    ///
    /// The YAML reader gives no positions for values, and text within a service's block is near enough: a
    /// finding always names a line of the service that it is about.
    pub fn line_of(&self, service: &Service, text: &str) -> Place {
        let start = self.start_of(service);
        let own = self.lines.get(start).map_or(0, |line| indent(line));
        let inside = self
            .lines
            .iter()
            .enumerate()
            .skip(start + 1)
            .take_while(|(_, line)| is_blank(line) || indent(line) > own);
        let mut inside = inside.filter(|(_, line)| !is_blank(line));
        let found = inside.find(|(_, line)| line.contains(text)).map_or(start, |(number, _)| number);
        Place::line(&self.path, u32::try_from(found + 1).unwrap_or(u32::MAX))
    }

    /// The number of the line on which the service begins, from 0. The same name stands below `depends_on`,
    /// `networks` and `volumes` too.
    fn start_of(&self, service: &Service) -> usize {
        let Some(services) = self.lines.iter().position(|line| indent(line) == 0 && is_key(line, "services"))
        else {
            return 0;
        };
        let below = self.lines.iter().enumerate().skip(services + 1).filter(|(_, line)| !is_blank(line));
        let below: Vec<(usize, &String)> = below.take_while(|(_, line)| indent(line) > 0).collect();
        let level = below.first().map_or(0, |(_, line)| indent(line));
        let mut names = below.iter().filter(|(_, line)| indent(line) == level);
        names.find(|(_, line)| is_key(line, &service.name)).map_or(services, |(number, _)| *number)
    }

    /// The line of a key at the top level.
    pub fn line_of_key(&self, key: &str) -> Place {
        let found =
            self.lines.iter().position(|line| !line.starts_with(' ') && is_key(line, key)).unwrap_or(0);
        Place::line(&self.path, u32::try_from(found + 1).unwrap_or(u32::MAX))
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Nothing but white space or a comment.
fn is_blank(line: &str) -> bool {
    line.trim().is_empty() || line.trim_start().starts_with('#')
}

fn is_key(line: &str, key: &str) -> bool {
    line.trim()
        .trim_start_matches(['"', '\''])
        .strip_prefix(key)
        .is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_read_with_their_lines() {
        let text = "version: '3'\nservices:\n  db:\n    image: mysql:5.7\n    ports:\n      - \"3307:3306\"\n  web:\n    build: .\n\
            \x20   command: sh -c \"python manage.py migrate && python manage.py runserver\"\n    depends_on:\n      - db\n";
        let tree = Tree::from_literals([("docker-compose.yml", text)]);
        let files = compose_files(&tree);
        let [file] = files.as_slice() else { panic!("{files:?}") };
        let names: Vec<&str> = file.services.iter().map(|service| service.name.as_str()).collect();
        assert_eq!((file.has_version, names), (true, vec!["db", "web"]));
        assert_eq!(file.line_of(&file.services[0], "3307").to_string(), "docker-compose.yml:6");
        assert_eq!(file.services[1].commands.len(), 2);
        assert_eq!(file.services[1].waits_for_start_of, ["db"]);
    }

    #[test]
    fn a_service_begins_where_it_is_declared() {
        let text = "networks:\n  db:\n    driver: bridge\nservices:\n  web:\n    depends_on:\n      db:\n        condition: service_started\n\
            # the database\n  db:\n    image: postgres:17\nvolumes:\n  db:\n";
        let tree = Tree::from_literals([("compose.yaml", text)]);
        let file = &compose_files(&tree)[0];
        let db = file.services.iter().find(|service| service.name == "db").unwrap();
        assert_eq!(file.line_of(db, "image").to_string(), "compose.yaml:11");
        assert_eq!(file.line_of(db, "nowhere").to_string(), "compose.yaml:10");
    }
}
