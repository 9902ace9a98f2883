//! Package managers: how each one fills the virtual environment of an image.

mod pdm;
mod pip;
mod pipenv;
mod poetry;
mod setuptools;
mod uv;

use super::offer::{Listed, Offer};
use crate::python::{Minor, Version};

impl Listed for PackageManager {
    const ALL: &'static [&'static Self] =
        &[&pip::PIP, &poetry::POETRY, &uv::UV, &pipenv::PIPENV, &pdm::PDM, &setuptools::SETUPTOOLS];

    fn offer(&self) -> &Offer {
        &self.offer
    }
}

/// The folder of the virtual environment: outside the source, so that no bind mount hides it.
pub const VENV: &str = "/opt/venv";

/// The Python of the virtual environment.
pub const VENV_PYTHON: &str = "/opt/venv/bin/python";

/// The oldest Python whose images have a pip that can install into another environment.
const FIRST_WITH_FOREIGN_PIP: Minor = Minor(3, 7);

/// How a package manager is used in an image.
#[derive(Clone, Copy, Debug)]
pub struct PackageManager {
    /// The manager's texts in questions and documents; its word is also that of facts.
    pub offer: Offer,
    /// The distribution that brings it, where images of Python lack it.
    pub tool: Option<&'static str>,
    /// Variables for the manager, in the stage that installs.
    pub environment: &'static [(&'static str, &'static str)],
    /// How it is told which build tools to build source distributions with; the flag says that a lock is installed.
    pub build_constraints: fn(bool) -> BuildConstraints,
    /// Folders in which it keeps what it downloaded.
    pub caches: &'static [&'static str],
    /// The commands that install what was requested.
    pub install: fn(&Request) -> Vec<Vec<String>>,
}

/// How a package manager is told which build tools to build source distributions with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildConstraints {
    /// Through variables that name a file of constraints.
    Pip,
    /// Through the project's own manifest: what to write there, with `{}` for the constraint.
    OfProject(&'static str),
    /// It takes the newest ones.
    Unheeded,
}

/// The variable with which pip holds builds to a file of constraints, from pip 25.3 on.
pub const BUILD_CONSTRAINT: &str = "PIP_BUILD_CONSTRAINT";

/// The variable with which every pip holds the install to a file of constraints, and an older one its builds, too.
pub const CONSTRAINT: &str = "PIP_CONSTRAINT";

/// A description of what is to be installed.
#[derive(Clone, Debug)]
pub struct Request {
    pub python: Minor,
    /// The version of the manager's own distribution.
    pub tool: Option<Version>,
    /// For pip, and uv with `pylock.toml`: the files of `-r`, as they are found from the folder of the install.
    pub requirement_files: Vec<String>,
    /// For pip: requirements beside them, so that all versions fit each other.
    pub more: Vec<String>,
    pub has_lock: bool,
    /// The lock's format is older than what the manager checks before it installs.
    pub has_old_lock: bool,
    /// Groups beside the main one.
    pub groups: Vec<String>,
    /// Groups that it would install by itself.
    pub unneeded_groups: Vec<String>,
    pub extras: Vec<String>,
    /// True if what only development needs is wanted too.
    pub development: bool,
    /// Groups for development that the manager installs only when asked to.
    pub development_groups: Vec<String>,
    /// The requirements of the groups for development, as pip takes them.
    pub development_requirements: Vec<String>,
    pub hashes: bool,
    /// Something is locked that no hash can be given for: from version control, or a folder of the project.
    pub has_unhashed: bool,
    /// True if the project itself is installed as a distribution.
    pub installs_project: bool,
}

/// The command that makes the empty virtual environment: without pip, which no image needs to run.
pub fn make_environment(python: Minor) -> Vec<String> {
    if python >= FIRST_WITH_FOREIGN_PIP {
        words(&["python", "-m", "venv", "--without-pip", VENV])
    } else {
        words(&["python", "-m", "venv", VENV])
    }
}

/// Returns that pip builds with the versions of a file, whether or not the project is locked.
fn as_pip(_locked: bool) -> BuildConstraints {
    BuildConstraints::Pip
}

