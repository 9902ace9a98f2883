//! The scripts that containers start with, whatever their names.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use crate::base::codes::check::server::{
    SCRIPT_CRLF, SCRIPT_GOES_ON, SCRIPT_INTERPRETER_ABSENT, SCRIPT_MAKES_MIGRATIONS, SCRIPT_NO_EXEC,
    SCRIPT_SHEBANG_LATE,
};
use crate::base::{Diagnostic, Place};
use crate::check::command_line::{Placed, SimpleCommand, script_commands};
use crate::check::containers::{Container, Files, Script};
use crate::check::dockerfile::packages::lacks_program;
use crate::check::dockerfile::{System, is_of_another_program};
use crate::check::{Rule, Subject, is_made_by_djdock};

pub const RULES: &[Rule] = &[Rule {
    codes: &[
        SCRIPT_CRLF,
        SCRIPT_MAKES_MIGRATIONS,
        SCRIPT_SHEBANG_LATE,
        SCRIPT_NO_EXEC,
        SCRIPT_GOES_ON,
        SCRIPT_INTERPRETER_ABSENT,
    ],
    find,
}];

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let files = Files::read(subject);
    let containers = files.containers(subject);
    let mut found = Vec::new();
    for script in start_scripts_of(subject, &containers) {
        let path = script.path.as_path();
        let Some(text) = subject.tree.text(path) else { continue };
        if is_made_by_djdock(text) || is_of_another_program(subject, path, text) {
            continue;
        }
        found.extend(crlf(path, text).filter(|_| !script.is_mended));
        let text = text.replace("\r\n", "\n");
        let text = text.as_str();
        found.extend(late_shebang(path, text));
        found.extend(no_exec(path, text).filter(|_| script.is_start));
        found.extend(goes_on(path, text));
        found.extend(makes_migrations(path, text));
        found.extend(interpreter(path, text, &containers));
    }
    found
}

/// The scripts that containers run: those that a Docker file starts, those that these start, and those that have the
/// usual name; by path.
fn start_scripts_of(subject: &Subject<'_>, containers: &[Container<'_>]) -> Vec<Script> {
    let mut all: BTreeMap<Utf8PathBuf, Script> = BTreeMap::new();
    for script in containers.iter().flat_map(|container| &container.scripts) {
        let known = all.entry(script.path.clone()).or_insert_with(|| script.clone());
        known.is_start |= script.is_start;
        known.is_direct |= script.is_direct;
        known.is_mended &= script.is_mended;
    }
    for path in subject.tree.files().filter(|path| is_entrypoint(path)) {
        let named = Script { path: path.to_owned(), is_start: true, is_direct: true, is_mended: false };
        all.entry(path.to_owned()).or_insert(named);
    }
    all.into_values().collect()
}

/// The paths of the scripts that containers run.
pub(crate) fn start_scripts(subject: &Subject<'_>) -> Vec<Utf8PathBuf> {
    let files = Files::read(subject);
    start_scripts_of(subject, &files.containers(subject)).into_iter().map(|script| script.path).collect()
}

/// Tells whether it has the name that people give to the script that a container starts with.
fn is_entrypoint(path: &Utf8Path) -> bool {
    stem(path).is_some_and(|stem| stem.contains("entrypoint"))
}

/// The name of a shell script, without its ending and the marks between words.
fn stem(path: &Utf8Path) -> Option<String> {
    let name = path.file_name()?.to_lowercase();
    let stem = name.split('.').next().unwrap_or_default().replace(['-', '_'], "");
    (name.ends_with(".sh") || !name.contains('.')).then_some(stem)
}

/// Tells whether some script of the project waits until the database answers.
pub(crate) fn any_waits(subject: &Subject<'_>) -> bool {
    let named = subject.tree.files().filter(|path| {
        path.extension() == Some("sh")
            || path.extension().is_none() && stem(path).is_some_and(|stem| stem == "start")
    });
    let mut scripts = named.map(Utf8Path::to_owned).chain(start_scripts(subject));
    scripts.any(|path| subject.tree.text(path).is_some_and(waits))
}

/// Tells whether a shell text has one of the usual loops or programs that wait for a port.
pub(crate) fn waits(text: &str) -> bool {
    const SIGNS: [&str; 8] =
        ["wait-for", "wait_for", "waitfor", "pg_isready", "mysqladmin ping", "dockerize", "until ", "nc -z"];
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.into_iter().any(|line| SIGNS.iter().any(|sign| line.contains(sign)))
}

/// Tells whether some script of the project empties the folder of static files before it fills it.
pub(crate) fn any_clears(subject: &Subject<'_>) -> bool {
    let named = subject.tree.files().filter(|path| path.extension() == Some("sh")).map(Utf8Path::to_owned);
    named
        .chain(start_scripts(subject))
        .filter_map(|path| subject.tree.text(path))
        .any(|text| text.contains("collectstatic") && text.contains("--clear"))
}

