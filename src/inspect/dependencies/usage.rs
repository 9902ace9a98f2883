//! Install commands of Dockerfiles, scripts, CI files and READMEs: evidence for a manager and its files.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::super::existing::lines;
use super::super::facts::PackageManager;
use crate::base::{Place, Tree, path};
use crate::python::normalised;

/// Weights of this and more are those of build files for production.
pub(super) const PRODUCTION_WEIGHT: u32 = 4;

/// One install command that a file of the project runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Usage {
    pub manager: PackageManager,
    /// Requirements files that it names, where they exist.
    pub files: Vec<Utf8PathBuf>,
    /// Groups and extras that it asks for.
    pub groups: Vec<String>,
    pub extras: Vec<String>,
    pub place: Place,
    /// How much it says of production: a Dockerfile more than a README.
    pub weight: u32,
    /// The command, for the reader: `uv sync`.
    pub command: String,
}

/// Stands for all extras there are.
pub(super) const EVERY: &str = "*";

/// A file longer than this is no build file.
const LARGEST: usize = 200_000;

/// Every install command in the project's build files; `folders` are where relative paths may start.
pub(super) fn read(tree: &Tree, folders: &[Utf8PathBuf]) -> Vec<Usage> {
    let mut found = Vec::new();
    for file in tree.files() {
        let Some(weight) = weight(file) else { continue };
        let Some(text) = tree.text(file).filter(|text| text.len() < LARGEST) else { continue };
        let mut bases = vec![path::parent(file).to_owned()];
        bases.extend(folders.iter().cloned());
        commands(tree, text, file, weight, &bases, &mut found);
    }
    found
}

/// How much a file says of how production is installed; `None` for files that are not build files.
fn weight(file: &Utf8Path) -> Option<u32> {
    // Most files are sources: their ends tell, before anything is copied.
    let source = path::extension(file).is_some_and(|end| {
        ["py", "js", "ts", "tsx", "jsx", "html", "css", "map", "json", "po", "mo", "svg", "png", "jpg"]
            .contains(&end)
    });
    if (source && file.as_str() != "app.json") || path::depth(file) > 4 {
        return None;
    }
    let name = path::name(file).to_lowercase();
    let whole = file.as_str().to_lowercase();
    let for_development = [
        "dev",
        "test",
        "tests",
        "local",
        "docs",
        "example",
        "ci",
        "lint",
        "fuzz",
        "e2e",
        "unit",
        "devcontainer",
    ]
    .iter()
    .any(|word| whole.split(['/', '.', '-', '_']).any(|part| part == *word));
    if name.contains("dockerfile") || name.contains("containerfile") {
        let ignores = name.ends_with(".dockerignore");
        return (!ignores).then_some(if for_development { 3 } else { 6 });
    }
    let hidden_ci = whole.starts_with(".github/workflows/") || whole.starts_with(".circleci/");
    match name.as_str() {
        "procfile" | "render.yaml" | "heroku.yml" | "app.json" | "nixpacks.toml" | "build.sh"
        | "deploy.sh" | "release.sh" | "start.sh" | "buildspec.yml" => Some(4),
        ".gitlab-ci.yml"
        | ".travis.yml"
        | "bitbucket-pipelines.yml"
        | "azure-pipelines.yml"
        | "makefile"
        | "justfile" => Some(2),
        _ if hidden_ci && (name.ends_with(".yml") || name.ends_with(".yaml")) => Some(2),
        _ if name.starts_with("readme") && path::depth(file) <= 1 => Some(1),
        _ if name.ends_with(".sh") && path::depth(file) <= 2 => Some(if for_development { 1 } else { 3 }),
        _ => None,
    }
}

