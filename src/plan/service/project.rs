//! Services that run the project's own image.

use std::collections::BTreeMap;

use super::{BACK, FRONT, depends, hardened, health, plain};
use crate::base::Evidence;
use crate::catalog::server::ByCall;
use crate::plan::ground::Ground;
use crate::plan::image::manage;
use crate::plan::settle::Settled;
use crate::plan::{early_queries, layout};
use crate::python::Minor;
use crate::stack::{
    AppServer, BuildArgument, Command, Condition, Memory, Mount, PublishedPort, Restart, Role, Service,
    ServiceImage, Text,
};

/// The parts that the project's services share.
#[derive(Clone, Debug)]
pub(in crate::plan) struct Shared {
    pub image: String,
    pub environment: BTreeMap<String, Text>,
    /// The settings module of the worker and the scheduler, where it is their own.
    pub worker_module: Option<String>,
    pub mounts: Vec<Mount>,
    pub memory: Vec<Memory>,
    pub secrets: Vec<String>,
    /// Names of the services that hold data.
    pub servers: Vec<String>,
    /// True if a cache is a table of the database.
    pub caches_in_database: bool,
    /// True if a service collects static files before the site starts.
    pub collects: bool,
}

/// Seconds that the app server has to end: open requests may take most of them.
const GRACE: u32 = 35;

/// Seconds that open requests may take when the app server ends.
pub(in crate::plan) const GRACE_OF_REQUESTS: u32 = GRACE - 2;

/// The command of the app server.
pub(in crate::plan) fn serve(ground: &Ground<'_>, app: &AppServer) -> Command {
    let server = ground.answers.server.entry();
    let configuration = server.configuration.map(|configuration| configuration.file).unwrap_or_default();
    let configuration = layout::source(&ground.answers.config_dir.join(configuration));
    let fill = |word: &&str| {
        word.replace("{configuration}", &configuration)
            .replace("{application}", &app.application)
            .replace("{port}", &app.port.to_string())
            .replace("{grace}", &app.graceful_timeout.to_string())
    };
    let Some(way) = server.way(app.asgi) else { return Vec::new() };
    // The stack's own proxy alone can reach the port, so its word on the client is believed.
    let believed = if ground.has_proxy() { server.behind_proxy } else { &[] };
    let (before, after) =
        way.command.split_at(way.command.iter().position(|word| *word == "{application}").unwrap_or(0));
    let mut command: Command = before.iter().chain(believed).chain(after).map(fill).collect();
    if !app.logs_requests {
        let last = command.len().saturating_sub(1);
        command.splice(last..last, super::words(way.quiet));
    }
    if let (ByCall::Flag(flag), Some(function)) = (way.by_call, app.application.strip_suffix("()")) {
        if let Some(name) = command.iter_mut().find(|word| **word == app.application) {
            function.clone_into(name);
        }
        command.push(flag.to_owned());
    }
    command
}

/// The command of development: it reloads when the source changes, and serves static files itself.
pub(in crate::plan) fn runserver(ground: &Ground<'_>) -> Command {
    manage(ground, &["runserver", &format!("0.0.0.0:{}", layout::PORT)])
}

pub(in crate::plan) fn migrate(ground: &Ground<'_>, shared: &Shared) -> Service {
    let mut service = base(ground, shared, layout::MIGRATE, Role::Migrate);
    let early = early_queries::first(ground.tree, ground.facts).filter(|_| may_skip_checks(ground));
    let arguments: &[&str] =
        if early.is_some() { &["migrate", "--noinput", "--skip-checks"] } else { &["migrate", "--noinput"] };
    service.command = manage(ground, arguments);
    if shared.caches_in_database {
        // Migrations make every table but these: <https://docs.djangoproject.com/en/stable/topics/cache/#database-caching>.
        let both = [service.command.join(" "), manage(ground, &["createcachetable"]).join(" ")];
        service.command = ["sh", "-c", &both.join(" && ")].map(str::to_owned).to_vec();
    }
    service.depends_on = servers(shared);
    service.restart = Restart::No;
    let manage_py = ground.facts.manage_py.evidence.first().map(|evidence| evidence.place.clone());
    let because = |place| Evidence::new(place, "migrations are applied once, before anything else starts");
    service.because = manage_py.map(because).into_iter().chain(early).collect();
    service
}

