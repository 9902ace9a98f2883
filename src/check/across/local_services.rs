//! Brokers, caches and databases that a container looks for in itself, and that do not run there.

use super::Stack;
use super::variables::{evaluated, with};
use crate::base::codes::check::across::LOCAL_SERVICE_ABSENT;
use crate::base::{Diagnostic, Place, Severity};
use crate::check::Subject;
use crate::check::containers::{Container, Run};
use crate::check::settings::services::{NAMED, local_host};
use crate::check::subject::{is_this_machine, url_host};
use crate::python::{Evaluation, Value};

/// Programs that are such a service.
const PROGRAMS: [&str; 12] = [
    "redis-server",
    "valkey-server",
    "rabbitmq-server",
    "memcached",
    "postgres",
    "pg_ctl",
    "mysqld",
    "mysqld_safe",
    "mariadbd",
    "service",
    "elasticsearch",
    "pgbouncer",
];

/// Something that a container looks for in itself.
struct Looked {
    setting: String,
    what: &'static str,
    host: String,
    decided: Place,
}

pub(super) fn find(stack: &Stack<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for container in stack.django() {
        let runs_it = container.runs.iter().any(|run| PROGRAMS.contains(&run.command.program()));
        let shares = container.service.is_some_and(|(_, service)| service.shares_network);
        let is_followed = container.scripts.len() + container.runs.len() > 0;
        if runs_it || shares || !is_followed {
            continue;
        }
        let (evaluations, severity, place) = match container.service {
            Some((file, service)) => {
                (evaluated(stack, container), Severity::Error, file.line_of_service(service))
            }
            None => {
                // One container with all that the project needs, by what supervisor starts in it.
                let Some(run) = several_programs(container) else { continue };
                (with(stack.subject, &container.variables()), Severity::Warning, run.place.clone())
            }
        };
        // Where it is not said which settings run, only what all of them look for is missed.
        let Some((first, others)) = evaluations.split_first() else { continue };
        let all: Vec<Vec<Looked>> =
            others.iter().map(|evaluation| looked_for(stack.subject, evaluation, container)).collect();
        for looked in looked_for(stack.subject, first, container) {
            if all.iter().all(|other| other.iter().any(|one| one.setting == looked.setting)) {
                found.push(absent(container, &looked, severity, &place));
            }
        }
    }
    found
}

/// The first of several programs that supervisor starts, where no service of the project builds the same image.
fn several_programs<'a>(container: &'a Container<'_>) -> Option<&'a Run> {
    let mut programs = container.runs.iter().filter(|run| run.program.is_some());
    let first = programs.next()?;
    programs.any(|run| run.program != first.program).then_some(first)
}

/// Returns the services that the settings look for on this machine with the variables of the container, and not without: those are another rule's.
fn looked_for(subject: &Subject<'_>, evaluation: &Evaluation, container: &Container<'_>) -> Vec<Looked> {
    let mut found = Vec::new();
    for (name, what) in NAMED {
        let Some(setting) = evaluation.settings.get(*name) else { continue };
        let uses_celery =
            container.runs.iter().any(|run| run.command.program() == "celery" || run.command.serves());
        let is_always = subject.setting(name).and_then(|(value, _)| local_host(value)).is_some();
        let Some(host) = local_host(&setting.value).filter(|_| !is_always && uses_celery) else { continue };
        found.push(Looked {
            setting: (*name).to_owned(),
            what,
            host: host.to_owned(),
            decided: setting.place.clone(),
        });
    }
    let default = evaluation.settings.get("DATABASES").and_then(|setting| {
        let host = setting.value.get("default")?.get("HOST")?.as_str()?.to_owned();
        Some((host, setting.place.clone()))
    });
    let is_always = subject.setting("DATABASES").is_some_and(|(value, _)| {
        let host = value.get("default").and_then(|default| default.get("HOST")).and_then(Value::as_str);
        host.is_some_and(|host| is_this_machine(host) || url_host(host).is_some_and(is_this_machine))
    });
    if let Some((host, place)) = default.filter(|(host, _)| is_this_machine(host) && !is_always) {
        found.push(Looked { setting: "DATABASES".to_owned(), what: "the database", host, decided: place });
    }
    found
}

fn absent(container: &Container<'_>, looked: &Looked, severity: Severity, place: &Place) -> Diagnostic {
    Diagnostic::new(
        LOCAL_SERVICE_ABSENT,
        severity,
        format!(
            "{} looks for {} on `{}`, and none runs in that container",
            container.name(),
            looked.what,
            looked.host
        ),
    )
    .at(place, "given no other address")
    .because(format!(
        "`{}` comes to that with what the container is given: {}",
        looked.setting, looked.decided
    ))
    .because("in a container `localhost` is the container itself: `connection refused`")
    .help("give it the address of the service, in the variable that the setting reads")
}

#[cfg(test)]
mod tests {
    use crate::check::across::RULES;
    use crate::check::testing::of_settings;

    const SETTINGS: &str = "import os\nCELERY_BROKER_URL = os.environ.get('BROKER', 'redis://localhost:6379/0')\n\
        DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'a', 'HOST': os.environ.get('DB_HOST', 'db')}}";

    fn check(web: &str, more: &[(&str, &str)]) -> Vec<String> {
        let image = "FROM python:3.13\nCOPY . /app\nWORKDIR /app\nCMD [\"gunicorn\", \"site.wsgi\"]\n";
        let compose = format!("services:\n  web:\n    build: .\n    {web}\n");
        let mut files = vec![("Dockerfile", image), ("site/wsgi.py", ""), ("compose.yaml", compose.as_str())];
        files.extend_from_slice(more);
        of_settings(RULES, SETTINGS, &files)
    }

    #[test]
    fn a_broker_on_this_machine_runs_in_the_container() {
        assert_eq!(check("environment: {A: b}", &[]), ["local-service-absent:2"]);
        assert!(check("environment: {BROKER: 'redis://redis:6379/0'}", &[]).is_empty());
        assert!(check("environment: ['BROKER=${BROKER}']", &[]).is_empty());
        assert!(check("network_mode: host", &[]).is_empty());
        assert!(check("env_file: not-here.env", &[]).is_empty());
    }

    #[test]
    fn a_service_that_a_script_starts_is_there() {
        let script = "#!/bin/sh\nset -e\nredis-server --daemonize yes\nexec gunicorn site.wsgi\n";
        assert!(check("command: sh start.sh", &[("start.sh", script)]).is_empty());
    }

    #[test]
    fn a_database_is_looked_for_too() {
        let both = "environment: {BROKER: 'redis://redis:6379/0', DB_HOST: localhost}";
        assert_eq!(check(both, &[]), ["local-service-absent:2"]);
    }

    #[test]
    fn one_container_with_several_programs_has_what_they_need() {
        let of = |programs: &str| {
            let image = "FROM python:3.13\nRUN apt-get update && apt-get install -y supervisor redis-server\nCOPY . /app\nWORKDIR /app\n\
                COPY deploy/all.conf /etc/supervisor/conf.d/\nCMD [\"supervisord\", \"-n\"]\n";
            let files = [
                ("Dockerfile", image),
                ("deploy/all.conf", programs),
                ("site/wsgi.py", ""),
                ("site/celery.py", ""),
            ];
            of_settings(RULES, SETTINGS, &files)
        };
        let programs =
            "[program:web]\ncommand=gunicorn site.wsgi\n[program:worker]\ncommand=celery -A site worker\n";
        assert_eq!(of(programs), ["local-service-absent:2"]);
        assert!(of(&format!("{programs}[program:redis]\ncommand=redis-server\n")).is_empty());
    }
}
