//! Rules about what the image lacks when its build or its process asks for it.

use std::collections::BTreeMap;

use super::build::installs;
use super::packages::Packages;
use super::{Dockerfile, Instruction, Stage, System, dockerfiles, is_alpine};
use crate::base::codes::check::dockerfile::{
    COLLECTSTATIC_NEEDS_VARIABLES, OUTPUT_BUFFERED, RUNTIME_LIBRARY_ABSENT,
};
use crate::base::{Diagnostic, Place, wording};
use crate::check::command_line::SimpleCommand;
use crate::check::compose::compose_files;
use crate::check::subject::settings_with;
use crate::check::{Rule, Subject};
use crate::knowledge::system_packages::is_optional;
use crate::python::{Failure, FailureKind};

pub const RULES: &[Rule] = &[
    Rule { codes: &[COLLECTSTATIC_NEEDS_VARIABLES], find: collectstatic },
    Rule { codes: &[RUNTIME_LIBRARY_ABSENT], find: libraries },
    Rule { codes: &[OUTPUT_BUFFERED], find: buffered },
];

fn collectstatic(subject: &Subject<'_>) -> Vec<Diagnostic> {
    // An env file of the project may hold any of them, and is copied with the source.
    let has_env_file = subject.tree.files().any(|path| path.file_name() == Some(".env"));
    if !subject.has_settings() || has_env_file {
        return Vec::new();
    }
    let find = |file: &Dockerfile| file.stages.iter().find_map(|stage| collects(subject, file, stage));
    dockerfiles(subject).iter().filter_map(find).collect()
}

