//! The probes of a run: stated by the plan, carried out by smoke.

mod admin;
mod static_files;

use camino::Utf8PathBuf;
use serde::Serialize;

use super::ground::Ground;
use super::settle::Settled;
use super::{layout, writable};
use crate::python::Minor;
use crate::stack::Environment;
use crate::stack::{Mount, Role, Stack, Variable, VariableValue};

/// One thing that a smoke run shows. Probes are carried out in their order; each name is stable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Probe {
    /// Kebab-case: `home-page`.
    pub name: &'static str,
    pub environment: Environment,
    pub act: Act,
    /// Why it must show, as a phrase.
    pub because: String,
    /// Probes that make no sense where this one failed.
    pub needs: Vec<&'static str>,
}

/// An action, and the result that it must have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum Act {
    /// Build every image of the stack.
    BuildImages,
    /// None of these names, of variables that hold secrets, has a value in the image's environment or history,
    /// and none of these globs matches a file in its file system below `folder`.
    InspectImages {
        variables: Vec<String>,
        globs: Vec<String>,
        folder: String,
    },
    /// Start the stack and wait until these are healthy, in this order.
    Healthy {
        services: Vec<String>,
        within: u32,
    },
    /// These ran to their end with exit code 0.
    Completed {
        services: Vec<String>,
    },
    Get(Get),
    /// Ask for a page, and for every stylesheet and script that it links to. `named` is Django's name of the page, whose
    /// address only the project knows; else the page is that of `get`.
    Linked {
        get: Get,
        named: Option<String>,
    },
    /// Ask for the static file `name` at the address that its storage outside of the stack gives it.
    Stored {
        name: String,
        content_type: Option<String>,
    },
    /// Ask for the page with a login form that Django knows by this name, and send the form with a wrong password: it
    /// must be refused for that, and not by the protection against forged requests.
    Login {
        get: Get,
        named: String,
    },
    /// Run a command in a running container; it must end with 0 and print what is expected.
    Exec {
        service: String,
        argv: Vec<String>,
        expect: Output,
    },
    /// The first process of the service has not this user id.
    NotUser {
        service: String,
        uid: u32,
    },
    /// Change this file (relative to the project's folder) on the host: the service's log says that it noticed.
    Reload {
        service: String,
        file: Utf8PathBuf,
        says: String,
    },
    /// Make a file in `folder`, which is a folder of the host: there it belongs to whoever owns the folder.
    HostOwner {
        service: String,
        folder: String,
    },
    /// Stop the stack: within so many seconds, and every service with an exit code of those. `servers` are stopped
    /// last, as compose does: a worker says goodbye to its broker.
    Stop {
        within: u32,
        codes: Vec<i64>,
        servers: Vec<String>,
    },
    /// Remove the stack: no container, network or volume of it is left.
    Remove,
}

/// A request to a published port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Get {
    pub service: String,
    pub container_port: u16,
    pub path: String,
    /// The `Host` header, without a port where it must be one that the settings allow.
    pub host: String,
    /// Sends `X-Forwarded-Proto: https`, as a load balancer in front would.
    pub forwarded_https: bool,
    /// The lowest and the highest status that is right; redirects are not followed.
    pub status: (u16, u16),
    /// That Django refuses the host is wrong whatever status is right: the site answers nobody then.
    pub admits_host: bool,
    /// Text in the answer's `Server` header: who answered.
    pub server: Option<String>,
    /// Text in the `Content-Type` header.
    pub content_type: Option<String>,
    /// True if an empty body is wrong.
    pub body: bool,
    /// The file with the name to ask for, if the one in `path` is not kept.
    pub hashed: Option<Manifest>,
}

/// The list of the names under which static files are served, made while they were collected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Manifest {
    /// Whose container holds the list.
    pub service: String,
    /// JSON: `{"paths": {"admin/css/base.css": "admin/css/base.1a2b.css"}}`.
    pub file: String,
    /// The text before each name in a page's address.
    pub url: String,
    /// The name that is looked up.
    pub name: String,
}

/// The output that a command must print.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "expect", rename_all = "kebab-case")]
pub enum Output {
    Anything,
    Contains {
        text: String,
    },
    /// No line of standard output holds this.
    Lacks {
        text: String,
    },
}

