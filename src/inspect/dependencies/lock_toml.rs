//! Lockfiles in TOML: `uv.lock`, `poetry.lock`, `pdm.lock`, `pylock.toml`.

use camino::Utf8Path;
use toml::de::DeValue;

use super::super::facts::DistributionSource;
use super::document::{self, Document, Value};
use super::lock::{Edge, Lock, Package};
use super::stated::{source_of, variables, without_credentials};
use super::{StatedPython, Strength};
use crate::base::{Tree, path};
use crate::python::{Marker, Requirement, Specifiers, normalised};

/// Reads the lockfile at `file` by its name.
pub(super) fn read(tree: &Tree, file: &Utf8Path) -> Option<Lock> {
    let text = without_files(tree.text(file)?);
    let document = Document::parse(file, &text);
    let lock = match file.file_name()? {
        "uv.lock" => uv(&document),
        "poetry.lock" => poetry(&document, &text),
        "pdm.lock" => pdm(&document),
        _ => pylock(&document),
    };
    Some(lock)
}

/// The text with the lines that list downloads made empty: they are most of a lockfile, and say nothing that is
/// asked here. Line numbers stay.
fn without_files(text: &str) -> String {
    let mut out = String::with_capacity(text.len() / 2);
    for line in text.split_inclusive('\n') {
        let start = line.trim_start_matches(' ');
        let lists_a_file =
            (start.starts_with("{ url = ") || start.starts_with("{file = ") || start.starts_with("{url = "))
                && start.trim_end().ends_with("},");
        out.push_str(if lists_a_file { "\n" } else { line });
    }
    out
}

fn packages<'d, 'a>(document: &'d Document<'a>, key: &str) -> Vec<&'d Value<'a>> {
    let list = document.get(&[key]).and_then(|value| value.get_ref().as_array());
    list.map(|items| items.iter().collect()).unwrap_or_default()
}

fn stated_python(document: &Document<'_>, keys: &[&str]) -> Option<StatedPython> {
    let specifiers = Specifiers::parse(document.text(keys)?).filter(|all| !all.is_any())?;
    Some(StatedPython {
        specifier: specifiers.to_string(),
        place: document.place_of(keys),
        reason: "what the lockfile was made for".to_owned(),
        strength: Strength::Range,
    })
}

fn number_or_text(document: &Document<'_>, keys: &[&str]) -> Option<String> {
    match document.get(keys)?.get_ref() {
        DeValue::Integer(number) => Some(number.as_str().to_owned()),
        DeValue::String(text) => Some(text.to_string()),
        _ => None,
    }
}

fn uv(document: &Document<'_>) -> Lock {
    let mut lock = Lock {
        path: document.path.clone(),
        python: stated_python(document, &["requires-python"]),
        version: number_or_text(document, &["version"]),
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

/// Where a package is locked in variants, each says for which environments.
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

fn poetry(document: &Document<'_>, text: &str) -> Lock {
    let mut lock = Lock {
        path: document.path.clone(),
        python: stated_python(document, &["metadata", "python-versions"]),
        version: number_or_text(document, &["metadata", "lock-version"]),
        written_by: written_by(text),
        ..Lock::default()
    };
    let folder = path::parent(&document.path);
    for value in packages(document, "package") {
        let Some(name) = document::field(value, "name") else { continue };
        let mut needs = Vec::new();
        let table = value.get_ref().get("dependencies").and_then(|table| table.get_ref().as_table());
        let extras = value.get_ref().get("extras").and_then(|table| table.get_ref().as_table());
        let extras = extras.map(document::entries).unwrap_or_default();
        for (needed, constraint) in table.map(document::entries).unwrap_or_default() {
            let variants: Vec<&Value<'_>> = match constraint.get_ref().as_array() {
                Some(items) => items.iter().collect(),
                None => vec![constraint],
            };
            for variant in variants {
                let optional = variant.get_ref().get("optional").and_then(|flag| flag.get_ref().as_bool());
                let edge = Edge {
                    name: normalised(needed),
                    extras: document::fields(variant, "extras").into_iter().map(normalised).collect(),
                    marker: document::field(variant, "markers").and_then(Marker::parse).unwrap_or_default(),
                    for_extra: None,
                    version: None,
                };
                if optional == Some(true) {
                    needs.extend(extras_that_bring(needed, &extras).map(|extra| Edge {
                        // The marker only repeats the extra: `extra == "argon2"`.
                        for_extra: Some(extra),
                        ..edge.clone()
                    }));
                } else {
                    needs.push(edge);
                }
            }
        }
        lock.packages.push(Package {
            name: normalised(name),
            version: document::field(value, "version").map(str::to_owned),
            source: poetry_source(value, folder),
            place: document.place(value),
            needs,
            marker: Marker::default(),
        });
    }
    lock
}

/// The extras of a package whose lists name `needed`.
fn extras_that_bring<'v>(
    needed: &'v str,
    extras: &'v [(&'v str, &'v Value<'_>)],
) -> impl Iterator<Item = String> + 'v {
    let needed = normalised(needed);
    extras.iter().filter_map(move |(extra, list)| {
        let items = list.get_ref().as_array()?;
        let mut names = items.iter().filter_map(|item| item.get_ref().as_str());
        let name_of = |text: &str| {
            let end =
                text.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).unwrap_or(text.len());
            normalised(text.get(..end).unwrap_or(text))
        };
        names.any(|text| name_of(text) == needed).then(|| normalised(extra))
    })
}

