//! Reads what the lines of a Dockerfile leave in the image.

use camino::{Utf8Path, Utf8PathBuf};

use super::image::{Copied, Image};
use super::paths::{absolute, below, filled_in};
use super::steps;
use crate::base::{Place, Tree, path};
use crate::check::command_line::SimpleCommand;
use crate::check::dockerfile::{Dockerfile, Instruction, Stage};

/// Reads what the lines of `stage`, and of those that it stands on, leave in the image. `contexts` are the folders
/// from which the project may build it, the most likely first.
pub(super) fn read<'a>(
    tree: &Tree,
    file: &'a Dockerfile,
    stage: &'a Stage,
    contexts: &[Utf8PathBuf],
) -> Image<'a> {
    let mut image = Image::empty(file, stage);
    let context = context(tree, file, contexts);
    for (place, instruction) in file.chain(stage).into_iter().rev().flat_map(|stage| &stage.instructions) {
        follow(&mut image, tree, &context, place, instruction);
    }
    image
}

fn follow(image: &mut Image<'_>, tree: &Tree, context: &Utf8Path, place: &Place, instruction: &Instruction) {
    match instruction {
        Instruction::Variables { assignments, .. } => {
            for (name, value) in assignments {
                let Some(value) = value else { continue };
                let value = filled_in(value, &image.variables);
                image.variables.insert(name.clone(), value);
            }
        }
        Instruction::WorkingFolder(folder) => {
            image.folder = absolute(&image.folder, &image.fill(folder));
            image.folders.insert(image.folder.clone());
        }
        Instruction::Copy { sources, to, .. } => copy(image, tree, context, sources, to),
        Instruction::CopyFrom { to, .. } => {
            let target = absolute(&image.folder, &image.fill(to));
            image.filled.insert(target);
        }
        Instruction::Run { commands, .. } => steps::follow(image, tree, commands),
        Instruction::User(user) => image.user = Some((place.clone(), image.fill(user))),
        Instruction::Start { instruction: "CMD", commands } => {
            image.command = at(place, commands);
        }
        Instruction::Start { commands, .. } => {
            image.entrypoint = at(place, commands);
            // An entrypoint of its own makes the base image's command void.
            image.command.clear();
        }
        _ => {}
    }
}

fn copy(image: &mut Image<'_>, tree: &Tree, context: &Utf8Path, sources: &[String], to: &str) {
    let to = image.fill(to);
    let target = absolute(&image.folder, &to);
    let sources: Vec<Utf8PathBuf> = sources
        .iter()
        .map(|source| image.fill(source))
        .flat_map(|source| sources_of(tree, context, source.trim_start_matches('/')))
        .collect();
    let into = sources.len() > 1 || to.ends_with('/') || to == "." || image.folders.contains(&target);
    if sources.is_empty() {
        // A glob, a variable or an address: what it brings is not seen.
        image.filled.insert(target);
        return;
    }
    for source in sources {
        let is_folder = source == "." || tree.is_folder(&source);
        let target = if into && !is_folder { below(&target, path::name(&source)) } else { target.clone() };
        if is_folder {
            image.folders.insert(target.clone());
        }
        image.copied.push(Copied { source, target });
    }
}

fn at(place: &Place, commands: &[SimpleCommand]) -> Vec<(Place, SimpleCommand)> {
    commands.iter().map(|command| (place.clone(), command.clone())).collect()
}

/// The folder that the image is built from: the first in which every source is, by name.
fn context(tree: &Tree, file: &Dockerfile, contexts: &[Utf8PathBuf]) -> Utf8PathBuf {
    let sources: Vec<&String> = file
        .instructions()
        .filter_map(|(_, instruction)| match instruction {
            Instruction::Copy { sources, .. } => Some(sources),
            _ => None,
        })
        .flatten()
        .filter(|source| !source.contains(['*', '$', '?']) && !source.contains("://"))
        .collect();
    let missing = |context: &&Utf8PathBuf| {
        let is_there = |source: &&&String| {
            let source = path::join(context, source.trim_start_matches('/'));
            source.is_some_and(|source| tree.kind(&source).is_some())
        };
        sources.len() - sources.iter().filter(is_there).count()
    };
    // Of several the first with the fewest that are missing: a file may be made before the build.
    contexts.iter().min_by_key(missing).cloned().unwrap_or_else(|| Utf8PathBuf::from("."))
}

/// The files and folders that a source of `COPY` names, with `*` in its last part.
fn sources_of(tree: &Tree, context: &Utf8Path, source: &str) -> Vec<Utf8PathBuf> {
    if source.contains('$') || source.contains("://") {
        return Vec::new();
    }
    let Some(path) = path::join(context, source) else { return Vec::new() };
    let name = path::name(&path);
    let Some((start, end)) = name.split_once('*') else {
        return if tree.kind(&path).is_some() { vec![path] } else { Vec::new() };
    };
    let matches = |child: &Utf8Path| {
        let own = path::name(child);
        own.len() >= start.len() + end.len() && own.starts_with(start) && own.ends_with(end)
    };
    let children = tree.children(path::parent(&path)).map(|(child, _)| child);
    children.filter(|child| matches(child)).map(Utf8Path::to_owned).collect()
}
