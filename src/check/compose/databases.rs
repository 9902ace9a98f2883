//! Database services.

use super::{ComposeFile, Service, compose_files};
use crate::base::codes::check::compose::{
    COMPOSE_AUTH_PLUGIN, COMPOSE_DATABASE_PUBLISHED, COMPOSE_DATABASE_TOO_OLD, COMPOSE_DATABASE_UNKEPT,
    COMPOSE_ROOT_USER, COMPOSE_SYSTEM_SCHEMA, POSTGRES_VOLUME_PATH,
};
use crate::base::{Diagnostic, Tree};
use crate::catalog::server;
use crate::check::{Rule, Subject};
use crate::knowledge::django::{self, Server};
use crate::python::Minor;

pub const RULES: &[Rule] = &[
    Rule { codes: &[COMPOSE_DATABASE_TOO_OLD], find: versions },
    Rule { codes: &[COMPOSE_DATABASE_PUBLISHED], find: published },
    Rule { codes: &[COMPOSE_DATABASE_UNKEPT], find: unkept },
    Rule { codes: &[POSTGRES_VOLUME_PATH, COMPOSE_AUTH_PLUGIN, COMPOSE_SYSTEM_SCHEMA], find: habits },
    Rule { codes: &[COMPOSE_ROOT_USER], find: root_users },
];

/// The database server that a service runs, by its image.
pub(super) fn server(service: &Service) -> Option<Server> {
    let image = service.image.as_deref()?;
    let name = image.split(['@', ':']).next()?.rsplit('/').next()?;
    match name {
        "postgres" | "postgis" | "pgvector" | "timescaledb" => Some(Server::Postgresql),
        "mysql" | "mysql-server" => Some(Server::Mysql),
        "mariadb" => Some(Server::Mariadb),
        _ => None,
    }
}

/// The number that the image's tag begins with: `5.7` for `mysql:5.7-debian`; that of the server, where the tag names
/// an extension's first: `17` for `pgvector:0.8.0-pg17`.
fn version(service: &Service) -> Option<&str> {
    let image = service.image.as_deref()?;
    let tag = image.rsplit_once(':')?.1;
    let server = tag.split(['-', '.', '_']).find_map(|part| {
        let number = part.strip_prefix("pg").filter(|rest| !rest.is_empty())?;
        number.bytes().all(|byte| byte.is_ascii_digit()).then_some(number)
    });
    let tag = server.or_else(|| tag.split('-').next())?;
    tag.starts_with(|first: char| first.is_ascii_digit()).then_some(tag)
}

/// Tells whether this project's Django refuses the server of a service.
pub(super) fn is_too_old(subject: &Subject<'_>, service: &Service) -> bool {
    let Some((major, minor)) = subject.django() else { return false };
    let (Some(server), Some(version)) = (server(service), version(service)) else { return false };
    django::database_too_old(Minor(major, minor), server, version).is_some()
}

fn versions(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let Some((major, minor)) = subject.django() else { return Vec::new() };
    let mut found = Vec::new();
    for file in compose_files(subject.tree) {
        for service in file.services.iter().filter(|service| !is_anothers(subject.tree, &file, service)) {
            let (Some(server), Some(version)) = (server(service), version(service)) else { continue };
            let Some(floor) = django::database_too_old(Minor(major, minor), server, version) else {
                continue;
            };
            let image = service.image.as_deref().unwrap_or_default();
            found.push(
                Diagnostic::error(COMPOSE_DATABASE_TOO_OLD, format!("Django {major}.{minor} needs version {floor} of the database, and `{}` is `{image}`", service.name))
                    .at(&file.line_of(service, image), "chosen here")
                    .because("Django refuses to connect: `django.db.utils.NotSupportedError`")
                    .help("take a newer image, and bring the data over with a dump: a newer server does not read an older one's files"),
            );
        }
    }
    found
}