fn poetry_source(value: &Value<'_>, folder: &Utf8Path) -> DistributionSource {
    let Some(source) = value.get_ref().get("source") else { return DistributionSource::Index };
    let url = document::field(source, "url").unwrap_or_default();
    match document::field(source, "type") {
        Some("git") => DistributionSource::Vcs(format!("git+{}", without_credentials(url))),
        Some("url") => DistributionSource::Url(without_credentials(url)),
        Some("directory" | "file") => source_of(url, folder),
        _ => DistributionSource::Index,
    }
}

/// `# This file is automatically @generated by Poetry 1.8.3 and should not be changed by hand.`
fn written_by(text: &str) -> Option<String> {
    let first = text.lines().next()?;
    let (_, after) = first.split_once("generated by Poetry ")?;
    after
        .split_whitespace()
        .next()
        .filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        .map(str::to_owned)
}

fn pdm(document: &Document<'_>) -> Lock {
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
        let source = super::pyproject::inline_source(value, folder).unwrap_or(DistributionSource::Index);
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
fn pylock(document: &Document<'_>) -> Lock {
    let mut lock = Lock {
        path: document.path.clone(),
        python: stated_python(document, &["requires-python"]),
        version: number_or_text(document, &["lock-version"]),
        written_by: None,
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
                _ => super::pyproject::inline_source(table, folder)?,
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
    use super::super::stated::Stated;
    use super::*;
    use crate::base::Place;
    use crate::python::{Minor, Target};

    fn names(lock: &Lock, stated: &[&str]) -> Vec<String> {
        let stated: Vec<Stated> = stated
            .iter()
            .map(|text| {
                Stated::from_requirement(
                    Requirement::parse(text).unwrap(),
                    Place::Default,
                    Utf8Path::new("."),
                )
            })
            .collect();
        let target = Target::linux(Minor(3, 13)).unwrap();
        let found = lock.distributions(&stated, &target);
        found
            .into_iter()
            .map(|one| {
                format!(
                    "{}{}{}",
                    if one.direct { "" } else { "+" },
                    one.name,
                    one.version.map(|v| format!("=={v}")).unwrap_or_default()
                )
            })
            .collect()
    }

    fn locked(name: &str, text: &str) -> Lock {
        read(&Tree::from_literals([(name, text)]), Utf8Path::new(name)).unwrap()
    }

    #[test]
    fn uv_locks_are_walked_from_what_production_needs() {
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
source = { registry = "https://pypi.org/simple" }

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

    #[test]
    fn poetry_locks_bring_extras_only_when_asked() {
        let lock = locked(
            "poetry.lock",
            r#"# This file is automatically @generated by Poetry 1.8.3 and should not be changed by hand.

[[package]]
name = "Django"
version = "5.2.1"
files = [
    {file = "Django-5.2.1-py3-none-any.whl", hash = "sha256:aa"},
]

[package.dependencies]
argon2-cffi = {version = ">=19.1.0", optional = true, markers = "extra == \"argon2\""}
asgiref = ">=3.8.1"
tzdata = {version = "*", markers = "sys_platform == \"win32\""}

[package.extras]
argon2 = ["argon2-cffi (>=19.1.0)"]

[[package]]
name = "asgiref"
version = "3.8.1"

[[package]]
name = "argon2-cffi"
version = "23.1"

[[package]]
name = "tzdata"
version = "2025.1"

[metadata]
lock-version = "2.0"
python-versions = "^3.12"
"#,
        );
        assert_eq!(names(&lock, &["django>=5"]), ["+asgiref==3.8.1", "django==5.2.1"]);
        assert_eq!(
            names(&lock, &["django[argon2]>=5"]),
            ["+argon2-cffi==23.1", "+asgiref==3.8.1", "django==5.2.1"]
        );
        assert_eq!((lock.version.as_deref(), lock.written_by.as_deref()), (Some("2.0"), Some("1.8.3")));
        assert_eq!(lock.python.unwrap().specifier, ">=3.12,<4");
    }

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
