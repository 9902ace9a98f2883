//! Servers that are pulled: databases and caches.

use super::{BACK, hardened, memory, plain, shell_check, words};
use crate::base::{Evidence, Place};
use crate::catalog::container::Container;
use crate::catalog::database::{Given, Server};
use crate::catalog::store::{self, Login};
use crate::knowledge::{django, images};
use crate::plan::addresses::login::StoreLogin;
use crate::plan::ground::{Ground, Placed};
use crate::python::{Minor, Value};
use crate::stack::{Mount, PublishedPort, Restart, Role, Service, ServiceImage, TestDatabases, Text, Volume};

/// The service of the database and its volume, where the stack has one.
pub(in crate::plan) fn database(ground: &Ground<'_>) -> Option<(Service, Volume)> {
    let server = ground.database.server()?;
    let credentials = ground.credentials.as_ref()?;
    let image = images::choose(image_of(ground, server), floor(ground, server))?;
    let mut service =
        container(ground, &server.container, &credentials.host, Role::Database, &image.reference);
    for (name, given) in server.environment {
        let text = match given {
            Given::Name => Text::known(&credentials.name),
            Given::User => Text::known(&credentials.user),
            Given::Password => Text::variable(&credentials.password),
            Given::Text(text) => Text::known(*text),
        };
        service.environment.insert((*name).to_owned(), text);
    }
    service.because = ground.facts.databases.evidence.clone();
    let volume = Volume {
        name: "database".to_owned(),
        because: vec![Evidence::new(
            Place::Row(format!("images: {}", server.container.image)),
            "where the image keeps its data",
        )],
    };
    // The folder is the image's own: since version 18 that of PostgreSQL is one higher.
    let target = image.data?;
    service.mounts.push(Mount::Volume { volume: volume.name.clone(), target, read_only: false });
    if !ground.is_prod() {
        service.ports.push(PublishedPort {
            interface: Some("127.0.0.1".to_owned()),
            variable: "DEV_DATABASE_PORT".to_owned(),
            published: 10_000 + server.container.port,
            container: server.container.port,
        });
    }
    if let (Some(rights), Some(tests)) = (test_databases(ground), server.test_databases) {
        let (source, target) = (rights.script.to_string(), tests.target.to_owned());
        service.mounts.push(Mount::Bind { source, target, read_only: true });
    }
    Some((service, volume))
}

/// The script that lets the user of the development database make databases for tests, where the server needs one.
pub(in crate::plan) fn test_databases(ground: &Ground<'_>) -> Option<TestDatabases> {
    let script = ground.database.server()?.test_databases?.script;
    let user = ground.credentials.as_ref().filter(|_| !ground.is_prod())?.user.clone();
    // Django puts `test_` before the name, and a number behind it for each process: both letters mean any in patterns.
    let mut patterns = vec!["test\\_%".to_owned()];
    let stated = ground.open().get("DATABASES").and_then(Value::entries).unwrap_or_default();
    let names = stated.iter().filter_map(|(_, database)| database.get("TEST")?.get("NAME")?.assumed());
    for name in names {
        let name = name.as_str().filter(|name| !name.is_empty() && !name.starts_with("test_"));
        let escaped = name.map(|name| name.replace('\\', "\\\\").replace('_', "\\_").replace('%', "\\%"));
        // With what stands behind it when tests run in several processes.
        patterns.extend(escaped.into_iter().flat_map(|name| [format!("{name}\\_%"), name]));
    }
    patterns.sort();
    patterns.dedup();
    let template = format!("database/{script}.tera");
    Some(TestDatabases { script: ground.answers.config_dir.join(script), template, user, patterns })
}

/// Vectors are an extension that PostgreSQL's own image lacks.
fn image_of(ground: &Ground<'_>, server: &Server) -> &'static str {
    if server.container.image == "postgres" && ground.has_distribution("pgvector") {
        "pgvector"
    } else {
        server.container.image
    }
}

fn floor(ground: &Ground<'_>, server: &Server) -> Option<&'static str> {
    let line = ground.facts.django_version.value.as_deref().and_then(Minor::parse)?;
    django::release(line)?.database_floor(server.floor)
}

/// Returns the service of each store, with its volume where the store keeps anything; `login` is that of the default store's
/// clients.
pub(in crate::plan) fn stores(
    ground: &Ground<'_>,
    login: Option<&StoreLogin>,
) -> Vec<(Service, Option<Volume>)> {
    ground.stores(login).iter().filter_map(|placed| store(ground, placed)).collect()
}

fn store(ground: &Ground<'_>, placed: &Placed) -> Option<(Service, Option<Volume>)> {
    let store = placed.store;
    let image = images::choose(store.container.image, None)?;
    let mut service = container(ground, &store.container, &placed.host, Role::Cache, &image.reference);
    if let (Some(login), Some(server)) = (&placed.login, store.login) {
        log_in(&mut service, &server, login);
    }
    service.because.clone_from(&placed.because);
    let volume = store.kept.map(|(name, because)| Volume {
        name: name.to_owned(),
        because: vec![Evidence::new(Place::Default, because)],
    });
    if let Some(volume) = &volume {
        let (volume, target) = (volume.name.clone(), image.data?);
        service.mounts.push(Mount::Volume { volume, target, read_only: false });
    }
    Some((service, volume))
}

/// Lets a store take no client without the password.
fn log_in(service: &mut Service, server: &Login, login: &StoreLogin) {
    for (name, given) in server.environment {
        let text = match given {
            store::Given::User => Text::known(&login.named),
            store::Given::Password => Text::variable(&login.password),
            store::Given::Text(text) => Text::known(*text),
            store::Given::Part => match &login.part {
                Some(part) => Text::known(part),
                None => continue,
            },
        };
        service.environment.insert((*name).to_owned(), text);
    }
    if let Some(start) = server.start {
        let users = login.user.as_ref().map(|user| server.users.replace("{user}", user));
        service.command = words(&["sh", "-c", &start.replace("{users}", &users.unwrap_or_default())]);
    }
}

fn container(ground: &Ground<'_>, container: &Container, name: &str, role: Role, tag: &str) -> Service {
    let is_prod = ground.is_prod();
    let mut service = hardened(plain(name, role, ServiceImage::Named { tag: tag.to_owned() }), is_prod);
    service.command = words(container.command);
    service.health_check = Some(shell_check(container.health, container.start_period));
    service.shared_memory = container.shared_memory;
    service.stop_grace_period = container.stop_grace_period;
    if is_prod {
        let writer = container.writer.map(|id| format!("{id}:{id}"));
        service.memory = memory(container.writable, writer.as_deref());
        service.cap_add = words(container.capabilities);
        service.restart = Restart::UnlessStopped;
        service.networks = vec![BACK.to_owned()];
    }
    service
}
