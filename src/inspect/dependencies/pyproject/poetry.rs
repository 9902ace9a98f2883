//! Poetry's tables in `pyproject.toml`.

use super::super::document::{self, Value};
use super::super::manifest::Group;
use super::super::stated::Stated;
use super::Reader;
use crate::base::path;
use crate::python::{Marker, Specifiers, normalised};

impl<'a> Reader<'a, '_> {
    pub(super) fn poetry(&mut self) {
        let document = self.document;
        let poetry = ["tool", "poetry"];
        if !document.has(&poetry) {
            return;
        }
        if self.out.name.is_none() {
            self.out.name = document.text(&["tool", "poetry", "name"]).map(normalised);
        }
        self.python(&["tool", "poetry", "dependencies", "python"], "`python` of Poetry's dependencies");
        self.out.tool_requirement = document.text(&["tool", "poetry", "requires-poetry"]).map(str::to_owned);
        let optional = self.poetry_table(&["tool", "poetry", "dependencies"], true);
        for (extra, value) in document.entries(&["tool", "poetry", "extras"]) {
            let wanted: Vec<String> =
                document.texts_of(value).into_iter().map(|(name, _)| normalised(name)).collect();
            let stated = optional.iter().filter(|stated| wanted.contains(&stated.name)).cloned().collect();
            self.out.extras.insert(normalised(extra), stated);
        }
        if document.has(&["tool", "poetry", "dev-dependencies"]) {
            let stated = self.poetry_table(&["tool", "poetry", "dev-dependencies"], false);
            self.out.groups.insert("dev".to_owned(), Group { stated, optional: false });
        }
        for (name, table) in document.entries(&["tool", "poetry", "group"]) {
            let stated = self.poetry_table(&["tool", "poetry", "group", name, "dependencies"], false);
            let optional = table.get_ref().get("optional").and_then(|value| value.get_ref().as_bool());
            let group = self.out.groups.entry(normalised(name)).or_default();
            group.stated.extend(stated);
            group.optional = optional.unwrap_or(false);
        }
        for source in document
            .get(&["tool", "poetry", "source"])
            .and_then(|value| value.get_ref().as_array())
            .into_iter()
            .flatten()
        {
            self.index(source, "url");
        }
        let readme = document.texts(&["tool", "poetry", "readme"]);
        let readme = readme.into_iter().filter_map(|(file, _)| path::join(self.folder(), file));
        let readme: Vec<_> = readme.filter(|file| self.tree.is_file(file)).collect();
        self.out.described_by.extend(readme);
    }

    /// Adds the table's distributions to the main ones (or returns them); the optional ones are returned.
    fn poetry_table(&mut self, keys: &[&str], main: bool) -> Vec<Stated> {
        let mut apart = Vec::new();
        let known: Vec<String> = self.out.main.iter().map(|stated| stated.name.clone()).collect();
        for (name, value) in self.document.entries(keys) {
            if name == "python" {
                continue;
            }
            let variants: Vec<&Value<'a>> = match value.get_ref().as_array() {
                Some(items) => items.iter().collect(),
                None => vec![value],
            };
            for variant in variants {
                let (stated, optional) = self.poetry_dependency(name, variant);
                // With `[project]` this table only says where a distribution comes from.
                if main && known.contains(&stated.name) {
                    let source = stated.source;
                    let same = self.out.main.iter_mut().filter(|known| known.name == stated.name);
                    same.for_each(|known| known.source = source.clone());
                } else if main && !optional {
                    self.out.main.push(stated);
                } else {
                    apart.push(stated);
                }
            }
        }
        apart
    }

    fn poetry_dependency(&mut self, name: &str, value: &Value<'a>) -> (Stated, bool) {
        let place = self.document.place(value);
        if let Some(constraint) = value.get_ref().as_str() {
            return (Stated::named(name, constraint, place), false);
        }
        let mut stated = Stated::named(name, document::field(value, "version").unwrap_or("*"), place);
        stated.extras = document::fields(value, "extras").into_iter().map(normalised).collect();
        stated.marker = poetry_marker(value);
        if let Some(source) = self.source(value) {
            stated.source = source;
        }
        let optional =
            value.get_ref().get("optional").and_then(|flag| flag.get_ref().as_bool()).unwrap_or(false);
        (stated, optional)
    }
}

/// `markers`, `python` and `platform` of a Poetry dependency as one marker.
fn poetry_marker(value: &Value<'_>) -> Marker {
    let mut parts: Vec<String> =
        document::field(value, "markers").map(|text| format!("({text})")).into_iter().collect();
    if let Some(platform) = document::field(value, "platform") {
        parts.push(format!("sys_platform == '{platform}'"));
    }
    if let Some(python) = document::field(value, "python").and_then(Specifiers::parse) {
        let alternatives: Vec<String> = python
            .to_string()
            .split(" || ")
            .map(|all| {
                let comparisons = all.split(',').filter(|one| !one.is_empty());
                let each: Vec<String> = comparisons.map(python_marker).collect();
                format!("({})", each.join(" and "))
            })
            .collect();
        parts.push(format!("({})", alternatives.join(" or ")));
    }
    if parts.is_empty() { Marker::default() } else { Marker::parse(&parts.join(" and ")).unwrap_or_default() }
}

fn python_marker(comparison: &str) -> String {
    let split = comparison.find(|c: char| c.is_ascii_digit()).unwrap_or(comparison.len());
    let (operator, version) = comparison.split_at(split);
    format!("python_full_version {operator} '{version}'")
}