/// `pip install` into the virtual environment. Bytecode is not written: it would double the size of the image.
pub fn pip_install(python: Minor, arguments: &[&str]) -> Vec<String> {
    let mut command = if python >= FIRST_WITH_FOREIGN_PIP {
        words(&["pip", "--python", VENV_PYTHON, "install", "--no-compile"])
    } else {
        words(&["/opt/venv/bin/pip", "install", "--no-compile"])
    };
    command.extend(words(arguments));
    command
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// `--flag item` for each item.
fn each<'a>(flag: &'a str, items: &'a [String]) -> impl Iterator<Item = String> + 'a {
    items.iter().flat_map(move |item| [flag.to_owned(), item.clone()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request {
            python: Minor(3, 13),
            tool: None,
            requirement_files: Vec::new(),
            more: Vec::new(),
            has_lock: true,
            has_old_lock: false,
            groups: Vec::new(),
            unneeded_groups: Vec::new(),
            extras: Vec::new(),
            development: false,
            development_groups: Vec::new(),
            development_requirements: Vec::new(),
            hashes: false,
            has_unhashed: false,
            installs_project: false,
        }
    }

    fn lines(word: &str, request: &Request) -> Vec<String> {
        let manager = PackageManager::named(word).unwrap();
        (manager.install)(request).iter().map(|command| command.join(" ")).collect()
    }

    #[test]
    fn pip_reads_every_file_in_one_run() {
        let files = vec!["requirements/prod.txt".into(), "more.txt".into()];
        let request = Request { requirement_files: files, ..request() };
        assert_eq!(
            lines("pip", &request),
            ["pip --python /opt/venv/bin/python install --no-compile --requirement requirements/prod.txt \
              --requirement more.txt"]
        );
    }

    #[test]
    fn uv_installs_from_a_lockfile_of_the_standard() {
        let request = Request { requirement_files: vec!["pylock.toml".into()], ..request() };
        assert_eq!(
            lines("uv", &request),
            ["uv pip install --python /opt/venv/bin/python --requirements pylock.toml"]
        );
    }

    #[test]
    fn f37_poetry_without_a_lock_installs_without_the_project_itself() {
        let request = Request { groups: vec!["prod".into()], has_lock: false, ..request() };
        assert_eq!(
            lines("poetry", &request),
            ["poetry install --no-interaction --no-root --only main --only prod"]
        );
    }

    #[test]
    fn f36_pip_installs_what_poetry_exports_of_its_lock() {
        let request = Request { groups: vec!["prod".into()], has_unhashed: true, ..request() };
        assert_eq!(
            lines("poetry", &request),
            [
                "poetry export --output /tmp/requirements.txt --with prod --without-hashes",
                "pip --python /opt/venv/bin/python install --no-compile --requirement /tmp/requirements.txt"
            ]
        );
    }

    #[test]
    fn an_old_poetry_is_spoken_to_in_its_own_words() {
        let old = Request { tool: Version::parse("1.1.15"), has_lock: false, ..request() };
        assert_eq!(lines("poetry", &old), ["poetry install --no-interaction --no-root --no-dev"]);
    }

    #[test]
    fn f34_uv_uses_the_environment_outside_the_source() {
        assert_eq!(lines("uv", &request()), ["uv sync --locked --no-dev --no-install-project"]);
        let old = Request { has_old_lock: true, ..request() };
        assert_eq!(lines("uv", &old), ["uv sync --frozen --no-dev --no-install-project"]);
        assert!(PackageManager::named("uv").unwrap().environment.contains(&("UV_PROJECT_ENVIRONMENT", VENV)));
    }

    #[test]
    fn development_keeps_the_groups_that_production_leaves_out() {
        let development = Request { development: true, ..request() };
        let export = &lines("poetry", &development)[0];
        assert!(export.starts_with("poetry export --output /tmp/requirements.txt"), "{export}");
        assert_eq!(lines("uv", &development), ["uv sync --locked --no-install-project"]);
        assert_eq!(lines("pipenv", &development), ["pipenv sync --dev --extra-pip-args=--no-compile"]);
    }

    #[test]
    fn pipenv_without_a_lockfile_does_not_make_one() {
        let open = Request { has_lock: false, ..request() };
        assert_eq!(lines("pipenv", &open), ["pipenv install --skip-lock --extra-pip-args=--no-compile"]);
    }
}
