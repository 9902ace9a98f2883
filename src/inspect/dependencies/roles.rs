//! The meaning of names of files, folders and groups: production, development, or neither.

use camino::Utf8Path;

use crate::base::path;

/// The purpose of a requirements file or a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// `production.txt`, `requirements-prod.txt`, the group `deploy`.
    Production,
    /// `requirements.txt` itself.
    Plain,
    /// `base.txt`: what the others include.
    Base,
    /// A qualifier that says neither.
    Other,
    /// `dev.txt`, `test.txt`, `docs/requirements.txt`.
    Development,
}

const PRODUCTION: &[&str] =
    &["prod", "production", "deploy", "deployment", "live", "heroku", "server", "release", "prd"];
const BASE: &[&str] = &["base", "common", "core", "default", "main", "shared", "app", "web"];
const DEVELOPMENT: &[&str] = &[
    "dev",
    "develop",
    "development",
    "local",
    "test",
    "tests",
    "testing",
    "doc",
    "docs",
    "documentation",
    "ci",
    "lint",
    "linting",
    "debug",
    "debugging",
    "style",
    "typing",
    "types",
    "mypy",
    "format",
    "formatting",
    "quality",
    "bench",
    "benchmark",
    "example",
    "examples",
    "tools",
    "tooling",
    "build",
    "tox",
    "precommit",
    "cdk",
    "fuzz",
    "jupyter",
    "notebook",
    "notebooks",
    "e2e",
    "selenium",
    "coverage",
    "qa",
    "staging",
    "scripts",
    "optional",
    "translate",
];

/// Words for what developers run the project with, the likeliest first; documentation and linters are no part of it.
const DEVELOPERS: &[&str] =
    &["dev", "develop", "development", "devel", "local", "debug", "test", "tests", "testing"];

/// Names that mean `requirements`, right ones first. The rest are what people type instead.
const REQUIREMENTS: &[&str] = &["requirements", "requirement", "reqs", "req", "requires", "require"];
const MISSPELT: &[&str] = &[
    "requeriments",
    "requirments",
    "requirementes",
    "requriements",
    "requierments",
    "reqirements",
    "requeirements",
    "requiremnts",
    "requirmements",
    "requiriments",
    "requirmenets",
    "requirememts",
    "requiements",
    "requrements",
    "requirementss",
    "requriments",
    "reqiurements",
    "requirement's",
    "recuirements",
    "rquirements",
];

/// Returns the purpose that the name of a group or an extra tells.
pub(super) fn of_group(name: &str) -> Role {
    of_words(name)
}

/// Returns whether a group or an extra is for running the project in development.
pub(super) fn is_for_developers(name: &str) -> bool {
    developer_word(name).is_some()
}

/// Returns whether a requirements file is for running the project in development: `requirements-dev.txt`,
/// `requirements/local.txt`.
pub(super) fn is_developers_file(file: &Utf8Path) -> bool {
    of_file(file) == Some(Role::Development) && developer_word(path::stem(file)).is_some()
}

/// Returns the place of a file's name among the words for development, the likeliest first.
pub(super) fn developer_rank(file: &Utf8Path) -> usize {
    developer_word(path::stem(file)).unwrap_or(DEVELOPERS.len())
}

fn developer_word(name: &str) -> Option<usize> {
    let name = name.to_lowercase();
    let words: Vec<&str> = name.split(['-', '_', '.', ' ']).collect();
    DEVELOPERS.iter().position(|word| words.contains(word))
}

