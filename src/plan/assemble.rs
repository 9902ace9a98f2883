//! Puts a stack together: images, services, volumes, networks, variables.

use camino::Utf8PathBuf;

use super::ground::Ground;
use super::service::{self, BACK, FRONT, Shared};
use super::settle::Settled;
use super::variables::Split;
use super::writable::{self, Kept};
use super::{frontend, image, layout, preload, variables};
use crate::base::{Evidence, Place};
use crate::catalog::database;
use crate::python::{Cast, Value};
use crate::stack::Environment;
use crate::stack::{
    AppServer, Entrypoint, Mount, Network, Protocol, Role, Secret, Service, Stack, Text, Variable, Volume,
    WaitFor,
};

/// The stack of an environment; `elsewhere` are the variables of the other one's env file. `None` where nothing
/// says what to install.
pub(super) fn stack(ground: &Ground<'_>, settled: &Settled, elsewhere: &[Variable]) -> Option<Stack> {
    let split = variables::split(ground, settled, elsewhere);
    let app_server = app_server(ground, settled);
    let kept = if ground.is_prod() { writable::volumes(ground, settled) } else { Vec::new() };
    let images = match ground.environment {
        Environment::Dev => {
            let frontend = service::development(ground).map(|development| development.command);
            image::dev(
                ground,
                &service::runserver(ground),
                &service::health(ground, settled),
                frontend.as_ref(),
            )?
        }
        Environment::Prod => {
            let folders = |kept: &Kept| std::iter::once(kept.target.clone()).chain(kept.inside.clone());
            let owned: Vec<String> = kept.iter().flat_map(folders).collect();
            let serve = service::serve(ground, &app_server);
            image::prod(ground, settled, &app_server, &serve, &service::health(ground, settled), &owned)?
        }
    };
    let (secrets, provided_files) = secrets(ground, settled);
    let database = service::database(ground);
    let stores = service::stores(ground, settled.store_login.as_ref());
    let servers: Vec<&Service> = database
        .iter()
        .map(|(service, _)| service)
        .chain(stores.iter().map(|(service, _)| service))
        .collect();
    let shared = shared(ground, settled, &split, &kept, &secrets, &images[0].name, &servers);
    let mut services = vec![service::migrate(ground, &shared), service::web(ground, settled, &shared)];
    services.extend(service::collect(ground, settled, &shared));
    services.extend(service::workers(ground, &shared));
    services.extend(service::styles(ground, &shared));
    let assets = images.last().and_then(|image| service::assets(ground, &image.name));
    let proxy_image = images.last().map(|image| image.name.clone()).unwrap_or_default();
    let proxy = service::proxy(ground, settled, &proxy_image, &kept);
    let proxy = proxy.map(|(service, proxy)| {
        services.push(service);
        proxy
    });
    let mut volumes: Vec<Volume> = kept
        .iter()
        .map(|kept| Volume { name: kept.volume.clone(), because: vec![kept.because.clone()] })
        .collect();
    let templates = if ground.is_prod() { Vec::new() } else { ground.templates() };
    let workers_variable =
        ground.answers.server.workers_variable.filter(|_| ground.is_prod()).map(str::to_owned);
    let entrypoint = Entrypoint { templates, wait_for: wait_for(ground, &servers), workers_variable };
    let test_databases = service::test_databases(ground);
    if let Some((service, packages)) = assets {
        services.push(service);
        volumes.extend(packages);
    }
    let keeping = [database, service::certificates(ground)].into_iter().flatten();
    let keeping = keeping.map(|(service, volume)| (service, Some(volume)));
    for (service, volume) in keeping.chain(stores) {
        services.push(service);
        volumes.extend(volume);
    }
    services.sort_by(|a, b| a.name.cmp(&b.name));
    let of_proxy = ground.answers.proxy.run.filter(|_| proxy.is_some());
    let because = |text: &str| vec![Evidence::new(Place::Default, text)];
    volumes.extend(
        of_proxy
            .iter()
            .flat_map(|run| run.volumes)
            .map(|volume| Volume { name: volume.name.to_owned(), because: because(volume.because) }),
    );
    volumes.sort_by(|a, b| a.name.cmp(&b.name));
    let networks = networks(ground, &services);
    let suffix = if ground.is_prod() { "" } else { "-dev" };
    Some(Stack {
        environment: ground.environment,
        name: format!("{}{suffix}", ground.answers.name),
        env_file: Utf8PathBuf::from(".env"),
        images,
        services,
        volumes,
        networks,
        secrets,
        variables: split.env_file,
        provided_files,
        manage: image::manage(ground, &[]),
        app_server,
        entrypoint,
        proxy,
        test_databases,
    })
}

fn shared(
    ground: &Ground<'_>,
    settled: &Settled,
    split: &Split,
    kept: &[Kept],
    secrets: &[Secret],
    image: &str,
    servers: &[&Service],
) -> Shared {
    let mut environment = split.services.clone();
    let (module, class) = settled.module(ground);
    environment.insert("DJANGO_SETTINGS_MODULE".to_owned(), Text::known(module));
    if let Some(class) = class {
        environment.insert("DJANGO_CONFIGURATION".to_owned(), Text::known(class));
    }
    let mut mounts: Vec<Mount> = kept.iter().map(Kept::mount).collect();
    if !ground.is_prod() {
        let target = layout::SOURCE.to_owned();
        mounts.push(Mount::Bind { source: ".".to_owned(), target, read_only: false });
        // What was installed for another system must not hide what the container has.
        mounts.extend(frontend::of(ground).map(service::package_mounts).unwrap_or_default());
    }
    Shared {
        image: image.to_owned(),
        environment,
        worker_module: settled.worker.as_ref().map(|worker| worker.module.clone()),
        mounts,
        memory: writable::memory(ground, settled),
        secrets: secrets.iter().map(|secret| secret.name.clone()).collect(),
        servers: servers.iter().map(|service| service.name.clone()).collect(),
        caches_in_database: caches_in_database(settled),
        collects: service::collects_at_start(ground, settled),
    }
}