fn collects(subject: &Subject<'_>, file: &Dockerfile, stage: &Stage) -> Option<Diagnostic> {
    let (place, command) = stage.instructions.iter().find_map(|(place, instruction)| {
        let Instruction::Run { commands, mounts } = instruction else { return None };
        let at = commands.iter().position(|command| command.manages("collectstatic"))?;
        let (before, rest) = commands.split_at(at);
        // A secret or a script may bring what is missing, and `|| true` is another finding's.
        let brings = before.iter().any(|command| {
            matches!(
                command.program(),
                "export" | "source" | "." | "set" | "cp" | "mv" | "ln" | "cat" | "echo"
            )
        });
        let is_hidden = rest.get(1).is_some_and(|after| after.program() == "true");
        let secret = mounts.iter().any(|mount| mount.contains("type=secret"));
        (!brings && !is_hidden && !secret).then_some(())?;
        Some((place, rest.first()?))
    })?;
    if brings_env_file(file, stage) {
        return None;
    }
    let given = given(file, stage, command);
    let failures = failures(subject, &given, command)?;
    let mut missing: Vec<&str> = failures
        .iter()
        .filter_map(|failure| match &failure.kind {
            FailureKind::MissingVariable(name) if !given.contains_key(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    missing.sort_unstable();
    missing.dedup();
    if missing.is_empty() {
        return failures.iter().find_map(|failure| refuses(place, failure));
    }
    let values: Vec<String> = missing.iter().map(|name| format!("{name}=unused")).collect();
    Some(
        Diagnostic::error(
            COLLECTSTATIC_NEEDS_VARIABLES,
            format!(
                "the build runs `collectstatic`, and the settings cannot be imported without {}",
                wording::and_ticked(&missing)
            ),
        )
        .at(place, "nothing sets them here")
        .because(IMPORTS)
        .help(format!(
            "give throw-away values to this one command: `RUN {} python manage.py collectstatic --noinput`",
            values.join(" ")
        ))
        .help("or give the settings a default that is good for a build"),
    )
}

const IMPORTS: &str = "`collectstatic` imports the settings like every management command; the variables of compose and `.env` reach the container, not its build";

/// Settings that look at their variables themselves, and raise.
fn refuses(place: &Place, failure: &Failure) -> Option<Diagnostic> {
    let FailureKind::Raise { exception, message } = &failure.kind else { return None };
    let raised = if message.is_empty() { exception.clone() } else { format!("{exception}: {message}") };
    Some(
        Diagnostic::warning(
            COLLECTSTATIC_NEEDS_VARIABLES,
            "the build runs `collectstatic`, and the settings refuse to be imported with what is set there",
        )
        .at(place, "imports the settings")
        .because(format!("`{raised}`, at {}", failure.place))
        .because(IMPORTS)
        .help("set in front of the command what the settings ask for: `RUN NAME=unused python manage.py collectstatic --noinput`"),
    )
}

/// The variables that a command of a stage is started with. A build argument without a value may get one.
fn given(file: &Dockerfile, stage: &Stage, command: &SimpleCommand) -> BTreeMap<String, String> {
    const SOME: &str = "x";
    let instructions = file.chain(stage).into_iter().rev().flat_map(|stage| &stage.instructions);
    let assignments = instructions.filter_map(|(_, instruction)| match instruction {
        Instruction::Variables { assignments, .. } => Some(assignments),
        _ => None,
    });
    let own = command.variables.iter().map(|(name, value)| (name, value.as_str()));
    let set = assignments.flatten().map(|(name, value)| (name, value.as_deref().unwrap_or(SOME)));
    set.chain(own)
        .map(|(name, value)| (name.clone(), if value.contains('$') { SOME } else { value }.to_owned()))
        .collect()
}

/// Returns the causes that stop the import of the settings that the command names; `None` if that is not the module that was read.
fn failures(
    subject: &Subject<'_>,
    given: &BTreeMap<String, String>,
    command: &SimpleCommand,
) -> Option<Vec<Failure>> {
    let option = command.words.iter().find_map(|word| word.strip_prefix("--settings="));
    let named = option.or(given.get("DJANGO_SETTINGS_MODULE").map(String::as_str));
    let named = named.or(subject.facts.settings_module.value.as_deref())?;
    Some(settings_with(subject, named, given)?.failures)
}

/// Tells whether the file copies or writes an env file by name.
fn brings_env_file(file: &Dockerfile, stage: &Stage) -> bool {
    let is_env = |word: &String| {
        word.rsplit('/').next().is_some_and(|name| name.starts_with(".env") || name.ends_with(".env"))
    };
    file.chain(stage).into_iter().flat_map(|stage| &stage.instructions).any(|(_, instruction)| {
        match instruction {
            Instruction::Copy { sources, .. } | Instruction::CopyFrom { sources, .. } => {
                sources.iter().any(is_env)
            }
            Instruction::Run { commands, .. } => {
                commands.iter().flat_map(|command| &command.words).any(is_env)
            }
            _ => false,
        }
    })
}

fn libraries(subject: &Subject<'_>) -> Vec<Diagnostic> {
    dockerfiles(subject).iter().filter_map(|file| lacks_library(subject, file)).collect()
}

/// A last stage on a slim image of Python that has not what the installed distributions load.
fn lacks_library(subject: &Subject<'_>, file: &Dockerfile) -> Option<Diagnostic> {
    let last = file.last()?;
    let image = file.image_of(last);
    let needed = super::packages::needed(subject, image)?;
    let copied = last.instructions.iter().find_map(|(place, instruction)| match instruction {
        Instruction::CopyFrom { sources, .. } => is_environment(sources).then_some(place),
        _ => None,
    });
    let (packages, left) = (Packages::of(file, last), Packages::left(file, last));
    // Where what is compiled with is missing too, that is what is said.
    let installed = last.commands().find(|(_, command)| installs(command).is_some()).map(|(place, _)| place);
    let installed = installed.filter(|_| needed.value.build.iter().all(|package| packages.may_have(package)));
    let place = copied.or(installed)?;
    let missing: Vec<&str> = needed
        .value
        .run
        .iter()
        .map(String::as_str)
        .filter(|package| is_library(subject, image, package))
        .filter(|package| !is_optional(package) && !left.may_have_library(package))
        .collect();
    if missing.is_empty() {
        return None;
    }
    let mut diagnostic = Diagnostic::error(
        RUNTIME_LIBRARY_ABSENT,
        format!(
            "the last stage of `{}` lacks {} that the distributions load: {}",
            file.path,
            wording::count(missing.len(), "library").replace("librarys", "libraries"),
            wording::and_ticked(&missing)
        ),
    )
    .at(place, format!("what is installed here was linked against what `{image}` does not have"));
    for evidence in &needed.evidence {
        if missing.iter().any(|package| evidence.reason.contains(package)) {
            diagnostic = diagnostic.because(format!("{}: {}", evidence.place, evidence.reason));
        }
    }
    Some(diagnostic.help(format!(
        "install in the last stage what is needed to run: `{} {}`",
        System::of(image).install(),
        missing.join(" ")
    )))
}

/// Tells whether a package holds a library, as its name says. Alpine gives libraries the names of their projects; what has
/// the same name on Debian is a program.
fn is_library(subject: &Subject<'_>, image: &str, package: &str) -> bool {
    let is_program = || subject.facts.system_packages.value.run.iter().any(|name| name == package);
    package.starts_with("lib") || is_alpine(image) && !package.starts_with("font") && !is_program()
}

/// Tells whether what is copied from another stage holds installed distributions.
fn is_environment(sources: &[String]) -> bool {
    sources.iter().any(|source| {
        ["venv", "site-packages", "/install", "wheel", "/usr/local"].iter().any(|part| source.contains(part))
    })
}

fn buffered(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let is_set = compose_files(subject.tree)
        .iter()
        .flat_map(|file| &file.services)
        .any(|service| service.environment.iter().any(|(name, _)| name == "PYTHONUNBUFFERED"));
    if is_set {
        return Vec::new();
    }
    dockerfiles(subject).iter().filter(|file| !file.is_base()).filter_map(keeps_output).collect()
}

fn keeps_output(file: &Dockerfile) -> Option<Diagnostic> {
    let last = file.last()?;
    let image = file.image_of(last);
    let official = ["python:", "debian:", "ubuntu:", "alpine:"].iter().any(|name| image.starts_with(name))
        || image == "python";
    if !official || file.variables(last).contains(&"PYTHONUNBUFFERED") {
        return None;
    }
    let starts: Vec<(&Place, &Vec<SimpleCommand>)> = last
        .instructions
        .iter()
        .filter_map(|(place, instruction)| match instruction {
            Instruction::Start { commands, .. } => Some((place, commands)),
            _ => None,
        })
        .collect();
    let told = starts
        .iter()
        .flat_map(|(_, commands)| *commands)
        .any(|command| command.words.iter().any(|word| word == "-u"));
    let (place, _) = starts.first().filter(|_| !told)?;
    Some(
        Diagnostic::note(OUTPUT_BUFFERED, "what Python prints does not reach the log at once")
            .at(place, "`PYTHONUNBUFFERED` is not set")
            .because("without a terminal Python collects its output in blocks: `docker logs` shows lines late, and the last ones before a crash never")
            .help("add `ENV PYTHONUNBUFFERED=1`"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{of_file as findings, of_settings};

    const SETTINGS: &str = "import os\nSECRET_KEY = os.environ['SECRET_KEY']";

    fn collects(instructions: &str) -> Vec<String> {
        let text = format!("FROM python:3.13-slim-trixie\nENV PYTHONUNBUFFERED=1\n{instructions}\n");
        of_settings(RULES, SETTINGS, &[("Dockerfile", &text)])
    }

    #[test]
    fn failure_03_a_build_that_collects_gives_what_the_settings_need() {
        assert_eq!(
            collects("RUN python manage.py collectstatic --noinput"),
            ["collectstatic-needs-variables:3"]
        );
        for given in [
            "RUN SECRET_KEY=x python manage.py collectstatic --noinput",
            "ENV SECRET_KEY=x\nRUN python manage.py collectstatic --noinput",
            "ARG SECRET_KEY\nRUN python manage.py collectstatic --noinput",
            "COPY .env.build .env\nRUN python manage.py collectstatic --noinput",
            "RUN --mount=type=secret,id=env python manage.py collectstatic --noinput",
            "RUN export SECRET_KEY=x && python manage.py collectstatic --noinput",
            "RUN DJANGO_SETTINGS_MODULE=site.build python manage.py collectstatic --noinput",
            "RUN python manage.py collectstatic --noinput --settings=site.build",
            "RUN pip install x",
        ] {
            assert!(collects(given).is_empty(), "{given}");
        }
    }

    #[test]
    fn what_only_production_needs_is_not_missed_by_a_build_that_debugs() {
        let settings = "import os\nDEBUG = os.environ.get('DEBUG', '1') == '1'\n\
            HOSTS = os.environ.get('HOSTS')\nif not HOSTS and not DEBUG:\n    raise ValueError('HOSTS')";
        let of = |run: &str| {
            let text = format!("FROM python:3.13-slim-trixie\nENV PYTHONUNBUFFERED=1\nRUN {run}\n");
            of_settings(RULES, settings, &[("Dockerfile", &text)])
        };
        assert!(of("python manage.py collectstatic --noinput").is_empty());
        assert_eq!(
            of("DEBUG=0 python manage.py collectstatic --noinput"),
            ["collectstatic-needs-variables:3"]
        );
    }

    #[test]
    fn failure_05_libraries_are_in_the_stage_that_runs() {
        let requirements = [("requirements.txt", "django==5.2\nmysqlclient==2.2.7\n")];
        let of = |last: &str| {
            let text = format!(
                "FROM python:3.13-slim-trixie AS build\nRUN pip install -r requirements.txt\nFROM python:3.13-slim-trixie\n{last}\n"
            );
            findings(RULES, "Dockerfile", &text, &requirements)
        };
        assert_eq!(of("COPY --from=build /opt/venv /opt/venv"), ["runtime-library-absent:4"]);
        for there in [
            "RUN apt-get update && apt-get install -y libmariadb3\nCOPY --from=build /opt/venv /opt/venv",
            "RUN apt-get update && apt-get install -y default-libmysqlclient-dev\nCOPY --from=build /opt/venv /opt/venv",
            "RUN apt-get update && apt-get install -y $PACKAGES\nCOPY --from=build /opt/venv /opt/venv",
            "COPY --from=assets /static /static",
        ] {
            assert!(of(there).is_empty(), "{there}");
        }
    }

    #[test]
    fn a_library_that_a_distribution_works_without_is_not_missed() {
        let requirements = [("requirements.txt", "django==5.2\nweasyprint==69.0\n")];
        let of = |packages: &str| {
            let text = format!(
                "FROM python:3.13-slim-trixie\nRUN apt-get update && apt-get install -y {packages}\nRUN pip install -r requirements.txt\n"
            );
            let mut found = findings(RULES, "Dockerfile", &text, &requirements);
            found.retain(|one| one.starts_with("runtime-library-absent"));
            found
        };
        assert_eq!(of("libpango-1.0-0 libpangoft2-1.0-0"), [""; 0]);
        assert_eq!(of("curl"), ["runtime-library-absent:3"]);
    }

    #[test]
    fn failure_07_a_driver_without_its_library_is_seen_in_one_stage_too() {
        let requirements = [("requirements.txt", "django==5.2\npsycopg==3.2.9\n")];
        let of = |run: &str| {
            findings(RULES, "Dockerfile", &format!("FROM python:3.13-slim-trixie\n{run}\n"), &requirements)
        };
        assert_eq!(of("RUN pip install -r requirements.txt"), ["runtime-library-absent:2"]);
        assert!(
            of("RUN apt-get update && apt-get install -y libpq5\nRUN pip install -r requirements.txt")
                .is_empty()
        );
        assert!(of("RUN apt-get update && apt-get install -y postgresql-client\nRUN pip install -r requirements.txt").is_empty());
    }

    #[test]
    fn what_is_printed_is_seen() {
        let of = |body: &str| findings(RULES, "Dockerfile", &format!("FROM python:3.13\n{body}\n"), &[]);
        assert_eq!(of("CMD [\"gunicorn\", \"x\"]"), ["output-buffered:2"]);
        assert!(of("ENV PYTHONUNBUFFERED=1\nCMD [\"gunicorn\", \"x\"]").is_empty());
        assert!(of("CMD [\"python\", \"-u\", \"manage.py\", \"runserver\"]").is_empty());
        assert!(of("RUN pip install x").is_empty());
        let compose = (
            "compose.yaml",
            "services:\n  web:\n    build: .\n    environment:\n      PYTHONUNBUFFERED: 1\n",
        );
        let text = "FROM python:3.13\nCMD [\"gunicorn\", \"x\"]\n";
        assert!(findings(RULES, "Dockerfile", text, &[compose]).is_empty());
    }
}
