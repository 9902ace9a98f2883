//! System packages: what is installed, what is missing, and how.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::build::{Installs, installs};
use super::{Dockerfile, Instruction, Stage, System, dockerfiles, is_alpine, is_slim};
use crate::base::codes::check::dockerfile::{
    APT_DIST_UPGRADE, APT_UPDATE_ALONE, COMPILER_IN_IMAGE, SYSTEM_PACKAGE_ABSENT, USER_TOOL_ABSENT,
};
use crate::base::{Diagnostic, Fact, Place, wording};
use crate::check::command_line::SimpleCommand;
use crate::check::{Rule, Subject};
use crate::inspect::facts::SystemPackages;
use crate::inspect::system_packages::{self, Needs};

pub const RULES: &[Rule] = &[
    Rule { codes: &[APT_UPDATE_ALONE, APT_DIST_UPGRADE, USER_TOOL_ABSENT], find: commands },
    Rule { codes: &[SYSTEM_PACKAGE_ABSENT], find: absent },
    Rule { codes: &[COMPILER_IN_IMAGE], find: compiler },
];

fn is_apt(command: &SimpleCommand) -> bool {
    matches!(command.program(), "apt-get" | "apt")
}

/// The packages that a command installs.
pub(crate) fn installed(command: &SimpleCommand) -> Vec<&str> {
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

/// The packages, or groups of them, that a command takes away.
fn removed(command: &SimpleCommand) -> Vec<&str> {
    let says = |words: &[&str]| command.words.iter().any(|word| words.contains(&word.as_str()));
    let removes =
        is_apt(command) && says(&["purge", "remove"]) || command.program() == "apk" && says(&["del"]);
    let names = command.words.iter().skip(1).map(String::as_str).filter(|word| !word.starts_with('-'));
    if removes { names.collect() } else { Vec::new() }
}

fn commands(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in dockerfiles(subject) {
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
                found.extend(user_tool(&file, stage, place, command));
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

fn user_tool(file: &Dockerfile, stage: &Stage, place: &Place, command: &SimpleCommand) -> Option<Diagnostic> {
    let image = file.image_of(stage);
    // Debian's `adduser` is a package of its own, which the slim images of trixie do not have.
    let debian = image.contains("trixie") && is_slim(image);
    let (name, package, instead) = match command.program() {
        "adduser" if debian => ("adduser", "adduser", "useradd --system --uid 10001 app"),
        "addgroup" if debian => ("addgroup", "adduser", "groupadd --system --gid 10001 app"),
        "useradd" if is_alpine(image) => ("useradd", "shadow", "adduser -S -u 10001 app"),
        "groupadd" if is_alpine(image) => ("groupadd", "shadow", "addgroup -S -g 10001 app"),
        _ => return None,
    };
    if !Packages::of(file, stage).may_have(package) {
        return Some(
            Diagnostic::error(USER_TOOL_ABSENT, format!("`{name}` is not part of `{image}`"))
                .at(place, format!("{name}: not found"))
                .help(format!("write `{instead}`")),
        );
    }
    None
}

/// Tells whether an image lacks a program that a script or a command asks for.
pub(crate) fn lacks_program(file: &Dockerfile, stage: &Stage, program: &str) -> bool {
    let image = file.image_of(stage);
    !System::of(image).may_have(image, program) && !Packages::left(file, stage).may_have(program)
}

/// The packages that a stage and those below it install.
pub(super) struct Packages<'a> {
    names: BTreeSet<&'a str>,
    /// A list in a variable names more.
    is_open: bool,
    /// `gcc` is told to bring what it recommends, which is the C library's headers.
    recommended: bool,
}

impl<'a> Packages<'a> {
    pub(super) fn of(file: &'a Dockerfile, stage: &'a Stage) -> Self {
        let mut packages = Self { names: BTreeSet::new(), is_open: false, recommended: false };
        for (_, command) in file.chain(stage).into_iter().flat_map(Stage::commands) {
            let names = installed(command);
            packages.is_open |= names.iter().any(|name| name.contains('$'));
            packages.recommended |=
                names.contains(&"gcc") && !command.words.iter().any(|word| word == "--no-install-recommends");
            packages.names.extend(names);
        }
        packages
    }

    /// Returns the packages that are left: without those that a later command takes away again.
    pub(super) fn left(file: &'a Dockerfile, stage: &'a Stage) -> Self {
        let mut packages = Self::of(file, stage);
        // A group that `apk add --virtual NAME` makes is taken away by its name.
        let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let chain: Vec<&SimpleCommand> = file
            .chain(stage)
            .into_iter()
            .rev()
            .flat_map(Stage::commands)
            .map(|(_, command)| command)
            .collect();
        // What a package of Debian brought stays until nothing needs it is asked to go.
        let sweeps = chain.iter().any(|command| {
            command
                .words
                .iter()
                .any(|word| matches!(word.as_str(), "autoremove" | "--auto-remove" | "--autoremove"))
        });
        for command in chain {
            let mut words = command.words.iter().map(String::as_str);
            let group = command.words.iter().find_map(|word| word.strip_prefix("--virtual="));
            let group =
                group.or_else(|| words.find(|word| matches!(*word, "--virtual" | "-t")).and(words.next()));
            if let Some(group) = group {
                groups.entry(group).or_default().extend(installed(command));
            } else if sweeps || !is_apt(command) {
                for name in removed(command) {
                    packages.names.remove(name);
                    for member in groups.remove(name).unwrap_or_default() {
                        packages.names.remove(member);
                    }
                }
            }
        }
        packages
    }

    /// Tells whether `package` is there, by itself or within one that brings it, as far as that can be seen.
    pub(super) fn may_have(&self, package: &str) -> bool {
        let through: &[&str] = match package {
            "gcc" | "make" => &["build-essential", "g++", "build-base", "alpine-sdk"],
            "g++" => &["build-essential", "build-base", "alpine-sdk"],
            "libc6-dev" if self.recommended => return true,
            "libc6-dev" => &["build-essential", "g++", "python3-dev"],
            "default-libmysqlclient-dev" => {
                &["libmariadb-dev", "libmariadb-dev-compat", "libmysqlclient-dev"]
            }
            "libldap-dev" => &["libldap2-dev"],
            // Alpine's.
            "musl-dev" => &["build-base", "alpine-sdk", "python3-dev", "libc-dev", "g++"],
            "libpq-dev" => &["postgresql-dev"],
            "mariadb-dev" => &["mysql-dev", "mariadb-connector-c-dev"],
            "pkg-config" | "pkgconf" => &["pkg-config", "pkgconf"],
            _ => &[],
        };
        self.is_open || self.names.contains(package) || through.iter().any(|name| self.names.contains(name))
    }

    /// Tells whether a library may be installed: packages named for it count, and clients of a database.
    pub(super) fn may_have_library(&self, package: &str) -> bool {
        let stem = package.strip_prefix("lib").unwrap_or(package);
        let stem: String = stem.chars().take_while(char::is_ascii_alphabetic).collect();
        let stems: &[&str] = match stem.as_str() {
            "mariadb" => &["mariadb", "mysql"],
            "pq" => &["libpq", "postgresql"],
            "magic" => &["magic", "file"],
            "gdal" => &["gdal"],
            "geos" | "proj" => &["geos", "proj", "gdal"],
            other => &[other],
        };
        self.is_open || self.names.iter().any(|name| stems.iter().any(|stem| name.contains(stem)))
    }
}

fn absent(subject: &Subject<'_>) -> Vec<Diagnostic> {
    dockerfiles(subject)
        .iter()
        .filter_map(|file| file.stages.iter().find_map(|stage| lacks(subject, file, stage)))
        .collect()
}

/// The system packages that the distributions need in an image of Python without the usual ones, of Debian or Alpine;
/// `None` for every other image, and for another Python than the project's: what has to be compiled depends on it, and
/// only the project's own was looked up.
pub(super) fn needed<'a>(subject: &Subject<'a>, image: &str) -> Option<Cow<'a, Fact<SystemPackages>>> {
    let (_, tag) = image.rsplit_once("python:")?;
    let python = tag.split('-').next()?;
    let facts = subject.facts;
    if facts.python_version.value.as_deref() != Some(python) {
        return None;
    }
    if is_alpine(image) {
        let geodjango = facts.installed_apps.value.iter().any(|app| app == "django.contrib.gis");
        let no_binary = facts.install.as_ref().map(|install| install.no_binary.clone()).unwrap_or_default();
        let needs = Needs { geodjango, no_binary, ..Needs::default() };
        return Some(Cow::Owned(system_packages::needed(&facts.distributions, &needs, python, "alpine")));
    }
    is_slim(image).then_some(Cow::Borrowed(&facts.system_packages))
}