/// Tells whether the database is for a program of somebody else: nothing in the file is the project, and something is told of
/// the database.
fn is_anothers(tree: &Tree, file: &ComposeFile, database: &Service) -> bool {
    let others = || file.services.iter().filter(|service| server(service).is_none());
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    let told = |value: &str| value.split(|letter| !is_letter(letter)).any(|word| word == database.name);
    let is_told =
        |service: &Service| service.environment.iter().any(|(_, value)| value.as_deref().is_some_and(told));
    others().all(|service| !may_be_the_project(tree, service)) && others().any(is_told)
}

/// Tells whether what a service runs may be this project: it is built from something with Python, or it is told of Django.
fn may_be_the_project(tree: &Tree, service: &Service) -> bool {
    let is_python = || {
        let text = service.dockerfile.as_ref().and_then(|path| tree.text(path));
        text.is_none_or(|text| ["python", "pip", "uv "].iter().any(|word| text.contains(word)))
    };
    service.builds && is_python() || runs_django(service)
}

/// Tells whether a service is told which settings Django has, or which of its secrets, or runs a command of it.
fn runs_django(service: &Service) -> bool {
    let told = |name: &str| name.starts_with("DJANGO_") || matches!(name, "SECRET_KEY" | "ALLOWED_HOSTS");
    let runs = || ["manage.py", "django-admin", "celery"].into_iter().chain(server::Server::all_programs());
    let is_server = |word: &String| runs().any(|run| word.ends_with(run));
    service.environment.iter().any(|(name, _)| told(name))
        || !service.env_files.is_empty()
        || service.commands.iter().any(|command| command.words.iter().any(is_server))
}

fn published(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in compose_files(subject.tree) {
        for service in file.services.iter().filter(|service| server(service).is_some()) {
            let open = service
                .ports
                .iter()
                .find(|port| !port.starts_with("127.0.0.1:") && !port.starts_with("[::1]:"));
            let Some(port) = open else { continue };
            let diagnostic = if file.is_for_production() {
                Diagnostic::error(
                    COMPOSE_DATABASE_PUBLISHED,
                    format!("the database `{}` is published on every interface in production", service.name),
                )
            } else {
                Diagnostic::warning(
                    COMPOSE_DATABASE_PUBLISHED,
                    format!("the database `{}` is published on every interface", service.name),
                )
            };
            let fixed = if port.contains(':') { port.clone() } else { format!(":{port}") };
            found.push(
                diagnostic
                    .at(&file.line_of(service, port), format!("`{port}`"))
                    .because("Docker opens the port past the host's firewall; other services reach the database without it")
                    .help(format!("publish it on the loopback address only: `\"127.0.0.1:{fixed}\"`"))
                    .help("or take `ports` out: `docker compose exec` reaches it too"),
            );
        }
    }
    found
}

fn unkept(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    // Tests and a developer's machine may begin anew; an override does not say all.
    let kept = |file: &ComposeFile| !file.is_for_development() && !file.is_override();
    for file in compose_files(subject.tree).iter().filter(|file| kept(file)) {
        for service in &file.services {
            let (Some(server), Some(image)) = (server(service), service.image.as_deref()) else { continue };
            let folder = if server == Server::Postgresql { "/var/lib/postgresql" } else { "/var/lib/mysql" };
            // Mounts in the long form are not read: where there are any, one may be it.
            if service.has_mounts {
                continue;
            }
            found.push(
                Diagnostic::warning(
                    COMPOSE_DATABASE_UNKEPT,
                    format!("the data of the database `{}` is on no named volume", service.name),
                )
                .at(&file.line_of(service, image), "no `volumes`")
                .because("after `docker compose down` the next `up` begins with an empty database")
                .help(format!("give it a volume: `volumes: [{}_data:{folder}{}]`, and declare `{}_data` under the top-level `volumes`", service.name, data_of(server, service), service.name)),
            );
        }
    }
    found
}

