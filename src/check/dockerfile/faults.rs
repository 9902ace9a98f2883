//! Instructions that fail, or that hide a failure.

use super::build::has_old_poetry;
use super::habits::is_pip_install;
use super::{Dockerfile, Instruction, Stage, dockerfiles};
use crate::base::codes::check::dockerfile::{
    APT_KEY_GONE, DOCKERFILE_CMD_TWICE, FAILURE_HIDDEN, PIP_EXTERNALLY_MANAGED, POETRY_INSTALLS_ROOT,
};
use crate::base::{Diagnostic, Place};
use crate::check::command_line::SimpleCommand;
use crate::check::{Rule, Subject};

pub const RULES: &[Rule] = &[
    Rule { codes: &[POETRY_INSTALLS_ROOT], find: poetry_root },
    Rule { codes: &[PIP_EXTERNALLY_MANAGED, APT_KEY_GONE], find: system },
    Rule { codes: &[FAILURE_HIDDEN, DOCKERFILE_CMD_TWICE], find: hidden },
];

fn poetry_root(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let folder = subject.facts.install.as_ref().map(|install| install.folder.as_path());
    let manifest = folder.and_then(|folder| {
        let path = if folder == "." { "pyproject.toml".into() } else { folder.join("pyproject.toml") };
        subject.tree.text(&path)
    });
    // Without package mode there is no project to install.
    if manifest.is_none_or(|text| text.contains("package-mode")) {
        return Vec::new();
    }
    dockerfiles(subject)
        .iter()
        .filter(|file| !has_old_poetry(file))
        .filter_map(|file| file.stages.iter().find_map(|stage| installs_root(file, stage)))
        .collect()
}

fn installs_root(file: &Dockerfile, stage: &Stage) -> Option<Diagnostic> {
    let chain = file.chain(stage);
    let mut is_there = false;
    for (place, instruction) in chain.into_iter().rev().flat_map(|stage| &stage.instructions) {
        match instruction {
            Instruction::Copy { sources, .. } => {
                is_there |= !sources.iter().all(|source| is_manifest(source));
            }
            Instruction::Run { commands, mounts } if !is_there => {
                let bound = mounts.iter().any(|mount| mount.contains("type=bind"));
                let installs = commands.iter().any(|command| {
                    let says =
                        |flags: &[&str]| command.words.iter().any(|word| flags.contains(&word.as_str()));
                    command.is("poetry", "install") && !says(&["--no-root", "--only-root", "--help"])
                });
                if installs && !bound {
                    return Some(root_not_there(place));
                }
            }
            _ => {}
        }
    }
    None
}

/// Files that an installation reads, and none that is installed.
fn is_manifest(source: &str) -> bool {
    let name = source.rsplit('/').next().unwrap_or(source);
    name.ends_with(".toml")
        || name.ends_with(".lock")
        || name.ends_with("lock*")
        || name.starts_with("requirements")
}

fn root_not_there(place: &Place) -> Diagnostic {
    Diagnostic::warning(POETRY_INSTALLS_ROOT, "`poetry install` also installs the project, which is not copied yet")
        .at(place, "without `--no-root`")
        .because("since Poetry 2.0 it ends with an error: `Readme path … does not exist`, or no file found for the package")
        .help("write `poetry install --no-root`: Django needs its code in a folder, not as a distribution")
}

fn system(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in dockerfiles(subject) {
        let managed = file.stages.iter().find_map(|stage| externally_managed(&file, stage));
        found.extend(managed);
        let key = file.stages.iter().find_map(|stage| {
            let (place, _) = stage.commands().find(|(_, command)| command.program() == "apt-key")?;
            Some(apt_key(place, file.image_of(stage)))
        });
        found.extend(key);
    }
    found
}

