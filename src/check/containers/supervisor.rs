//! The programs that supervisor starts in a container.

use camino::Utf8Path;

use super::container::{Container, Run};
use super::ini::{Section, is_supervisors, project_sections};
use super::paths::{absolute, inside};
use crate::base::{Place, Tree};
use crate::check::command_line::simple_commands;

/// Folders where supervisor looks for its configuration, and most distributions for parts of it.
const FOLDERS: [&str; 4] = ["/etc/supervisor", "/etc/supervisord", "/etc/supervisor.d", "/etc/supervisord.d"];

/// The sections of supervisor's files that a container reads when `run` starts it.
pub fn sections(tree: &Tree, container: &Container<'_>, run: &Run) -> Vec<Section> {
    if run.command.program() != "supervisord" {
        return Vec::new();
    }
    let words = run.command.work();
    let named = words.iter().enumerate().find_map(|(at, word)| match word.as_str() {
        "-c" | "--configuration" => words.get(at + 1).map(String::as_str),
        word => {
            word.strip_prefix("--configuration=").or(word.strip_prefix("-c").filter(|rest| !rest.is_empty()))
        }
    });
    let named = named.map(|file| absolute(&run.folder, file));
    let all = project_sections(tree, is_supervisors);
    let main: Option<&Utf8Path> = all.iter().map(|section| section.file.as_path()).find(|file| {
        let places = container.places_of(file);
        places.iter().any(|place| match &named {
            Some(named) => place == named,
            None => place.ends_with("supervisord.conf") && is_default(place, &run.folder),
        })
    });
    let patterns: Vec<String> = match main {
        Some(main) => includes(&all, main, named.as_deref()),
        // The distribution's own file includes what lies in its folder.
        None => Vec::new(),
    };
    let is_read = |file: &Utf8Path| {
        Some(file) == main
            || container.places_of(file).iter().any(|place| match main {
                Some(_) => patterns.iter().any(|pattern| matches(place, pattern)),
                None => FOLDERS.iter().any(|folder| inside(place, folder).is_some()),
            })
    };
    all.iter().filter(|section| is_read(&section.file)).cloned().collect()
}

/// Tells whether supervisord looks for its file there when no other is named.
fn is_default(place: &str, folder: &str) -> bool {
    [absolute(folder, "supervisord.conf"), absolute(folder, "etc/supervisord.conf")]
        .iter()
        .any(|own| own == place)
        || matches!(place, "/etc/supervisord.conf" | "/etc/supervisor/supervisord.conf")
}

/// The paths, with `*`, that a main file includes.
fn includes(all: &[Section], main: &Utf8Path, place: Option<&str>) -> Vec<String> {
    let own = all.iter().filter(|section| section.file == main && section.name == "include");
    let files = own.filter_map(|section| section.get("files"));
    let folder =
        place.and_then(|place| place.rsplit_once('/')).map_or("/etc/supervisor", |(folder, _)| folder);
    files.flat_map(str::split_whitespace).map(|pattern| absolute(folder, pattern)).collect()
}

fn matches(place: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => place.starts_with(start) && place.ends_with(end.trim_start_matches('*')),
        None => place == pattern,
    }
}

/// Returns the programs that supervisor starts when `run` starts supervisor.
pub(super) fn programs(tree: &Tree, container: &Container<'_>, run: &Run) -> Vec<Run> {
    let mut found = Vec::new();
    for section in sections(tree, container, run) {
        let Some(program) = section.name.strip_prefix("program:") else { continue };
        let Some((line, place)) = section.entry("command") else { continue };
        let folder = section.get("directory").unwrap_or(&run.folder);
        found.extend(of_program(&place, line, &absolute(&run.folder, folder), program));
    }
    found
}

/// The run that a line of supervisor's stands for.
fn of_program(place: &Place, line: &str, folder: &str, program: &str) -> Vec<Run> {
    let mut commands = simple_commands(line);
    if let [shell] = commands.as_slice()
        && let [name, flag, script, ..] = shell.words.as_slice()
        && name.ends_with("sh")
        && flag.starts_with('-')
        && flag.ends_with('c')
    {
        commands = simple_commands(script);
    }
    let run = |command| Run {
        place: place.clone(),
        command,
        folder: folder.to_owned(),
        program: Some(program.to_owned()),
    };
    commands.into_iter().map(run).collect()
}