/// PostgreSQL keeps its data one folder further down until 17.
fn data_of(server: Server, service: &Service) -> &'static str {
    let major = version(service).and_then(|version| version.split('.').next()?.parse::<u32>().ok());
    if server == Server::Postgresql && major.is_some_and(|major| major < 18) { "/data" } else { "" }
}

fn habits(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in compose_files(subject.tree) {
        for service in &file.services {
            let Some(server) = server(service) else { continue };
            let major = version(service).and_then(|version| version.split('.').next()?.parse::<u32>().ok());
            let data = service.mounts.iter().find(|mount| mount.contains(":/var/lib/postgresql/data"));
            if let (Server::Postgresql, Some(18..), Some(mount)) = (server, major, data) {
                found.push(
                    Diagnostic::error(POSTGRES_VOLUME_PATH, format!("the volume of `{}` is not where PostgreSQL 18 keeps its data", service.name))
                        .at(&file.line_of(service, mount), "right up to PostgreSQL 17")
                        .because("from 18 on the data is in a folder per version below `/var/lib/postgresql`; the image refuses to start, or the data is lost with the container")
                        .help("mount the volume on `/var/lib/postgresql`"),
                );
            }
            let plugin = service
                .commands
                .iter()
                .flat_map(|command| &command.words)
                .find(|word| word.contains("default-authentication-plugin"));
            if let (Server::Mysql, Some(word)) = (server, plugin) {
                found.push(
                    Diagnostic::error(
                        COMPOSE_AUTH_PLUGIN,
                        format!("`{word}` is not an option of MySQL since 8.4"),
                    )
                    .at(
                        &file.line_of(service, "default-authentication-plugin"),
                        "an unknown variable: the server does not start",
                    )
                    .because("`mysqlclient` and `PyMySQL` have long known MySQL 8's own authentication")
                    .help("take the option out"),
                );
            }
            let schema = service.environment.iter().find(|(name, value)| {
                matches!(name.as_str(), "MYSQL_DATABASE" | "MARIADB_DATABASE")
                    && value.as_deref() == Some("mysql")
            });
            if let Some((name, _)) = schema {
                found.push(
                    Diagnostic::error(COMPOSE_SYSTEM_SCHEMA, format!("`{name}` is `mysql`, the server's own schema"))
                        .at(&file.line_of(service, name), "the project's tables would lie among the server's")
                        .because("an upgrade of the server rewrites that schema, and a backup of the project holds the accounts")
                        .help("give the project a database of its own, named for it"),
                );
            }
        }
    }
    found
}

