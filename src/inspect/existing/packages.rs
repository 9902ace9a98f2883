//! System packages that files of the project already install: what its code needs without a distribution saying so.

use camino::Utf8Path;

use super::lines;
use crate::base::{Place, Tree, path};

/// A package of Debian or Alpine, as the file names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    pub name: String,
    pub place: Place,
}

/// Every package that Dockerfiles of the Django side, an `Aptfile` and `nixpacks.toml` install, in the order of paths;
/// of a package that is installed twice, the first. Dockerfiles for development count only where there is no other.
pub(super) fn read(tree: &Tree, project_dir: &Utf8Path) -> Vec<Installed> {
    let (mut production, mut development): (Vec<Installed>, Vec<Installed>) = Default::default();
    for file in tree.files() {
        // Most files are told by their names alone.
        let Some(named) = named_by(file) else { continue };
        if path::depth(file) > 4 || is_for_another(tree, file, project_dir) {
            continue;
        }
        let Some(text) = tree.text(file) else { continue };
        let found = if is_for_development(file) { &mut development } else { &mut production };
        for (line, name) in named(text) {
            if found.iter().all(|known| known.name != name) {
                found.push(Installed { name, place: Place::line(file, line) });
            }
        }
    }
    if production.is_empty() { development } else { production }
}

/// Tells whether the file builds something else than the Django project: it stands beside Python code that is not around
/// `manage.py`, or serves an editor or CI.
fn is_for_another(tree: &Tree, file: &Utf8Path, project_dir: &Utf8Path) -> bool {
    let folder = path::parent(file);
    let is_around = folder == "." || project_dir.starts_with(folder);
    let has_code = || tree.children(folder).any(|(file, _)| path::extension(file) == Some("py"));
    file.as_str().starts_with('.') || (!is_around && has_code())
}

fn is_for_development(file: &Utf8Path) -> bool {
    let words = ["dev", "devel", "development", "local", "test", "tests", "ci", "docs"];
    file.as_str().to_ascii_lowercase().split(['/', '.', '-', '_']).any(|part| words.contains(&part))
}

type Reader = fn(&str) -> Vec<(u32, String)>;

fn named_by(file: &Utf8Path) -> Option<Reader> {
    if path::extension(file)
        .is_some_and(|end| ["py", "js", "ts", "html", "css", "json", "po", "svg"].contains(&end))
    {
        return None;
    }
    let name = path::name(file).to_ascii_lowercase();
    let is_dockerfile = name.contains("dockerfile") || name.contains("containerfile");
    match name.as_str() {
        "aptfile" => Some(aptfile),
        "nixpacks.toml" => Some(nixpacks),
        _ if is_dockerfile && !name.ends_with(".dockerignore") => Some(dockerfile),
        _ => None,
    }
}

/// Only where the image is one of Python: those of front ends and proxies install for themselves.
fn dockerfile(text: &str) -> Vec<(u32, String)> {
    let is_of_python = ["python", "pip ", "pip3", "poetry", "uv ", "pipenv", "manage.py"];
    if !is_of_python.iter().any(|word| text.contains(word)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (line, command) in lines::commands(text) {
        let words: Vec<&str> =
            command.split_whitespace().map(|word| word.trim_matches(['"', '\'', ',', '[', ']'])).collect();
        let installs = words.windows(2).position(|pair| {
            matches!((pair[0], pair[1]), ("apk", "add"))
                || (matches!(pair[0], "apt-get" | "apt" | "aptitude") && words.contains(&"install"))
        });
        let Some(at) = installs else { continue };
        let names = words[at + 1..].iter().filter(|word| is_package(word));
        found.extend(names.filter_map(|word| Some((line, bare(word)?.to_owned()))));
    }
    found
}

fn aptfile(text: &str) -> Vec<(u32, String)> {
    let lines = (1_u32..).zip(text.lines().map(str::trim));
    lines
        .filter(|(_, line)| is_package(line))
        .filter_map(|(number, line)| Some((number, bare(line)?.to_owned())))
        .collect()
}

/// `[phases.setup] aptPkgs = ["ffmpeg"]`
fn nixpacks(text: &str) -> Vec<(u32, String)> {
    let Ok(table) = text.parse::<toml::Table>() else { return Vec::new() };
    let phases = table.get("phases").and_then(toml::Value::as_table);
    let packages = phases
        .into_iter()
        .flat_map(|phases| phases.values())
        .filter_map(|phase| phase.get("aptPkgs").and_then(toml::Value::as_array));
    let line_of = |name: &str| {
        (1_u32..).zip(text.lines()).find(|(_, line)| line.contains(name)).map_or(1, |(at, _)| at)
    };
    packages
        .flatten()
        .filter_map(toml::Value::as_str)
        .filter(|name| is_package(name))
        .map(|name| (line_of(name), name.to_owned()))
        .collect()
}

/// Neither option nor variable, address or word of the command itself.
fn is_package(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && !["install", "add", "update", "upgrade"].contains(&word)
        && !word.contains([':', '$', '/'])
}

/// Without the version that it is pinned to: `ffmpeg=7:5.1`.
fn bare(word: &str) -> Option<&str> {
    word.split(['=', '~', '<', '>']).next().filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_read_from_every_file_that_installs_them() {
        let tree = Tree::from_literals([
            (
                "Dockerfile",
                "FROM python:3.11\nRUN apt-get update && apt-get install -y --no-install-recommends \\\n    ffmpeg=7.1 \\\n    $MORE git\n",
            ),
            ("docker/Dockerfile.alpine", "FROM python:3.12-alpine\nRUN apk add --no-cache graphviz ffmpeg\n"),
            ("Dockerfile.dev", "FROM python:3.11\nRUN apt-get install -y qpdf\n"),
            ("scan/Dockerfile", "FROM python:3.11\nRUN apt-get install -y clamav\n"),
            ("scan/app.py", ""),
            ("web/Dockerfile", "FROM node:22\nRUN apt-get install -y chromium\n"),
            ("Aptfile", "# for Heroku\npoppler-utils\n"),
            ("nixpacks.toml", "[phases.setup]\naptPkgs = [\"...\", \"pandoc\"]\n"),
        ]);
        let found: Vec<String> =
            read(&tree, ".".into()).iter().map(|one| format!("{} {}", one.place, one.name)).collect();
        assert_eq!(
            found,
            [
                "Aptfile:2 poppler-utils",
                "Dockerfile:2 ffmpeg",
                "Dockerfile:2 git",
                "docker/Dockerfile.alpine:2 graphviz",
                "nixpacks.toml:2 pandoc",
            ]
        );
    }
}
