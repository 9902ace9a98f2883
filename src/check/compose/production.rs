//! Rules about a stack that runs unattended: reachable addresses, restarts, places to write.

use super::{ComposeFile, Service, compose_files};
use crate::base::codes::check::compose::{BEAT_SCHEDULE_IN_SOURCE, COMPOSE_LOOPBACK, COMPOSE_NO_RESTART};
use crate::base::{Diagnostic, Place, path};
use crate::check::command_line::SimpleCommand;
use crate::check::dockerfile::{Dockerfile, Instruction, dockerfiles};
use crate::check::{Rule, Subject};

pub const RULES: &[Rule] = &[
    Rule { codes: &[COMPOSE_LOOPBACK], find: loopback },
    Rule { codes: &[COMPOSE_NO_RESTART], find: restarts },
    Rule { codes: &[BEAT_SCHEDULE_IN_SOURCE], find: beat },
];

fn loopback(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in compose_files(subject.tree) {
        for service in &file.services {
            let bound = service.commands.iter().find_map(|command| Some((command, command.loopback()?)));
            let Some((command, address)) = bound.filter(|_| !service.shares_network) else { continue };
            let name = command.server_name();
            found.push(
                Diagnostic::error(
                    COMPOSE_LOOPBACK,
                    format!("`{name}` of the service `{}` listens on `{address}`, which only the container itself can reach", service.name),
                )
                .at(&file.line_of(service, name), "bound to the loopback address")
                .because("a published port and the reverse proxy come from outside the container: the answer is empty, or 502")
                .help("listen on every address of the container: `0.0.0.0:8000`"),
            );
        }
    }
    found
}

/// Files for production in which nothing is started again.
fn restarts(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let files = compose_files(subject.tree);
    // A file may be given to compose together with those beside it.
    let says = |other: &ComposeFile| other.services.iter().any(|service| service.says_restart);
    let beside = |file: &ComposeFile| {
        let folder = path::parent(&file.path);
        files.iter().any(|other| path::parent(&other.path) == folder && says(other))
    };
    let in_production = files.iter().filter(|file| file.is_for_production() && !file.is_override());
    in_production.filter(|file| !beside(file)).filter_map(stays_down).collect()
}

fn stays_down(file: &ComposeFile) -> Option<Diagnostic> {
    let serves = |service: &&Service| {
        service.builds
            && !service.has_profiles
            && (service.commands.is_empty() || service.commands.iter().any(SimpleCommand::serves))
    };
    let first = file.services.iter().find(serves)?;
    Some(
        Diagnostic::note(COMPOSE_NO_RESTART, "no service of the production stack is started again")
            .at(&file.line_of_service(first), "no `restart`")
            .because("after a crash, or when the machine was started anew, the site stays down until somebody notices")
            .help("write `restart: unless-stopped` for every service that is to run on"),
    )
}

/// beat's file of last runs, where the process may not write.
fn beat(subject: &Subject<'_>) -> Vec<Diagnostic> {
    // A scheduler that the settings name keeps what it knows elsewhere.
    let is_named = subject.prod().settings.keys().any(|name| name.ends_with("BEAT_SCHEDULER"));
    if is_named || subject.distribution("django-celery-beat").is_some() {
        return Vec::new();
    }
    let files = dockerfiles(subject);
    let mut found = Vec::new();
    for file in compose_files(subject.tree) {
        for service in &file.services {
            let Some(user) = service.built_from(&files).and_then(last_user) else { continue };
            if matches!(user, "root" | "0") || !service.commands.iter().any(writes_schedule) {
                continue;
            }
            found.push(is_written(&file.line_of(service, "celery"), &service.name, user));
        }
    }
    found
}

pub(super) fn last_user(file: &Dockerfile) -> Option<&str> {
    let users = file.kept().filter_map(|(_, instruction)| match instruction {
        Instruction::User(user) => user.split(':').next(),
        _ => None,
    });
    users.last()
}

