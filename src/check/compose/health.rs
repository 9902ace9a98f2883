//! Health checks that say the wrong thing.

use super::databases::server;
use super::{ComposeFile, Service, compose_files};
use crate::base::codes::check::compose::{HEALTH_CHECK_HOST, MYSQL_HEALTH_BY_PING, WORKER_HEALTH_OF_WEB};
use crate::base::{Diagnostic, Place, wording};
use crate::check::command_line::SimpleCommand;
use crate::check::dockerfile::{Dockerfile, Instruction, dockerfiles};
use crate::check::subject::{is_this_machine, url_host};
use crate::check::{Rule, Subject};
use crate::knowledge::django::Server;

pub const RULES: &[Rule] = &[
    Rule { codes: &[MYSQL_HEALTH_BY_PING], find: ping },
    Rule { codes: &[WORKER_HEALTH_OF_WEB], find: workers },
    Rule { codes: &[HEALTH_CHECK_HOST], find: hosts },
];

fn ping(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in compose_files(subject.tree) {
        for service in file.services.iter().filter(|service| server(service) == Some(Server::Mysql)) {
            let pings = service.health_check.iter().flatten().any(|command| {
                let over_network = command.words.iter().any(|word| {
                    let word = word.trim_start_matches("--host=").trim_start_matches("-h");
                    word == "127.0.0.1" || word.eq_ignore_ascii_case("--protocol=tcp")
                });
                command.program() == "mysqladmin" && !over_network
            });
            if pings {
                found.push(
                    Diagnostic::warning(
                        MYSQL_HEALTH_BY_PING,
                        format!("the health check of `{}` passes before the database is ready", service.name),
                    )
                    .at(&file.line_of(service, "mysqladmin"), "asks over the socket")
                    .because("at its first start the image runs a temporary server that answers on the socket only: `service_healthy` comes too early, and `migrate` ends with `Can't connect to MySQL server`")
                    .help("ask over TCP and with the project's own account: `mysql --protocol=tcp -h 127.0.0.1 -u$$MYSQL_USER -p$$MYSQL_PASSWORD -e 'SELECT 1' $$MYSQL_DATABASE`"),
                );
            }
        }
    }
    found
}

/// Workers that have the health check of the image, which asks a web server.
fn workers(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let files = dockerfiles(subject);
    let mut found = Vec::new();
    for file in compose_files(subject.tree) {
        let asks = |service: &&Service| {
            service.health_check.is_none()
                && service.commands.iter().any(|command| command.program() == "celery")
                && service.built_from(&files).and_then(asks_web).is_some()
        };
        let services: Vec<&Service> = file.services.iter().filter(asks).collect();
        let Some(first) = services.first() else { continue };
        let names: Vec<&str> = services.iter().map(|service| service.name.as_str()).collect();
        found.push(
            Diagnostic::warning(
                WORKER_HEALTH_OF_WEB,
                format!("{} cannot pass the health check of the image", wording::and_ticked(&names)),
            )
            .at(&file.line_of(first, "command"), "no web server answers in this container")
            .because("`HEALTHCHECK` is part of the image, so every container made of it has it: the worker is unhealthy for ever")
            .help("give the worker its own: `healthcheck: {test: [\"CMD\", \"celery\", \"-A\", \"PACKAGE\", \"inspect\", \"ping\", \"-d\", \"celery@$$HOSTNAME\"]}`")
            .help("and beat none: `healthcheck: {disable: true}`"),
        );
    }
    found
}

/// The health check of a Dockerfile that asks a web server, and its line.
fn asks_web(file: &Dockerfile) -> Option<&Place> {
    file.last()?.instructions.iter().find_map(|(place, instruction)| {
        let Instruction::HealthCheck(commands) = instruction else { return None };
        commands.iter().any(|command| asked_host(command).is_some()).then_some(place)
    })
}

/// The host of the address that a command asks, where it is this machine: `http://localhost:8000/`.
fn asked_host(command: &SimpleCommand) -> Option<&str> {
    let addresses = command.words.iter().flat_map(|word| word.split(['\'', '"', '(', ')', ' ']));
    let mut hosts = addresses.filter(|part| part.starts_with("http://")).filter_map(url_host);
    hosts.find(|host| is_this_machine(host))
}

/// Checks by a name that Django answers with 400.
fn hosts(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let Some((allowed, place)) = allowed_hosts(subject) else { return Vec::new() };
    let refused = |commands: &[SimpleCommand]| {
        commands.iter().find_map(|command| {
            asked_host(command)
                .filter(|host| !says_host(command) && !allows(&allowed, host))
                .map(str::to_owned)
        })
    };
    let mut found = Vec::new();
    let files = dockerfiles(subject);
    for file in &files {
        for (at, instruction) in file.last().iter().flat_map(|stage| &stage.instructions) {
            let Instruction::HealthCheck(commands) = instruction else { continue };
            found.extend(refused(commands).map(|host| is_refused(&host, at, &allowed, place)));
        }
    }
    for file in compose_files(subject.tree) {
        for service in file.services.iter().filter(|service| service.built_from(&files).is_some()) {
            let host = service.health_check.as_deref().and_then(refused);
            found.extend(host.map(|host| is_refused(&host, &line_of_check(&file, service), &allowed, place)));
        }
    }
    found
}

