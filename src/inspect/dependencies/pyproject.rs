//! `pyproject.toml`: PEP 621, dependency groups (PEP 735), Poetry, uv, PDM, and setuptools' dynamic fields.

mod poetry;

use std::collections::BTreeMap;

use camino::Utf8Path;

use super::super::facts::DistributionSource;
use super::document::{self, Document, Value};
use super::manifest::{Group, Manifest, Tool};
use super::stated::{Index, Stated, local_path, source_of, variables, without_credentials};
use super::{StatedPython, Strength};
use crate::base::{Place, Tree, path};
use crate::python::{Requirement, Specifiers, normalised};

/// Reads the manifest at `file`, with lines that are no requirement and why.
pub(super) fn read(tree: &Tree, document: &Document<'_>) -> (Manifest, Vec<(String, String, Place)>) {
    let mut reader = Reader { tree, document, out: Manifest::default(), malformed: Vec::new() };
    reader.out.path.clone_from(&document.path);
    reader.project();
    reader.dependency_groups();
    reader.poetry();
    reader.uv();
    reader.pdm();
    reader.setuptools();
    (reader.out, reader.malformed)
}

struct Reader<'a, 'd> {
    tree: &'a Tree,
    document: &'d Document<'a>,
    out: Manifest,
    malformed: Vec<(String, String, Place)>,
}

