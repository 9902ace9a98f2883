//! Lockfiles in TOML: `uv.lock`, `poetry.lock`, `pdm.lock`, `pylock.toml`.

mod poetry;
mod pylock;
mod uv;

use camino::Utf8Path;
use toml::de::DeValue;

use super::document::{Document, Value};
use super::lock::Lock;
use super::{StatedPython, Strength};
use crate::base::Tree;
use crate::python::Specifiers;

/// The lockfile of the standard, PEP 751.
pub(super) const PYLOCK: &str = "pylock.toml";

/// Reads the lockfile at `file` by its name.
pub(super) fn read(tree: &Tree, file: &Utf8Path) -> Option<Lock> {
    let text = without_files(tree.text(file)?);
    let document = Document::parse(file, &text);
    let lock = match file.file_name()? {
        "uv.lock" => uv::read(&document),
        "poetry.lock" => poetry::read(&document, &text),
        "pdm.lock" => pylock::pdm(&document),
        _ => pylock::pylock(&document),
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

#[cfg(test)]
mod tests {
    use super::super::stated::Stated;
    use super::*;
    use crate::base::Place;
    use crate::python::{Minor, Requirement, Target};

    pub(super) fn names(lock: &Lock, stated: &[&str]) -> Vec<String> {
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

    pub(super) fn locked(name: &str, text: &str) -> Lock {
        read(&Tree::from_literals([(name, text)]), Utf8Path::new(name)).unwrap()
    }

    #[test]
    fn lists_of_downloads_are_left_out_and_lines_stay() {
        let text = "wheels = [\n    { url = \"https://example.org/a.whl\" },\n    { url = \"x\" }\n]\n";
        assert_eq!(without_files(text), "wheels = [\n\n    { url = \"x\" }\n]\n");
    }
}
