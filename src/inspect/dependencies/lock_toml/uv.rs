//! `uv.lock`.

use camino::Utf8Path;

use super::super::super::facts::DistributionSource;
use super::super::document::{self, Document, Value};
use super::super::lock::{Edge, Lock, Package};
use super::super::stated::without_credentials;
use super::{number_or_text, packages, stated_python};
use crate::base::path;
use crate::python::{Marker, normalised};

pub(super) fn read(document: &Document<'_>) -> Lock {
    let mut lock = Lock {
        path: document.path.clone(),
        python: stated_python(document, &["requires-python"]),
        version: number_or_text(document, &["version"]),
        // Locks have revisions since uv 0.6; before, not all of them said what the manifest requires:
        // <https://docs.astral.sh/uv/concepts/resolution/#lockfile-versioning>.
        is_old: number_or_text(document, &["revision"]).is_none(),
        ..Lock::default()
    };
    let folder = path::parent(&document.path);
    for value in packages(document, "package") {
        let Some(name) = document::field(value, "name") else { continue };
        let source = value.get_ref().get("source");
        let source = source.map_or(DistributionSource::Index, |source| uv_source(source, folder));
        let mut needs = uv_edges(value, "dependencies", None);
        let optional =
            value.get_ref().get("optional-dependencies").and_then(|table| table.get_ref().as_table());
        for (extra, _) in optional.map(document::entries).unwrap_or_default() {
            if let Some(list) =
                value.get_ref().get("optional-dependencies").and_then(|table| table.get_ref().get(extra))
            {
                needs.extend(uv_edge_list(list, Some(extra)));
            }
        }
        lock.packages.push(Package {
            name: normalised(name),
            version: document::field(value, "version").map(str::to_owned),
            source,
            place: document.place(value),
            needs,
            marker: uv_marker(value),
        });
    }
    lock
}

/// Returns the marker of a package's variant: each variant says for which environments it is locked.
fn uv_marker(value: &Value<'_>) -> Marker {
    let markers = document::fields(value, "resolution-markers");
    if markers.is_empty() {
        return Marker::default();
    }
    let joined: Vec<String> = markers.iter().map(|marker| format!("({marker})")).collect();
    Marker::parse(&joined.join(" or ")).unwrap_or_default()
}

fn uv_source(value: &Value<'_>, folder: &Utf8Path) -> DistributionSource {
    if let Some(git) = document::field(value, "git") {
        let address = git.split(['?', '#']).next().unwrap_or(git);
        return DistributionSource::Vcs(format!("git+{}", without_credentials(address)));
    }
    for key in ["editable", "virtual", "directory", "path"] {
        if let Some(local) = document::field(value, key).and_then(|local| path::join(folder, local)) {
            return DistributionSource::Local(local);
        }
    }
    match document::field(value, "url") {
        Some(url) => DistributionSource::Url(without_credentials(url)),
        None => DistributionSource::Index,
    }
}

fn uv_edges(value: &Value<'_>, key: &str, extra: Option<&str>) -> Vec<Edge> {
    value.get_ref().get(key).map(|list| uv_edge_list(list, extra)).unwrap_or_default()
}

fn uv_edge_list(list: &Value<'_>, extra: Option<&str>) -> Vec<Edge> {
    let one = |item: &Value<'_>| {
        Some(Edge {
            name: normalised(document::field(item, "name")?),
            extras: document::fields(item, "extra").into_iter().map(normalised).collect(),
            marker: document::field(item, "marker").and_then(Marker::parse).unwrap_or_default(),
            for_extra: extra.map(normalised),
            version: document::field(item, "version").map(str::to_owned),
        })
    };
    list.get_ref().as_array().into_iter().flatten().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{locked, names};
    use super::*;
    use crate::base::Place;

    #[test]
    fn uv_locks_are_walked_from_what_production_needs() {
        assert!(locked("uv.lock", "version = 1\n").is_old);
        assert!(!locked("uv.lock", "version = 1\nrevision = 3\n").is_old);
        let lock = locked(
            "uv.lock",
            r#"version = 1
requires-python = ">=3.12"

[[package]]
name = "site"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "helper" },
]

[[package]]
name = "helper"
version = "2.0"
source = { git = "https://user:token@example.org/helper.git?rev=1#2" }
dependencies = [
    { name = "psycopg", extra = ["binary"] },
    { name = "colorama", marker = "sys_platform == 'win32'" },
]
wheels = [
    { url = "https://example.org/helper-2.0-py3-none-any.whl", hash = "sha256:aa" },
]

[[package]]
name = "psycopg"
version = "3.2.1"
source = { registry = "https://index.example.org/simple" }

[package.optional-dependencies]
binary = [
    { name = "psycopg-binary", marker = "implementation_name != 'pypy'" },
]
c = [
    { name = "psycopg-c" },
]

[[package]]
name = "psycopg-binary"
version = "3.2.1"

[[package]]
name = "psycopg-c"
version = "3.2.1"

[[package]]
name = "colorama"
version = "0.4"
"#,
        );
        assert_eq!(names(&lock, &["helper"]), ["helper==2.0", "+psycopg==3.2.1", "+psycopg-binary==3.2.1"]);
        assert_eq!(lock.packages[2].place, Place::line("uv.lock", 24));
        assert_eq!(lock.python.unwrap().specifier, ">=3.12");
        assert_eq!(
            lock.packages[1].source,
            DistributionSource::Vcs("git+https://example.org/helper.git".to_owned())
        );
    }
}