/// A stage on a system that keeps pip out of its own Python.
fn externally_managed(file: &Dockerfile, stage: &Stage) -> Option<Diagnostic> {
    let image = file.image_of(stage);
    if !keeps_pip_out(image) {
        return None;
    }
    let chain = file.chain(stage);
    let mut commands = chain.iter().flat_map(|stage| stage.commands()).map(|(_, command)| command);
    let evades = commands.any(|command| {
        command.words.iter().any(|word| {
            ["venv", "virtualenv", "EXTERNALLY-MANAGED", "break-system-packages", "pyenv", "conda"]
                .iter()
                .any(|way| word.contains(way))
        })
    });
    let told =
        file.variables(stage).iter().any(|name| matches!(*name, "PIP_BREAK_SYSTEM_PACKAGES" | "VIRTUAL_ENV"));
    if evades || told {
        return None;
    }
    let by_name = |command: &SimpleCommand| {
        is_pip_install(command) && command.words.first().is_some_and(|word| !word.contains('/'))
    };
    let (place, _) = stage.commands().find(|(_, command)| by_name(command))?;
    Some(
        Diagnostic::error(PIP_EXTERNALLY_MANAGED, format!("pip does not install into the system's Python of `{image}`"))
            .at(place, "error: externally-managed-environment")
            .because("since Debian 12, Ubuntu 23.04 and Alpine 3.19 that Python belongs to the system's packages (PEP 668)")
            .help("stand on the official image, whose Python is its own: `FROM python:3.13-slim-trixie`")
            .help("or install into a virtual environment: `python3 -m venv /opt/venv` and `ENV PATH=/opt/venv/bin:$PATH`"),
    )
}

/// Tells whether an image's Python is the system's, and the system is one that marks it. The official images of Python
/// have one of their own.
fn keeps_pip_out(image: &str) -> bool {
    const TAGS: [&str; 13] = [
        "12", "13", "bookworm", "trixie", "23.04", "23.10", "24.04", "24.10", "25.04", "25.10", "26.04",
        "noble", "resolute",
    ];
    const ALPINES: [&str; 5] = ["3.19", "3.20", "3.21", "3.22", "3.23"];
    let name = image.strip_prefix("docker.io/").unwrap_or(image);
    let name = name.strip_prefix("library/").unwrap_or(name);
    let Some((repository, tag)) = name.split_once(':') else { return false };
    let first = tag.split(['-', '@']).next().unwrap_or(tag);
    match repository {
        "debian" | "ubuntu" => {
            TAGS.iter().any(|known| first == *known || first.starts_with(&format!("{known}.")))
        }
        "alpine" => ALPINES.iter().any(|known| first == *known || first.starts_with(&format!("{known}."))),
        _ => false,
    }
}

fn apt_key(place: &Place, image: &str) -> Diagnostic {
    let is_gone = image.contains("trixie") || image.starts_with("debian:13");
    let title = "`apt-key` is not part of Debian 13 and Ubuntu 25.04 any more";
    let diagnostic = if is_gone {
        Diagnostic::error(APT_KEY_GONE, title).at(place, format!("apt-key: not found, in `{image}`"))
    } else {
        Diagnostic::warning(APT_KEY_GONE, title).at(place, "fails on the next base image")
    };
    diagnostic
        .because("a key that it adds also vouches for every other source of packages")
        .help("keep the key in a file of its own and name it in the source: `curl -fsSL URL | gpg --dearmor -o /etc/apt/keyrings/NAME.gpg`, `deb [signed-by=/etc/apt/keyrings/NAME.gpg] …`")
}

fn hidden(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in dockerfiles(subject) {
        for (place, instruction) in file.instructions() {
            let Instruction::Run { commands, .. } = instruction else { continue };
            let command = commands.windows(2).find_map(|pair| match pair {
                [command, after] if matches!(after.program(), "true" | ":") && matters(command) => {
                    Some(command)
                }
                _ => None,
            });
            found.extend(command.map(|command| failure_hidden(place, command)));
        }
        found.extend(file.stages.iter().filter_map(second_cmd));
    }
    found
}

/// Tells whether the image is incomplete if the command fails.
fn matters(command: &SimpleCommand) -> bool {
    is_pip_install(command)
        || super::build::installs(command).is_some()
        || command
            .management()
            .is_some_and(|name| matches!(name, "collectstatic" | "compilemessages" | "migrate" | "compress"))
}

fn failure_hidden(place: &Place, command: &SimpleCommand) -> Diagnostic {
    let name = command.management().unwrap_or_else(|| command.program());
    Diagnostic::warning(FAILURE_HIDDEN, format!("the build goes on when `{name}` fails"))
        .at(place, "`|| true`")
        .because("the image is tagged and deployed without what the command was to make, and the first error is seen by a visitor")
        .help("let the build fail, and mend what fails; `djdock check` says what it can see of it")
}

