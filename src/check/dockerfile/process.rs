//! Rules about the process that the image starts, and its user.

use super::packages::lacks_program;
use super::{Dockerfile, Instruction, System, dockerfiles};
use crate::base::codes::check::dockerfile::{
    DOCKERFILE_LOOPBACK, DOCKERFILE_ROOT, DOCKERFILE_RUNSERVER, DOCKERFILE_SHELL_FORM,
    HEALTH_CHECK_TOOL_ABSENT,
};
use crate::base::{Diagnostic, Place};
use crate::check::command_line::SimpleCommand;
use crate::check::compose::compose_files;
use crate::check::server::scripts::start_scripts;
use crate::check::{Rule, Subject};

pub const RULES: &[Rule] = &[
    Rule { codes: &[DOCKERFILE_RUNSERVER, DOCKERFILE_SHELL_FORM, DOCKERFILE_LOOPBACK], find: started },
    Rule { codes: &[DOCKERFILE_ROOT], find: user },
    Rule { codes: &[HEALTH_CHECK_TOOL_ABSENT], find: health_check },
];

fn started(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in dockerfiles(subject) {
        for (place, instruction) in file.last().iter().flat_map(|stage| &stage.instructions) {
            let Instruction::Start { commands, .. } = instruction else { continue };
            found.extend(commands.iter().filter_map(|command| loopback(place, command)));
            if file.is_for_development() {
                continue;
            }
            if commands.iter().any(|command| command.manages("runserver")) {
                found.push(runserver(place));
            }
            let server = commands.last().filter(|command| is_server(command));
            if let Some(server) = server.filter(|server| !server.exec) {
                found.push(shell_form_start(place, server));
            }
        }
    }
    found
}

/// Tells whether it is a server of any kind, Django's own and what watches over servers included.
fn is_server(command: &SimpleCommand) -> bool {
    command.serves() || command.manages("runserver") || command.program() == "supervisord"
}

fn runserver(place: &Place) -> Diagnostic {
    Diagnostic::error(DOCKERFILE_RUNSERVER, "the image starts Django's development server")
        .at(place, "`runserver`")
        .because("Django's own words: do not use it in production; it has gone through no security audit and serves one project at a time")
        .help("start an app server: `CMD [\"gunicorn\", \"--bind\", \"0.0.0.0:8000\", \"PACKAGE.wsgi\"]`")
        .help("if the file is for development only, say so in its name: `Dockerfile.dev`")
}

fn shell_form_start(place: &Place, command: &SimpleCommand) -> Diagnostic {
    let words: Vec<String> = command.words.iter().map(|word| format!("\"{word}\"")).collect();
    Diagnostic::warning(DOCKERFILE_SHELL_FORM, format!("`{}` is started by a shell that does not pass signals on", command.program()))
        .at(place, "a shell line, without `exec`")
        .because("`docker stop` ends the shell's wait only after 10 seconds, by force: requests are cut, the exit code is 137")
        .help(format!("write it as a list: `[{}]`, or put `exec` before the last command", words.join(", ")))
}

fn loopback(place: &Place, command: &SimpleCommand) -> Option<Diagnostic> {
    let bound = command.loopback()?;
    Some(
        Diagnostic::error(
            DOCKERFILE_LOOPBACK,
            format!("`{}` listens on `{bound}`, which only the container itself can reach", command.server_name()),
        )
        .at(place, "bound to the loopback address")
        .because("a published port and the reverse proxy come from outside the container: the answer is empty, or 502")
        .help("listen on every address of the container: `0.0.0.0:8000`"),
    )
}

fn user(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let files = dockerfiles(subject);
    let deployed = files.iter().filter(|file| !file.is_for_development() && !file.is_base());
    let root = deployed.filter_map(runs_as_root);
    root.filter(|_| !steps_down(subject)).collect()
}

/// Tells whether a script that starts the server changes to another user itself.
fn steps_down(subject: &Subject<'_>) -> bool {
    const TOOLS: [&str; 4] = ["gosu ", "su-exec ", "setpriv ", "runuser "];
    start_scripts(subject)
        .iter()
        .filter_map(|path| subject.tree.text(path))
        .any(|text| TOOLS.iter().any(|tool| text.contains(tool)))
}

