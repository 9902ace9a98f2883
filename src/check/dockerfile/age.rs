//! Images whose system or program gets no fixes any more.

use std::collections::BTreeSet;

use super::{Dockerfile, Stage, dockerfiles};
use crate::base::codes::check::dockerfile::DOCKERFILE_IMAGE_EOL;
use crate::base::{Diagnostic, Severity};
use crate::check::{Rule, Subject};
use crate::knowledge::support::{self, Ended};

pub const RULES: &[Rule] = &[Rule { codes: &[DOCKERFILE_IMAGE_EOL], find }];

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in dockerfiles(subject) {
        let mut said = BTreeSet::new();
        for stage in file.stages.iter().filter(|stage| stage.is_on_image()) {
            let mut ended = support::ended(&stage.from);
            ended.retain(|one| said.insert(one.name.clone()));
            found.extend(is_over(&file, stage, &ended));
        }
    }
    found
}

fn is_over(file: &Dockerfile, stage: &Stage, ended: &[Ended]) -> Option<Diagnostic> {
    let names: Vec<&str> = ended.iter().map(|one| one.name.as_str()).collect();
    let title = match names.as_slice() {
        [] => return None,
        [name] => format!("the image `{}` has {name}, which gets no security fixes", stage.from),
        names => {
            format!("the image `{}` has {}, which get no security fixes", stage.from, names.join(" and "))
        }
    };
    let cannot_build = ended.iter().any(|one| one.gone) && installs_packages(file, stage);
    let severity = if cannot_build { Severity::Error } else { Severity::Warning };
    let mut diagnostic =
        Diagnostic::new(DOCKERFILE_IMAGE_EOL, severity, title).at(&stage.place, "chosen here");
    for one in ended {
        diagnostic = diagnostic.because(format!("{} had its last security fixes on {}", one.name, one.end));
    }
    if cannot_build {
        diagnostic = diagnostic.because(
            "its packages have left the mirrors: `apt-get update` ends with 404, and the build with it",
        );
    }
    Some(diagnostic.help(if stage.from.contains("python") && !stage.from.contains("alpine") {
        "take the same Python on a newer Debian, and look whether the packages that are installed changed their names"
    } else {
        "move to a newer tag"
    }))
}

/// Tells whether a stage on the image, or one that stands on it, asks apt for anything from Debian's own mirrors.
fn installs_packages(file: &Dockerfile, stage: &Stage) -> bool {
    let above =
        file.stages.iter().filter(|other| file.chain(other).iter().any(|below| std::ptr::eq(*below, stage)));
    let mut commands = above.flat_map(Stage::commands).map(|(_, command)| command);
    let says =
        |text: &str| file.commands().any(|(_, command)| command.words.iter().any(|word| word.contains(text)));
    let updates = commands.any(|command| {
        matches!(command.program(), "apt-get" | "apt") && command.words.iter().any(|word| word == "update")
    });
    // Who names other sources knows of it.
    updates && !says("archive.debian.org") && !says("sources.list") && !says("old-releases")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Tree;
    use crate::check::testing::of_file as findings;
    use crate::inspect::Facts;

    #[test]
    fn systems_without_fixes_are_said_once_for_a_file() {
        let check = |text: &str| findings(RULES, "Dockerfile", text, &[]);
        let twice = "FROM python:3.8-slim-buster AS build\nRUN pip install x\nFROM python:3.8-slim-buster\n";
        assert_eq!(check(twice), ["dockerfile-image-eol:1"]);
        assert_eq!(check("FROM ubuntu:16.04\nRUN pip install x\n"), ["dockerfile-image-eol:1"]);
        assert_eq!(
            check("FROM node:14-alpine AS assets\nFROM python:3.13-slim-trixie\n"),
            ["dockerfile-image-eol:1"]
        );
        assert!(check("FROM python:3.13-slim-trixie\nRUN pip install x\n").is_empty());
        assert!(check("FROM python:3.8\nRUN pip install x\n").is_empty());
    }

    #[test]
    fn what_cannot_be_built_any_more_is_an_error() {
        let severity = |text: &str| {
            let tree = Tree::from_literals([("Dockerfile", text)]);
            find(&Subject::new(&tree, &Facts::default()))[0].severity
        };
        let apt = "FROM python:3.8-slim-buster\nRUN apt-get update && apt-get install -y gcc\n";
        assert_eq!(severity(apt), Severity::Error);
        assert_eq!(severity("FROM python:3.8-slim-buster\nRUN pip install x\n"), Severity::Warning);
        let archive = "FROM python:3.8-slim-buster\nRUN sed -i s/deb/archive/ /etc/apt/sources.list\nRUN apt-get update\n";
        assert_eq!(severity(archive), Severity::Warning);
    }
}