/// Returns the purpose of a requirements file, by its name and its folder; `None` if the name is not that of one.
pub(super) fn of_file(file: &Utf8Path) -> Option<Role> {
    // Most files are sources: their ends tell, before anything is copied.
    if !path::extension(file)
        .is_some_and(|end| ["txt", "in", "pip"].iter().any(|right| end.eq_ignore_ascii_case(right)))
    {
        return None;
    }
    let name = path::name(file).to_lowercase();
    let (stem, extension) = name.rsplit_once('.')?;
    if !matches!(extension, "txt" | "in" | "pip") {
        return None;
    }
    let folder = path::name(path::parent(file)).to_lowercase();
    let in_folder = REQUIREMENTS.contains(&folder.trim_start_matches(['.', '_'])) || is_misspelt(&folder);
    let words: Vec<&str> = stem.split(['-', '_', '.', ' ']).filter(|word| !word.is_empty()).collect();
    let says_requirements = words.iter().any(|word| REQUIREMENTS.contains(word) || is_misspelt(word));
    if !says_requirements && !in_folder {
        return None;
    }
    let rest: Vec<&str> =
        words.into_iter().filter(|word| !REQUIREMENTS.contains(word) && !is_misspelt(word)).collect();
    let apart = path::parts(path::parent(file)).map(str::to_lowercase).any(|part| {
        matches!(of_words(part.trim_start_matches('.')), Role::Development) && !in_requirements(&part)
    });
    if apart || extension == "in" && rest.iter().any(|word| DEVELOPMENT.contains(word)) {
        return Some(Role::Development);
    }
    Some(if rest.is_empty() { Role::Plain } else { of_words(&rest.join("-")) })
}

fn in_requirements(part: &str) -> bool {
    REQUIREMENTS.contains(&part.trim_start_matches(['.', '_']))
}

/// Tells whether the file's own name is a misspelling of `requirements`, and what it should be.
pub(super) fn misspelt(file: &Utf8Path) -> Option<String> {
    let lower = path::name(file).to_lowercase();
    let wrong = MISSPELT.iter().find(|wrong| lower.split(['-', '_', '.']).any(|word| word == **wrong));
    match wrong {
        Some(wrong) => Some(lower.replacen(wrong, "requirements", 1)),
        // `requirement.txt` is no word for pip's users either.
        None if lower == "requirement.txt" => Some("requirements.txt".to_owned()),
        None => None,
    }
}

fn is_misspelt(word: &str) -> bool {
    MISSPELT.contains(&word)
}

fn of_words(name: &str) -> Role {
    let name = name.to_lowercase();
    let words: Vec<&str> = name.split(['-', '_', '.', ' ']).collect();
    let any = |list: &[&str]| words.iter().any(|word| list.contains(word));
    if any(DEVELOPMENT) {
        Role::Development
    } else if any(PRODUCTION) {
        Role::Production
    } else if any(BASE) {
        Role::Base
    } else {
        Role::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_requirements_files_say_what_they_are_for() {
        for (file, role) in [
            ("requirements.txt", Some(Role::Plain)),
            ("deploy/requirements.txt", Some(Role::Plain)),
            ("requirements/production.txt", Some(Role::Production)),
            (".requirements/deploy.txt", Some(Role::Production)),
            ("requirements-prod.txt", Some(Role::Production)),
            ("prod_requirements.txt", Some(Role::Production)),
            ("requirements/base.txt", Some(Role::Base)),
            ("requirements/local.txt", Some(Role::Development)),
            ("requirements_dev.txt", Some(Role::Development)),
            ("docs/requirements.txt", Some(Role::Development)),
            ("requeriments.txt", Some(Role::Plain)),
            ("requirements/pip.txt", Some(Role::Other)),
            ("requirements.in", Some(Role::Plain)),
            ("robots.txt", None),
            ("requirements/deb_pkg.sh", None),
        ] {
            assert_eq!(of_file(Utf8Path::new(file)), role, "{file}");
        }
    }

    #[test]
    fn misspelt_names_are_recognised() {
        assert_eq!(misspelt(Utf8Path::new("requeriments.txt")).as_deref(), Some("requirements.txt"));
        assert_eq!(misspelt(Utf8Path::new("requirment.txt")), None);
        assert_eq!(misspelt(Utf8Path::new("requirement.txt")).as_deref(), Some("requirements.txt"));
        assert_eq!(misspelt(Utf8Path::new("requirements.txt")), None);
    }
}