fn runs_as_root(file: &Dockerfile) -> Option<Diagnostic> {
    let last = file.last()?;
    // A stage that stands on an earlier one has that one's user; an image of unknown make may have its own.
    let chain = file.chain(last);
    let official = chain.last().is_some_and(|stage| {
        ["python:", "debian:", "ubuntu:", "alpine:", "python", "debian", "ubuntu", "alpine"].iter().any(
            |name| {
                if name.ends_with(':') { stage.from.starts_with(name) } else { stage.from == *name }
            },
        )
    });
    let users = chain.iter().flat_map(|stage| stage.instructions.iter().rev());
    let last_user = users.filter_map(|(place, instruction)| match instruction {
        Instruction::User(user) => Some((place, user)),
        _ => None,
    });
    let (place, label) = match last_user.into_iter().next() {
        Some((place, user)) if matches!(user.split(':').next(), Some("root" | "0")) => (place, "set here"),
        None if official => (&last.place, "this stage never changes the user"),
        _ => return None,
    };
    Some(
        Diagnostic::warning(DOCKERFILE_ROOT, "the image's process runs as root")
            .at(place, label)
            .because("whoever breaks out of Django then owns the container, and files in bind mounts become root's")
            .help(format!("add `RUN {}` and, after the last installation, `USER 10001`", System::of(file.image_of(last)).add_user())),
    )
}

fn health_check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let files = dockerfiles(subject);
    let mut found = Vec::new();
    for file in &files {
        for (place, instruction) in file.last().iter().flat_map(|last| &last.instructions) {
            let Instruction::HealthCheck(commands) = instruction else { continue };
            found.extend(lacks_tool(file, commands, place));
        }
    }
    for compose in compose_files(subject.tree) {
        for service in &compose.services {
            let Some(file) = service.built_from(&files) else { continue };
            let commands = service.health_check.as_deref().unwrap_or_default();
            found.extend(lacks_tool(file, commands, &compose.line_of(service, "test")));
        }
    }
    found
}

