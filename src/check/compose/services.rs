//! Rules about what services run, publish and wait for.

use super::{ComposeFile, Service, compose_files};
use crate::base::codes::check::compose::{
    COMPOSE_MIGRATES_AND_SERVES, COMPOSE_RUNSERVER, COMPOSE_SERVER_NOT_EXEC, COMPOSE_WAITS_FOR_START,
    STATIC_VOLUME_STALE,
};
use crate::base::{Diagnostic, Place, wording};
use crate::check::server::scripts;
use crate::check::{Rule, Subject, at_places};

pub const RULES: &[Rule] = &[
    Rule {
        codes: &[COMPOSE_RUNSERVER, COMPOSE_SERVER_NOT_EXEC, COMPOSE_MIGRATES_AND_SERVES],
        find: commands,
    },
    Rule { codes: &[COMPOSE_WAITS_FOR_START], find: waits },
    Rule { codes: &[STATIC_VOLUME_STALE], find: static_volume },
];

/// Each service of each file.
fn each(subject: &Subject<'_>, find: impl Fn(&ComposeFile, &Service) -> Vec<Diagnostic>) -> Vec<Diagnostic> {
    let files = compose_files(subject.tree);
    files
        .iter()
        .flat_map(|file| file.services.iter().flat_map(|service| find(file, service)).collect::<Vec<_>>())
        .collect()
}

fn commands(subject: &Subject<'_>) -> Vec<Diagnostic> {
    each(subject, |file, service| {
        let mut found = Vec::new();
        if file.is_for_production() && service.commands.iter().any(|command| command.manages("runserver")) {
            found.push(
                Diagnostic::error(
                    COMPOSE_RUNSERVER,
                    format!("the service `{}` runs Django's development server in production", service.name),
                )
                .at(&file.line_of(service, "runserver"), "`runserver`")
                .because(
                    "Django's own words: do not use it in production; it has gone through no security audit",
                )
                .help("start an app server: `command: gunicorn --bind 0.0.0.0:8000 PACKAGE.wsgi`"),
            );
        }
        let server = service.commands.last().filter(|command| command.serves());
        if let Some(server) = server.filter(|server| !server.exec && service.commands.len() > 1) {
            found.push(
                Diagnostic::warning(COMPOSE_SERVER_NOT_EXEC, format!("`{}` in the service `{}` is started by a shell that does not pass signals on", server.program(), service.name))
                    .at(&file.line_of(service, server.program()), "the last command of a shell line, without `exec`")
                    .because("`docker compose stop` waits 10 seconds and then kills it: requests are cut, the exit code is 137")
                    .help(format!("put `exec` before it: `… && exec {} …`", server.program())),
            );
        }
        let migrates = service.commands.iter().any(|command| command.manages("migrate"));
        if migrates && server.is_some() && file.is_for_production() {
            found.push(
                Diagnostic::warning(COMPOSE_MIGRATES_AND_SERVES, format!("the service `{}` migrates each time it starts", service.name))
                    .at(&file.line_of(service, "migrate"), "run by every replica")
                    .because("two replicas that start together apply the same migration at the same time: `relation already exists`")
                    .help("migrate in a service of its own that the others wait for with `condition: service_completed_successfully`"),
            );
        }
        found
    })
}

fn waits(subject: &Subject<'_>) -> Vec<Diagnostic> {
    if scripts::any_waits(subject) {
        return Vec::new();
    }
    compose_files(subject.tree).iter().filter_map(waits_in).collect()
}

/// One for the file: the services that do not wait long enough, each with its line.
fn waits_in(file: &ComposeFile) -> Option<Diagnostic> {
    let mut databases: Vec<&str> = Vec::new();
    let mut services: Vec<&Service> = Vec::new();
    for service in &file.services {
        let idles = service.commands.iter().any(|command| matches!(command.program(), "sleep" | "tail"));
        let waits =
            service.commands.iter().any(|command| command.words.iter().any(|word| scripts::waits(word)));
        if is_proxy(service) || idles || waits {
            continue;
        }
        let before = databases.len();
        let own = file.services.iter().filter(|other| {
            service.waits_for_start_of.contains(&other.name) && super::databases::server(other).is_some()
        });
        databases.extend(own.map(|other| other.name.as_str()));
        services.extend((databases.len() > before).then_some(service));
    }
    databases.sort_unstable();
    databases.dedup();
    let names: Vec<&str> = services.iter().map(|service| service.name.as_str()).collect();
    let who = match names.as_slice() {
        [] => return None,
        [name] => format!("the service `{name}` waits"),
        names => format!("the services {} wait", wording::and_ticked(names)),
    };
    let (has, answers) = if databases.len() == 1 { ("has", "it answers") } else { ("have", "they answer") };
    let title = format!("{who} until {} {has} started, not until {answers}", wording::and_ticked(&databases));
    let places: Vec<Place> = services.iter().map(|service| file.line_of(service, "depends_on")).collect();
    let diagnostic = Diagnostic::warning(COMPOSE_WAITS_FOR_START, title);
    Some(
        at_places(diagnostic, places.iter().map(|place| (place, "the list form".to_owned())))
            .because("a database needs seconds to begin; the first start ends with `connection refused`, and the second works")
            .help("give the database a health check, and wait with `condition: service_healthy`"),
    )
}

