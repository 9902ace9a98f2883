//! System packages: what is installed, what is missing, and how.

use std::collections::BTreeSet;

use super::{Dockerfile, Stage, dockerfiles};
use crate::base::codes::check::dockerfile::{
    APT_DIST_UPGRADE, APT_UPDATE_ALONE, COMPILER_IN_IMAGE, SYSTEM_PACKAGE_ABSENT, USER_TOOL_ABSENT,
};
use crate::base::{Diagnostic, Place, wording};
use crate::check::command_line::SimpleCommand;
use crate::check::{Rule, Subject};

pub const RULES: &[Rule] = &[
    Rule { codes: &[APT_UPDATE_ALONE, APT_DIST_UPGRADE, USER_TOOL_ABSENT], find: commands },
    Rule { codes: &[SYSTEM_PACKAGE_ABSENT], find: absent },
    Rule { codes: &[COMPILER_IN_IMAGE], find: compiler },
];

fn is_apt(command: &SimpleCommand) -> bool {
    matches!(command.program(), "apt-get" | "apt")
}

/// The packages that a command installs.
fn installed(command: &SimpleCommand) -> Vec<&str> {
    let installs = is_apt(command) && command.words.iter().any(|word| word == "install")
        || command.program() == "apk" && command.words.iter().any(|word| word == "add");
    if !installs {
        return Vec::new();
    }
    let names = command.words.iter().skip(1).map(String::as_str).filter(|word| !word.starts_with('-'));
    names
        .filter(|word| !matches!(*word, "install" | "add"))
        .map(|word| word.split('=').next().unwrap_or(word))
        .collect()
}

fn commands(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in dockerfiles(subject.tree) {
        for stage in &file.stages {
            let mut update: Option<&Place> = None;
            for (place, command) in stage.commands() {
                if is_apt(command)
                    && command.words.iter().any(|word| word == "dist-upgrade" || word == "upgrade")
                {
                    found.push(upgrades(place));
                }
                if is_apt(command) && command.words.iter().any(|word| word == "update") {
                    update = Some(place);
                } else if !installed(command).is_empty() && is_apt(command) {
                    found.extend(
                        update
                            .take()
                            .filter(|update| *update != place)
                            .map(|update| update_alone(update, place)),
                    );
                }
                found.extend(user_tool(stage, place, command));
            }
        }
    }
    found
}

fn upgrades(place: &Place) -> Diagnostic {
    Diagnostic::note(APT_DIST_UPGRADE, "the build upgrades the system's packages")
        .at(place, "run at every build that is not cached")
        .because("two builds of one Dockerfile give different systems, and the layer holds each upgraded package twice")
        .help("take a newer tag of the base image instead")
}

fn update_alone(update: &Place, install: &Place) -> Diagnostic {
    Diagnostic::warning(APT_UPDATE_ALONE, "`apt-get update` is a layer of its own")
        .at(update, "cached, while the package lists age")
        .because(format!("the installation at {install} then asks for versions that the mirror no longer has: 404"))
        .help("join them: `RUN apt-get update && apt-get install -y --no-install-recommends … && rm -rf /var/lib/apt/lists/*`")
}

fn user_tool(stage: &Stage, place: &Place, command: &SimpleCommand) -> Option<Diagnostic> {
    let (name, instead) = match command.program() {
        // Debian's `adduser` is a package of its own, which the slim images of trixie do not have.
        "adduser" if stage.from.contains("trixie") && stage.is_slim() => {
            ("adduser", "useradd --system --uid 10001 app")
        }
        "addgroup" if stage.from.contains("trixie") && stage.is_slim() => {
            ("addgroup", "groupadd --system --gid 10001 app")
        }
        "useradd" if stage.is_alpine() => ("useradd", "adduser -S -u 10001 app"),
        "groupadd" if stage.is_alpine() => ("groupadd", "addgroup -S -g 10001 app"),
        _ => return None,
    };
    Some(
        Diagnostic::error(USER_TOOL_ABSENT, format!("`{name}` is not part of `{}`", stage.from))
            .at(place, format!("{name}: not found"))
            .help(format!("write `{instead}`")),
    )
}

