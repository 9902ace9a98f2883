//! The programs of a container: its start commands, the scripts among them, and the programs of supervisor.

use camino::{Utf8Path, Utf8PathBuf};

use super::container::{Container, Run, Script};
use super::paths::{absolute, below, filled_in};
use super::supervisor;
use crate::base::{Place, Tree};
use crate::check::command_line::{SimpleCommand, script_commands};

/// Scripts that start scripts that start scripts are followed so far.
const DEEPEST: usize = 4;

/// The search path of programs that are called by name alone.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Fills in everything that `container` runs.
pub(super) fn follow(tree: &Tree, container: &mut Container<'_>) {
    let folder = container.folder();
    let started = container.started();
    // `exec "$@"` at the end of an entrypoint goes on with the command: each of them may be the first process.
    let mut waiting: Vec<(Run, bool, usize)> = started
        .iter()
        .enumerate()
        .map(|(number, (place, command))| {
            let is_last_of_line = started.get(number + 1).is_none_or(|(next, _)| next != place);
            let run =
                Run { place: place.clone(), command: command.clone(), folder: folder.clone(), program: None };
            (run, is_last_of_line, 0)
        })
        .collect();
    waiting.reverse();
    while let Some((run, is_start, depth)) = waiting.pop() {
        let more = match script_of(tree, container, &run) {
            Some((path, is_direct)) if depth < DEEPEST => {
                let is_known = container.scripts.iter().any(|script| script.path == path);
                let more = if is_known { Vec::new() } else { commands_of(tree, &path, &run) };
                note(container, path, is_start, is_direct);
                more
            }
            _ if run.command.program() == "supervisord" => {
                let programs = supervisor::programs(tree, container, &run);
                programs.into_iter().map(|run| (run, false)).collect()
            }
            _ => Vec::new(),
        };
        container.runs.push(run);
        waiting.extend(more.into_iter().rev().map(|(run, is_last)| (run, is_start && is_last, depth + 1)));
    }
}

fn note(container: &mut Container<'_>, path: Utf8PathBuf, is_start: bool, is_direct: bool) {
    let is_mended = container.places_of(&path).iter().any(|place| {
        let names = |mended: &String| {
            mended == place
                || mended.trim_end_matches('*') != mended && place.starts_with(mended.trim_end_matches('*'))
        };
        container.image.as_ref().is_some_and(|image| image.mended.iter().any(names))
    });
    match container.scripts.iter_mut().find(|script| script.path == path) {
        Some(known) => {
            known.is_start |= is_start;
            known.is_direct |= is_direct;
        }
        None => container.scripts.push(Script { path, is_start, is_direct, is_mended }),
    }
}

/// The commands of a script, and whether each is the last one.
fn commands_of(tree: &Tree, path: &Utf8Path, run: &Run) -> Vec<(Run, bool)> {
    let text = tree.text(path).unwrap_or_default().replace('\r', "");
    let commands = script_commands(&text);
    let is_end = |command: &SimpleCommand| matches!(command.program(), "fi" | "done" | "esac" | "}" | ")");
    let last = commands.iter().rposition(|placed| !is_end(&placed.command));
    let mut folder = run.folder.clone();
    let mut found = Vec::new();
    for (number, placed) in commands.into_iter().enumerate() {
        let is_last = Some(number) == last || placed.command.exec;
        if let ("cd", Some(to)) = (placed.command.program(), placed.command.words.get(1)) {
            folder = absolute(&folder, to);
        }
        let place = Place::line(path, placed.line);
        let program = run.program.clone();
        found.push((Run { place, command: placed.command, folder: folder.clone(), program }, is_last));
    }
    found
}

/// The shell script of the project that a command starts, and whether it is started by its own path.
fn script_of(tree: &Tree, container: &Container<'_>, run: &Run) -> Option<(Utf8PathBuf, bool)> {
    let words = run.command.work();
    let program = run.command.program();
    let is_shell = matches!(program, "sh" | "bash" | "ash" | "dash" | "source" | ".");
    let word =
        if is_shell { words.iter().skip(1).find(|word| !word.starts_with('-'))? } else { words.first()? };
    let word =
        filled_in(word, &container.image.as_ref().map(|image| image.variables.clone()).unwrap_or_default());
    let seen = candidates(container, &run.folder, &word)
        .iter()
        .find_map(|candidate| container.in_project(tree, candidate).filter(|path| tree.is_file(path)));
    let file = seen.or_else(|| only_file(tree, container, &word))?;
    let text = tree.text(&file)?;
    let first = text.lines().next().unwrap_or_default();
    let is_script = if first.starts_with("#!") {
        // Python's and others' are read by no shell.
        first.split(['/', ' ']).any(|part| matches!(part.trim(), "sh" | "bash" | "ash" | "dash"))
    } else {
        is_shell || file.as_str().ends_with(".sh")
    };
    is_script.then_some((file, !is_shell))
}

/// The only file of the project by the name of a script, where no line says how it comes into the project's own image.
fn only_file(tree: &Tree, container: &Container<'_>, word: &str) -> Option<Utf8PathBuf> {
    container.image.as_ref()?;
    let name = word.rsplit('/').next().filter(|name| word.starts_with('/') && name.ends_with(".sh"))?;
    match tree.files_named(name).as_slice() {
        [only] => Some((*only).to_owned()),
        _ => None,
    }
}

/// Returns the paths at which a program called `word` in `folder` may lie.
fn candidates(container: &Container<'_>, folder: &str, word: &str) -> Vec<String> {
    if word.contains('$') {
        return Vec::new();
    }
    if word.contains('/') {
        return vec![absolute(folder, word)];
    }
    let own = container.variable("PATH").unwrap_or_default();
    let folders = own.split(':').chain(PATH.split(':')).filter(|folder| folder.starts_with('/'));
    let on_path = folders.map(|folder| below(folder, word));
    // `sh run.sh` looks into the working folder first.
    std::iter::once(absolute(folder, word)).chain(on_path).collect()
}
