//! Habits of older Dockerfiles: what works and is done otherwise today. Each is said once for a file.

use super::{Dockerfile, Instruction, dockerfiles};
use crate::base::codes::check::dockerfile::{
    DOCKERFILE_ENV_FORM, DOCKERFILE_FROM_CASE, DOCKERFILE_UNPINNED, PYTHON_COMPILED,
};
use crate::base::{Code, Diagnostic, Place, wording};
use crate::check::command_line::SimpleCommand;
use crate::check::{Rule, Subject, at_places};

pub const RULES: &[Rule] = &[
    Rule { codes: &[DOCKERFILE_ENV_FORM, DOCKERFILE_FROM_CASE], find: forms },
    Rule { codes: &[DOCKERFILE_UNPINNED, PYTHON_COMPILED], find: installed },
];

/// One finding for the places of a file; none where there are no places.
pub(super) fn once(code: Code, title: String, places: &[&Place], label: &str) -> Option<Diagnostic> {
    (!places.is_empty()).then(|| {
        at_places(Diagnostic::note(code, title), places.iter().map(|place| (*place, label.to_owned())))
    })
}

fn forms(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in dockerfiles(subject) {
        let old: Vec<&Place> = file
            .instructions()
            .filter(|(_, instruction)| matches!(instruction, Instruction::Variables { is_old: true, .. }))
            .map(|(place, _)| place)
            .collect();
        let title = "`ENV KEY value` is the old form".to_owned();
        found.extend(once(DOCKERFILE_ENV_FORM, title, &old, "without `=`").map(|diagnostic| {
            diagnostic
                .because("the value is the rest of the line, so a second variable on it becomes part of the first; BuildKit warns: `LegacyKeyValueFormat`")
                .help("write `ENV KEY=value`")
        }));
        let mixed: Vec<&Place> =
            file.stages.iter().filter(|stage| stage.mixes_case).map(|stage| &stage.place).collect();
        let title = "`FROM` is written in capitals and `as` is not".to_owned();
        found.extend(once(DOCKERFILE_FROM_CASE, title, &mixed, "`as`").map(|diagnostic| {
            diagnostic.because("BuildKit warns at every build: `FromAsCasing`").help("write `AS`")
        }));
    }
    found
}

pub(super) fn is_pip_install(command: &SimpleCommand) -> bool {
    ["pip", "pip3"].iter().any(|pip| command.is(pip, "install"))
}

fn installed(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in dockerfiles(subject) {
        found.extend(unpinned(&file));
        let compiled: Vec<&Place> = file
            .commands()
            .filter(|(_, command)| {
                command.is("pyenv", "install")
                    || command.words.iter().any(|word| word.contains("pyenv-installer"))
            })
            .map(|(place, _)| place)
            .take(1)
            .collect();
        let title = "the build compiles Python itself".to_owned();
        found.extend(once(PYTHON_COMPILED, title, &compiled, "pyenv").map(|diagnostic| {
            diagnostic
                .because("it takes minutes at every build that is not cached, and leaves twenty `-dev` packages behind")
                .help("stand on the official image: `FROM python:3.13-slim-trixie`")
        }));
    }
    found
}

/// Distributions that are installed by name, beside every list, in whatever version is newest.
fn unpinned(file: &Dockerfile) -> Option<Diagnostic> {
    let mut names: Vec<&str> = Vec::new();
    let mut places: Vec<&Place> = Vec::new();
    for stage in &file.stages {
        for (place, command) in stage.commands() {
            let here = by_name(command);
            places.extend((!here.is_empty()).then_some(place));
            names.extend(here);
        }
    }
    names.sort_unstable();
    names.dedup();
    places.dedup();
    let title = format!("the build installs {} in whatever version is newest", wording::and_ticked(&names));
    once(DOCKERFILE_UNPINNED, title, &places, "named without a version").map(|diagnostic| {
        diagnostic
            .because("two builds of one commit can differ, and a release of somebody else's stops the build: Poetry 2.0 did so to many")
            .help("add servers to the project's requirements, and name the version of tools: `pip install poetry==2.1.4`")
    })
}

fn by_name(command: &SimpleCommand) -> Vec<&str> {
    // The installers themselves are raised everywhere, and seldom break.
    const INSTALLERS: [&str; 3] = ["pip", "setuptools", "wheel"];
    if !is_pip_install(command) {
        return Vec::new();
    }
    let mut names = Vec::new();
    let mut is_value = false;
    let after = command.words.iter().skip_while(|word| *word != "install").skip(1);
    for word in after.map(String::as_str) {
        if std::mem::take(&mut is_value) {
            continue;
        }
        is_value = matches!(
            word,
            "-r" | "-c"
                | "-i"
                | "-e"
                | "-t"
                | "-f"
                | "--requirement"
                | "--constraint"
                | "--index-url"
                | "--extra-index-url"
                | "--target"
                | "--find-links"
                | "--editable"
                | "--prefix"
                | "--timeout"
                | "--retries"
                | "--trusted-host"
                | "--default-timeout"
                | "--cache-dir"
                | "--root"
                | "--no-binary"
                | "--only-binary"
                | "--proxy"
                | "--group"
                | "--python"
                | "--platform"
                | "--src"
                | "--config-settings"
                | "--use-feature"
                | "--progress-bar"
        );
        let is_name = word.starts_with(|first: char| first.is_ascii_alphabetic())
            && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_.[],".contains(c))
            && !word.ends_with(".txt")
            && !word.ends_with(".whl");
        if is_name && !INSTALLERS.contains(&word) {
            names.push(word);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_file as findings;

    fn check(body: &str) -> Vec<String> {
        findings(RULES, "Dockerfile", &format!("FROM python:3.13-slim-trixie\n{body}\n"), &[])
    }

    #[test]
    fn old_forms_are_said_once_for_a_file() {
        assert_eq!(check("ENV A 1\nENV B 2"), ["dockerfile-env-form:2"]);
        assert!(check("ENV A=1 B=2\nENV C=\"a b\"").is_empty());
        let mixed = "FROM python:3.13 as build\nFROM python:3.13\n";
        assert_eq!(findings(RULES, "Dockerfile", mixed, &[]), ["dockerfile-from-case:1"]);
        for alike in ["FROM python:3.13 AS build\nFROM python\n", "from python:3.13 as build\nfrom python\n"]
        {
            assert!(findings(RULES, "Dockerfile", alike, &[]).is_empty(), "{alike}");
        }
    }

    #[test]
    fn what_is_installed_by_name_has_a_version() {
        let clean = "RUN pip install --no-cache-dir";
        assert_eq!(check(&format!("{clean} poetry gunicorn")), ["dockerfile-unpinned:2"]);
        for pinned in [
            "poetry==1.8.3",
            "--upgrade pip setuptools",
            "-r requirements.txt",
            "--index-url https://example.org/simple -r requirements.txt",
            "-e .",
            ".",
            "$PACKAGES",
            "'uv>=0.9,<1'",
        ] {
            assert!(check(&format!("{clean} {pinned}")).is_empty(), "{pinned}");
        }
    }

    #[test]
    fn python_comes_with_the_image() {
        assert_eq!(check("RUN pyenv install 3.12.1"), ["python-compiled:2"]);
    }
}