/// Tells whether it only passes requests on: then it is not the one that needs the database.
fn is_proxy(service: &Service) -> bool {
    let proxies = ["nginx", "caddy", "traefik", "haproxy", "httpd"];
    let image = service.image.as_deref().unwrap_or_default();
    proxies.iter().any(|proxy| service.name.contains(proxy) || image.contains(proxy))
}

fn static_volume(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let files = compose_files(subject.tree);
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.is_for_production()) {
        let shared = |service: &Service| {
            service.mounts.iter().find_map(|mount| {
                let (name, _) = mount.split_once(':')?;
                (name.contains("static") && !name.starts_with(['.', '/'])).then(|| name.to_owned())
            })
        };
        let proxies = file.services.iter().filter(|service| is_proxy(service));
        let Some(volume) = proxies.into_iter().find_map(shared) else { continue };
        let clears = scripts::any_clears(subject)
            || file.services.iter().flat_map(|service| &service.commands).any(|command| {
                command.manages("collectstatic")
                    && command.words.iter().any(|word| word == "--clear" || word == "-c")
            });
        let Some(web) =
            file.services.iter().find(|service| service.builds && shared(service).as_ref() == Some(&volume))
        else {
            continue;
        };
        if !clears {
            found.push(
                Diagnostic::note(STATIC_VOLUME_STALE, format!("static files reach the proxy through the volume `{volume}`, which keeps those of the last release"))
                    .at(&file.line_of(web, &volume), "filled from the image only while it is empty")
                    .because("after an update, files that were removed stay, and files whose copy is newer are not replaced")
                    .help("build the proxy's image from the stage that ran `collectstatic`, as `djdock init` does")
                    .help("or run `python manage.py collectstatic --noinput --clear` at each start"),
            );
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_file as findings;

    const DATABASE: &str = "services:\n  db:\n    image: postgres:17\n";

    #[test]
    fn production_has_an_app_server_that_hears_signals() {
        let web = |command: &str| format!("services:\n  web:\n    build: .\n    command: {command}\n");
        let run = web("python manage.py runserver 0.0.0.0:8000");
        assert_eq!(findings(RULES, "docker-compose.prod.yml", &run, &[]), ["compose-runserver:4"]);
        assert!(findings(RULES, "docker-compose.yml", &run, &[]).is_empty());
        let both = web("sh -c \"python manage.py migrate && gunicorn site.wsgi\"");
        assert_eq!(
            findings(RULES, "docker-compose.prod.yml", &both, &[]),
            ["compose-server-not-exec:4", "compose-migrates-and-serves:4"]
        );
    }

    #[test]
    fn started_is_not_ready() {
        let list = format!("{DATABASE}  web:\n    build: .\n    depends_on:\n      - db\n");
        assert_eq!(findings(RULES, "compose.yaml", &list, &[]), ["compose-waits-for-start:6"]);
        let healthy = format!(
            "{DATABASE}  web:\n    build: .\n    depends_on:\n      db:\n        condition: service_healthy\n"
        );
        assert!(findings(RULES, "compose.yaml", &healthy, &[]).is_empty());
        let two = format!("{list}  worker:\n    build: .\n    depends_on: [db]\n");
        assert_eq!(findings(RULES, "compose.yaml", &two, &[]), ["compose-waits-for-start:6"]);
        let waits = (
            "entrypoint.sh",
            "#!/bin/sh\nset -e\nuntil psql \"$DATABASE_URL\" -c ''; do sleep 1; done\nexec \"$@\"\n",
        );
        assert!(findings(RULES, "compose.yaml", &list, &[waits]).is_empty());
        let other = format!("{DATABASE}  nginx:\n    image: nginx:1.26\n    depends_on:\n      - db\n");
        assert!(findings(RULES, "compose.yaml", &other, &[]).is_empty());
        let idle = format!(
            "{DATABASE}  web:\n    build: .\n    command: sleep infinity\n    depends_on:\n      - db\n"
        );
        assert!(findings(RULES, "compose.yaml", &idle, &[]).is_empty());
    }

    #[test]
    fn bash_passes_signals_on_to_the_last_command_of_its_line() {
        let text = "services:\n  web:\n    build: .\n    command: bash -c \"python manage.py check && gunicorn x\"\n";
        assert!(findings(RULES, "compose.yaml", text, &[]).is_empty());
    }

    #[test]
    fn a_volume_of_static_files_gets_old() {
        let text = "services:\n  web:\n    build: .\n    volumes:\n      - static:/app/static\n  nginx:\n    image: nginx:1.26\n    volumes:\n      - static:/app/static\nvolumes:\n  static:\n";
        assert_eq!(findings(RULES, "compose.prod.yaml", text, &[]), ["static-volume-stale:5"]);
        let clears =
            ("entrypoint.sh", "set -e\npython manage.py collectstatic --noinput --clear\nexec \"$@\"\n");
        assert!(findings(RULES, "compose.prod.yaml", text, &[clears]).is_empty());
    }
}