/// The probes of a stack, in the order in which they are carried out.
pub(super) fn probes(ground: &Ground<'_>, stack: &Stack, settled: &Settled) -> Vec<Probe> {
    let environment = stack.environment;
    let probe = |name: &'static str, act: Act, because: &str, needs: &[&'static str]| Probe {
        name,
        environment,
        act,
        because: because.to_owned(),
        needs: needs.to_vec(),
    };
    let healthy: Vec<String> = healthy(stack);
    let migrating = stack.services.iter().filter(|service| service.role == Role::Migrate);
    let migrating = migrating.map(|service| service.name.clone()).collect();
    let mut probes = vec![
        probe("images-build", Act::BuildImages, "everything that runs is built from these files", &[]),
        probe(
            "services-healthy",
            Act::Healthy { services: healthy, within: 240 },
            "each service says that it is ready, in the order in which they depend on each other",
            &["images-build"],
        ),
        probe(
            "migrations-applied",
            Act::Completed { services: migrating },
            "the tables are there before anything asks for them",
            &["images-build"],
        ),
    ];
    if let Some(collect) = stack.role(Role::Collect).or(stack.role(Role::Upload)) {
        let act = Act::Completed { services: vec![collect.name.clone()] };
        let because = "static files are where they are served before a page names one";
        probes.push(probe("static-files-collected", act, because, &["images-build"]));
    }
    let prefix = stack.proxy.as_ref().and_then(|proxy| proxy.prefix.clone()).unwrap_or_default();
    if let Some(page) = get(stack, &format!("{prefix}/"), (100, 499)) {
        let because = "a request gets through to the project and is answered without a server error";
        probes.push(probe("home-page", Act::Get(page.clone()), because, &["services-healthy"]));
        let because = "a page without its stylesheets and scripts is not the page that the project makes";
        probes.push(probe(
            "home-page-assets",
            Act::Linked { get: page, named: None },
            because,
            &["home-page"],
        ));
    }
    probes.extend(
        static_files::static_files(ground, stack, settled)
            .into_iter()
            .map(|(name, act, because)| probe(name, act, because, &["services-healthy"])),
    );
    probes.extend(
        admin::admin(ground, stack)
            .into_iter()
            .map(|(name, act, because)| probe(name, act, because, &["services-healthy"])),
    );
    let because = "a new volume starts with the files that the project brings";
    probes.extend(
        brought_file(ground, stack)
            .map(|get| probe("project-media", Act::Get(get), because, &["services-healthy"])),
    );
    let command = super::image::manage(ground, &["migrate", "--check"]);
    let nothing_left =
        Act::Exec { service: stack.project_service().to_owned(), argv: command, expect: Output::Anything };
    if ground
        .facts
        .django_version
        .value
        .as_deref()
        .and_then(Minor::parse)
        .is_some_and(|line| line >= Minor(3, 1))
    {
        probes.push(probe(
            "no-migration-left",
            nothing_left,
            "the models and the tables agree",
            &["services-healthy"],
        ));
    }
    if ground.is_prod() {
        let user = Act::NotUser { service: stack.project_service().to_owned(), uid: 0 };
        probes.push(probe(
            "web-not-root",
            user,
            "a hole in the project is not one in the machine",
            &["services-healthy"],
        ));
        probes.push(probe(
            "no-secret-in-image",
            Act::InspectImages {
                variables: secrets(stack),
                globs: [".env", ".env.*", "*.pem", "*.key", "id_rsa", ".git", "*.sqlite3"]
                    .map(str::to_owned)
                    .to_vec(),
                folder: layout::SOURCE.to_owned(),
            },
            "an image is passed on, and everything in it can be read",
            &["images-build"],
        ));
    }
    if !ground.is_prod() {
        probes.extend(
            development(ground, stack)
                .into_iter()
                .map(|(name, act, because)| probe(name, act, because, &["services-healthy"])),
        );
    }
    let servers =
        stack.services.iter().filter(|service| matches!(service.role, Role::Database | Role::Cache));
    let servers = servers.map(|service| service.name.clone()).collect();
    let stop = Act::Stop { within: patience(stack), codes: vec![0, 143], servers };
    probes.push(probe(
        "stops-in-time",
        stop,
        "signals reach the process, and requests in flight may end",
        &["services-healthy"],
    ));
    probes.push(probe("nothing-left", Act::Remove, "no container, network or volume of this run stays", &[]));
    probes
}

