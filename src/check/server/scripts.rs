//! Entrypoint scripts.

use camino::Utf8Path;

use crate::base::codes::check::server::{
    SCRIPT_CRLF, SCRIPT_GOES_ON, SCRIPT_MAKES_MIGRATIONS, SCRIPT_NO_EXEC, SCRIPT_SHEBANG_LATE,
};
use crate::base::{Diagnostic, Place};
use crate::check::command_line::{Placed, SimpleCommand, script_commands};
use crate::check::dockerfile::is_of_another_program;
use crate::check::{Rule, Subject, is_made_by_djdock};

pub const RULES: &[Rule] = &[Rule {
    codes: &[SCRIPT_CRLF, SCRIPT_MAKES_MIGRATIONS, SCRIPT_SHEBANG_LATE, SCRIPT_NO_EXEC, SCRIPT_GOES_ON],
    find,
}];

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let scripts = subject.tree.files().filter(|path| is_entrypoint(path) || is_started(subject, path));
    scripts
        .filter_map(|path| Some((path, subject.tree.text(path)?)))
        .filter(|(path, text)| !is_made_by_djdock(text) && !is_of_another_program(subject, path, text))
        .flat_map(|(path, text)| {
            [
                crlf(path, text),
                late_shebang(path, text),
                no_exec(path, text),
                goes_on(path, text),
                makes_migrations(path, text),
            ]
        })
        .flatten()
        .collect()
}

/// Whether it has the name that people give to the script that a container starts with.
pub(crate) fn is_entrypoint(path: &Utf8Path) -> bool {
    stem(path).is_some_and(|stem| stem.contains("entrypoint"))
}

/// A script by a name that hosting services use too: a container starts with it if a Docker file says so.
fn is_started(subject: &Subject<'_>, path: &Utf8Path) -> bool {
    let usual =
        stem(path).is_some_and(|stem| matches!(stem.as_str(), "start" | "startup" | "rundjango" | "runweb"));
    let name = path.file_name().unwrap_or_default();
    let says =
        |word: &str| word.trim_matches(['"', '\'', ',', '[', ']', ';']).rsplit('/').next() == Some(name);
    let starts_it = |file: &Utf8Path| {
        let text = subject.tree.text(file).unwrap_or_default();
        text.lines().filter(|line| starts_something(line)).any(|line| line.split_whitespace().any(says))
    };
    usual && subject.tree.files().filter(|file| is_docker_file(file)).any(starts_it)
}

/// Whether a line of a Docker file says what a container starts. One that only copies a script does not: supervisor
/// may start it.
fn starts_something(line: &str) -> bool {
    let line = line.trim_start().to_lowercase();
    ["cmd ", "entrypoint ", "command:", "entrypoint:"].iter().any(|start| line.starts_with(start))
}

fn is_docker_file(path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_lowercase();
    name.contains("dockerfile") || name.contains("compose") || name == "local.yml" || name == "production.yml"
}

/// The name of a shell script, without its ending and the marks between words.
fn stem(path: &Utf8Path) -> Option<String> {
    let name = path.file_name()?.to_lowercase();
    let stem = name.split('.').next().unwrap_or_default().replace(['-', '_'], "");
    (name.ends_with(".sh") || !name.contains('.')).then_some(stem)
}

/// Whether some script of the project waits until the database answers.
pub(crate) fn any_waits(subject: &Subject<'_>) -> bool {
    let scripts = subject.tree.files().filter(|path| {
        path.extension() == Some("sh")
            || path.extension().is_none()
                && (is_entrypoint(path) || stem(path).is_some_and(|stem| stem == "start"))
    });
    scripts.filter_map(|path| subject.tree.text(path)).any(waits)
}

/// Whether a shell text has one of the usual loops or programs that wait for a port.
pub(crate) fn waits(text: &str) -> bool {
    const SIGNS: [&str; 8] =
        ["wait-for", "wait_for", "waitfor", "pg_isready", "mysqladmin ping", "dockerize", "until ", "nc -z"];
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.into_iter().any(|line| SIGNS.iter().any(|sign| line.contains(sign)))
}

/// Whether some script of the project empties the folder of static files before it fills it.
pub(crate) fn any_clears(subject: &Subject<'_>) -> bool {
    let scripts = subject.tree.files().filter(|path| path.extension() == Some("sh") || is_entrypoint(path));
    scripts
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
        let named = ("Dockerfile", "FROM python:3.13\nCMD [\"/app/startup.sh\"]\n");
        assert_eq!(findings(RULES, "startup.sh", text, &[named]), ["script-no-exec:2"]);
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
