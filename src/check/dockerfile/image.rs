//! The image that is built on.

use std::collections::BTreeSet;

use super::{Stage, System, dockerfiles, official_python};
use crate::base::codes::check::dockerfile::{
    DOCKERFILE_PYTHON_EOL, DOCKERFILE_PYTHON_MISMATCH, DOCKERFILE_TAG_FLOATS,
};
use crate::base::{Diagnostic, Place};
use crate::check::{Rule, Subject};
use crate::knowledge::{django, pythons};
use crate::python::{Minor, Specifiers};

pub const RULES: &[Rule] =
    &[Rule { codes: &[DOCKERFILE_PYTHON_MISMATCH, DOCKERFILE_PYTHON_EOL, DOCKERFILE_TAG_FLOATS], find }];

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in dockerfiles(subject) {
        let mut over = BTreeSet::new();
        for stage in file.stages.iter().filter(|stage| stage.is_on_image()) {
            let Some(tag) = python_tag(stage) else { continue };
            found.extend(floats(stage, tag));
            let Some(version) = Minor::parse(tag.split('-').next().unwrap_or(tag)) else { continue };
            if let Some(mismatch) = mismatch(subject, stage, version) {
                found.push(mismatch);
            } else if !is_said(subject, version) && over.insert(version) {
                found.extend(is_over(stage, version));
            }
        }
    }
    found
}

/// Tells whether it is the project's own Python: where that is over, it is said once, of the project.
fn is_said(subject: &Subject<'_>, version: Minor) -> bool {
    subject.facts.python_version.value.as_deref().and_then(Minor::parse) == Some(version)
}

/// The tag of a stage that stands on the official Python image.
fn python_tag(stage: &Stage) -> Option<&str> {
    let tag = official_python(&stage.from)?;
    // A digest fixes the image, whatever its tag says.
    (!tag.contains('@') && !tag.contains('$')).then_some(tag)
}

fn mismatch(subject: &Subject<'_>, stage: &Stage, version: Minor) -> Option<Diagnostic> {
    let stated = subject.facts.python_requirement.value.as_deref();
    let place = subject.facts.python_requirement.decided_by().filter(|place| is_of_manifest(place));
    if let (Some(stated), Some(place)) = (stated, place)
        && Specifiers::parse(stated).is_some_and(|wanted| !wanted.allows(version))
    {
        return Some(
            Diagnostic::error(
                DOCKERFILE_PYTHON_MISMATCH,
                format!("the image has Python {version}, and the project asks for `{stated}`"),
            )
            .at(&stage.place, "chosen here")
            .because(format!("asked for at {place}"))
            .because("the installation stops, or the package manager fetches another interpreter")
            .help(advice(subject)),
        );
    }
    let (major, minor) = subject.django()?;
    let release = django::release(Minor(major, minor))?;
    let oldest = release.oldest_python().filter(|oldest| version < *oldest)?;
    Some(
        Diagnostic::error(
            DOCKERFILE_PYTHON_MISMATCH,
            format!("the image has Python {version}, and Django {major}.{minor} needs {oldest} or newer"),
        )
        .at(&stage.place, "chosen here")
        .because("pip finds no version of Django that fits both")
        .help(advice(subject)),
    )
}

/// Tells whether a statement is one that the installation obeys. Another Dockerfile or a file for developers is not.
fn is_of_manifest(place: &Place) -> bool {
    const MANIFESTS: [&str; 8] = [
        "pyproject.toml",
        "setup.py",
        "setup.cfg",
        "Pipfile",
        "Pipfile.lock",
        "uv.lock",
        "poetry.lock",
        "pdm.lock",
    ];
    place.path().and_then(|path| path.file_name()).is_some_and(|name| MANIFESTS.contains(&name))
}

fn advice(subject: &Subject<'_>) -> String {
    let version = subject
        .facts
        .python_version
        .value
        .as_deref()
        .and_then(Minor::parse)
        .unwrap_or_else(pythons::preferred);
    let suite = pythons::suite(version).unwrap_or("trixie");
    format!("write `FROM {}`", pythons::image(version, suite))
}

fn is_over(stage: &Stage, version: Minor) -> Option<Diagnostic> {
    let sentence = pythons::end_of_life(version)?;
    Some(
        Diagnostic::warning(
            DOCKERFILE_PYTHON_EOL,
            format!("the image has Python {version}, which gets no security fixes"),
        )
        .at(&stage.place, "chosen here")
        .because(sentence)
        .because("new releases of distributions bring no wheels for it, so they are compiled, or refused")
        .help(
            "move to a newer Python when the requirements allow it: `djdock inspect` shows what they allow",
        ),
    )
}