fn crlf(path: &Utf8Path, text: &str) -> Option<Diagnostic> {
    text.contains("\r\n").then(|| {
        Diagnostic::error(SCRIPT_CRLF, format!("`{path}` has the line ends of Windows"))
            .at(&Place::line(path, 1), "ends with CR LF")
            .because("Linux looks for an interpreter called `sh\\r`: `no such file or directory`, of a file that is there")
            .help("write `*.sh text eol=lf` into .gitattributes, then `git add --renormalize .`")
    })
}

/// A script that names an interpreter which one of the images that start it does not have.
fn interpreter(path: &Utf8Path, text: &str, containers: &[Container<'_>]) -> Option<Diagnostic> {
    let first = text.lines().next()?.strip_prefix("#!")?;
    let mut words = first.split_whitespace();
    let program = words.next().map(|word| word.rsplit('/').next().unwrap_or(word))?;
    let program = if program == "env" { words.find(|word| !word.starts_with('-'))? } else { program };
    if !matches!(program, "bash" | "zsh" | "ksh") {
        return None;
    }
    let image = containers.iter().find_map(|container| {
        let starts = container.scripts.iter().any(|script| script.path == path && script.is_direct);
        let image = container.image.as_ref().filter(|_| starts)?;
        lacks_program(image.file, image.stage, program).then(|| image.file.image_of(image.stage))
    })?;
    Some(
        Diagnostic::error(
            SCRIPT_INTERPRETER_ABSENT,
            format!("`{path}` asks for `{program}`, which `{image}` does not have"),
        )
        .at(&Place::line(path, 1), "not in the image")
        .because("the container ends at once: `no such file or directory`, of a script that is there")
        .help("write `#!/bin/sh`, if the script needs nothing of its own")
        .help(format!("or install it: `RUN {} {program}`", System::of(image).install())),
    )
}

fn late_shebang(path: &Utf8Path, text: &str) -> Option<Diagnostic> {
    let line = text.lines().position(|line| line.starts_with("#!"))?;
    (line > 0).then(|| {
        Diagnostic::warning(SCRIPT_SHEBANG_LATE, format!("`{path}` names its interpreter on line {}", line + 1))
            .at(&Place::line(path, u32::try_from(line + 1).unwrap_or(u32::MAX)), "read only on the first line")
            .because("started directly it fails with `exec format error`; it works only where something else calls `sh` on it")
            .help("move the line to the top")
    })
}

fn no_exec(path: &Utf8Path, text: &str) -> Option<Diagnostic> {
    let commands = script_commands(text);
    // What ends a block is no command.
    let is_end = |placed: &Placed| matches!(placed.command.program(), "fi" | "done" | "esac" | "}" | ")");
    let last = commands.iter().rev().find(|placed| !is_end(placed))?;
    let command = &last.command;
    let passes_on = command.words.iter().any(|word| word == "$@" || word == "$*");
    let calls_function = text.contains(&format!("{}()", command.program()));
    ((passes_on && !calls_function || command.serves()) && !command.exec).then(|| {
        let first = command.words.first().map_or("", String::as_str);
        Diagnostic::warning(SCRIPT_NO_EXEC, format!("`{path}` starts its last command without `exec`"))
            .at(&Place::line(path, last.line), "runs below the shell")
            .because("the shell is process 1 and passes no signal on: `docker stop` waits 10 seconds and then kills it")
            .help(format!("write `exec {}`", if passes_on { "\"$@\"".to_owned() } else { format!("{first} …") }))
    })
}

fn makes_migrations(path: &Utf8Path, text: &str) -> Option<Diagnostic> {
    let commands = script_commands(text);
    // With `--check` it only asks whether some are missing.
    let makes = commands.iter().find(|placed| {
        placed.command.manages("makemigrations")
            && !placed.command.words.iter().any(|word| word == "--check" || word == "--dry-run")
    })?;
    Some(
        Diagnostic::warning(SCRIPT_MAKES_MIGRATIONS, format!("`{path}` makes migrations when the container starts"))
            .at(&Place::line(path, makes.line), "`makemigrations`")
            .because("the files are lost with the container and the database remembers them: the next migration does not fit the source")
            .help("run it on your machine and commit what it makes; a container only runs `migrate`"),
    )
}

fn goes_on(path: &Utf8Path, text: &str) -> Option<Diagnostic> {
    let commands = script_commands(text);
    let stops = commands.iter().any(|Placed { command, .. }| {
        command.program() == "set"
            && command
                .words
                .iter()
                .any(|word| word == "errexit" || word.starts_with('-') && word.contains('e'))
    }) || text.lines().next().is_some_and(|line| {
        line.starts_with("#!") && line.split_whitespace().any(|word| word == "-e" || word == "-eu")
    });
    // What prepares the database or the files; a server at the end has nothing after it.
    let prepares = |command: &SimpleCommand| {
        command.management().is_some_and(|name| !matches!(name, "runserver" | "runserver_plus" | "shell"))
    };
    let (_, before) = commands.split_last()?;
    let unnoticed = before.iter().find(|placed| prepares(&placed.command) && !placed.is_tested)?;
    (!stops).then(|| {
        Diagnostic::warning(SCRIPT_GOES_ON, format!("`{path}` goes on when a command fails"))
            .at(&Place::line(path, unnoticed.line), "its failure is not noticed")
            .because("the server starts on a database that was not migrated, or without its static files, and the first error is far from the cause")
            .help("write `set -eu` below the first line")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_file as findings;

    #[test]
    fn scripts_start_what_they_are_for() {
        let check = |text: &str| findings(RULES, "docker/entrypoint.sh", text, &[]);
        assert_eq!(check("#!/bin/sh\r\nset -e\r\nexec \"$@\"\r\n"), ["script-crlf:1"]);
        assert_eq!(
            check("#!/bin/sh\r\nset -e\r\npython manage.py makemigrations\r\nexec \"$@\"\r\n"),
            ["script-crlf:1", "script-makes-migrations:3"]
        );
        assert_eq!(check("# entrypoint.sh\n#!/bin/sh\nset -e\nexec \"$@\"\n"), ["script-shebang-late:2"]);
        assert_eq!(check("#!/bin/sh\nset -e\n\"$@\"\n"), ["script-no-exec:3"]);
        assert_eq!(check("#!/bin/sh\npython manage.py migrate\nexec \"$@\"\n"), ["script-goes-on:2"]);
        assert!(check("#!/bin/sh\nset -eu\npython manage.py migrate\nexec \"$@\"\n").is_empty());
    }

    #[test]
    fn the_last_command_is_found_inside_a_block_and_with_its_line() {
        let check = |text: &str| findings(RULES, "docker/entrypoint.sh", text, &[]);
        assert_eq!(
            check(
                "#!/bin/sh\nset -e\nif true; then\n  poetry run gunicorn x \\\n    --log-file=/logs/gunicorn.log\nfi\n"
            ),
            ["script-no-exec:4"]
        );
        assert!(check("#!/bin/sh\nset -e\nmain() {\n  exec \"$@\"\n}\nmain \"$@\"\n").is_empty());
    }

    #[test]
    fn only_what_prepares_must_not_fail_unnoticed() {
        let check = |text: &str| findings(RULES, "docker/entrypoint.sh", text, &[]);
        assert!(
            check("#!/bin/sh\nif [ \"$DEV\" ]; then\n  python manage.py runserver\nfi\nexec \"$@\"\n")
                .is_empty()
        );
        assert!(check("#!/bin/sh\npython manage.py migrate && \\\n  python manage.py collectstatic || exit 1\nexec \"$@\"\n").is_empty());
        assert_eq!(check("#!/bin/sh\necho x\npython manage.py migrate\nexec \"$@\"\n"), ["script-goes-on:3"]);
    }

    #[test]
    fn a_start_script_is_a_containers_where_a_docker_file_names_it() {
        let text = "#!/bin/sh\ngunicorn x\n";
        assert!(findings(RULES, "startup.sh", text, &[]).is_empty());
        let copied =
            ("Dockerfile", "FROM python:3.13\nCOPY startup.sh /app/startup.sh\nCMD [\"supervisord\"]\n");
        assert!(findings(RULES, "startup.sh", text, &[copied]).is_empty());
        for start in [
            "COPY . /code\nWORKDIR /code\nCMD [\"./startup.sh\"]",
            "COPY . /code\nWORKDIR /code\nCMD sh startup.sh",
            "COPY startup.sh /usr/local/bin/\nENTRYPOINT [\"startup.sh\"]",
            "COPY startup.sh /go\nENTRYPOINT [\"/tini\", \"--\", \"/go\"]",
            "ENV HOME_DIR=/srv\nCOPY . $HOME_DIR\nCMD [\"sh\", \"-c\", \"exec ${HOME_DIR}/startup.sh\"]",
            "WORKDIR /code\nCOPY *.sh ./bin/\nENV PATH=/code/bin:$PATH\nCMD [\"startup.sh\"]",
            "COPY . /code\nRUN ln -s /code/startup.sh /start\nCMD [\"/start\"]",
            "COPY . /tmp/code/\nRUN cp /tmp/code/startup.sh /start\nCMD [\"/start\"]",
        ] {
            let dockerfile = format!("FROM python:3.13\n{start}\n");
            assert_eq!(
                findings(RULES, "startup.sh", text, &[("Dockerfile", &dockerfile)]),
                ["script-no-exec:2"],
                "{start}"
            );
        }
        let named = ("Dockerfile", "FROM python:3.13\nCMD [\"/app/startup.sh\"]\n");
        assert_eq!(findings(RULES, "startup.sh", text, &[named]), ["script-no-exec:2"]);
    }

    #[test]
    fn a_compose_file_names_the_start_script_too() {
        let text = "#!/bin/sh\r\nexec gunicorn x\r\n";
        let image =
            ("Dockerfile", "FROM python:3.13\nCOPY . /code\nWORKDIR /code\nCMD [\"gunicorn\", \"x\"]\n");
        for service in [
            "command: ./bin/serve",
            "command: [sh, bin/serve]",
            "entrypoint: /code/bin/serve",
            "command: sh -c 'python manage.py check && bin/serve'",
            "command: /opt/serve\n    volumes: ['./bin/serve:/opt/serve']",
            "command: ./serve\n    working_dir: /code/bin",
        ] {
            let compose = format!("services:\n  web:\n    build: .\n    {service}\n");
            let more = [image, ("compose.yaml", compose.as_str())];
            assert_eq!(findings(RULES, "bin/serve", text, &more), ["script-crlf:1"], "{service}");
        }
        assert!(findings(RULES, "bin/serve", text, &[image]).is_empty());
    }

    #[test]
    fn scripts_that_a_start_script_starts_are_read_too() {
        let image = ("Dockerfile", "FROM python:3.13\nCOPY . /code\nWORKDIR /code\nCMD [\"./first.sh\"]\n");
        let first = ("first.sh", "#!/bin/sh\nset -e\n./wait.sh\nexec ./second.sh\n");
        let second = ("second.sh", "#!/bin/sh\ngunicorn x\n");
        // What only waits may end as it likes.
        let wait = "#!/bin/sh\r\n\"$@\"\r\n";
        assert_eq!(
            findings(RULES, "wait.sh", wait, &[image, first, second]),
            ["script-no-exec:2", "script-crlf:1"]
        );
    }

    #[test]
    fn line_ends_that_the_image_mends_are_not_said() {
        let of = |run: &str| {
            let image = format!("FROM python:3.13\nCOPY bin/serve /serve\nRUN {run}\nCMD [\"/serve\"]\n");
            findings(RULES, "bin/serve", "#!/bin/sh\r\nexec gunicorn x\r\n", &[("Dockerfile", &image)])
        };
        assert!(of("sed -i 's/\\r$//g' /serve").is_empty());
        assert!(of("dos2unix /serve && chmod +x /serve").is_empty());
        assert_eq!(of("chmod +x /serve"), ["script-crlf:1"]);
    }

    #[test]
    fn the_interpreter_of_a_script_is_in_the_image() {
        let of = |from: &str, run: &str, cmd: &str, first: &str| {
            let image = format!("FROM {from}\nCOPY . /code\nRUN {run}\nCMD {cmd}\n");
            let text = format!("{first}\nset -e\nexec gunicorn x\n");
            findings(RULES, "serve.sh", &text, &[("Dockerfile", &image)])
        };
        let (alpine, cmd) = ("python:3.13-alpine3.22", "[\"/code/serve.sh\"]");
        assert_eq!(of(alpine, "true", cmd, "#!/bin/bash"), ["script-interpreter-absent:1"]);
        assert_eq!(of(alpine, "true", cmd, "#!/usr/bin/env bash"), ["script-interpreter-absent:1"]);
        assert!(of(alpine, "apk add --no-cache bash", cmd, "#!/bin/bash").is_empty());
        assert!(of(alpine, "true", cmd, "#!/bin/sh").is_empty());
        assert!(of(alpine, "true", "[\"sh\", \"/code/serve.sh\"]", "#!/bin/bash").is_empty());
        assert!(of("python:3.13-slim-trixie", "true", cmd, "#!/bin/bash").is_empty());
        assert!(of("example.org/base:1-alpine", "true", cmd, "#!/bin/bash").is_empty());
    }

    #[test]
    fn migrations_are_made_by_people() {
        let check = |command: &str| {
            let text = format!("#!/bin/sh\nset -e\npython manage.py {command}\nexec \"$@\"\n");
            findings(RULES, "entrypoint.sh", &text, &[])
        };
        assert_eq!(check("makemigrations --noinput"), ["script-makes-migrations:3"]);
        assert!(check("makemigrations --check").is_empty());
        assert!(check("migrate").is_empty());
    }
}