/// Returns the seconds that containers have to end: as many as the stack itself gives its slowest service. A process that no
/// signal reaches is killed after them, and its exit code says so.
fn patience(stack: &Stack) -> u32 {
    const LEAST: u32 = 15;
    stack.services.iter().filter_map(|service| service.stop_grace_period).max().unwrap_or_default().max(LEAST)
}

/// Returns the probes that hold only for the stack that people work in.
fn development(ground: &Ground<'_>, stack: &Stack) -> Vec<(&'static str, Act, &'static str)> {
    let owner =
        Act::HostOwner { service: stack.project_service().to_owned(), folder: layout::SOURCE.to_owned() };
    let mut found = vec![(
        "files-of-host-user",
        owner,
        "what the container makes in the source can be edited and deleted",
    )];
    let line = ground.facts.django_version.value.as_deref().and_then(Minor::parse);
    let file = ground.module_file(&ground.module).filter(|_| line.is_none_or(|line| line >= Minor(2, 2)));
    if let Some(file) = file {
        let says = "changed, reloading".to_owned();
        let act = Act::Reload { service: stack.project_service().to_owned(), file, says };
        found.push(("reloads", act, "an edit is seen without a restart"));
    }
    found
}

/// Tells whether a service goes on for ever without answering anybody: it is up where it runs.
fn works_off_tasks(role: Role) -> bool {
    matches!(role, Role::Worker | Role::Scheduler)
}

/// Names of the services that must become healthy, each after those it depends on.
fn healthy(stack: &Stack) -> Vec<String> {
    let rank = |role: Role| match role {
        Role::Database => 0,
        Role::Cache => 1,
        Role::Migrate | Role::Collect | Role::Upload => 2,
        Role::Web => 3,
        Role::Worker => 4,
        Role::Scheduler | Role::Assets => 5,
        Role::Proxy => 6,
        Role::Certificates => 7,
    };
    let mut services: Vec<_> = stack
        .services
        .iter()
        .filter(|service| service.health_check.is_some() || works_off_tasks(service.role))
        .collect();
    services.sort_by_key(|service| (rank(service.role), &service.name));
    services.into_iter().map(|service| service.name.clone()).collect()
}

fn get(stack: &Stack, path: &str, status: (u16, u16)) -> Option<Get> {
    let service = stack.front()?;
    let port = service.ports.first()?;
    Some(Get {
        service: service.name.clone(),
        container_port: port.container,
        path: path.to_owned(),
        host: super::needs::HOSTS[0].to_owned(),
        forwarded_https: stack.environment == Environment::Prod,
        status,
        admits_host: true,
        server: None,
        content_type: None,
        body: false,
        hashed: None,
    })
}

/// A file that the project brings for the folder of uploads, through the proxy.
fn brought_file(ground: &Ground<'_>, stack: &Stack) -> Option<Get> {
    let proxy = stack.proxy.as_ref()?;
    let location = proxy.locations.iter().find(|location| location.uploaded)?;
    // What the project's own rules leave out of images is not there.
    ground.tree.text(".dockerignore").is_none().then_some(())?;
    let web = stack.services.iter().find(|service| service.role == Role::Web)?;
    let folder = web.mounts.iter().find_map(|mount| match mount {
        Mount::Volume { volume, target, .. } if volume == writable::MEDIA => Some(target),
        _ => None,
    })?;
    let file = writable::brought(ground, folder)?;
    let inside = layout::source(file);
    let name = inside.strip_prefix(folder.as_str())?.trim_start_matches('/');
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    let page = get(stack, &format!("{}{name}", location.url), (200, 200))?;
    is_plain.then(|| Get { server: server_header(ground, stack), body: true, ..page })
}

/// Returns the text that the proxy's `Server` header holds, where the stack has a proxy.
fn server_header(ground: &Ground<'_>, stack: &Stack) -> Option<String> {
    stack.proxy.as_ref()?;
    ground.answers.proxy.run.as_ref().map(|run| run.server_header.to_owned())
}

/// Variables whose values no image may hold.
fn secrets(stack: &Stack) -> Vec<String> {
    let secret = |variable: &&Variable| {
        matches!(variable.value, VariableValue::Generated { .. } | VariableValue::Asked { .. })
    };
    stack.variables.iter().filter(secret).map(|variable| variable.name.clone()).collect()
}
