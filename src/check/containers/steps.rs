//! The results of a Dockerfile's `RUN` lines in the image.

use super::image::{Copied, Image};
use super::paths::{absolute, below};
use crate::base::{Tree, path};
use crate::check::command_line::SimpleCommand;

/// Programs that run what is not read here.
const RUNNERS: [&str; 8] =
    ["make", "just", "ansible", "ansible-playbook", "nix", "conda", "micromamba", "eval"];

/// Follows the commands of one `RUN`, which share a working folder.
pub(super) fn follow(image: &mut Image<'_>, tree: &Tree, commands: &[SimpleCommand]) {
    let mut folder = image.folder.clone();
    for command in commands {
        let filled: Vec<String> = command.work().iter().map(|word| image.fill(word)).collect();
        let words: Vec<&str> = filled.iter().map(String::as_str).collect();
        let Some((program, rest)) = words.split_first() else { continue };
        let program = program.rsplit('/').next().unwrap_or(program);
        if program == "cd" {
            folder = rest.first().map_or_else(|| "/root".to_owned(), |to| absolute(&folder, to));
            continue;
        }
        step(image, tree, &folder, program, rest);
    }
}

fn step(image: &mut Image<'_>, tree: &Tree, folder: &str, program: &str, rest: &[&str]) {
    let is_plain = |word: &&&str| !word.starts_with('-');
    let plain = || rest.iter().filter(is_plain).copied();
    let says = |word: &str| rest.contains(&word);
    if rest.contains(&"/etc/passwd") || rest.contains(&">>/etc/passwd") {
        image.is_open = true;
    }
    if program == "sed" && rest.iter().any(|word| word.contains("\\r")) || program == "dos2unix" {
        image.mended.extend(plain().map(|word| absolute(folder, word)));
    }
    match program {
        "mkdir" => image.folders.extend(plain().flat_map(braces).map(|word| absolute(folder, &word))),
        "install" if says("-d") || says("--directory") => {
            image.folders.extend(plain().map(|word| absolute(folder, word)));
        }
        "venv" | "virtualenv" => {
            image.filled.extend(plain().map(|word| absolute(folder, word)));
        }
        "uv" if says("venv") || says("sync") => {
            let named = plain().skip(1).map(|word| absolute(folder, word));
            image.filled.extend(named);
            let own = image.variables.get("UV_PROJECT_ENVIRONMENT").map_or(".venv", String::as_str);
            image.filled.insert(absolute(folder, own));
        }
        "poetry" | "pipenv" | "pdm" => {
            image.filled.insert(absolute(folder, ".venv"));
        }
        "useradd" | "adduser" | "addgroup" | "groupadd" | "usermod" => accounts(image, program, rest),
        "ln" => {
            if let [.., named, link] = plain().collect::<Vec<_>>().as_slice() {
                let named = absolute(folder, named);
                let link_path = absolute(folder, link);
                let into = link.ends_with('/') || image.folders.contains(&link_path);
                let name = named.rsplit('/').next().unwrap_or_default();
                let link = if into { below(&link_path, name) } else { link_path };
                image.links.push((link, named));
            }
        }
        "cp" | "mv" | "rsync" => copies(image, tree, folder, &plain().collect::<Vec<_>>()),
        "git" | "tar" | "unzip" | "curl" | "wget" | "django-admin" | "npm" | "yarn" | "pnpm" => {
            image
                .filled
                .extend(plain().filter(|word| !word.contains("://")).map(|word| absolute(folder, word)));
            let clone = plain().rfind(|word| word.contains("://"));
            let name = clone
                .and_then(|address| address.rsplit('/').next())
                .map(|name| name.trim_end_matches(".git"));
            image.filled.extend(name.map(|name| absolute(folder, name)));
        }
        // An installer that is piped into a shell brings a program, not the project's folders.
        "sh" | "bash" | "source" | "." if rest.is_empty() => {}
        "sh" | "bash" | "source" | "." => image.is_open = true,
        _ if RUNNERS.contains(&program) || program.ends_with(".sh") => image.is_open = true,
        _ => {}
    }
}

/// The words of `a{b,c}d`.
fn braces(word: &str) -> Vec<String> {
    let parts = word.split_once('{').and_then(|(start, rest)| Some((start, rest.split_once('}')?)));
    match parts {
        Some((start, (inner, end))) => inner.split(',').map(|part| format!("{start}{part}{end}")).collect(),
        None => vec![word.to_owned()],
    }
}

/// Users and groups, and a user's home folder.
fn accounts(image: &mut Image<'_>, program: &str, rest: &[&str]) {
    image.is_open |= rest.iter().any(|word| word.contains('$'));
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        let (flag, value) = word.split_once('=').unwrap_or((word, ""));
        if matches!(flag, "-d" | "--home" | "--home-dir" | "-h") {
            let home = if value.is_empty() { words.next().copied().unwrap_or_default() } else { value };
            image.folders.insert(absolute("/", home));
        } else if !word.starts_with('-') {
            image.accounts.insert((*word).to_owned());
            if program.contains("user") {
                image.folders.insert(format!("/home/{word}"));
            }
        } else if !value.is_empty() {
            image.accounts.insert(value.to_owned());
        }
    }
}

fn copies(image: &mut Image<'_>, tree: &Tree, folder: &str, words: &[&str]) {
    let [sources @ .., target] = words else { return };
    let to = absolute(folder, target);
    let into = target.ends_with('/') || image.folders.contains(&to) || sources.len() > 1;
    for source in sources {
        match image.in_project(tree, &absolute(folder, source)) {
            Some(source) => {
                let is_file = tree.is_file(&source);
                let target = if into && is_file { below(&to, path::name(&source)) } else { to.clone() };
                image.copied.push(Copied { source, target });
            }
            None => {
                image.filled.insert(to.clone());
            }
        }
    }
}
