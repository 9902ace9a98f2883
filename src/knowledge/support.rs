//! Until when what images bring gets security fixes.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Date;

pub(super) const TEXT: &str = include_str!("support.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    checked: Date,
    system: Vec<Line>,
    product: Vec<Line>,
}

/// A system or a server, with its releases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    name: String,
    /// The images that are named for it.
    repositories: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "for whoever edits the table"))]
    pub(super) source: String,
    pub(super) releases: Vec<Release>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Release {
    version: String,
    /// How a system's release is named in the tags of other images.
    #[serde(default)]
    tag: String,
    /// The last day of security fixes.
    end: Date,
    /// Its packages have left the mirrors.
    #[serde(default)]
    gone: bool,
}

/// Something in an image that gets no security fixes any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// `Debian 10 (buster)`, `PostgreSQL 12`.
    pub name: String,
    pub end: Date,
    /// Nothing can be installed on it from the usual mirrors.
    pub gone: bool,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

#[cfg(test)]
pub(super) fn lines() -> impl Iterator<Item = &'static Line> {
    TABLE.system.iter().chain(&TABLE.product)
}

/// Returns the parts of the image called `reference` that had ended when the table was checked: the main program, and the system
/// below. An image without a version is whatever is newest.
pub fn ended(reference: &str) -> Vec<Ended> {
    let (repository, tag) = parts(reference);
    let Some(tag) = tag else { return Vec::new() };
    let named = |line: &&Line| line.repositories.iter().any(|name| name == repository);
    let mut found = Vec::new();
    for product in TABLE.product.iter().filter(named) {
        let version = tag.split('-').find_map(version_of);
        let release =
            version.and_then(|version| product.releases.iter().find(|one| begins(version, &one.version)));
        found.extend(
            release.and_then(|release| ended_one(release, format!("{} {}", product.name, release.version))),
        );
    }
    for system in &TABLE.system {
        let release = system.releases.iter().find(|release| {
            let is_own = system.repositories.iter().any(|name| name == repository)
                && tag.split('-').next().is_some_and(|version| begins(version, &release.version));
            is_own || tag.split('-').any(|part| part == release.tag)
        });
        found.extend(release.and_then(|release| ended_one(release, system_name(system, release))));
    }
    found
}

fn ended_one(release: &Release, name: String) -> Option<Ended> {
    (release.end < TABLE.checked).then(|| Ended { name, end: release.end.clone(), gone: release.gone })
}

fn system_name(system: &Line, release: &Release) -> String {
    if release.tag.ends_with(&release.version) {
        format!("{} {}", system.name, release.version)
    } else {
        format!("{} {} ({})", system.name, release.version, release.tag)
    }
}

/// The name without the registry of the official images, and the tag.
fn parts(reference: &str) -> (&str, Option<&str>) {
    let name = reference.split('@').next().unwrap_or(reference);
    let name = name.strip_prefix("docker.io/").unwrap_or(name);
    let name = name.strip_prefix("library/").unwrap_or(name);
    match name.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains(['/', '$']) => (repository, Some(tag)),
        _ => (name, None),
    }
}

/// The version that a part of a tag says: `9.6.2`, and `15` for `pg15`.
fn version_of(part: &str) -> Option<&str> {
    let version = part.strip_prefix("pg").unwrap_or(part);
    version.starts_with(|first: char| first.is_ascii_digit()).then_some(version)
}

/// Tells whether a version is of the line `line`: `9.6.2` of `9.6` and of `9`, `10` not of `1`.
fn begins(version: &str, line: &str) -> bool {
    version.strip_prefix(line).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(reference: &str) -> Vec<String> {
        ended(reference).into_iter().map(|one| one.name).collect()
    }

    #[test]
    fn what_has_ended_is_known_by_the_tag() {
        assert_eq!(names("python:3.8-slim-buster"), ["Debian 10 (buster)"]);
        assert_eq!(names("python:3.9-alpine3.13"), ["Alpine 3.13"]);
        assert_eq!(names("ubuntu:16.04"), ["Ubuntu 16.04 (xenial)"]);
        assert_eq!(names("debian:stretch-slim"), ["Debian 9 (stretch)"]);
        assert_eq!(names("docker.io/library/postgres:9.6-alpine"), ["PostgreSQL 9"]);
        assert_eq!(names("postgis/postgis:11-3.3"), ["PostgreSQL 11"]);
        assert_eq!(names("timescale/timescaledb:latest-pg12"), ["PostgreSQL 12"]);
        assert_eq!(names("mysql:5.7.30"), ["MySQL 5.7"]);
        assert_eq!(names("node:14-buster"), ["Node.js 14", "Debian 10 (buster)"]);
        assert_eq!(names("redis:5"), ["Redis 5"]);
    }

    #[test]
    fn what_is_supported_or_not_known_is_not_said() {
        for reference in [
            "python:3.13-slim-trixie",
            "python",
            "python:3.8",
            "postgres:17",
            "postgres:latest",
            "postgres:${VERSION}",
            "redis:6",
            "redis:7-alpine",
            "mysql:8",
            "mysql:8.4",
            "alpine:3.22",
            "registry.example.org:5000/app",
            "example/node:14",
            "alpine",
        ] {
            assert!(names(reference).is_empty(), "{reference}");
        }
    }

    #[test]
    fn every_line_has_its_source() {
        for line in lines() {
            assert!(line.source.starts_with("https://"), "{}", line.name);
            assert!(!line.releases.is_empty() && !line.repositories.is_empty(), "{}", line.name);
        }
    }
}
