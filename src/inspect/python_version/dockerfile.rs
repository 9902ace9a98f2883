//! The Python of the Dockerfile that builds the project.

use std::collections::BTreeMap;

use camino::Utf8Path;

use super::super::stated_python::{StatedPython, exact};
use crate::base::{Place, Tree, path};

/// Returns the Python that the Dockerfile that builds the project is built on.
pub(super) fn dockerfile(tree: &Tree, project_dir: &Utf8Path) -> Option<StatedPython> {
    let mut best: Option<(i32, StatedPython)> = None;
    for file in tree.files() {
        // Systems whose names know no case let `DockerFile` pass for one.
        let name = path::name(file).to_ascii_lowercase();
        let is_one = name.starts_with("dockerfile")
            || name.ends_with("dockerfile")
            || name.starts_with("containerfile");
        if !is_one || path::depth(file) > 4 || name.ends_with(".dockerignore") {
            continue;
        }
        let Some(text) = tree.text(file) else { continue };
        let Some((version, line)) = base_version(text) else { continue };
        let score = relevance(file, text, project_dir);
        let Some(found) = exact(&version, Place::line(file, line), "is built on it") else { continue };
        if score > 0 && best.as_ref().is_none_or(|(known, _)| score > *known) {
            best = Some((score, found));
        }
    }
    best.map(|(_, found)| found)
}

/// How likely a Dockerfile is the one that runs the project in production.
fn relevance(file: &Utf8Path, text: &str, project_dir: &Utf8Path) -> i32 {
    let mut score = 0;
    let folder = path::parent(file);
    if folder == "." || folder == project_dir {
        score += 3;
    }
    let signs = ["manage.py", "gunicorn", "uwsgi", "django", "DJANGO", "wsgi", "asgi", "uvicorn"];
    score += if signs.iter().any(|sign| text.contains(sign)) { 4 } else { 0 };
    let installs = ["requirements", "pyproject.toml", "Pipfile", "uv sync", "poetry"];
    score += if installs.iter().any(|sign| text.contains(sign)) { 2 } else { 0 };
    let whole = file.as_str().to_lowercase();
    let says = |word: &str| whole.split(['/', '.', '-', '_']).any(|part| part == word);
    if ["prod", "production", "deploy"].iter().any(|word| says(word)) {
        score += 3;
    }
    if ["dev", "local", "test", "tests", "docs", "doc", "devcontainer", "ci", "fuzz", "e2e", "tools"]
        .iter()
        .any(|word| says(word))
    {
        score -= 5;
    }
    if folder != "." && project_dir.file_name().is_some_and(says) {
        score += 2;
    }
    score
}

/// The Python of the last stage that names one, and its line: `FROM python:3.12-slim`, through build arguments.
pub fn base_version(text: &str) -> Option<(String, u32)> {
    let mut arguments: BTreeMap<String, String> = BTreeMap::new();
    let mut found = None;
    // Whether the stage stands on a bare system, to which the project's own lines add a Python.
    let mut is_own = false;
    for (number, line) in (1_u32..).zip(text.lines()) {
        let line = line.trim();
        let Some((instruction, rest)) = line.split_once(char::is_whitespace) else { continue };
        if instruction.eq_ignore_ascii_case("ARG") || instruction.eq_ignore_ascii_case("ENV") {
            // `ENV NAME value` is the old form.
            let pair = rest.split_once('=').or_else(|| rest.trim().split_once(char::is_whitespace));
            if let Some((name, value)) = pair {
                let value = value.trim().trim_matches(['"', '\'']).to_owned();
                if let Some(version) = built_version(name.trim(), &value).filter(|_| is_own) {
                    found = Some((version, number));
                }
                arguments.insert(name.trim().to_owned(), value);
            }
        } else if instruction.eq_ignore_ascii_case("FROM") {
            let image = rest.split_whitespace().find(|word| !word.starts_with("--")).unwrap_or_default();
            let image = with_arguments(image, &arguments);
            let system = image.rsplit('/').next().unwrap_or(&image);
            is_own = SYSTEMS.iter().any(|name| system.starts_with(name));
            if let Some(version) = image_version(&image) {
                found = Some((version, number));
            }
        } else if instruction.eq_ignore_ascii_case("RUN")
            && let Some(version) = fetched_version(&with_arguments(rest, &arguments))
        {
            found = Some((version, number));
        }
    }
    found
}

/// Returns the version that uv fetches: `uv python install 3.12`.
fn fetched_version(command: &str) -> Option<String> {
    let (_, after) = command.split_once("uv python install ")?;
    let named = after.split_whitespace().find(|word| !word.starts_with('-'))?;
    built_version("PYTHON_VERSION", named.trim_start_matches("cpython").trim_matches(['-', '"', '\'']))
}

