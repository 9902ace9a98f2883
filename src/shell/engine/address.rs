//! The address of the Engine, found as the docker command line finds it.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// Used where nothing names another one.
const USUAL: &str = "unix:///var/run/docker.sock";

/// An Engine's address and what said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// `unix:///var/run/docker.sock`, `tcp://docker:2375`.
    pub host: String,
    /// As a phrase: "the variable `DOCKER_HOST`".
    pub because: String,
    /// The folder of `ca.pem`, `cert.pem` and `key.pem` of a context with TLS.
    pub certificates: Option<PathBuf>,
}

impl Address {
    /// Returns the host of containers' published ports: this machine, or the Engine's.
    pub fn ports_on(&self) -> &str {
        let Some(rest) = self.host.strip_prefix("tcp://").or_else(|| self.host.strip_prefix("https://"))
        else {
            return "127.0.0.1";
        };
        let host = rest.split('/').next().unwrap_or(rest);
        let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
        if matches!(host, "localhost" | "127.0.0.1" | "[::1]") { "127.0.0.1" } else { host }
    }

    /// Tells whether the Engine is on this machine, so that loopback is the same one.
    pub fn is_local(&self) -> bool {
        self.ports_on() == "127.0.0.1"
    }

    /// The path of the socket, where it is one.
    pub fn socket(&self) -> Option<&Path> {
        self.host.strip_prefix("unix://").map(Path::new)
    }
}

/// `DOCKER_HOST`, else the context that `DOCKER_CONTEXT` or the docker command line's configuration names, else the
/// usual socket. `variable` reads the environment.
pub fn find(variable: impl Fn(&str) -> Option<String>) -> Address {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    if let Some(host) = set("DOCKER_HOST") {
        return Address { host, because: "the variable `DOCKER_HOST`".to_owned(), certificates: None };
    }
    let folder = set("DOCKER_CONFIG")
        .map(PathBuf::from)
        .or_else(|| set("HOME").map(|home| Path::new(&home).join(".docker")));
    let named = folder.as_ref().and_then(|folder| {
        let name = set("DOCKER_CONTEXT").or_else(|| current_context(folder))?;
        context(folder, &name)
    });
    named.unwrap_or_else(|| Address {
        host: USUAL.to_owned(),
        because: "the usual place".to_owned(),
        certificates: None,
    })
}

#[derive(Deserialize)]
struct Configuration {
    #[serde(rename = "currentContext")]
    current_context: Option<String>,
}

fn current_context(folder: &Path) -> Option<String> {
    let text = std::fs::read_to_string(folder.join("config.json")).ok()?;
    serde_json::from_str::<Configuration>(&text).ok()?.current_context
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Meta {
    name: String,
    endpoints: std::collections::BTreeMap<String, Endpoint>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Endpoint {
    host: String,
}

/// The context `name`. Its folder is called by a hash of the name; reading them all saves computing it.
fn context(folder: &Path, name: &str) -> Option<Address> {
    for entry in std::fs::read_dir(folder.join("contexts/meta")).ok()?.flatten() {
        let Ok(text) = std::fs::read_to_string(entry.path().join("meta.json")) else { continue };
        let Ok(meta) = serde_json::from_str::<Meta>(&text) else { continue };
        if meta.name == name {
            let certificates = folder.join("contexts/tls").join(entry.file_name()).join("docker");
            return Some(Address {
                host: meta.endpoints.get("docker")?.host.clone(),
                because: format!("the docker context `{name}`"),
                certificates: certificates.is_dir().then_some(certificates),
            });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_is_where_the_docker_command_line_finds_it() {
        let folder = tempfile::tempdir().unwrap();
        let meta = folder.path().join("contexts/meta/0a1b");
        std::fs::create_dir_all(&meta).unwrap();
        std::fs::write(folder.path().join("config.json"), r#"{"currentContext": "rootless", "auths": {}}"#)
            .unwrap();
        let text = r#"{"Name": "rootless", "Metadata": {}, "Endpoints": {"docker": {"Host": "unix:///run/user/1000/docker.sock"}}}"#;
        std::fs::write(meta.join("meta.json"), text).unwrap();
        let config = folder.path().to_str().unwrap().to_owned();
        let found = |set: &[(&str, &str)]| {
            let value = |name: &str| {
                set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            };
            find(|name| value(name).or_else(|| (name == "DOCKER_CONFIG").then(|| config.clone()))).host
        };
        assert_eq!(found(&[]), "unix:///run/user/1000/docker.sock");
        assert_eq!(found(&[("DOCKER_CONTEXT", "default")]), USUAL);
        assert_eq!(found(&[("DOCKER_HOST", "tcp://docker:2375")]), "tcp://docker:2375");
    }

    #[test]
    fn ports_are_reached_on_the_engines_machine() {
        let on = |host: &str| {
            Address { host: host.to_owned(), because: String::new(), certificates: None }
                .ports_on()
                .to_owned()
        };
        assert_eq!(on("unix:///var/run/docker.sock"), "127.0.0.1");
        assert_eq!(on("tcp://docker:2375"), "docker");
        assert_eq!(on("tcp://localhost:2375/"), "127.0.0.1");
    }
}