impl<'a> Reader<'a, '_> {
    fn folder(&self) -> &Utf8Path {
        path::parent(&self.document.path)
    }

    fn requirement(&mut self, text: &str, place: Place) -> Option<Stated> {
        self.out.variables.extend(variables(text));
        match Requirement::parse(text) {
            Ok(requirement) => Some(Stated::from_requirement(requirement, place, self.folder())),
            Err(why) => {
                self.malformed.push((text.to_owned(), why, place));
                None
            }
        }
    }

    fn requirements(&mut self, texts: Vec<(&str, Place)>) -> Vec<Stated> {
        texts.into_iter().filter_map(|(text, place)| self.requirement(text, place)).collect()
    }

    fn python(&mut self, keys: &[&str], reason: &str) {
        if let Some(text) = self.document.text(keys)
            && let Some(specifiers) = Specifiers::parse(text).filter(|all| !all.is_any())
        {
            self.out.python.push(StatedPython {
                specifier: specifiers.to_string(),
                place: self.document.place_of(keys),
                reason: reason.to_owned(),
                strength: Strength::Range,
            });
        }
    }

    fn project(&mut self) {
        let document = self.document;
        self.out.has_build_system = document.has(&["build-system"]);
        self.out.describes_project = document.has(&["project", "name"]);
        self.out.name = document.text(&["project", "name"]).map(normalised);
        self.out.main = self.requirements(document.texts(&["project", "dependencies"]));
        for (extra, value) in document.entries(&["project", "optional-dependencies"]) {
            let stated = self.requirements(document.texts_of(value));
            self.out.extras.insert(normalised(extra), stated);
        }
        self.python(&["project", "requires-python"], "`requires-python` of the project");
        let readme =
            document.text(&["project", "readme"]).or_else(|| document.text(&["project", "readme", "file"]));
        let license = document.text(&["project", "license", "file"]);
        for described in readme.into_iter().chain(license) {
            self.out
                .described_by
                .extend(path::join(self.folder(), described).filter(|file| self.tree.is_file(file)));
        }
        for (tool, table) in [(Tool::Uv, "uv"), (Tool::Poetry, "poetry"), (Tool::Pdm, "pdm")] {
            if let Some(value) = document.get(&["tool", table]) {
                self.out.tools.insert(tool, document.place(value));
            }
        }
        let backend = document.text(&["build-system", "build-backend"]).unwrap_or_default();
        for (tool, start) in [(Tool::Poetry, "poetry"), (Tool::Pdm, "pdm"), (Tool::Uv, "uv_build")] {
            if backend.starts_with(start) {
                let place = document.place_of(&["build-system", "build-backend"]);
                self.out.tools.entry(tool).or_insert(place);
            }
        }
    }

    /// PEP 735. Groups may include each other; a circle is cut.
    fn dependency_groups(&mut self) {
        let document = self.document;
        let tables: BTreeMap<String, &Value<'a>> = document
            .entries(&["dependency-groups"])
            .into_iter()
            .map(|(name, value)| (normalised(name), value))
            .collect();
        for name in tables.keys() {
            let mut stated = Vec::new();
            self.group(name, &tables, &mut Vec::new(), &mut stated);
            self.out.groups.insert(name.clone(), Group { stated, optional: true });
        }
        // What uv installs unless told otherwise.
        let mut defaults = fields_at(document, &["tool", "uv", "default-groups"]);
        if !document.has(&["tool", "uv", "default-groups"]) {
            defaults.push("dev".to_owned());
        }
        let all = document.text(&["tool", "uv", "default-groups"]) == Some("all");
        for (name, group) in &mut self.out.groups {
            group.optional = !(all || defaults.contains(name));
        }
    }

    fn group(
        &mut self,
        name: &str,
        tables: &BTreeMap<String, &Value<'a>>,
        above: &mut Vec<String>,
        into: &mut Vec<Stated>,
    ) {
        let Some(items) = tables.get(name).and_then(|value| value.get_ref().as_array()) else { return };
        if above.iter().any(|seen| seen == name) {
            return;
        }
        above.push(name.to_owned());
        for item in items {
            if let Some(text) = item.get_ref().as_str() {
                into.extend(self.requirement(text, self.document.place(item)));
            } else if let Some(included) = document::field(item, "include-group") {
                self.group(&normalised(included), tables, above, into);
            }
        }
        above.pop();
    }

    /// `git`, `path`, `url` of an inline table, in Poetry's, uv's and Pipenv's words.
    fn source(&mut self, value: &Value<'a>) -> Option<DistributionSource> {
        let source = inline_source(value, self.folder())?;
        if let DistributionSource::Local(path) = &source {
            self.out.local.push(path.clone());
        }
        for key in ["git", "url"] {
            self.out.variables.extend(document::field(value, key).map(variables).into_iter().flatten());
        }
        Some(source)
    }

    fn index(&mut self, value: &Value<'a>, key: &str) {
        if let Some(url) = document::field(value, key) {
            self.out.variables.extend(variables(url));
            let place = self.document.place(value);
            self.out.indexes.extend(Index::of(url, place));
        }
    }

    fn uv(&mut self) {
        let document = self.document;
        if document.has(&["tool", "uv", "dev-dependencies"]) {
            let stated = self.requirements(document.texts(&["tool", "uv", "dev-dependencies"]));
            self.out.groups.entry("dev".to_owned()).or_default().stated.extend(stated);
        }
        if let Some(version) = document.text(&["tool", "uv", "required-version"]) {
            self.out.tool_requirement = Some(version.to_owned());
        }
        for (name, value) in document.entries(&["tool", "uv", "sources"]) {
            let variants: Vec<&Value<'a>> = match value.get_ref().as_array() {
                Some(items) => items.iter().collect(),
                None => vec![value],
            };
            for variant in variants {
                let Some(source) = self.source(variant) else { continue };
                let name = normalised(name);
                let groups = self.out.groups.values_mut().flat_map(|group| group.stated.iter_mut());
                let extras = self.out.extras.values_mut().flatten();
                let all = self.out.main.iter_mut().chain(groups).chain(extras);
                all.filter(|stated| stated.name == name).for_each(|stated| stated.source = source.clone());
            }
        }
        for index in document
            .get(&["tool", "uv", "index"])
            .and_then(|value| value.get_ref().as_array())
            .into_iter()
            .flatten()
        {
            self.index(index, "url");
        }
        for key in ["index-url", "extra-index-url"] {
            for (url, place) in document.texts(&["tool", "uv", key]) {
                self.out.variables.extend(variables(url));
                self.out.indexes.extend(Index::of(url, place));
            }
        }
        for (pattern, _) in document.texts(&["tool", "uv", "workspace", "members"]) {
            let members = members(self.tree, self.folder(), pattern);
            self.out.members.extend(members);
        }
        if document.flag(&["tool", "uv", "package"]) == Some(false) {
            self.out.has_build_system = false;
        }
    }

    fn pdm(&mut self) {
        let document = self.document;
        for (name, value) in document.entries(&["tool", "pdm", "dev-dependencies"]) {
            let texts: Vec<(&str, Place)> = document
                .texts_of(value)
                .into_iter()
                .map(|(text, place)| (text.trim_start_matches("-e ").trim(), place))
                .collect();
            let stated = self.requirements(texts);
            let group = self.out.groups.entry(normalised(name)).or_default();
            group.stated.extend(stated);
            group.optional = false;
        }
        for source in document
            .get(&["tool", "pdm", "source"])
            .and_then(|value| value.get_ref().as_array())
            .into_iter()
            .flatten()
        {
            self.index(source, "url");
        }
    }

    /// `dynamic = ["dependencies"]`, which setuptools reads from files.
    fn setuptools(&mut self) {
        let document = self.document;
        let is_dynamic =
            |field: &str| document.texts(&["project", "dynamic"]).iter().any(|(name, _)| *name == field);
        if is_dynamic("dependencies") {
            for (file, _) in document.texts(&["tool", "setuptools", "dynamic", "dependencies", "file"]) {
                let Some(file) = path::join(self.folder(), file) else { continue };
                let read = super::requirements_txt::read(self.tree, &file);
                self.out.main.extend(read.stated);
                self.out.reads.extend(read.files);
            }
        }
        if is_dynamic("optional-dependencies") {
            for (extra, value) in
                document.entries(&["tool", "setuptools", "dynamic", "optional-dependencies"])
            {
                for file in document::fields(value, "file") {
                    let Some(file) = path::join(self.folder(), file) else { continue };
                    let read = super::requirements_txt::read(self.tree, &file);
                    self.out.extras.entry(normalised(extra)).or_default().extend(read.stated);
                    self.out.reads.extend(read.files);
                }
            }
        }
    }
}