/// Tells whether `migrate` knows `--skip-checks`: <https://docs.djangoproject.com/en/stable/ref/django-admin/#migrate>.
fn may_skip_checks(ground: &Ground<'_>) -> bool {
    const SINCE: Minor = Minor(3, 2);
    let django = ground.facts.django_version.value.as_deref().and_then(Minor::parse);
    django.is_some_and(|django| django >= SINCE)
}

pub(in crate::plan) fn web(ground: &Ground<'_>, settled: &Settled, shared: &Shared) -> Service {
    let mut service = base(ground, shared, layout::WEB, Role::Web);
    service.health_check = Some(health(ground, settled));
    let application =
        if ground.serves_asgi() { &ground.facts.asgi_application } else { &ground.facts.wsgi_application };
    service.because = application.evidence.first().cloned().into_iter().collect();
    service.depends_on = after_migrations(shared);
    if super::development(ground).is_some_and(|development| development.ends) {
        service.depends_on.push(depends(super::ASSETS, Condition::CompletedSuccessfully));
        service.depends_on.sort_by(|a, b| a.service.cmp(&b.service));
    }
    service.stop_grace_period = Some(GRACE);
    service.stop_signal = ground.answers.server.stop_signal.filter(|_| ground.is_prod()).map(str::to_owned);
    let port = |interface: Option<&str>, variable: &str| PublishedPort {
        interface: interface.map(str::to_owned),
        variable: variable.to_owned(),
        published: layout::PORT,
        container: layout::PORT,
    };
    if !ground.is_prod() {
        service.stop_grace_period = None;
        service.ports.push(port(Some("127.0.0.1"), "WEB_PORT"));
    } else if !ground.has_proxy() {
        service.ports.push(port(None, "WEB_PORT"));
        let trusted = Text::variable_or(layout::TRUSTED_PROXY, layout::NOBODY_ELSE);
        service.environment.extend(trusted_variable(ground).map(|variable| (variable.to_owned(), trusted)));
    }
    service
}

/// Returns the variable that names the address which the app server believes about the client; `None` behind the stack's own
/// proxy, which alone reaches the port, and for a server that does not look at the address.
pub(in crate::plan) fn trusted_variable(ground: &Ground<'_>) -> Option<&'static str> {
    let server = ground.answers.server;
    let is_credulous = server.credulous.iter().any(|name| ground.has_distribution(name));
    server.trusted_variable.filter(|_| ground.is_prod() && !ground.has_proxy() && !is_credulous)
}

/// The person's numbers for images of development, whose containers write into the source.
pub(super) fn arguments(ground: &Ground<'_>) -> Vec<BuildArgument> {
    let argument = |name: &str, variable: &str| BuildArgument {
        name: name.to_owned(),
        value: Text::variable_or(variable, "1000"),
    };
    if ground.is_prod() { Vec::new() } else { vec![argument("UID", "HOST_UID"), argument("GID", "HOST_GID")] }
}

pub(super) fn base(ground: &Ground<'_>, shared: &Shared, name: &str, role: Role) -> Service {
    let is_prod = ground.is_prod();
    let image = ServiceImage::Built { image: shared.image.clone(), arguments: arguments(ground) };
    let mut service = hardened(plain(name, role, image), is_prod);
    service.environment = shared.environment.clone();
    service.env_file = true;
    service.init = true;
    service.mounts = shared.mounts.clone();
    service.secrets = shared.secrets.clone();
    if is_prod {
        service.memory = shared.memory.clone();
        if !shared.secrets.is_empty() {
            service.groups = vec![Text::variable_or("HOST_GID", "1000")];
        }
        service.restart = Restart::UnlessStopped;
        service.networks = if shared.servers.is_empty() {
            vec![FRONT.to_owned()]
        } else {
            vec![BACK.to_owned(), FRONT.to_owned()]
        };
    }
    service
}

fn servers(shared: &Shared) -> Vec<crate::stack::DependsOn> {
    let mut all: Vec<_> = shared.servers.iter().map(|name| depends(name, Condition::Healthy)).collect();
    all.sort_by(|a, b| a.service.cmp(&b.service));
    all
}

pub(super) fn after_migrations(shared: &Shared) -> Vec<crate::stack::DependsOn> {
    let mut all = servers(shared);
    all.push(depends(layout::MIGRATE, Condition::CompletedSuccessfully));
    if shared.collects {
        all.push(depends(layout::COLLECT, Condition::CompletedSuccessfully));
    }
    all.sort_by(|a, b| a.service.cmp(&b.service));
    all
}
