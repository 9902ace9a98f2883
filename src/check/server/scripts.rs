//! Entrypoint scripts.

use camino::Utf8Path;

use crate::base::codes::check::server::{SCRIPT_CRLF, SCRIPT_GOES_ON, SCRIPT_NO_EXEC, SCRIPT_SHEBANG_LATE};
use crate::base::{Diagnostic, Place};
use crate::check::command_line::simple_commands;
use crate::check::{Rule, Subject, is_made_by_djdock};

pub const RULES: &[Rule] =
    &[Rule { codes: &[SCRIPT_CRLF, SCRIPT_SHEBANG_LATE, SCRIPT_NO_EXEC, SCRIPT_GOES_ON], find }];

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let scripts = subject.tree.files().filter(|path| is_entrypoint(path));
    scripts
        .filter_map(|path| Some((path, subject.tree.text(path)?)))
        .filter(|(_, text)| !is_made_by_djdock(text))
        .flat_map(|(path, text)| {
            [crlf(path, text), late_shebang(path, text), no_exec(path, text), goes_on(path, text)]
        })
        .flatten()
        .collect()
}

/// Scripts that a container starts with, by the names that people give them.
fn is_entrypoint(path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_lowercase();
    let stem = name.split('.').next().unwrap_or_default().replace(['-', '_'], "");
    let script = name.ends_with(".sh") || !name.contains('.');
    script
        && (stem.contains("entrypoint")
            || matches!(stem.as_str(), "start" | "startup" | "rundjango" | "runweb"))
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
    let last = simple_commands(text).into_iter().last()?;
    let passes_on = last.words.iter().any(|word| word == "$@" || word == "$*");
    let serves = matches!(
        last.program(),
        "gunicorn" | "uwsgi" | "uvicorn" | "daphne" | "hypercorn" | "celery" | "granian"
    );
    let line = text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains(last.program()))
        .last()
        .map_or(0, |(line, _)| line);
    ((passes_on || serves) && !last.exec).then(|| {
        Diagnostic::warning(SCRIPT_NO_EXEC, format!("`{path}` starts its last command without `exec`"))
            .at(&Place::line(path, u32::try_from(line + 1).unwrap_or(u32::MAX)), "runs below the shell")
            .because("the shell is process 1 and passes no signal on: `docker stop` waits 10 seconds and then kills it")
            .help(format!("write `exec {}`", if passes_on { "\"$@\"" } else { last.program() }))
    })
}

fn goes_on(path: &Utf8Path, text: &str) -> Option<Diagnostic> {
    let commands = simple_commands(text);
    let stops = commands.iter().any(|command| {
        command.program() == "set"
            && command
                .words
                .iter()
                .any(|word| word == "errexit" || word.starts_with('-') && word.contains('e'))
    }) || text.lines().next().is_some_and(|line| {
        line.starts_with("#!") && line.split_whitespace().any(|word| word == "-e" || word == "-eu")
    });
    let manages =
        text.lines().position(|line| line.contains("manage.py") && !line.trim_start().starts_with('#'))?;
    let chained = text.lines().nth(manages).is_some_and(|line| line.contains("&&") || line.contains("||"));
    (!stops && !chained).then(|| {
        Diagnostic::warning(SCRIPT_GOES_ON, format!("`{path}` goes on when a command fails"))
            .at(&Place::line(path, u32::try_from(manages + 1).unwrap_or(u32::MAX)), "its failure is not noticed")
            .because("the server starts on a database that was not migrated, or without its static files, and the first error is far from the cause")
            .help("write `set -eu` below the first line")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::server::testing::findings;

    #[test]
    fn scripts_start_what_they_are_for() {
        let check = |text: &str| findings(RULES, "docker/entrypoint.sh", text);
        assert_eq!(check("#!/bin/sh\r\nset -e\r\nexec \"$@\"\r\n"), ["script-crlf:1"]);
        assert_eq!(check("# entrypoint.sh\n#!/bin/sh\nset -e\nexec \"$@\"\n"), ["script-shebang-late:2"]);
        assert_eq!(check("#!/bin/sh\nset -e\n\"$@\"\n"), ["script-no-exec:3"]);
        assert_eq!(check("#!/bin/sh\npython manage.py migrate\nexec \"$@\"\n"), ["script-goes-on:2"]);
        assert!(check("#!/bin/sh\nset -eu\npython manage.py migrate\nexec \"$@\"\n").is_empty());
    }
}
