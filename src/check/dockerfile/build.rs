//! Rules about the build of the image.

use super::{Dockerfile, Instruction, Stage, dockerfiles};
use crate::base::codes::check::dockerfile::{
    DEV_REQUIREMENTS_IN_IMAGE, DOCKERFILE_ADD, DOCKERFILE_MAINTAINER, DOCKERFILE_MIGRATES,
    DOCKERFILE_SOURCE_FIRST, DOCKERFILE_SUPERUSER, DOCKERIGNORE_ABSENT, DOCKERIGNORE_LETS_ENV_IN,
    POETRY_EXPORT_GONE,
};
use crate::base::{Diagnostic, Place, path};
use crate::check::command_line::SimpleCommand;
use crate::check::{Rule, Subject, at_places};

pub const RULES: &[Rule] = &[
    Rule {
        codes: &[DOCKERFILE_MIGRATES, DOCKERFILE_SUPERUSER, DEV_REQUIREMENTS_IN_IMAGE, POETRY_EXPORT_GONE],
        find: commands,
    },
    Rule { codes: &[DOCKERFILE_SOURCE_FIRST], find: order },
    Rule { codes: &[DOCKERFILE_ADD, DOCKERFILE_MAINTAINER], find: outdated },
    Rule { codes: &[DOCKERIGNORE_ABSENT, DOCKERIGNORE_LETS_ENV_IN], find: ignore },
];

fn commands(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in dockerfiles(subject) {
        let exports = has_export(&file);
        let kept: Vec<&Place> = file
            .last()
            .map(|last| {
                file.chain(last).into_iter().flat_map(Stage::commands).map(|(place, _)| place).collect()
            })
            .unwrap_or_default();
        for (place, command) in file.commands() {
            if command.manages("migrate") || command.manages("makemigrations") {
                found.push(migrates(place));
            } else if ["createsuperuser", "createsu"].iter().any(|name| command.manages(name)) {
                found.push(superuser(place));
            } else if command.is("poetry", "export") && !exports {
                found.push(poetry_export(place));
            } else if let Some(name) =
                dev_requirements(command).filter(|_| !file.is_for_development() && kept.contains(&place))
            {
                found.push(dev_install(place, name));
            }
        }
    }
    found
}

fn migrates(place: &Place) -> Diagnostic {
    Diagnostic::error(DOCKERFILE_MIGRATES, "the image's build runs migrations")
        .at(place, "run while the image is built")
        .because("no database service is there during a build; with SQLite the database is baked into a layer and every new container starts from it")
        .help("migrate once before the others start: a compose service with `command: python manage.py migrate` and `condition: service_completed_successfully`")
}

fn superuser(place: &Place) -> Diagnostic {
    Diagnostic::error(DOCKERFILE_SUPERUSER, "the image's build creates a superuser")
        .at(place, "run while the image is built")
        .because("the account goes to the build's database, and the hash of its password into an image layer")
        .help("do it when the stack runs: `docker compose exec web python manage.py createsuperuser`")
}

/// Tells whether a Poetry that can export is asked for: an old one, or the plugin.
fn has_export(file: &Dockerfile) -> bool {
    let plugin = |word: &String| word.contains("poetry-plugin-export");
    has_old_poetry(file) || file.commands().any(|(_, command)| command.words.iter().any(plugin))
}

/// Tells whether a Poetry before 2.0 is asked for.
pub(super) fn has_old_poetry(file: &Dockerfile) -> bool {
    let is_old =
        |version: &str| version.trim_start_matches(['=', '~', '^', '<', ' ']).starts_with(['0', '1']);
    let asked = file.commands().any(|(_, command)| {
        command.words.iter().any(|word| {
            word.strip_prefix("poetry").is_some_and(|rest| {
                is_old(rest) && rest.starts_with(['=', '~', '<']) || rest == "<2" || rest == "<2.0"
            })
        })
    });
    asked
        || file.instructions().any(|(_, instruction)| {
            matches!(instruction, Instruction::Variables { assignments, .. } if assignments.iter().any(|(name, value)| {
                name.contains("POETRY") && name.contains("VERSION") && value.as_deref().is_some_and(is_old)
            }))
        })
}

