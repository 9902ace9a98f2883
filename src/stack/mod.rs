//! The model of what will run, from which every target is rendered.
//!
//! Everything here is decided. A template prints it, and the parse-back tests compare what was printed with it.

mod image;
mod service;
mod serving;
mod text;
mod variable;

use camino::Utf8PathBuf;
use serde::Serialize;

use crate::base::Evidence;
pub use image::{IMAGE_TAG, Image, RunPurpose, Stage, Step};
pub use service::{
    BuildArgument, Command, Condition, DependsOn, HealthCheck, Memory, Mount, PublishedPort, Restart, Role,
    Service, ServiceImage,
};
pub use serving::{
    AppServer, Certificate, Entrypoint, Location, Protocol, Proxy, Routing, TemplateCopy, WaitFor,
};
pub use text::{Text, TextPart};
pub use variable::{Variable, VariableGroup, VariableValue};

/// Which of the two stacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    Dev,
    Prod,
}

impl Environment {
    /// The word for it in commands and tags.
    pub fn word(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Prod => "prod",
        }
    }
}

/// One stack: the services of an environment, and the images that are built for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stack {
    pub environment: Environment,
    /// Lower-case letters, digits, `-` and `_`. The two stacks differ in it, so that one can run beside the other.
    pub name: String,
    /// The file with the values of the stack's variables: `.env`, or another name if the project has a `.env` of its own.
    pub env_file: Utf8PathBuf,
    pub images: Vec<Image>,
    /// Sorted by name.
    pub services: Vec<Service>,
    /// Named volumes, sorted by name.
    pub volumes: Vec<Volume>,
    /// Sorted by name.
    pub networks: Vec<Network>,
    /// Files that the project reads and that must not be in the image.
    pub secrets: Vec<Secret>,
    /// The variables of `env_file` for this stack, in order of printing. If both stacks name a variable, they agree.
    pub variables: Vec<Variable>,
    /// Secret files that the person must complete before the first start, relative to the project.
    pub provided_files: Vec<Utf8PathBuf>,
    /// How Django's commands are run in the service of the project: `python manage.py`.
    pub manage: Vec<String>,
    /// How the project is started; `entrypoint.sh` and `gunicorn.conf.py` are made from it.
    pub app_server: AppServer,
    pub entrypoint: Entrypoint,
    pub proxy: Option<Proxy>,
    /// In development, where the database's user may make no databases for tests otherwise.
    pub test_databases: Option<TestDatabases>,
}

impl Stack {
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.name == name)
    }

    /// The first service of a role.
    pub fn role(&self, role: Role) -> Option<&Service> {
        self.services.iter().find(|service| service.role == role)
    }

    /// Returns the address under which a browser finds the stack on this machine, as long as nobody chooses another port.
    pub fn url(&self) -> Option<String> {
        let port = self.front()?.ports.first()?;
        let port = if port.published == 80 { String::new() } else { format!(":{}", port.published) };
        let prefix = self.proxy.as_ref().and_then(|proxy| proxy.prefix.as_ref());
        let path = prefix.map(|prefix| format!("{prefix}/")).unwrap_or_default();
        Some(format!("http://localhost{port}{path}"))
    }

    /// The service that people's browsers reach first: the proxy, else the one that runs the project.
    pub fn front(&self) -> Option<&Service> {
        self.role(Role::Proxy).or_else(|| self.role(Role::Web))
    }

    /// Returns the services whose image is built from the project and that start with the stack.
    pub fn built(&self) -> impl Iterator<Item = &Service> {
        let is_built = |service: &&Service| matches!(service.image, ServiceImage::Built { .. });
        self.services.iter().filter(is_built).filter(|service| service.profiles.is_empty())
    }

    /// Returns the names of the services that run to their end before others start, in the order in which they run.
    pub fn once(&self) -> Vec<&str> {
        let dependencies = self.services.iter().flat_map(|service| &service.depends_on);
        let ended = dependencies.filter(|one| one.condition == Condition::CompletedSuccessfully);
        let mut names: Vec<&str> = ended.map(|one| one.service.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        // Each waits for those before it.
        let waits_for = |name: &str, other: &&str| {
            let service = self.service(name);
            service.is_some_and(|service| service.depends_on.iter().any(|one| one.service == **other))
        };
        let mut ordered: Vec<&str> = Vec::with_capacity(names.len());
        while let Some(at) = names.iter().position(|name| !names.iter().any(|other| waits_for(name, other))) {
            ordered.push(names.remove(at));
        }
        ordered.extend(names);
        ordered
    }

    /// Returns the name of the service that runs the project; commands of Django's run in its containers.
    pub fn project_service(&self) -> &str {
        self.role(Role::Web).map_or("", |service| &service.name)
    }
}

/// A script that gives the database's user the right to make databases for tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TestDatabases {
    /// Relative to the project's folder.
    pub script: Utf8PathBuf,
    /// The template of the script.
    pub template: String,
    pub user: String,
    /// Patterns of names, as `GRANT` takes them.
    pub patterns: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Volume {
    pub name: String,
    pub because: Vec<Evidence>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Network {
    pub name: String,
    /// Without a way out.
    pub internal: bool,
}

/// A file of the host that a container sees, and an image never holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Secret {
    pub name: String,
    /// On the host, relative to the project's folder.
    pub file: Utf8PathBuf,
    /// In the container.
    pub target: String,
}