/// Tells whether a command sends a header of its own that names the host.
fn says_host(command: &SimpleCommand) -> bool {
    command.words.iter().any(|word| {
        let word = word.to_lowercase();
        word.trim_start_matches("--header=").starts_with("host:")
            || word.contains("'host'")
            || word.contains("\"host\"")
    })
}

fn line_of_check(file: &ComposeFile, service: &Service) -> Place {
    file.line_of(service, "http://")
}

/// The names that production allows whatever the environment says; `None` where a variable has a say.
fn allowed_hosts<'a>(subject: &Subject<'a>) -> Option<(Vec<&'a str>, &'a Place)> {
    let (value, place) = subject.setting("ALLOWED_HOSTS")?;
    let hosts: Vec<&str> = value.items()?.iter().map(|item| item.as_str()).collect::<Option<_>>()?;
    let debug = subject.setting("DEBUG").and_then(|(value, _)| value.as_bool());
    // With DEBUG on an empty list allows this machine.
    (!hosts.is_empty() && debug == Some(false)).then_some((hosts, place))
}

fn allows(allowed: &[&str], host: &str) -> bool {
    allowed
        .iter()
        .any(|pattern| *pattern == "*" || *pattern == host || pattern.strip_prefix('.') == Some(host))
}

fn is_refused(host: &str, at: &Place, allowed: &[&str], decided: &Place) -> Diagnostic {
    Diagnostic::warning(
        HEALTH_CHECK_HOST,
        format!("the health check asks for `{host}`, which `ALLOWED_HOSTS` does not allow"),
    )
    .at(at, "answered with 400")
    .because(format!(
        "{} allowed at {decided}",
        match allowed {
            [only] => format!("only `{only}` is"),
            _ => format!("only {} are", wording::and_ticked(allowed)),
        }
    ))
    .because("the container is unhealthy for ever, and what waits for it never starts")
    .help(format!(
        "send a name that is allowed: `curl -f -H 'Host: {}' …`",
        allowed.first().unwrap_or(&"example.org").trim_start_matches('.')
    ))
    .help("or only look whether the port is open, which needs no name")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{of_file as findings, of_settings};

    #[test]
    fn failure_09_mysql_is_asked_over_the_network() {
        let of = |image: &str, test: &str| {
            let text =
                format!("services:\n  db:\n    image: {image}\n    healthcheck:\n      test: {test}\n");
            findings(RULES, "compose.yaml", &text, &[])
        };
        assert_eq!(
            of("mysql:8.4", "[\"CMD\", \"mysqladmin\", \"ping\", \"-h\", \"localhost\"]"),
            ["mysql-health-by-ping:5"]
        );
        assert_eq!(of("mysql:8.4", "mysqladmin ping -uroot"), ["mysql-health-by-ping:5"]);
        assert!(of("mysql:8.4", "mysqladmin ping -h 127.0.0.1").is_empty());
        assert!(of("mysql:8.4", "mysql --protocol=tcp -e 'SELECT 1'").is_empty());
        assert!(of("mariadb:11.8", "healthcheck.sh --connect").is_empty());
    }

    const CHECKED: &str = "FROM python:3.13\nHEALTHCHECK CMD curl -f http://localhost:8000/ || exit 1\n";

    #[test]
    fn failure_48_a_worker_has_its_own_health_check() {
        let of = |worker: &str, dockerfile: &str| {
            let text =
                format!("services:\n  worker:\n    build: .\n    command: celery -A x worker\n{worker}");
            findings(RULES, "compose.yaml", &text, &[("Dockerfile", dockerfile)])
        };
        assert_eq!(of("", CHECKED), ["worker-health-of-web:4"]);
        assert!(of("    healthcheck:\n      disable: true\n", CHECKED).is_empty());
        assert!(of("", "FROM python:3.13\nRUN pip install x\n").is_empty());
    }

    #[test]
    fn failure_19_a_health_check_asks_for_a_name_that_is_allowed() {
        let of = |settings: &str| of_settings(RULES, settings, &[("Dockerfile", CHECKED)]);
        assert_eq!(of("DEBUG = False\nALLOWED_HOSTS = ['example.org']"), ["health-check-host:2"]);
        for fine in [
            "DEBUG = False\nALLOWED_HOSTS = ['example.org', 'localhost']",
            "DEBUG = False\nALLOWED_HOSTS = ['*']",
            "import os\nDEBUG = False\nALLOWED_HOSTS = os.environ['HOSTS'].split(',')",
            "DEBUG = True\nALLOWED_HOSTS = ['example.org']",
        ] {
            assert!(of(fine).is_empty(), "{fine}");
        }
        let named = CHECKED.replace("-f", "-f -H 'Host: example.org'");
        let files = [("Dockerfile", named.as_str())];
        assert!(of_settings(RULES, "DEBUG = False\nALLOWED_HOSTS = ['example.org']", &files).is_empty());
        let compose =
            "services:\n  web:\n    build: .\n    healthcheck:\n      test: curl -f http://127.0.0.1/\n";
        let files = [("Dockerfile", "FROM python:3.13\n"), ("compose.yaml", compose)];
        assert_eq!(
            of_settings(RULES, "DEBUG = False\nALLOWED_HOSTS = ['a.b']", &files),
            ["health-check-host:5"]
        );
    }
}