fn commands(
    tree: &Tree,
    text: &str,
    file: &Utf8Path,
    weight: u32,
    bases: &[Utf8PathBuf],
    found: &mut Vec<Usage>,
) {
    if !["pip", "poetry", "uv ", "pipenv", "pdm", "conda"].iter().any(|word| text.contains(word)) {
        return;
    }
    let mut arguments: BTreeMap<String, String> = BTreeMap::new();
    for (line, command) in lines::commands(text) {
        if let Some((name, value)) = command.strip_prefix("ARG ").and_then(|rest| rest.split_once('=')) {
            arguments.insert(name.trim().to_owned(), value.trim().trim_matches('"').to_owned());
        }
        let words: Vec<String> = command
            .split_whitespace()
            .map(|word| substituted(word.trim_matches(['"', '\'', ',', '[', ']', '(', ')']), &arguments))
            .filter(|word| !word.is_empty())
            .collect();
        if let Some(mut usage) = command_of(tree, &words, bases) {
            usage.place = Place::line(file, line);
            usage.weight = weight;
            found.push(usage);
        }
    }
}

/// `${NAME}` and `$NAME` replaced by the default of a build argument.
fn substituted(word: &str, arguments: &BTreeMap<String, String>) -> String {
    let Some((before, after)) = word.split_once('$') else { return word.to_owned() };
    let name: String =
        after.trim_start_matches('{').chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let rest = after.trim_start_matches('{').get(name.len()..).unwrap_or_default().trim_start_matches('}');
    match arguments.get(name.as_str()) {
        Some(value) => format!("{before}{value}{rest}"),
        None => word.to_owned(),
    }
}

fn command_of(tree: &Tree, words: &[String], bases: &[Utf8PathBuf]) -> Option<Usage> {
    let position = |name: &str, verbs: &[&str]| {
        words.windows(2).position(|pair| {
            let tool = pair[0].rsplit('/').next().unwrap_or(&pair[0]);
            tool == name && verbs.contains(&pair[1].as_str())
        })
    };
    let known = [
        ("uv", &["sync"][..], PackageManager::Uv),
        ("poetry", &["install", "sync", "export"], PackageManager::Poetry),
        ("pipenv", &["install", "sync", "requirements", "lock"], PackageManager::Pipenv),
        ("pdm", &["install", "sync", "export"], PackageManager::Pdm),
        ("pip", &["install", "wheel"], PackageManager::Pip),
        ("pip3", &["install", "wheel"], PackageManager::Pip),
        ("conda", &["env", "install"], PackageManager::Conda),
        ("mamba", &["env", "install"], PackageManager::Conda),
        ("micromamba", &["install", "create", "env"], PackageManager::Conda),
    ];
    let (tool, start, manager) =
        known.iter().find_map(|(name, verbs, manager)| Some((*name, position(name, verbs)?, *manager)))?;
    let rest = words.get(start + 2..).unwrap_or_default();
    let mut usage = Usage {
        manager,
        files: Vec::new(),
        groups: Vec::new(),
        extras: Vec::new(),
        place: Place::Default,
        weight: 0,
        command: format!("{tool} {}", words.get(start + 1).map_or("", String::as_str)),
    };
    let mut installs_folder = false;
    let mut index = 0;
    while let Some(word) = rest.get(index) {
        let (flag, glued) = match word.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => (flag, Some(value.to_owned())),
            _ => (word.as_str(), None),
        };
        let mut value = || {
            glued.clone().or_else(|| {
                index += 1;
                rest.get(index).cloned()
            })
        };
        match flag {
            "-r" | "--requirement" | "-f" | "--file" => {
                let named = value();
                usage.files.extend(named.and_then(|named| resolved(tree, &named, bases)));
            }
            "--with" | "--group" | "--only" | "-G" => usage.groups.extend(list(value().as_deref())),
            "--all-extras" => usage.extras.push(EVERY.to_owned()),
            "--extra" | "--extras" | "-E" => usage.extras.extend(list(value().as_deref())),
            _ if flag.starts_with("-r") && flag.len() > 2 => {
                usage.files.extend(flag.get(2..).and_then(|named| resolved(tree, named, bases)));
            }
            "." | "./" => installs_folder = true,
            _ if flag.starts_with(".[") => {
                installs_folder = true;
                usage.extras.extend(list(flag.strip_prefix(".[").map(|rest| rest.trim_end_matches(']'))));
            }
            _ => {}
        }
        index += 1;
    }
    if manager == PackageManager::Pip && usage.files.is_empty() && usage.groups.is_empty() {
        if !installs_folder {
            // `pip install poetry`: says which tool, not what the project needs.
            return None;
        }
        usage.manager = PackageManager::Setuptools;
    }
    // In the words of Poetry and PDM, `main` and `default` are what the project itself needs; for others they are names.
    if matches!(manager, PackageManager::Poetry | PackageManager::Pdm) {
        usage.groups.retain(|group| group != "main" && group != "default");
    }
    Some(usage)
}