/// Tells whether a cache is a table of the database, in some branch at least.
fn caches_in_database(settled: &Settled) -> bool {
    let caches = settled.evaluation.get("CACHES").into_iter().flat_map(Value::alternatives);
    let caches = caches.filter_map(Value::entries).flatten();
    let backends = caches.filter_map(|(_, cache)| cache.get("BACKEND"));
    backends.filter_map(Value::as_str).any(|backend| backend.ends_with(".DatabaseCache"))
}

/// Secret files as compose secrets. Those that lie in the source are in the bind mount of development anyway.
fn secrets(ground: &Ground<'_>, settled: &Settled) -> (Vec<Secret>, Vec<Utf8PathBuf>) {
    let mut secrets = Vec::new();
    let mut provided = Vec::new();
    for (index, (file, _)) in settled.secret_files(&ground.answers.config_dir).iter().enumerate() {
        let in_mount = !ground.is_prod() && file.target.starts_with(layout::SOURCE);
        if !in_mount {
            let stem = file.path.file_stem().unwrap_or("secrets").trim_start_matches('.').replace('.', "-");
            let name = if index == 0 { stem } else { format!("{stem}-{index}") };
            secrets.push(Secret { name, file: file.path.clone(), target: file.target.clone() });
        }
        if file.entries.iter().any(|entry| entry.value.is_asked()) {
            provided.push(file.path.clone());
        }
    }
    (secrets, provided)
}

fn networks(ground: &Ground<'_>, services: &[Service]) -> Vec<Network> {
    if !ground.is_prod() {
        return Vec::new();
    }
    [(BACK, true), (FRONT, false)]
        .into_iter()
        .filter(|(name, _)| services.iter().any(|service| service.networks.iter().any(|used| used == name)))
        .map(|(name, internal)| Network { name: name.to_owned(), internal })
        .collect()
}

fn app_server(ground: &Ground<'_>, settled: &Settled) -> AppServer {
    let facts = ground.facts;
    let asgi = ground.serves_asgi();
    let stated = if asgi { &facts.asgi_application.value } else { &facts.wsgi_application.value };
    let usable = stated.as_deref().filter(|module| {
        // A module that sets the settings module itself would not take the overlay.
        let text = ground.module_file(module).and_then(|file| ground.tree.text(&file).map(str::to_owned));
        text.is_none_or(|text| !text.lines().any(image::sets_module))
    });
    let (_, class) = settled.module(ground);
    let package = if class.is_some() { "configurations" } else { "django.core" };
    let application = match usable {
        Some(module) => format!("{module}:application"),
        None if asgi => format!("{package}.asgi:get_asgi_application()"),
        None => format!("{package}.wsgi:get_wsgi_application()"),
    };
    AppServer {
        application,
        asgi,
        protocol: ground.protocol().unwrap_or(Protocol::Http),
        port: layout::PORT,
        health_port: service::health_port(ground),
        timeout: 60,
        graceful_timeout: service::GRACE_OF_REQUESTS,
        preloads: ground.is_prod() && !asgi && preload::hindrance(ground).is_none(),
        logs_requests: !ground.answers.proxy.run.is_some_and(|run| run.logs_requests && ground.has_proxy()),
        // The proxy alone reaches the port; where there is none, whoever likes does.
        forwarded_allow_ips: if ground.has_proxy() { "*" } else { layout::NOBODY_ELSE }.to_owned(),
        trusted_variable: service::trusted_variable(ground).map(str::to_owned),
    }
}

/// The servers of the stack, or the database elsewhere: `depends_on` is not looked at when the machine restarts.
fn wait_for(ground: &Ground<'_>, servers: &[&Service]) -> Vec<WaitFor> {
    let mut all: Vec<WaitFor> = servers
        .iter()
        .filter_map(|service| {
            let port = match service.role {
                Role::Database => ground.credentials.as_ref()?.port,
                _ => ground.store_port(&service.name)?,
            };
            Some(WaitFor::Address { host: service.name.clone(), port })
        })
        .collect();
    if matches!(ground.database.kept, database::Kept::Elsewhere) {
        all.extend(external(ground));
    }
    all
}

fn external(ground: &Ground<'_>) -> Option<WaitFor> {
    let default = ground.open().get("DATABASES")?.get("default")?;
    let variable = |value: &Value| value.reads().first().map(|read| read.name.clone());
    let by_url = default.reads().into_iter().find(|read| read.cast == Cast::DatabaseUrl);
    if let Some(read) = by_url {
        return Some(WaitFor::Url { variable: read.name.clone(), default_port: 5432 });
    }
    let host = variable(default.get("HOST")?)?;
    Some(WaitFor::Variables { host, port: default.get("PORT").and_then(variable), default_port: 5432 })
}