fn poetry_export(place: &Place) -> Diagnostic {
    Diagnostic::error(POETRY_EXPORT_GONE, "`poetry export` is not part of Poetry since 2.0")
        .at(place, "fails with `The command \"export\" does not exist`")
        .help("install from the lockfile: `poetry install --only main --no-root`")
        .help("or add the plugin: `pip install poetry-plugin-export`")
}

fn dev_requirements(command: &SimpleCommand) -> Option<&str> {
    if !matches!(command.program(), "pip" | "pip3") && !command.words.iter().any(|word| word == "pip") {
        return None;
    }
    let files = command.words.iter().map(String::as_str).filter(|word| word.ends_with(".txt"));
    files.into_iter().find(|file| {
        let parts = file.split(['/', '.', '-', '_']);
        parts
            .into_iter()
            .any(|part| matches!(part, "dev" | "develop" | "development" | "local" | "test" | "tests"))
    })
}

fn dev_install(place: &Place, name: &str) -> Diagnostic {
    Diagnostic::warning(
        DEV_REQUIREMENTS_IN_IMAGE,
        format!("the image installs `{name}`, which by its name is for development"),
    )
    .at(place, "installed here")
    .because("test runners and debuggers make the image larger, and a debug toolbar is a way in")
    .help("install the production requirements in the image that is deployed")
}

fn order(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in dockerfiles(subject) {
        for stage in &file.stages {
            found.extend(source_first(subject, stage));
        }
    }
    found
}

fn source_first(subject: &Subject<'_>, stage: &Stage) -> Option<Diagnostic> {
    let at = stage.instructions.iter().position(|(_, instruction)| copies_everything(instruction))?;
    let install = |(place, instruction): &(Place, Instruction)| match instruction {
        Instruction::Run { commands, .. } => commands
            .iter()
            .find(|command| installs(command).is_some())
            .map(|command| (place.clone(), command.clone())),
        _ => None,
    };
    let (before, after) = stage.instructions.split_at(at);
    // Where the requirements came first, what is installed afterwards is the project itself.
    if before.iter().any(|instruction| install(instruction).is_some()) {
        return None;
    }
    let (place, command) = after.iter().find_map(install)?;
    let manifest = match installs(&command) {
        Some(Installs::Lockfile) => "pyproject.toml *.lock".to_owned(),
        _ => subject.manifest().rsplit('/').next().unwrap_or_default().to_owned(),
    };
    let (copied, _) = after.first()?;
    Some(
        Diagnostic::warning(
            DOCKERFILE_SOURCE_FIRST,
            "the source is copied before the requirements are installed",
        )
        .at(copied, "every edit of a file changes this layer")
        .because(format!("so each build installs everything again at {place}"))
        .help(format!("copy the manifest first: `COPY {manifest} ./`, install, and then `COPY . .`")),
    )
}

fn copies_everything(instruction: &Instruction) -> bool {
    matches!(instruction, Instruction::Copy { sources, .. } if sources.iter().any(|source| source == "." || source == "./"))
}

/// The requirements that a command installs.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Installs<'a> {
    /// These files of them (or the project itself, as `.`).
    Files(Vec<&'a str>),
    /// Everything that the manager's manifest and lockfile state.
    Lockfile,
}

/// Tools that are installed by name (`pip install poetry`) and wheels that are already built are none of them.
pub(super) fn installs(command: &SimpleCommand) -> Option<Installs<'_>> {
    let pip = ["pip", "pip3"].iter().any(|pip| command.is(pip, "install") || command.is(pip, "wheel"));
    let by_lock = ["poetry", "pipenv", "pdm"].iter().any(|manager| command.is(manager, "install"))
        || command.is("uv", "sync")
        || command.is("pdm", "sync")
        || command.is("pipenv", "sync");
    if by_lock {
        return Some(Installs::Lockfile);
    }
    if !pip && !command.is("uv", "pip") {
        return None;
    }
    let words: Vec<&str> = command.words.iter().map(String::as_str).collect();
    if words.iter().any(|word| *word == "--no-index" || word.starts_with("--find-links")) {
        return None;
    }
    let mut files = Vec::new();
    for (at, word) in words.iter().enumerate() {
        match *word {
            "-r" | "--requirement" => files.extend(words.get(at + 1)),
            "." => files.push("."),
            word => files.extend(word.strip_prefix("--requirement=").or_else(|| word.strip_prefix("-r"))),
        }
    }
    (!files.is_empty()).then_some(Installs::Files(files))
}