/// `{ git = … }`, `{ path = … }`, `{ url = … }`, `{ file = … }`, seen from `folder`.
pub(super) fn inline_source(value: &Value<'_>, folder: &Utf8Path) -> Option<DistributionSource> {
    if let Some(git) = document::field(value, "git") {
        return Some(DistributionSource::Vcs(format!("git+{}", without_credentials(git))));
    }
    if let Some(found) = document::field(value, "path").or_else(|| document::field(value, "file")) {
        return Some(
            local_path(found, folder).map_or_else(
                || DistributionSource::Url(without_credentials(found)),
                DistributionSource::Local,
            ),
        );
    }
    document::field(value, "url").map(|url| source_of(url, folder))
}

fn fields_at(document: &Document<'_>, keys: &[&str]) -> Vec<String> {
    document.texts(keys).into_iter().map(|(text, _)| normalised(text)).collect()
}

/// The folders with a manifest that a workspace pattern names: `packages/*`, `apps/api`.
fn members(tree: &Tree, folder: &Utf8Path, pattern: &str) -> Vec<camino::Utf8PathBuf> {
    let (above, last) = pattern.trim_end_matches('/').rsplit_once('/').unwrap_or((".", pattern));
    let Some(above) = path::join(folder, above) else { return Vec::new() };
    let candidates: Vec<camino::Utf8PathBuf> = if last.contains('*') {
        let (start, end) = last.split_once('*').unwrap_or((last, ""));
        let fits = |name: &str| name.starts_with(start) && name.ends_with(end);
        tree.children(&above)
            .filter(|(child, _)| child.file_name().is_some_and(fits))
            .map(|(child, _)| child.to_owned())
            .collect()
    } else {
        path::join(&above, last).into_iter().collect()
    };
    candidates.into_iter().filter(|member| tree.is_file(member.join("pyproject.toml"))).collect()
}
