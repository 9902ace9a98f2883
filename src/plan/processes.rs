//! Processes of the project's own for which the stack has no service.

use std::collections::BTreeSet;

use super::messages;
use crate::base::{Diagnostic, Place, Tree};
use crate::check::compose::{Service, compose_files};
use crate::inspect::Facts;
use crate::inspect::existing::processes::{Kind, kind};
use crate::inspect::facts::CommandKind;

/// One note for each: what is started elsewhere by `manage.py`, and commands that never return.
pub(super) fn not_run(tree: &Tree, facts: &Facts) -> Vec<Diagnostic> {
    let composed = in_compose_files(tree);
    let mut said: BTreeSet<&str> = BTreeSet::new();
    let mut found = Vec::new();
    for process in facts.processes.value.iter().filter(|process| process.kind == Kind::Other) {
        let Some(name) = command_of(&process.command) else { continue };
        if said.insert(name) {
            let reason = format!("started here as `{}`", process.name);
            found.push(messages::process_not_run(&format!("manage.py {name}"), &process.place, &reason));
        }
    }
    for (command, service, place) in &composed {
        if said.insert(command) {
            let reason = format!("started here as `{service}`");
            found.push(messages::process_not_run(&format!("manage.py {command}"), place, &reason));
        }
    }
    let commands = &facts.management_commands;
    for (command, evidence) in commands.value.iter().zip(&commands.evidence) {
        if command.kind == CommandKind::Daemon && said.insert(&command.name) {
            let place: &Place = &evidence.place;
            let line = format!("manage.py {}", command.name);
            found.push(messages::process_not_run(&line, place, &evidence.reason));
        }
    }
    found
}

/// Management commands that services of the project's own compose files stay running as, with the service and its line.
fn in_compose_files(tree: &Tree) -> Vec<(String, String, Place)> {
    let files = compose_files(tree);
    let own = files.iter().filter(|file| !file.is_for_development());
    let services = own.flat_map(|file| file.services.iter().map(move |service| (file, service)));
    services
        .filter_map(|(file, service)| {
            let command = stays_as(service)?;
            Some((command.clone(), service.name.clone(), file.line_of(service, &command)))
        })
        .collect()
}

/// The management command at the end of what a service runs, where it is neither server nor worker. What publishes a
/// port serves.
fn stays_as(service: &Service) -> Option<String> {
    const BUILT_IN: &[&str] = &["test", "shell", "shell_plus", "makemigrations", "flush", "dbshell"];
    let line = service.commands.last().filter(|_| service.ports.is_empty())?.words.join(" ");
    let command = command_of(&line).filter(|name| !BUILT_IN.contains(name) && !name.contains('$'))?;
    (kind(&service.name, &line) == Kind::Other).then(|| command.to_owned())
}

/// The management command that a process starts.
fn command_of(command: &str) -> Option<&str> {
    let (_, rest) = command.split_once("manage.py ")?;
    rest.split_whitespace().next().filter(|name| !name.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_of_a_compose_file_that_stay_a_command_are_found() {
        let compose = "services:\n  web:\n    build: .\n    command: python manage.py run_all\n    ports: ['80:80']\n  \
                       consumer:\n    build: .\n    command: python manage.py consume --all\n  \
                       bot:\n    build: .\n    command: sh -c 'python manage.py migrate && python manage.py bot'\n  \
                       migrate:\n    build: .\n    command: python manage.py migrate\n  \
                       worker:\n    build: .\n    command: celery -A shop worker\n  \
                       tests:\n    build: .\n    command: python manage.py test\n";
        let tree = Tree::from_literals([("docker-compose.yml", compose), ("compose.dev.yaml", compose)]);
        let found: Vec<String> = in_compose_files(&tree)
            .into_iter()
            .map(|(command, service, place)| format!("{command} {service} {place}"))
            .collect();
        assert_eq!(found, ["consume consumer docker-compose.yml:8", "bot bot docker-compose.yml:11"]);
    }
}