fn floats(stage: &Stage, tag: &str) -> Option<Diagnostic> {
    const SUITES: [&str; 6] = ["bullseye", "bookworm", "trixie", "buster", "stretch", "forky"];
    let alpine = tag.contains("alpine");
    if SUITES.iter().any(|suite| tag.contains(suite))
        || alpine && tag.split("alpine").nth(1).is_some_and(|rest| !rest.is_empty())
    {
        return None;
    }
    // Only the newest patch release gets new images: `3.11.8` has long been what it is.
    if tag.split('-').next().is_some_and(|version| version.split('.').count() > 2) {
        return None;
    }
    let what = if tag == "latest" || tag == "3" || tag == "slim" {
        "neither Python's version nor the system's"
    } else {
        "no version of the system"
    };
    Some(
        Diagnostic::note(DOCKERFILE_TAG_FLOATS, format!("the tag `{tag}` names {what}, so it moves"))
            .at(&stage.place, "chosen here")
            .because(format!("when {}'s next release comes, packages change their names and the same Dockerfile stops building", System::of(&stage.from).name()))
            .help(format!("name it: `{}`", fixed(tag))),
    )
}

/// Returns the tag of this image that names its system: the Python stays, because more than the image hangs on it.
fn fixed(tag: &str) -> String {
    let version = tag.split('-').next().and_then(Minor::parse);
    let python = version.unwrap_or_else(pythons::preferred);
    if tag.contains("alpine") {
        let release = pythons::release(python).or_else(|| pythons::release(pythons::preferred()));
        return release.map_or_else(String::new, |one| format!("{}-alpine{}", one.version, one.alpine));
    }
    let suite = pythons::suite(python).unwrap_or("trixie");
    if tag.contains("slim") { format!("{python}-slim-{suite}") } else { format!("{python}-{suite}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_file as findings;

    fn check(from: &str, requirements: &str) -> Vec<String> {
        let text = format!("FROM {from}\nRUN pip install django\n");
        findings(RULES, "Dockerfile", &text, &[("requirements.txt", requirements)])
    }

    #[test]
    fn the_image_has_a_python_that_django_runs_on() {
        assert_eq!(check("python:3.9-slim-bookworm", "django==5.2.1\n"), ["dockerfile-python-mismatch:1"]);
        assert!(check("python:3.13-slim-trixie", "django==5.2.1\n").is_empty());
    }

    #[test]
    fn a_fixed_tag_keeps_the_python_and_the_kind_of_image() {
        assert_eq!(fixed("3.11"), "3.11-bookworm");
        assert_eq!(fixed("3.11-slim"), "3.11-slim-bookworm");
        assert_eq!(fixed("3.12-alpine"), "3.12-alpine3.22");
        assert_eq!(fixed("3.8-alpine"), "3.8-alpine3.20");
        assert_eq!(fixed("3.6-alpine"), "3.6-alpine3.15");
        assert_eq!(fixed("slim"), "3.13-slim-trixie");
        assert_eq!(fixed("latest"), "3.13-trixie");
    }

    #[test]
    fn old_pythons_and_moving_tags_are_said() {
        let newer = ("pyproject.toml", "[project]\nname = 'x'\ndependencies = ['django==4.2.1']\n");
        let version = (".python-version", "3.12\n");
        let old = "FROM python:3.8-slim-bookworm\nFROM python:3.8-slim-bookworm\nRUN pip install x\n";
        assert_eq!(findings(RULES, "docs/Dockerfile", old, &[newer, version]), ["dockerfile-python-eol:1"]);
        assert_eq!(check("python:3.13-slim", ""), ["dockerfile-tag-floats:1"]);
        assert_eq!(check("python", ""), ["dockerfile-tag-floats:1"]);
        assert!(check("python:3.13-slim@sha256:abc", "").is_empty());
        assert!(check("python:3.13.1", "").is_empty());
        assert!(check("python:3.13-slim-trixie AS python\nFROM python", "").is_empty());
    }

    #[test]
    fn what_is_said_of_the_project_is_not_said_of_its_image() {
        assert!(check("python:3.8-slim-bookworm", "django==3.2\n").is_empty());
    }

    #[test]
    fn only_what_the_installation_obeys_can_disagree_with_the_image() {
        let text = "FROM python:3.12-slim-trixie\n";
        let stated = (
            "pyproject.toml",
            "[project]\nname = 'x'\nrequires-python = '>=3.13'\ndependencies = ['django==5.2.1']\n",
        );
        assert_eq!(findings(RULES, "Dockerfile", text, &[stated]), ["dockerfile-python-mismatch:1"]);
        let other = ("docker/Dockerfile.worker", "FROM python:3.13-slim-trixie\nRUN pip install x\n");
        assert!(findings(RULES, "Dockerfile", text, &[other]).is_empty());
    }
}