/// A stage that installs the production requirements on a slim image of Python, without what they are compiled with.
fn lacks(subject: &Subject<'_>, file: &Dockerfile, stage: &Stage) -> Option<Diagnostic> {
    let image = file.image_of(stage);
    let needed = needed(subject, image)?;
    // Onto what another stage installed only the rest is installed.
    let is_there = |(_, instruction): &(Place, Instruction)| matches!(instruction, Instruction::CopyFrom { sources, .. } if sources.iter().any(|source| source.contains("site-packages")));
    if file.chain(stage).into_iter().flat_map(|stage| &stage.instructions).any(is_there) {
        return None;
    }
    let (place, _) = stage.commands().find(|(_, command)| match installs(command) {
        Some(Installs::Lockfile) => true,
        Some(Installs::Files(names)) => {
            let read = &subject.facts.requirements_files.value;
            names.iter().any(|name| read.iter().any(|file| file.file_name() == name.rsplit('/').next()))
        }
        None => false,
    })?;
    let packages = Packages::of(file, stage);
    let translates = stage.commands().any(|(_, command)| command.manages("compilemessages"));
    let missing: Vec<&str> = needed
        .value
        .build
        .iter()
        .map(String::as_str)
        // Translations are compiled by a command of their own; the certificates are in every Python image.
        .filter(|package| match *package {
            "gettext" => translates,
            "ca-certificates" => false,
            _ => true,
        })
        .filter(|package| !packages.may_have(package))
        .collect();
    if missing.is_empty() {
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
    )
    .at(place, format!("compiles, and `{image}` has no compiler and no headers"));
    for evidence in &needed.evidence {
        if missing.iter().any(|package| evidence.reason.contains(package))
            || evidence.reason.ends_with("is compiled")
        {
            diagnostic = diagnostic.because(format!("{}: {}", evidence.place, evidence.reason));
        }
    }
    Some(diagnostic.help(format!(
        "install them before the requirements: `{} {}`",
        System::of(image).install(),
        missing.join(" ")
    )))
}