fn absent(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let needed = &subject.facts.system_packages.value;
    let files = dockerfiles(subject.tree);
    let slim = files
        .iter()
        .filter(|file| file.stages.iter().any(Stage::is_slim) && !file.stages.iter().any(Stage::is_alpine));
    slim.filter_map(|file| {
        let have: BTreeSet<&str> = file.commands().flat_map(|(_, command)| installed(command)).collect();
        // Another image's packages cannot be seen: only a file that installs on its own is judged.
        let own = file
            .stages
            .iter()
            .all(|stage| stage.from.contains("python:") || file.stage_named(&stage.from).is_some());
        let missing: Vec<&str> =
            needed.build.iter().map(String::as_str).filter(|package| !provides(&have, package)).collect();
        if !own || missing.is_empty() {
            return None;
        }
        let mut diagnostic = Diagnostic::error(
            SYSTEM_PACKAGE_ABSENT,
            format!(
                "`{}` lacks {} to install the requirements: {}",
                file.path,
                wording::count(missing.len(), "system package"),
                wording::and_ticked(&missing)
            ),
        );
        if let Some(stage) = file.stages.first() {
            diagnostic = diagnostic.at(&stage.place, "a slim image: no compiler and no headers");
        }
        for evidence in &subject.facts.system_packages.evidence {
            diagnostic = diagnostic.because(format!("{}: {}", evidence.place, evidence.reason));
        }
        Some(diagnostic.help(format!(
            "install them before the requirements: `apt-get install -y --no-install-recommends {}`",
            missing.join(" ")
        )))
    })
    .collect()
}

/// Whether `package` is there, by itself or within one that brings it.
fn provides(have: &BTreeSet<&str>, package: &str) -> bool {
    let through: &[&str] = match package {
        "gcc" | "g++" | "libc6-dev" | "make" => &["build-essential"],
        "default-libmysqlclient-dev" => &["libmariadb-dev", "libmariadb-dev-compat", "libmysqlclient-dev"],
        "pkg-config" | "pkgconf" => &["pkg-config", "pkgconf"],
        _ => &[],
    };
    have.contains(package) || through.iter().any(|name| have.contains(name))
}

fn compiler(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let files = dockerfiles(subject.tree);
    files.iter().filter(|file| !file.is_for_development()).filter_map(compiler_stays).collect()
}

fn compiler_stays(file: &Dockerfile) -> Option<Diagnostic> {
    const COMPILERS: [&str; 5] = ["build-essential", "gcc", "g++", "build-base", "clang"];
    let last = file.last()?;
    let removed = last.commands().any(|(_, command)| {
        command.words.iter().any(|word| matches!(word.as_str(), "purge" | "remove" | "autoremove" | "del"))
    });
    let (place, name) = last.commands().find_map(|(place, command)| {
        Some((place, installed(command).into_iter().find(|package| COMPILERS.contains(package))?))
    })?;
    (!removed).then(|| {
        Diagnostic::note(COMPILER_IN_IMAGE, format!("`{name}` stays in the image that is deployed"))
            .at(place, "needed only to install")
            .because("it makes the image a few hundred megabytes larger, and helps whoever breaks in")
            .help("install in a stage of its own and copy the virtual environment: `COPY --from=builder /opt/venv /opt/venv`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::dockerfile::testing::findings;

    fn check(body: &str) -> Vec<String> {
        findings(RULES, "Dockerfile", &format!("FROM python:3.13-slim-trixie\n{body}\n"), &[])
    }

    #[test]
    fn package_lists_are_updated_where_they_are_used() {
        assert_eq!(check("RUN apt-get update\nRUN apt-get install -y libpq5"), ["apt-update-alone:2"]);
        assert!(check("RUN apt-get update && apt-get install -y libpq5").is_empty());
        assert_eq!(check("RUN apt-get update && apt-get -y dist-upgrade"), ["apt-dist-upgrade:2"]);
    }

    #[test]
    fn users_are_made_with_what_the_system_has() {
        assert_eq!(check("RUN adduser --system app"), ["user-tool-absent:2"]);
        let alpine = "FROM python:3.13-alpine3.22\nRUN useradd app\n";
        assert_eq!(findings(RULES, "Dockerfile", alpine, &[]), ["user-tool-absent:2"]);
    }

    #[test]
    fn a_compiler_does_not_stay() {
        assert_eq!(
            check("RUN apt-get update && apt-get install -y build-essential"),
            ["compiler-in-image:2"]
        );
        assert!(check("RUN apt-get update && apt-get install -y gcc && apt-get purge -y gcc").is_empty());
    }

    #[test]
    fn what_the_requirements_compile_with_is_installed() {
        let text = "FROM python:3.13-slim-trixie\nRUN pip install -r requirements.txt\n";
        let requirements = [("requirements.txt", "django==5.2\nmysqlclient==2.2.7\n")];
        assert_eq!(findings(RULES, "Dockerfile", text, &requirements), ["system-package-absent:1"]);
    }
}