fn outdated(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in dockerfiles(subject) {
        let places = |wanted: fn(&Instruction) -> bool| -> Vec<&Place> {
            file.instructions()
                .filter(|(_, instruction)| wanted(instruction))
                .map(|(place, _)| place)
                .collect()
        };
        let at_all = |diagnostic: Diagnostic, places: &[&Place], label: &str| {
            at_places(diagnostic, places.iter().map(|place| (*place, label.to_owned())))
        };
        let maintainers = places(|instruction| matches!(instruction, Instruction::Maintainer));
        if !maintainers.is_empty() {
            let diagnostic = Diagnostic::note(DOCKERFILE_MAINTAINER, "`MAINTAINER` is deprecated");
            found.push(
                at_all(diagnostic, &maintainers, "since Docker 1.13")
                    .help("write `LABEL org.opencontainers.image.authors=\"…\"`"),
            );
        }
        let added = places(
            |instruction| matches!(instruction, Instruction::Copy { add: true, sources, .. } if sources.iter().all(|source| is_plain(source))),
        );
        if !added.is_empty() {
            let diagnostic =
                Diagnostic::note(DOCKERFILE_ADD, "`ADD` copies local files, which `COPY` says more plainly");
            found.push(at_all(diagnostic, &added, "nothing here is unpacked or fetched").help(
                "write `COPY`: `ADD` also unpacks archives and follows addresses, which surprises readers",
            ));
        }
    }
    found
}

/// Neither an address nor an archive that `ADD` would unpack.
fn is_plain(source: &str) -> bool {
    let archive =
        [".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2", ".txz"].iter().any(|end| source.ends_with(end));
    !archive && !source.contains("://") && !source.starts_with("git@")
}

fn ignore(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let any =
        subject.tree.files().any(|path| path.file_name().is_some_and(|name| name.ends_with(".dockerignore")));
    let files = dockerfiles(subject);
    let copied = files
        .iter()
        .flat_map(Dockerfile::instructions)
        .find(|(_, instruction)| copies_everything(instruction));
    let Some((place, _)) = copied else { return Vec::new() };
    if any {
        return lets_env_in(subject, &files, place).into_iter().collect();
    }
    vec![
        Diagnostic::warning(DOCKERIGNORE_ABSENT, "the whole folder is copied into the image, and there is no .dockerignore")
            .at(place, "copies `.env`, `.git`, databases and keys too")
            .because("an image is copied to servers and registries, and whoever has it can read them")
            .help("`djdock init` writes one; by hand, begin with `.env*`, `.git`, `*.sqlite3`, `*.pem`, `.venv`, `node_modules`"),
    ]
}

/// A .dockerignore at the root that leaves `.env` to `COPY . .`, in a project that has one.
fn lets_env_in(subject: &Subject<'_>, files: &[Dockerfile], place: &Place) -> Option<Diagnostic> {
    let tree = subject.tree;
    let rules = tree.text(".dockerignore")?;
    // Each Dockerfile may have rules of its own, and a context further down has others.
    let is_alone = files.iter().all(|file| !tree.is_file(format!("{}.dockerignore", file.path)));
    let is_root = place.path().is_some_and(|path| path::parent(path) == ".");
    let has_one = tree.is_file(".env") || tree.left_out(".env").is_some() || tree.is_file(".env.example");
    (is_alone && is_root && has_one && !rules.lines().any(keeps_env_out)).then(|| {
        Diagnostic::warning(DOCKERIGNORE_LETS_ENV_IN, "`.dockerignore` does not keep `.env` out of the image")
            .at(place, "copies it with the rest")
            .because(
                "whoever can pull the image can read the passwords and keys of the machine that built it",
            )
            .help("add a line to .dockerignore: `**/.env*`")
    })
}

