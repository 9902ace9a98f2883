//! Processes of the project's own for which the stack has no service.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::messages;
use crate::base::{Diagnostic, Place, Tree};
use crate::check::command_line::{SimpleCommand, simple_commands};
use crate::check::compose::{Service, compose_files};
use crate::inspect::Facts;
use crate::inspect::existing::Process;
use crate::inspect::existing::processes::{Kind, kind};
use crate::inspect::facts::CommandKind;
use crate::stack::Stack;

/// Management commands that a stack has no need of, or that images and the service of migrations run already.
const DONE: &[&str] = &[
    "check",
    "collectstatic",
    "compilemessages",
    "compress",
    "createcachetable",
    "migrate",
    "runserver",
    "runserver_plus",
    "showmigrations",
];
/// Programs that work off tasks, and that no app of Django's starts.
const PROGRAMS: &[&str] =
    &["rq", "rqworker", "dramatiq", "huey_consumer", "huey_consumer.py", "taskiq", "arq", "celery"];

/// One note for each: what is started elsewhere, and commands that never return.
pub(super) fn not_run(tree: &Tree, facts: &Facts, stack: &Stack) -> Vec<Diagnostic> {
    let composed = in_compose_files(tree);
    let mut said: BTreeSet<String> = BTreeSet::new();
    let mut found = Vec::new();
    for process in &facts.processes.value {
        for line in lines(tree, facts, process).into_iter().filter(|line| !is_run(facts, stack, line)) {
            let key = line.management().map(|name| format!("manage.py {name}"));
            let line = shown(&line);
            if said.insert(key.unwrap_or_else(|| line.clone())) {
                found.push(match process.kind {
                    Kind::Release => messages::step_not_run(&line, &process.place),
                    _ => {
                        let reason = format!("started here as `{}`", process.name);
                        messages::process_not_run(&line, &process.place, &reason)
                    }
                });
            }
        }
    }
    for (command, service, place) in &composed {
        let line = format!("manage.py {command}");
        if said.insert(line.clone()) {
            let reason = format!("started here as `{service}`");
            found.push(messages::process_not_run(&line, place, &reason));
        }
    }
    let commands = &facts.management_commands;
    for (command, evidence) in commands.value.iter().zip(&commands.evidence) {
        let line = format!("manage.py {}", command.name);
        if command.kind == CommandKind::Daemon && said.insert(line.clone()) {
            let place: &Place = &evidence.place;
            found.push(messages::process_not_run(&line, place, &evidence.reason));
        }
    }
    found
}

/// The commands of a process that run the project's code: of a chain, of what a shell is given, of a script of the
/// project's own.
fn lines(tree: &Tree, facts: &Facts, process: &Process) -> Vec<SimpleCommand> {
    /// A script may start another one.
    const SCRIPTS: usize = 3;
    let mut open: Vec<(SimpleCommand, usize)> =
        simple_commands(&process.command).into_iter().map(|one| (one, SCRIPTS)).collect();
    let mut found = Vec::new();
    open.reverse();
    while let Some((command, left)) = open.pop() {
        let script = || tree.text(&in_project(tree, facts, script_of(&command)?)?);
        let inner = given_to_shell(&command).or_else(script).map(str::to_owned);
        match inner.filter(|_| left > 0) {
            Some(text) => open.extend(simple_commands(&text).into_iter().rev().map(|one| (one, left - 1))),
            None if runs_the_project(tree, facts, &command) => found.push(command),
            None => {}
        }
    }
    found
}

/// Returns the script that a shell is given to run: `sh -c "…"`.
fn given_to_shell(command: &SimpleCommand) -> Option<&str> {
    let at = command.words.iter().position(|word| matches!(word.as_str(), "-c" | "-lc" | "-ec" | "-xc"))?;
    is_shell(command.program()).then(|| command.words.get(at + 1).map(String::as_str))?
}

/// The script that a command runs, by a shell or by itself.
fn script_of(command: &SimpleCommand) -> Option<&str> {
    if is_shell(command.program()) {
        return command.words.iter().skip(1).map(String::as_str).find(|word| !word.starts_with('-'));
    }
    command.words.first().map(String::as_str).filter(|word| !word.ends_with(".py"))
}

fn is_shell(program: &str) -> bool {
    matches!(program, "sh" | "bash" | "dash" | "ash")
}

/// The module that Python runs: `python -m bot.main`.
fn module_of(command: &SimpleCommand) -> Option<&str> {
    let at = command.words.iter().position(|word| word == "-m")?;
    let python = command.words.get(at.checked_sub(1)?)?;
    python.contains("python").then(|| command.words.get(at + 1).map(String::as_str))?
}

/// The file of the project that a word names, as seen from the root or from the folder of `manage.py`.
fn in_project(tree: &Tree, facts: &Facts, word: &str) -> Option<Utf8PathBuf> {
    let word = word.trim_start_matches("./").trim_start_matches("/app/");
    let near = facts.project_dir.value.join(word);
    [Utf8Path::new(word).to_owned(), near].into_iter().find(|file| tree.is_file(file))
}

/// Tells whether a command is a management command, a script or a module of the project's, or a program that works off tasks.
fn runs_the_project(tree: &Tree, facts: &Facts, command: &SimpleCommand) -> bool {
    if let Some(name) = command.management() {
        return !name.contains('$');
    }
    let script = command.words.iter().find(|word| word.ends_with(".py"));
    script.is_some_and(|script| in_project(tree, facts, script).is_some())
        || module_of(command).is_some_and(|module| {
            let path = module.replace('.', "/");
            [format!("{path}.py"), format!("{path}/__main__.py")]
                .iter()
                .any(|file| in_project(tree, facts, file).is_some())
        })
        || PROGRAMS.contains(&command.program())
}

/// Tells whether the stack does what a command does.
fn is_run(facts: &Facts, stack: &Stack, command: &SimpleCommand) -> bool {
    let runs = |words: &[&str]| {
        stack.services.iter().any(|service| {
            words.iter().all(|word| {
                service.command.iter().any(|own| own.split_whitespace().any(|part| part == *word))
            })
        })
    };
    if let Some(name) = command.management() {
        // The entrypoint waits for the database.
        return DONE.contains(&name) || name.starts_with("wait") || runs(&[name]);
    }
    if command.program() == "celery" {
        // That no broker brings tasks to a worker is said by itself.
        let known = facts.celery_app.value.is_some();
        return ["worker", "beat"]
            .iter()
            .any(|part| command.words.iter().any(|word| word == part) && (known || runs(&["celery", part])));
    }
    command.serves()
}

/// The command as a person would type it: without the way to Python.
fn shown(command: &SimpleCommand) -> String {
    /// The length from which a command is cut.
    const LONGEST: usize = 80;
    let words = match command.words.iter().position(|word| word.ends_with("manage.py")) {
        Some(at) => {
            let rest = command.words.get(at + 1..).unwrap_or_default().iter().map(String::as_str);
            std::iter::once("manage.py").chain(rest).collect::<Vec<_>>().join(" ")
        }
        None => command.words.join(" "),
    };
    if words.chars().count() <= LONGEST {
        return words;
    }
    format!("{}…", words.chars().take(LONGEST).collect::<String>())
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
    let last = service.commands.last().filter(|_| service.ports.is_empty())?;
    let command = last.management().filter(|name| !BUILT_IN.contains(name) && !name.contains('$'))?;
    (kind(&service.name, &last.words.join(" ")) == Kind::Other).then(|| command.to_owned())
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
