//! `Pipfile` and `Pipfile.lock`.

use camino::Utf8Path;
use serde_json::Value as Json;

use super::super::facts::DistributionSource;
use super::document::{self, Document};
use super::lock::{Lock, Package};
use super::manifest::{Group, Manifest};
use super::pyproject::inline_source;
use super::stated::{Index, Stated, source_of, variables, without_credentials};
use super::{StatedPython, Strength};
use crate::base::{Place, Tree, path};
use crate::python::{Marker, Specifiers, normalised};

/// Reads the `Pipfile`.
pub(super) fn read(document: &Document<'_>) -> Manifest {
    let mut manifest = Manifest { path: document.path.clone(), ..Manifest::default() };
    let (main, mut local) = packages(document, "packages");
    manifest.main = main;
    let (dev, _) = packages(document, "dev-packages");
    manifest.groups.insert("dev".to_owned(), Group { stated: dev, optional: true });
    manifest.local.append(&mut local);
    for key in ["python_full_version", "python_version"] {
        let keys = ["requires", key];
        let Some(specifiers) = document.text(&keys).and_then(Specifiers::parse) else { continue };
        manifest.python.push(StatedPython {
            specifier: specifiers.to_string(),
            place: document.place_of(&keys),
            reason: format!("`{key}` of the Pipfile"),
            strength: Strength::Exact,
        });
    }
    let sources = document.get(&["source"]).and_then(|value| value.get_ref().as_array());
    for source in sources.into_iter().flatten() {
        let Some(url) = document::field(source, "url") else { continue };
        manifest.variables.extend(variables(url));
        manifest.indexes.extend(Index::of(url, document.place(source)));
    }
    manifest
}

fn packages(document: &Document<'_>, section: &str) -> (Vec<Stated>, Vec<camino::Utf8PathBuf>) {
    let mut local = Vec::new();
    let one = |(name, value): (&str, &document::Value<'_>)| {
        let place = document.place(value);
        let constraint = value.get_ref().as_str().or_else(|| document::field(value, "version"));
        let mut stated = Stated::named(name, constraint.unwrap_or("*"), place);
        stated.extras = document::fields(value, "extras").into_iter().map(normalised).collect();
        stated.marker = document::field(value, "markers").and_then(Marker::parse).unwrap_or_default();
        if let Some(source) = inline_source(value, path::parent(&document.path)) {
            if let DistributionSource::Local(path) = &source {
                local.push(path.clone());
            }
            stated.source = source;
        }
        stated
    };
    let stated = document.entries(&[section]).into_iter().map(one).collect();
    (stated, local)
}

/// Reads the `Pipfile.lock` at `file`.
pub(super) fn lock(tree: &Tree, file: &Utf8Path) -> Option<Lock> {
    let text = tree.text(file)?;
    let json: Json = serde_json::from_str(text).ok()?;
    let mut lock = Lock { path: file.to_owned(), is_closed: true, ..Lock::default() };
    lock.version = json.pointer("/_meta/pipfile-spec").map(ToString::to_string);
    let requires = json.pointer("/_meta/requires");
    let python =
        requires.and_then(|table| table.get("python_full_version").or_else(|| table.get("python_version")));
    if let Some(specifiers) = python.and_then(Json::as_str).and_then(Specifiers::parse) {
        lock.python = Some(StatedPython {
            specifier: specifiers.to_string(),
            place: Place::line(file, line_of(text, "\"python_")),
            reason: "what the lockfile was made for".to_owned(),
            strength: Strength::Exact,
        });
    }
    lock.packages = section(&json, text, file, "default");
    lock.development = section(&json, text, file, "develop");
    Some(lock)
}

/// The packages of one section. Lines of names are looked for from its beginning on.
fn section(json: &Json, text: &str, file: &Utf8Path, name: &str) -> Vec<Package> {
    let start = text.find(&format!("\"{name}\": {{")).unwrap_or(0);
    let skipped = text.get(..start).map_or(0, |before| before.matches('\n').count());
    let skipped = u32::try_from(skipped).unwrap_or(0);
    let below = text.get(start..).unwrap_or_default();
    let package = |(name, package): (&String, &Json)| {
        let field = |key: &str| package.get(key).and_then(Json::as_str);
        let line = line_of(below, &format!("\"{name}\": {{")).saturating_add(skipped);
        let source = match (field("git"), field("path").or_else(|| field("file"))) {
            (Some(git), _) => DistributionSource::Vcs(format!("git+{}", without_credentials(git))),
            (None, Some(local)) => source_of(local, path::parent(file)),
            (None, None) => DistributionSource::Index,
        };
        Package {
            name: normalised(name),
            version: field("version").map(|version| version.trim_start_matches('=').to_owned()),
            source,
            place: Place::line(file, line),
            needs: Vec::new(),
            marker: field("markers").and_then(Marker::parse).unwrap_or_default(),
        }
    };
    json.get(name).and_then(Json::as_object).into_iter().flatten().map(package).collect()
}

fn line_of(text: &str, needle: &str) -> u32 {
    let before = text.find(needle).and_then(|index| text.get(..index)).unwrap_or_default();
    u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::{Minor, Target};

    #[test]
    fn pipfiles_state_packages_and_python() {
        let text = "[[source]]\nurl = \"https://me:secret@example.org/simple\"\n\n[packages]\ndjango = \"~=5.0\"\n\
                    django-axes = {extras = [\"ipware\"], version = \"~=7.0\"}\nown = {path = \"./own\", editable = true}\n\
                    \n[dev-packages]\nblack = \"*\"\n\n[requires]\npython_version = \"3.11\"\n";
        let manifest = read(&Document::parse(Utf8Path::new("Pipfile"), text));
        let names: Vec<_> = manifest.main.iter().map(|stated| stated.name.as_str()).collect();
        assert_eq!(names, ["django", "django-axes", "own"]);
        assert_eq!(manifest.main[1].extras, ["ipware"]);
        assert_eq!(manifest.python[0].specifier, "==3.11.*");
        assert_eq!(manifest.indexes[0].url, "https://example.org/simple");
        assert_eq!(manifest.local, ["own"]);
    }

    #[test]
    fn the_default_section_of_the_lock_is_what_production_installs() {
        let text = "{\n  \"_meta\": {\"requires\": {\"python_version\": \"3.12\"}},\n  \"default\": {\n    \"django\": {\n      \
                    \"version\": \"==5.2.1\"\n    },\n    \"tzdata\": {\n      \"markers\": \"sys_platform == 'win32'\",\n      \
                    \"version\": \"==2025.1\"\n    }\n  },\n  \"develop\": {\n    \"black\": {\"version\": \"==25.1\"}\n  }\n}\n";
        let tree = Tree::from_literals([("Pipfile.lock", text)]);
        let lock = lock(&tree, Utf8Path::new("Pipfile.lock")).unwrap();
        let found = lock.distributions(&[], &Target::linux(Minor(3, 12)).unwrap());
        let found: Vec<_> =
            found.iter().map(|one| (one.name.as_str(), one.version.as_deref(), one.place.clone())).collect();
        assert_eq!(found, [("django", Some("5.2.1"), Place::line("Pipfile.lock", 4))]);
        assert_eq!(lock.python.unwrap().specifier, "==3.12.*");
    }
}