/// Tells whether a line of a .dockerignore matches `.env` at the root.
fn keeps_env_out(line: &str) -> bool {
    let rule = line.trim();
    let rule = rule.trim_start_matches("./").trim_start_matches('/');
    let rule = rule.strip_prefix("**/").unwrap_or(rule).trim_end_matches('/');
    matches!(rule, ".env" | ".env*" | "*.env" | "*.env*" | ".*" | "*" | "**" | ".e*")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_file as findings;

    fn check(body: &str) -> Vec<String> {
        let text = format!("FROM python:3.13-slim-trixie\n{body}\n");
        findings(RULES, "Dockerfile", &text, &[(".dockerignore", ".git\n")])
    }

    #[test]
    fn builds_do_not_touch_the_database() {
        assert_eq!(check("RUN python manage.py migrate"), ["dockerfile-migrates:2"]);
        assert_eq!(check("RUN python manage.py createsu"), ["dockerfile-superuser:2"]);
        assert!(check("RUN python manage.py collectstatic --noinput").is_empty());
    }

    #[test]
    fn requirements_are_those_of_production_and_come_first() {
        assert_eq!(check("RUN pip install -r .requirements/dev.txt"), ["dev-requirements-in-image:2"]);
        assert_eq!(check("COPY . .\nRUN pip install -r requirements.txt"), ["dockerfile-source-first:2"]);
        assert!(check("COPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .").is_empty());
        let documented = "COPY uv.lock .\nRUN uv sync --no-install-project\nCOPY . .\nRUN uv sync";
        assert!(check(documented).is_empty());
        assert!(check("COPY . .\nRUN pip install gunicorn").is_empty());
        let stages = "RUN pip install -r requirements/dev.txt\nFROM python:3.13\nCMD [\"true\"]";
        assert!(check(stages).is_empty());
    }

    #[test]
    fn only_a_poetry_that_cannot_export_is_named() {
        assert_eq!(check("RUN poetry export -o r.txt"), ["poetry-export-gone:2"]);
        assert!(check("RUN pip install poetry==1.8.3\nRUN poetry export -o r.txt").is_empty());
        assert!(check("ENV POETRY_VERSION=1.7.1\nRUN poetry export -o r.txt").is_empty());
        assert!(check("RUN pip install poetry poetry-plugin-export && poetry export -o r.txt").is_empty());
    }

    #[test]
    fn outdated_instructions_are_notes() {
        assert_eq!(
            check("MAINTAINER me\nADD requirements.txt /app/\nADD . /app/"),
            ["dockerfile-maintainer:2", "dockerfile-add:3"]
        );
        assert!(check("ADD rootfs.tar.gz /").is_empty());
    }

    #[test]
    fn copying_everything_needs_an_ignore_file() {
        let text = "FROM python:3.13-slim-trixie\nCOPY . /app\n";
        assert_eq!(findings(RULES, "Dockerfile", text, &[]), ["dockerignore-absent:2"]);
        assert!(findings(RULES, "Dockerfile", text, &[(".dockerignore", ".env\n")]).is_empty());
    }

    #[test]
    fn failure_16_an_env_file_stays_out_of_the_image() {
        let text = "FROM python:3.13-slim-trixie\nCOPY . /app\n";
        let of = |rules: &str, env: &str| {
            findings(RULES, "Dockerfile", text, &[(".dockerignore", rules), (env, "A=1\n")])
        };
        assert_eq!(of(".git\n*.pyc\n", ".env.example"), ["dockerignore-lets-env-in:2"]);
        for rules in [".env\n", "/.env\n", "**/.env*\n", "*\n!src\n", ".*\n"] {
            assert!(of(rules, ".env").is_empty(), "{rules}");
        }
        assert!(of(".git\n", "notes.txt").is_empty());
    }
}