/// A health check that calls what the last stage of a Dockerfile does not have.
fn lacks_tool(file: &Dockerfile, commands: &[SimpleCommand], place: &Place) -> Option<Diagnostic> {
    let last = file.last()?;
    let image = file.image_of(last);
    let mut programs = commands.iter().map(SimpleCommand::program);
    let tool = programs.find(|name| matches!(*name, "curl" | "wget") && lacks_program(file, last, name))?;
    // Something may be copied from another image.
    let is_copied = file.kept().any(|(_, instruction)| {
        matches!(instruction, Instruction::CopyFrom { sources, .. } if sources.iter().any(|source| source.contains(tool)))
    });
    (!is_copied).then(|| {
        Diagnostic::error(
            HEALTH_CHECK_TOOL_ABSENT,
            format!("the health check runs `{tool}`, which `{image}` does not have"),
        )
        .at(place, "run inside the container")
        .because("the container is unhealthy for ever, and what waits for it never starts")
        .help("use what is there: `python -c \"import urllib.request as r; r.urlopen('http://127.0.0.1:8000/')\"`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_file as findings;

    #[test]
    fn the_development_server_is_not_for_images() {
        let text = "FROM python:3.13-slim-trixie\nUSER app\nCMD [\"python\", \"manage.py\", \"runserver\", \"0.0.0.0:8000\"]\n";
        assert_eq!(findings(RULES, "Dockerfile", text, &[]), ["dockerfile-runserver:3"]);
        assert!(findings(RULES, "Dockerfile.dev", text, &[]).is_empty());
    }

    #[test]
    fn signals_must_reach_the_server() {
        let line = |cmd: &str| format!("FROM python:3.13-slim-trixie\nUSER app\nCMD {cmd}\n");
        assert_eq!(
            findings(RULES, "Dockerfile", &line("gunicorn -b 0.0.0.0:8000 site.wsgi"), &[]),
            ["dockerfile-shell-form:3"]
        );
        assert_eq!(
            findings(RULES, "Dockerfile", &line("[\"gunicorn\", \"-b\", \"127.0.0.1:8000\", \"x\"]"), &[]),
            ["dockerfile-loopback:3"]
        );
        assert_eq!(
            findings(
                RULES,
                "Dockerfile",
                &line("[\"sh\", \"-c\", \"python manage.py migrate && gunicorn -b :80 x\"]"),
                &[]
            ),
            ["dockerfile-shell-form:3"]
        );
        assert!(
            findings(
                RULES,
                "Dockerfile",
                &line("[\"bash\", \"-c\", \"python manage.py migrate && gunicorn -b :80 x\"]"),
                &[]
            )
            .is_empty()
        );
        assert!(
            findings(
                RULES,
                "Dockerfile",
                &line("python manage.py check && exec gunicorn -b :8000 site.wsgi"),
                &[]
            )
            .is_empty()
        );
        assert_eq!(
            findings(RULES, "Dockerfile", &line("pkill nginx; supervisord -n"), &[]),
            ["dockerfile-shell-form:3"]
        );
    }

    #[test]
    fn root_is_found_through_stages() {
        let text = "FROM python:3.13-slim-trixie AS base\nRUN pip install django\nFROM base\nCMD [\"gunicorn\", \"x\"]\n";
        assert_eq!(findings(RULES, "Dockerfile", text, &[]), ["dockerfile-root:3"]);
        let gosu = ("docker/entrypoint.sh", "#!/bin/sh\nexec gosu app \"$@\"\n");
        assert!(findings(RULES, "Dockerfile", text, &[gosu]).is_empty());
        assert!(findings(RULES, "Dockerfile-base", text, &[]).is_empty());
        let user = text.replace("RUN pip install django", "RUN pip install django\nUSER app");
        assert!(findings(RULES, "Dockerfile", &user, &[]).is_empty());
    }

    #[test]
    fn a_health_check_uses_what_the_image_has() {
        let text = "FROM python:3.13-slim-trixie\nUSER app\nHEALTHCHECK CMD curl -f http://localhost:8000/ || exit 1\n";
        assert_eq!(findings(RULES, "Dockerfile", text, &[]), ["health-check-tool-absent:3"]);
        let of = |from: &str, install: &str| {
            let text = format!(
                "FROM {from}\nRUN {install}\nUSER app\nHEALTHCHECK CMD curl -f http://localhost:8000/ || exit 1\n"
            );
            findings(RULES, "Dockerfile", &text, &[])
        };
        assert_eq!(of("python:3.13-alpine3.22", "true"), ["health-check-tool-absent:4"]);
        assert!(of("python:3.13-alpine3.22", "apk add --no-cache curl").is_empty());
        let removed = "apk add --virtual .build curl && apk del .build";
        assert_eq!(of("python:3.13-alpine3.22", removed), ["health-check-tool-absent:4"]);
        assert!(of("python:3.13-trixie", "true").is_empty());
        assert!(of("example.org/shop-base:7-alpine", "true").is_empty());
    }

    #[test]
    fn the_check_of_a_service_uses_what_its_image_has() {
        let of = |test: &str| {
            let compose = format!("services:\n  web:\n    build: .\n    healthcheck:\n      test: {test}\n");
            let image = ("Dockerfile", "FROM python:3.13-alpine3.22\nUSER app\n");
            findings(&RULES[2..], "compose.yaml", &compose, &[image])
        };
        assert_eq!(of("curl -f http://localhost:8000/"), ["health-check-tool-absent:5"]);
        assert_eq!(
            of("[\"CMD\", \"curl\", \"-f\", \"http://localhost:8000/\"]"),
            ["health-check-tool-absent:5"]
        );
        assert!(of("wget -q -O- http://localhost:8000/").is_empty());
    }

    #[test]
    fn an_account_is_made_as_the_system_does() {
        let help = |image: &str| {
            let text = format!("FROM {image}\nCMD [\"gunicorn\", \"x\"]\n");
            let tree = crate::base::Tree::from_literals([("Dockerfile", text.as_str())]);
            let facts = crate::inspect::Facts::default();
            user(&Subject::new(&tree, &facts)).remove(0).helps.remove(0)
        };
        assert!(help("python:3.13-alpine3.22").contains("adduser -S"));
        assert!(help("python:3.13-slim-trixie").contains("useradd --system"));
    }
}
