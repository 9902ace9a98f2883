//! The project as the rules see it, and the questions that many of them ask of it.

use std::collections::BTreeMap;

use camino::Utf8Path;

use crate::base::{Place, Tree};
use crate::inspect::Facts;
use crate::inspect::facts::Distribution;
use crate::python::{Evaluation, Request, Value, World, evaluate};

/// A project as it was read.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub tree: &'a Tree,
    pub facts: &'a Facts,
}

impl<'a> Subject<'a> {
    pub fn new(tree: &'a Tree, facts: &'a Facts) -> Self {
        Self { tree, facts }
    }

    /// The production settings, as far as they are known without an environment.
    pub fn prod(&self) -> &'a Evaluation {
        &self.facts.evaluated_prod
    }

    /// Tells whether settings were read at all: a rule about what is missing from them is silent otherwise.
    pub fn has_settings(&self) -> bool {
        !self.prod().settings.is_empty()
    }

    /// A production setting and the line that decided it.
    pub fn setting(&self, name: &str) -> Option<(&'a Value, &'a Place)> {
        self.prod().settings.get(name).map(|setting| (&setting.value, &setting.place))
    }

    /// Tells whether a production setting is the literal `True`, whatever the environment says.
    pub fn is_on(&self, name: &str) -> bool {
        self.setting(name).is_some_and(|(value, _)| value.as_bool() == Some(true))
    }

    /// A distribution that the production install brings.
    pub fn distribution(&self, name: &str) -> Option<&'a Distribution> {
        self.facts.distributions.iter().find(|distribution| distribution.name == name)
    }

    /// Django's version as (major, minor), where it is known.
    pub fn django(&self) -> Option<(u32, u32)> {
        let version = self.facts.django_version.value.as_deref()?;
        let (major, minor) = version.split_once('.')?;
        Some((major.parse().ok()?, minor.split('.').next()?.parse().ok()?))
    }

    /// Returns the file where the project's list of requirements begins: the place to add a requirement.
    pub fn manifest(&self) -> String {
        let files = &self.facts.requirements_files.value;
        files.first().map_or_else(|| "requirements.txt".to_owned(), ToString::to_string)
    }
}

/// Imports a settings module with exactly these variables; `None` where it is not one that was read.
pub fn settings_with(
    subject: &Subject<'_>,
    module: &str,
    variables: &BTreeMap<String, String>,
) -> Option<Evaluation> {
    let facts = subject.facts;
    if !facts.settings_modules.value.iter().any(|own| own == module) {
        return None;
    }
    let production = facts.settings_prod.value.as_deref().unwrap_or_default();
    let class = production.split_once(':').filter(|(own, _)| *own == module).map(|(_, class)| class);
    let files = BTreeMap::new();
    Some(evaluate(&Request {
        tree: subject.tree,
        roots: &facts.python_roots.value,
        module,
        class,
        world: World::Closed { variables, files: &files },
    }))
}

/// The path inside the project that a value is, where it is one.
pub fn in_project(value: &Value) -> Option<&Utf8Path> {
    if let Value::Path(path) = value { path.in_project() } else { None }
}

/// Tells whether a host name means the machine itself, which in a container is the container.
pub fn is_this_machine(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "::1" | "[::1]" | "0.0.0.0")
}

/// The host of a URL: `redis://user@localhost:6379/0` → `localhost`.
pub fn url_host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?']).next()?;
    let host_and_port = authority.rsplit('@').next()?;
    if host_and_port.starts_with('[') {
        return host_and_port.split_inclusive(']').next();
    }
    host_and_port.split(':').next().filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_a_url_is_what_stands_between_credentials_and_port() {
        assert_eq!(url_host("redis://localhost:6379/0"), Some("localhost"));
        assert_eq!(url_host("postgres://user:p%40ss@db/name"), Some("db"));
        assert_eq!(url_host("redis://[::1]:6379"), Some("[::1]"));
        assert_eq!(url_host("localhost:6379"), None);
        assert_eq!(url_host("sqlite:///db.sqlite3"), None);
    }
}
