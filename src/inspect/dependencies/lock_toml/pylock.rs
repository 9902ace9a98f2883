//! `pdm.lock`, and the standard's `pylock.toml`.

use super::super::super::facts::DistributionSource;
use super::super::document::{self, Document};
use super::super::lock::{Edge, Lock, Package};
use super::super::pyproject::inline_source;
use super::super::stated::{variables, without_credentials};
use super::{number_or_text, packages, stated_python};
use crate::base::path;
use crate::python::{Marker, Requirement, normalised};

pub(super) fn pdm(document: &Document<'_>) -> Lock {
    let mut lock = Lock {
        path: document.path.clone(),
        version: number_or_text(document, &["metadata", "lock_version"]),
        ..Lock::default()
    };
    let folder = path::parent(&document.path);
    for value in packages(document, "package") {
        let Some(name) = document::field(value, "name") else { continue };
        let edge = |text: &str| {
            let requirement = Requirement::parse(text).ok()?;
            Some(Edge {
                name: requirement.name,
                extras: requirement.extras,
                marker: requirement.marker,
                for_extra: None,
                version: None,
            })
        };
        let source = inline_source(value, folder).unwrap_or(DistributionSource::Index);
        lock.packages.push(Package {
            name: normalised(name),
            version: document::field(value, "version").map(str::to_owned),
            source,
            place: document.place(value),
            needs: document::fields(value, "dependencies").into_iter().filter_map(edge).collect(),
            marker: document::field(value, "marker").and_then(Marker::parse).unwrap_or_default(),
        });
    }
    lock
}

/// PEP 751: it names what is installed, and when.
pub(super) fn pylock(document: &Document<'_>) -> Lock {
    let mut lock = Lock {
        path: document.path.clone(),
        python: stated_python(document, &["requires-python"]),
        version: number_or_text(document, &["lock-version"]),
        written_by: document.text(&["created-by"]).map(str::to_owned),
        is_closed: true,
        ..Lock::default()
    };
    let folder = path::parent(&document.path);
    for value in packages(document, "packages") {
        let Some(name) = document::field(value, "name") else { continue };
        let source = ["vcs", "directory", "archive"].iter().find_map(|key| {
            let table = value.get_ref().get(*key)?;
            lock.variables.extend(document::field(table, "url").map(variables).into_iter().flatten());
            Some(match *key {
                "vcs" => DistributionSource::Vcs(format!(
                    "git+{}",
                    without_credentials(document::field(table, "url")?)
                )),
                _ => inline_source(table, folder)?,
            })
        });
        lock.packages.push(Package {
            name: normalised(name),
            version: document::field(value, "version").map(str::to_owned),
            source: source.unwrap_or(DistributionSource::Index),
            place: document.place(value),
            needs: Vec::new(),
            marker: document::field(value, "marker").and_then(Marker::parse).unwrap_or_default(),
        });
    }
    lock
}

#[cfg(test)]
mod tests {
    use super::super::tests::{locked, names};

    #[test]
    fn pdm_and_pylock_files_are_read() {
        let pdm = locked(
            "pdm.lock",
            "[metadata]\nlock_version = \"4.4\"\n\n[[package]]\nname = \"django\"\nversion = \"2.2.16\"\n\
             dependencies = [\n    \"pytz\",\n    \"tzdata; sys_platform == 'win32'\",\n]\n\n[[package]]\nname = \"pytz\"\nversion = \"2020.1\"\n\n\
             [[package]]\nname = \"tzdata\"\nversion = \"2025.1\"\n",
        );
        assert_eq!(names(&pdm, &["django==2.2.16"]), ["django==2.2.16", "+pytz==2020.1"]);
        let pylock = locked(
            "pylock.toml",
            "lock-version = \"1.0\"\nrequires-python = \">=3.12\"\n[[packages]]\nname = \"django\"\nversion = \"5.2\"\n\
             [[packages]]\nname = \"tzdata\"\nversion = \"2025.1\"\nmarker = \"sys_platform == 'win32'\"\n",
        );
        assert_eq!(names(&pylock, &["django"]), ["django==5.2"]);
    }
}