/// `MYSQL_USER: root`, which the images refuse.
fn root_users(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in compose_files(subject.tree) {
        for service in &file.services {
            if server(service) != Some(Server::Mysql) {
                continue;
            }
            let root = service
                .environment
                .iter()
                .find(|(name, value)| name == "MYSQL_USER" && value.as_deref() == Some("root"));
            found.extend(root.map(|(name, _)| {
                Diagnostic::error(COMPOSE_ROOT_USER, format!("`{name}` of the service `{}` is `root`", service.name))
                    .at(&file.line_of(service, name), "the account that is there already")
                    .because("the image stops at its first start: the variable makes a new account, and `root` it has by itself")
                    .help(format!("give the project an account of its own: `{name}: shop`, and the same name in the project's settings"))
            }));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_file as findings;

    /// Of what is said beside the volume, which none of these services has.
    fn check(body: &str) -> Vec<String> {
        let text = format!("services:\n  db:\n    {body}\n");
        let mut found = findings(RULES, "compose.yaml", &text, &[("requirements.txt", "django==5.2.1\n")]);
        found.retain(|one| !one.starts_with("compose-database-unkept"));
        found
    }

    #[test]
    fn the_database_is_new_enough_for_django() {
        assert_eq!(check("image: mysql:5.7"), ["compose-database-too-old:3"]);
        assert_eq!(check("image: postgres:12-alpine"), ["compose-database-too-old:3"]);
        assert!(check("image: mysql:8.4").is_empty());
        assert!(check("image: postgres").is_empty());
        assert!(check("image: pgvector/pgvector:0.8.6-pg18").is_empty());
        assert_eq!(check("image: timescale/timescaledb:2.11.0-pg12"), ["compose-database-too-old:3"]);
    }

    #[test]
    fn the_database_of_another_program_is_not_djangos() {
        let of = |other: &str| {
            let text = format!(
                "services:\n  db:\n    image: postgres:12\n    volumes: ['data:/var/lib/postgresql/data']\n  other:\n    {other}\n"
            );
            let beside = [
                ("requirements.txt", "django==5.2.1\n"),
                ("process/Dockerfile", "FROM camunda/camunda:7\nCOPY models /camunda\n"),
            ];
            let mut found = findings(RULES, "compose.yaml", &text, &beside);
            found.retain(|one| one.starts_with("compose-database-too-old"));
            found
        };
        let told = "environment: ['DB_URL=jdbc:postgresql://db:5432/process']";
        assert_eq!(of(&format!("image: camunda/camunda:7\n    {told}")), [""; 0]);
        assert_eq!(of(&format!("build: ./process\n    {told}")), [""; 0]);
        for own in [
            format!("build: .\n    {told}"),
            "image: shop\n    environment: {DJANGO_SETTINGS_MODULE: shop.settings, DB: db}".to_owned(),
            format!("image: shop\n    command: python manage.py runserver\n    {told}"),
            "image: redis:8".to_owned(),
        ] {
            assert_eq!(of(&own), ["compose-database-too-old:3"], "{own}");
        }
    }

    #[test]
    fn databases_are_not_published() {
        assert_eq!(check("image: mysql:8.4\n    ports: ['3307:3306']"), ["compose-database-published:4"]);
        assert!(check("image: mysql:8.4\n    ports: ['127.0.0.1:3307:3306']").is_empty());
    }

    #[test]
    fn a_project_has_an_account_of_its_own() {
        assert_eq!(
            check("image: mysql:8.4\n    environment:\n      MYSQL_USER: root"),
            ["compose-root-user:5"]
        );
        assert!(check("image: mysql:8.4\n    environment:\n      MYSQL_USER: shop").is_empty());
        assert!(check("image: mysql:8.4\n    environment:\n      MYSQL_ROOT_PASSWORD: x").is_empty());
    }

    #[test]
    fn a_databases_data_is_kept() {
        let of = |name: &str, body: &str| {
            let text = format!("services:\n  db:\n    image: postgres:17\n{body}");
            findings(&RULES[2..3], name, &text, &[])
        };
        assert_eq!(of("compose.yaml", ""), ["compose-database-unkept:3"]);
        assert!(of("compose.yaml", "    volumes: ['data:/var/lib/postgresql/data']\n").is_empty());
        assert!(
            of(
                "compose.yaml",
                "    volumes:\n      - {type: volume, source: d, target: /var/lib/postgresql/data}\n"
            )
            .is_empty()
        );
        assert!(of("compose.yaml", "    tmpfs: [/var/lib/postgresql/data]\n").is_empty());
        assert!(of("docker-compose.test.yml", "").is_empty());
    }

    #[test]
    fn habits_that_newer_servers_break() {
        assert_eq!(
            check("image: postgres:18\n    volumes: ['data:/var/lib/postgresql/data']"),
            ["postgres-volume-path:4"]
        );
        assert!(check("image: postgres:17\n    volumes: ['data:/var/lib/postgresql/data']").is_empty());
        assert_eq!(
            check("image: mysql:8.4\n    command: --default-authentication-plugin=mysql_native_password"),
            ["compose-auth-plugin:4"]
        );
        assert_eq!(
            check("image: mysql:8.4\n    environment:\n      MYSQL_DATABASE: mysql"),
            ["compose-system-schema:5"]
        );
    }
}