fn list(value: Option<&str>) -> Vec<String> {
    let words = value.unwrap_or_default().split([',', ' ', ':']);
    words.map(normalised).filter(|word| !word.is_empty()).collect()
}

/// The file of the project that a path in a build file means: the path itself, seen from a folder where it may
/// start, or its end where the image keeps files elsewhere (`/app/requirements.txt`).
fn resolved(tree: &Tree, named: &str, bases: &[Utf8PathBuf]) -> Option<Utf8PathBuf> {
    let mut rest = named.trim_start_matches("./").trim_start_matches('/');
    loop {
        for base in bases {
            if let Some(file) = path::join(base, rest).filter(|file| tree.is_file(file)) {
                return Some(file);
            }
        }
        rest = rest.split_once('/')?.1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(files: &[(&str, &str)]) -> Vec<Usage> {
        let tree = Tree::from_literals(files.iter().copied());
        read(&tree, &[Utf8PathBuf::from(".")])
    }

    #[test]
    fn commands_in_dockerfiles_name_manager_and_files() {
        let found = used(&[
            (
                "docker/Dockerfile",
                "FROM python:3.13\nARG REQ=requirements/prod.txt\nCOPY . /app\nRUN pip install --no-cache-dir \\\n    \
                 -r /app/${REQ} && \\\n    pip install poetry\nRUN poetry install --only main --with deploy\n",
            ),
            ("requirements/prod.txt", "django"),
        ]);
        let short: Vec<_> = found
            .iter()
            .map(|one| (one.manager, one.files.clone(), one.groups.clone(), one.weight))
            .collect();
        assert_eq!(
            short,
            [
                (PackageManager::Pip, vec!["requirements/prod.txt".into()], vec![], 6),
                (PackageManager::Poetry, vec![], vec!["deploy".to_owned()], 6),
            ]
        );
        assert_eq!(found[0].place, Place::line("docker/Dockerfile", 4));
    }

    #[test]
    fn a_readme_weighs_less_than_a_dockerfile() {
        let found = used(&[
            ("README.md", "Run `pipenv install` and go."),
            ("Dockerfile", "RUN $VENV/bin/uv sync --no-dev --group prod"),
        ]);
        let short: Vec<_> = found.iter().map(|one| (one.manager, one.weight)).collect();
        assert_eq!(short, [(PackageManager::Uv, 6), (PackageManager::Pipenv, 1)]);
        assert_eq!(found[0].command, "uv sync");
    }

    #[test]
    fn pip_is_asked_for_groups_by_their_names() {
        let found =
            used(&[("Dockerfile", "RUN pip install \"pip>=25.1\" && pip install --group main --group dev")]);
        let short: Vec<_> = found.iter().map(|one| (one.manager, one.groups.clone())).collect();
        assert_eq!(short, [(PackageManager::Pip, vec!["main".to_owned(), "dev".to_owned()])]);
    }

    #[test]
    fn all_extras_are_asked_for_at_once() {
        let found = used(&[("Dockerfile", "RUN uv sync --locked --all-extras")]);
        assert_eq!(found[0].extras, [EVERY]);
    }

    #[test]
    fn installing_the_folder_is_told_apart() {
        let found = used(&[("Dockerfile", "RUN pip install -e '.[prod]'")]);
        assert_eq!(
            (found[0].manager, found[0].extras.as_slice()),
            (PackageManager::Setuptools, &["prod".to_owned()][..])
        );
    }
}