/// Images of systems that bring no Python of the project's choice.
const SYSTEMS: &[&str] = &[
    "ubuntu",
    "debian",
    "centos",
    "rockylinux",
    "almalinux",
    "fedora",
    "amazonlinux",
    "ubi",
    "alpine",
    "buildpack-deps",
];

/// The version that a variable of a build names which makes or fetches a Python: `PYTHON_VERSION 3.9.18`.
fn built_version(name: &str, value: &str) -> Option<String> {
    let named = ["PYTHON_VERSION", "PYTHON_VER", "PY_VERSION", "PYTHON_BIN", "PYTHON"].contains(&name);
    let version = value.trim_start_matches("python").trim_start_matches('-');
    let plain =
        version.contains('.') && version.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
    (named && plain && version.starts_with(['2', '3'])).then(|| version.to_owned())
}

fn with_arguments(text: &str, arguments: &BTreeMap<String, String>) -> String {
    let mut out = text.to_owned();
    for (name, value) in arguments {
        out = out.replace(&format!("${{{name}}}"), value).replace(&format!("${name}"), value);
        // `${NAME:-default}`: the argument's own default wins.
        if let Some(start) = out.find(&format!("${{{name}:-"))
            && let Some(end) = out.get(start..).and_then(|rest| rest.find('}'))
        {
            out.replace_range(start..=start + end, value);
        }
    }
    out
}

/// `python:3.12-slim`, `docker.io/library/python:3.12.1@sha256:…`, `tiangolo/uwsgi-nginx:python3.8`.
fn image_version(image: &str) -> Option<String> {
    let image = image.split('@').next()?;
    let (repository, tag) = image.rsplit_once(':')?;
    let name = repository.rsplit('/').next()?;
    // An image of one's own may say it in its name: `registry.example.org/base-python3.11:1.3`.
    let tag = match name {
        "python" | "pypy" => tag,
        _ => tag.split("python").nth(1).or_else(|| name.split("python").nth(1))?,
    };
    let digits: String =
        tag.trim_start_matches('-').chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let version = digits.trim_end_matches('.');
    (name != "pypy" && version.contains('.')).then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_case_of_a_dockerfiles_name_is_of_no_matter() {
        for name in ["DockerFile", "dockerfile", "DOCKERFILE", "web.DockerFile", "containerfile"] {
            let tree = Tree::from_literals([(name, "FROM python:3.11-slim\nCMD gunicorn shop.wsgi\n")]);
            let found = dockerfile(&tree, ".".into()).map(|one| one.specifier);
            assert_eq!(found.as_deref(), Some("==3.11.*"), "{name}");
        }
    }

    #[test]
    fn base_images_are_read_through_build_arguments() {
        for (text, version) in [
            ("FROM python:3.12-slim", Some("3.12")),
            ("ARG V=3.10-slim-bullseye\nFROM python:${V} AS base\nFROM base", Some("3.10")),
            ("ARG PY=3.11\nFROM docker.io/library/python:$PY-alpine@sha256:aa", Some("3.11")),
            ("FROM --platform=linux/amd64 python:3.6.8-stretch", Some("3.6.8")),
            ("FROM tiangolo/uwsgi-nginx:python3.8", Some("3.8")),
            ("FROM ghcr.io/astral-sh/uv:0.13-python3.12-bookworm-slim", Some("3.12")),
            ("FROM registry.example.org/shop/base-python3.11:1.3", Some("3.11")),
            ("FROM node:20\nFROM python:3", None),
            ("FROM ubuntu:22.04", None),
            (
                "FROM ubuntu:20.04\nENV PYTHON_VERSION 3.9.18\nRUN wget python.org/$PYTHON_VERSION",
                Some("3.9.18"),
            ),
            ("FROM quay.io/centos/centos:stream9\nARG PYTHON_BIN=\"python3.12\"", Some("3.12")),
            ("FROM node:20\nENV PYTHON_VERSION=3.9", None),
            ("ARG BASE=ubuntu:noble\nFROM ${BASE}\nARG PYTHON_VERSION=3.12", Some("3.12")),
            ("ARG V=3.12\nFROM debian\nRUN uv python install --force ${V}\nFROM scratch", Some("3.12")),
            ("FROM node:20\nRUN uv python install cpython-3.11", Some("3.11")),
            ("FROM node:20\nRUN uv python install", None),
        ] {
            assert_eq!(base_version(text).map(|(version, _)| version).as_deref(), version, "{text}");
        }
    }
}
