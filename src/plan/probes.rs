//! What a run of a stack must show: stated by the plan, carried out by smoke.

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

use super::Environment;
use super::ground::Ground;
use super::settle::Settled;
use super::stack::{Mount, Role, Stack, Variable, VariableValue};
use super::{layout, writable};
use crate::base::path;
use crate::python::{Minor, Value};

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

/// What to do, and what must come of it.
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
    /// Ask for a page with a login form, and send the form with a wrong password: it must be refused for that, and
    /// not by the protection against forged requests.
    Login(Get),
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
    /// Whether an empty body is wrong.
    pub body: bool,
}

/// What a command must print.
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
            Act::Completed { services: vec!["migrate".to_owned()] },
            "the tables are there before anything asks for them",
            &["images-build"],
        ),
    ];
    if let Some(page) = get(stack, "/", (100, 499)) {
        let because = "a request gets through to the project and is answered without a server error";
        probes.push(probe("home-page", Act::Get(page), because, &["services-healthy"]));
    }
    probes.extend(
        static_files(ground, stack, settled)
            .into_iter()
            .map(|(name, get, because)| probe(name, Act::Get(get), because, &["services-healthy"])),
    );
    let because = "a new volume starts with the files that the project brings";
    probes.extend(
        brought_file(ground, stack)
            .map(|get| probe("project-media", Act::Get(get), because, &["services-healthy"])),
    );
    let command = super::image::manage(ground, &["migrate", "--check"]);
    let nothing_left = Act::Exec { service: "web".to_owned(), argv: command, expect: Output::Anything };
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
        let user = Act::NotUser { service: "web".to_owned(), uid: 0 };
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
            development(ground)
                .into_iter()
                .map(|(name, act, because)| probe(name, act, because, &["services-healthy"])),
        );
    }
    let servers =
        stack.services.iter().filter(|service| matches!(service.role, Role::Database | Role::Cache));
    let servers = servers.map(|service| service.name.clone()).collect();
    let stop = Act::Stop { within: 15, codes: vec![0, 143], servers };
    probes.push(probe(
        "stops-in-time",
        stop,
        "signals reach the process, and requests in flight may end",
        &["services-healthy"],
    ));
    probes.push(probe("nothing-left", Act::Remove, "no container, network or volume of this run stays", &[]));
    probes
}

/// What is only true of the stack that people work in.
fn development(ground: &Ground<'_>) -> Vec<(&'static str, Act, &'static str)> {
    let owner = Act::HostOwner { service: "web".to_owned(), folder: layout::SOURCE.to_owned() };
    let mut found = vec![(
        "files-of-host-user",
        owner,
        "what the container makes in the source can be edited and deleted",
    )];
    let line = ground.facts.django_version.value.as_deref().and_then(Minor::parse);
    let file = ground.module_file(&ground.module).filter(|_| line.is_none_or(|line| line >= Minor(2, 2)));
    if let Some(file) = file {
        let says = "changed, reloading".to_owned();
        let act = Act::Reload { service: "web".to_owned(), file, says };
        found.push(("reloads", act, "an edit is seen without a restart"));
    }
    found
}

/// Names of the services that must become healthy, each after those it depends on.
fn healthy(stack: &Stack) -> Vec<String> {
    let rank = |role: Role| match role {
        Role::Database => 0,
        Role::Cache => 1,
        Role::Migrate => 2,
        Role::Web => 3,
        Role::Worker => 4,
        Role::Scheduler | Role::Assets => 5,
        Role::Proxy => 6,
    };
    let mut services: Vec<_> =
        stack.services.iter().filter(|service| service.health_check.is_some()).collect();
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
    })
}