fn compiler(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let files = dockerfiles(subject);
    let deployed = files.iter().filter(|file| !file.is_for_development() && !file.is_base());
    deployed.filter_map(compiler_stays).collect()
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
    use crate::check::testing::of_file as findings;

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
        let shadow = "FROM python:3.13-alpine3.22\nRUN apk add --no-cache shadow && useradd app\n";
        assert!(findings(RULES, "Dockerfile", shadow, &[]).is_empty());
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
        assert_eq!(findings(RULES, "Dockerfile", text, &requirements), ["system-package-absent:2"]);
        let installs = |packages: &str| {
            let text = format!(
                "FROM python:3.13-slim-trixie\nRUN apt-get update && apt-get install -y {packages}\nRUN pip install -r requirements.txt\n"
            );
            findings(RULES, "Dockerfile.dev", &text, &requirements)
        };
        assert!(installs("gcc pkg-config default-libmysqlclient-dev").is_empty());
        assert!(installs("--no-install-recommends g++ pkg-config libmariadb-dev").is_empty());
        assert_eq!(
            installs("--no-install-recommends gcc pkg-config libmariadb-dev"),
            ["system-package-absent:3"]
        );
        // What a variable holds may be all of them.
        assert!(installs("$BUILD_DEPENDENCIES").is_empty());
    }

    #[test]
    fn only_what_installs_the_requirements_compiles_them() {
        let requirements = [("requirements.txt", "django==5.2\nmysqlclient==2.2.7\n")];
        let check = |from: &str, run: &str| {
            findings(RULES, "Dockerfile", &format!("FROM {from}\n{run}\n"), &requirements)
        };
        assert!(check("python:3.13-bookworm", "RUN pip install -r requirements.txt").is_empty());
        assert!(
            check("python:3.13-slim-bookworm", "RUN pip install --no-index --find-links=/wheels /wheels/*")
                .is_empty()
        );
        assert!(
            check("python:3.13-slim-bookworm", "RUN pip install -r docs/requirements-docs.txt").is_empty()
        );
    }
}