fn second_cmd(stage: &Stage) -> Option<Diagnostic> {
    let mut starts = stage.instructions.iter().filter_map(|(place, instruction)| {
        matches!(instruction, Instruction::Start { instruction: "CMD", .. }).then_some(place)
    });
    let (first, last) = (starts.next()?, starts.next_back()?);
    Some(
        Diagnostic::warning(DOCKERFILE_CMD_TWICE, "a stage has two `CMD`, of which only the last one counts")
            .at(first, "never run")
            .at(last, "this one is")
            .help("start what must run beside it in a container of its own, as another compose service")
            .help("what must happen before it belongs into an entrypoint script that ends in `exec \"$@\"`"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_file as findings;

    const POETRY: (&str, &str) = (
        "pyproject.toml",
        "[tool.poetry]\nname = 'shop'\nversion = '1'\n[tool.poetry.dependencies]\npython = '^3.12'\ndjango = '^5.2'\n",
    );

    fn check(text: &str) -> Vec<String> {
        findings(RULES, "Dockerfile", text, &[POETRY])
    }

    #[test]
    fn poetry_does_not_install_a_project_that_is_not_there() {
        let of = |install: &str| {
            format!(
                "FROM python:3.13-slim-trixie\nCOPY pyproject.toml poetry.lock ./\nRUN {install}\nCOPY . .\n"
            )
        };
        assert_eq!(check(&of("poetry install --only main")), ["poetry-installs-root:3"]);
        assert!(check(&of("poetry install --no-root --only main")).is_empty());
        assert!(check(&of("pip install poetry==1.8.3 && poetry install")).is_empty());
        assert!(check("FROM python:3.13-slim-trixie\nCOPY . .\nRUN poetry install\n").is_empty());
        let without = (
            "pyproject.toml",
            "[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\ndjango = '^5.2'\n",
        );
        assert!(findings(RULES, "Dockerfile", &of("poetry install"), &[without]).is_empty());
    }

    #[test]
    fn pip_stays_out_of_the_systems_python() {
        let on = |image: &str, run: &str| {
            check(&format!("FROM {image}\nRUN apt-get install -y python3-pip\nRUN {run}\n"))
        };
        assert_eq!(on("debian:bookworm-slim", "pip3 install django"), ["pip-externally-managed:3"]);
        assert_eq!(on("ubuntu:24.04", "pip install django"), ["pip-externally-managed:3"]);
        assert!(on("ubuntu:22.04", "pip3 install django").is_empty());
        assert!(on("debian:bookworm", "python3 -m venv /v && /v/bin/pip install django").is_empty());
        assert!(on("debian:bookworm", "pip install --break-system-packages django").is_empty());
        assert!(on("python:3.13-slim-bookworm", "pip install django").is_empty());
    }

    #[test]
    fn apt_keys_are_files() {
        let key = "RUN curl -s https://example.org/key | apt-key add -\n";
        assert_eq!(check(&format!("FROM python:3.13-slim-trixie\n{key}")), ["apt-key-gone:2"]);
        assert!(
            check(
                "FROM python:3.13-slim-trixie\nRUN curl -o /etc/apt/keyrings/a.asc https://example.org/key\n"
            )
            .is_empty()
        );
    }

    #[test]
    fn failures_are_not_hidden() {
        let of = |run: &str| check(&format!("FROM python:3.13-slim-trixie\nRUN {run}\n"));
        assert_eq!(of("python manage.py collectstatic --noinput || true"), ["failure-hidden:2"]);
        assert_eq!(of("pip install -r requirements.txt || true"), ["failure-hidden:2"]);
        assert!(of("rm -r docs || true").is_empty());
        assert!(of("python manage.py collectstatic --noinput").is_empty());
    }

    #[test]
    fn a_container_starts_one_command() {
        let twice = "FROM python:3.13-slim-trixie\nCMD python manage.py migrate\nCMD gunicorn x\n";
        assert_eq!(check(twice), ["dockerfile-cmd-twice:2"]);
        assert!(
            check("FROM python:3.13-slim-trixie\nENTRYPOINT [\"/e.sh\"]\nCMD [\"gunicorn\"]\n").is_empty()
        );
    }
}