/// Tells whether a command keeps beat's schedule in a file of the working folder.
fn writes_schedule(command: &SimpleCommand) -> bool {
    let says = |flags: &[&str]| {
        command
            .words
            .iter()
            .any(|word| flags.iter().any(|flag| word == flag || word.starts_with(&format!("{flag}="))))
    };
    command.program() == "celery"
        && says(&["beat", "-B", "--beat"])
        && !says(&["-s", "--schedule", "--schedule-filename", "-S", "--scheduler"])
}

fn is_written(place: &Place, service: &str, user: &str) -> Diagnostic {
    Diagnostic::warning(
        BEAT_SCHEDULE_IN_SOURCE,
        format!("the service `{service}` keeps beat's schedule beside the code, where `{user}` may not be allowed to write"),
    )
    .at(place, "no `--schedule`")
    .because("beat writes `celerybeat-schedule` into its working folder: `[Errno 13] Permission denied`, and no task is ever sent")
    .help("name a file in a folder that belongs to the process: `celery -A PACKAGE beat --schedule /tmp/celerybeat-schedule`")
    .help("or keep the schedule in the database, with `django-celery-beat`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_file as findings;

    #[test]
    fn failure_57_servers_listen_where_they_are_reached() {
        let of = |command: &str| {
            let text = format!("services:\n  web:\n    build: .\n    command: {command}\n");
            findings(&RULES[..1], "compose.yaml", &text, &[])
        };
        assert_eq!(of("python manage.py runserver"), ["compose-loopback:4"]);
        assert_eq!(
            of("sh -c 'python manage.py migrate && gunicorn -b 127.0.0.1:8000 x'"),
            ["compose-loopback:4"]
        );
        assert!(of("python manage.py runserver 0.0.0.0:8000").is_empty());
        assert!(of("celery -A x worker").is_empty());
        let host = "services:\n  web:\n    build: .\n    network_mode: host\n    command: python manage.py runserver\n";
        assert!(findings(&RULES[..1], "compose.yaml", host, &[]).is_empty());
    }

    #[test]
    fn a_production_stack_comes_back_by_itself() {
        let of = |name: &str, more: &str| {
            let text = format!("services:\n  web:\n    build: .\n    command: gunicorn x\n{more}");
            findings(&RULES[1..2], name, &text, &[])
        };
        assert_eq!(of("compose.prod.yaml", ""), ["compose-no-restart:2"]);
        assert!(of("compose.prod.yaml", "    restart: always\n").is_empty());
        assert!(of("compose.prod.yaml", "    deploy:\n      restart_policy: {condition: any}\n").is_empty());
        assert!(of("compose.yaml", "").is_empty());
    }

    #[test]
    fn failure_49_beat_writes_where_it_may() {
        let of = |command: &str, user: &str, requirements: &str| {
            let text = format!("services:\n  beat:\n    build: .\n    command: {command}\n");
            let dockerfile = format!("FROM python:3.13\nUSER {user}\n");
            let files = [("Dockerfile", dockerfile.as_str()), ("requirements.txt", requirements)];
            findings(&RULES[2..], "compose.yaml", &text, &files)
        };
        assert_eq!(of("celery -A x beat", "app", "celery==5.5\n"), ["beat-schedule-in-source:4"]);
        assert_eq!(of("celery -A x worker -B", "10001", "celery==5.5\n"), ["beat-schedule-in-source:4"]);
        assert!(of("celery -A x beat -s /tmp/schedule", "app", "celery==5.5\n").is_empty());
        assert!(of("celery -A x beat", "root", "celery==5.5\n").is_empty());
        assert!(of("celery -A x beat", "app", "celery==5.5\ndjango-celery-beat==2.8\n").is_empty());
        assert!(of("celery -A x worker", "app", "celery==5.5\n").is_empty());
    }
}
