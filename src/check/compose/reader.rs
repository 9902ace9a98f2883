//! A compose file as services, with the lines that they stand on.

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value as Json;

use super::service::{self, Service};
use crate::base::{Place, Tree, path};

/// A compose file of the project that djdock did not make.
#[derive(Debug)]
pub struct ComposeFile {
    pub path: Utf8PathBuf,
    pub has_version: bool,
    /// In the order of the file's names.
    pub services: Vec<Service>,
    /// Keys that the top level declares as volumes.
    pub volumes: Vec<String>,
    /// Keys that the top level declares as networks.
    pub networks: Vec<String>,
    /// It takes over services of other files: `include`.
    pub includes: bool,
    lines: Vec<String>,
}

/// The compose files of the project, by path: those by name, and YAML files that hold services.
pub fn compose_files(tree: &Tree) -> Vec<ComposeFile> {
    let yaml = tree.files().filter(|file| matches!(path::extension(file), Some("yml" | "yaml")));
    let texts = yaml.filter_map(|file| Some((file, tree.text(file)?)));
    let own = texts.filter(|(file, text)| is_compose_name(path::name(file)) || may_hold_services(file, text));
    own.filter_map(|(file, text)| read(file, text)).collect()
}

/// Tells whether a YAML file by another name may be given to compose with `-f`. Files of hosting services and of CI have
/// `services` too, but as lists.
fn may_hold_services(file: &Utf8Path, text: &str) -> bool {
    let is_hidden = path::parts(file).any(|part| part.starts_with('.'));
    let has_line = |start: &str| text.lines().any(|line| line.starts_with(start));
    let builds = text.lines().any(|line| {
        let line = line.trim_start();
        line.starts_with("image:") || line.starts_with("build:")
    });
    !is_hidden && path::depth(file) <= 3 && has_line("services:") && !has_line("jobs:") && builds
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
    let keys = |name: &str| {
        let entries = document.get(name).and_then(Json::as_object);
        entries.map(|entries| entries.keys().cloned().collect()).unwrap_or_default()
    };
    Some(ComposeFile {
        path: path.to_owned(),
        has_version: document.get("version").is_some(),
        services: services.iter().map(|(name, service)| service::read(path, name, service)).collect(),
        volumes: keys("volumes"),
        networks: keys("networks"),
        includes: document.get("include").is_some(),
        lines: text.lines().map(str::to_owned).collect(),
    })
}

impl ComposeFile {
    /// The line on which a service begins.
    pub fn line_of_service(&self, service: &Service) -> Place {
        Place::line(&self.path, u32::try_from(self.start_of(service) + 1).unwrap_or(u32::MAX))
    }

    /// Tells whether its name says that it is for production.
    pub fn is_for_production(&self) -> bool {
        let name = self.path.as_str().to_lowercase();
        name.split(['/', '.', '-', '_'])
            .any(|part| matches!(part, "prod" | "production" | "deploy" | "live" | "staging"))
    }

    /// Tells whether its name says that it is for a developer's machine or for tests.
    pub fn is_for_development(&self) -> bool {
        const WORDS: [&str; 9] =
            ["dev", "development", "local", "test", "tests", "ci", "e2e", "devcontainer", "fuzz"];
        let name = self.path.as_str().to_lowercase();
        name.split(['/', '.', '-', '_']).any(|part| WORDS.contains(&part))
    }

    /// Tells whether it only says what differs from another file.
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