/// The admin's style sheet, and a file of the project itself.
fn static_files(
    ground: &Ground<'_>,
    stack: &Stack,
    settled: &Settled,
) -> Vec<(&'static str, Get, &'static str)> {
    let mut found = Vec::new();
    // Names with a hash of the contents cannot be asked for by the plain ones in every storage, but the plain
    // ones are collected too.
    let Some(url) = super::service::url_path(settled, "STATIC_URL") else { return found };
    let apps = &ground.facts.installed_apps.value;
    let has = |app: &str| {
        apps.iter().any(|installed| installed == app || installed.starts_with(&format!("{app}.")))
    };
    let is_served = has("django.contrib.staticfiles") && (!ground.is_prod() || ground.collects_static());
    if !is_served {
        return found;
    }
    let server = stack.proxy.as_ref().map(|_| "nginx".to_owned());
    let mut file = |name, path: String, content_type: Option<&str>, because| {
        if let Some(get) = get(stack, &format!("{url}{path}"), (200, 200)) {
            let content_type = content_type.map(str::to_owned);
            found.push((name, Get { server: server.clone(), content_type, body: true, ..get }, because));
        }
    };
    if has("django.contrib.admin") {
        let because = "static files of Django's own apps are collected and served";
        file("admin-css", "admin/css/base.css".to_owned(), Some("text/css"), because);
    }
    if let Some(path) = project_file(ground, settled).or_else(|| collected_file(ground, settled)) {
        file("project-static", path, None, "static files of the project itself are collected and served");
    }
    found
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
    is_plain.then(|| Get { server: Some("nginx".to_owned()), body: true, ..page })
}

/// A static file of the project, as seen from `STATIC_URL`: of an installed app, or of a folder that
/// `STATICFILES_DIRS` names.
fn project_file(ground: &Ground<'_>, settled: &Settled) -> Option<String> {
    let mut folders: Vec<Utf8PathBuf> = Vec::new();
    // As they are in this stack: elsewhere they may name other folders.
    let stated = settled.evaluation.get("STATICFILES_DIRS").and_then(Value::assumed);
    for folder in stated.as_ref().and_then(Value::items).unwrap_or_default() {
        if let Value::Path(path) = folder {
            folders.extend(path.in_project().map(Utf8Path::to_owned));
        }
    }
    for app in &ground.facts.installed_apps.value {
        let module = app.split(".apps.").next().unwrap_or(app);
        if let Some(file) = ground.module_file(module) {
            folders.push(path::parent(&file).join("static"));
        }
    }
    folders.iter().find_map(|folder| servable(ground, folder))
}

/// A file that the project brings in `STATIC_ROOT` itself.
fn collected_file(ground: &Ground<'_>, settled: &Settled) -> Option<String> {
    let root = super::image::static_root(ground, settled)?;
    let inside = root.strip_prefix(layout::SOURCE)?.trim_start_matches('/');
    servable(ground, Utf8Path::new(inside))
}

/// A file below the folder that any page may ask for, relative to it.
fn servable(ground: &Ground<'_>, folder: &Utf8Path) -> Option<String> {
    let mut files: Vec<&Utf8Path> = ground
        .tree
        .below(folder)
        .filter(|(path, _)| ground.tree.size(path).is_some_and(|size| size > 0))
        .filter_map(|(path, _)| path.strip_prefix(folder).ok())
        .filter(|path| path.as_str().chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c)))
        .filter(|path| !path.components().any(|part| part.as_str().starts_with('.')))
        .collect();
    let rank = |path: &&Utf8Path| match path.extension() {
        Some("css") => 0,
        Some("js") => 1,
        Some("png" | "svg" | "jpg" | "ico") => 2,
        _ => 3,
    };
    files.sort_by_key(|path| (rank(path), *path));
    files.first().filter(|path| rank(path) < 3).map(ToString::to_string)
}

/// Variables whose values no image may hold.
fn secrets(stack: &Stack) -> Vec<String> {
    let secret = |variable: &&Variable| {
        matches!(variable.value, VariableValue::Generated { .. } | VariableValue::Asked { .. })
    };
    stack.variables.iter().filter(secret).map(|variable| variable.name.clone()).collect()
}
