//! What is mounted over what the image holds.

use camino::{Utf8Path, Utf8PathBuf};

use super::{ComposeFile, Service, compose_files};
use crate::base::codes::check::compose::{COMPOSE_SOURCE_MOUNTED, VENV_SHADOWED};
use crate::base::{Diagnostic, path};
use crate::check::dockerfile::{Dockerfile, Instruction, dockerfiles};
use crate::check::{Rule, Subject};

pub const RULES: &[Rule] = &[
    Rule { codes: &[COMPOSE_SOURCE_MOUNTED], find: source },
    Rule { codes: &[VENV_SHADOWED], find: environment },
];

/// A folder of the project, mounted into a container.
struct Bind<'a> {
    written: &'a str,
    folder: Utf8PathBuf,
    target: &'a str,
}

fn binds<'a>(file: &ComposeFile, service: &'a Service) -> Vec<Bind<'a>> {
    let mounts = service.mounts.iter().filter_map(|mount| {
        let (source, rest) = mount.split_once(':')?;
        let target = rest.split(':').next()?;
        let relative = source.starts_with('.');
        let folder = relative.then(|| path::join(path::parent(&file.path), source))??;
        Some(Bind { written: mount, folder, target: target.trim_end_matches('/') })
    });
    mounts.collect()
}

/// In production the code is that of the image.
fn source(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let project = &subject.facts.project_dir.value;
    let mut found = Vec::new();
    for file in compose_files(subject.tree).iter().filter(|file| file.is_for_production()) {
        let mut said = false;
        for service in file.services.iter().filter(|service| service.builds) {
            let over = binds(file, service).into_iter().find(|bind| holds(&bind.folder, project));
            let Some(bind) = over.filter(|_| !std::mem::replace(&mut said, true)) else { continue };
            found.push(
                Diagnostic::warning(
                    COMPOSE_SOURCE_MOUNTED,
                    format!("the service `{}` runs the source of the host, not that of its image", service.name),
                )
                .at(&file.line_of(service, bind.written), "hides what the image holds there")
                .because("what was built and tested is not what runs: the server needs a checkout beside the image, and what `collectstatic` made during the build is hidden")
                .help("take the mount out in production, and deploy an image"),
            );
        }
    }
    found
}

fn holds(folder: &Utf8Path, project: &Utf8Path) -> bool {
    folder == "." || project == folder || project.starts_with(folder)
}

/// A virtual environment inside the folder that a bind mount covers.
fn environment(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let files = dockerfiles(subject);
    let mut found = Vec::new();
    for file in compose_files(subject.tree) {
        for service in &file.services {
            let Some(dockerfile) = service.built_from(&files) else { continue };
            let Some(environment) = environment_inside(dockerfile) else { continue };
            let covers = |bind: &Bind<'_>| path::is_in(&environment, bind.target);
            let Some(bind) = binds(&file, service).into_iter().find(covers) else { continue };
            // A volume of its own there keeps it; a manager that runs the command makes it anew.
            let kept = service.mounts.iter().any(|mount| {
                mount.trim_end_matches('/') == environment
                    || mount
                        .split(':')
                        .nth(1)
                        .is_some_and(|target| target.trim_end_matches('/') == environment)
            });
            let made = service.commands.iter().any(|command| {
                command.words.iter().any(|word| matches!(word.as_str(), "uv" | "sync" | "install"))
            });
            if !kept && !made {
                found.push(
                    Diagnostic::warning(
                        VENV_SHADOWED,
                        format!("the mount of the service `{}` hides the virtual environment `{environment}`", service.name),
                    )
                    .at(&file.line_of(service, bind.written), format!("covers `{}`", bind.target))
                    .because(format!("`{}` installs into it while the image is built; the container sees the folder of the host instead: `No module named 'django'`, or programs of another system", dockerfile.path))
                    .help("put the environment outside the source: `/opt/venv`, with `ENV UV_PROJECT_ENVIRONMENT=/opt/venv` for uv")
                    .help(format!("or keep it by a volume of its own: `- {environment}` below `volumes`")),
                );
                break;
            }
        }
    }
    found
}

/// The path of the virtual environment that a Dockerfile makes beside the source.
fn environment_inside(file: &Dockerfile) -> Option<String> {
    let last = file.last()?;
    let folder = file.kept().filter_map(|(_, instruction)| match instruction {
        Instruction::WorkingFolder(folder) if folder.starts_with('/') => Some(folder.trim_end_matches('/')),
        _ => None,
    });
    let folder = folder.last()?;
    let variables = file.variables(last);
    let made = file.kept().any(|(_, instruction)| {
        let Instruction::Run { commands, .. } = instruction else { return false };
        commands.iter().any(|command| {
            let says = |word: &str| command.words.iter().any(|own| own == word);
            command.is("uv", "sync") && !variables.contains(&"UV_PROJECT_ENVIRONMENT") && !says("--system")
                || command.is("poetry", "install") && variables.contains(&"POETRY_VIRTUALENVS_IN_PROJECT")
                || command.is("poetry", "config") && says("virtualenvs.in-project") && says("true")
                || (says("venv") || says("virtualenv")) && says(".venv")
        })
    });
    made.then(|| format!("{folder}/.venv"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_file as findings;

    const UV: &str = "FROM python:3.13-slim-trixie\nWORKDIR /app\nCOPY . .\nRUN uv sync --frozen\n";

    #[test]
    fn in_production_the_code_is_the_images() {
        let of = |name: &str, mount: &str| {
            let text = format!("services:\n  web:\n    build: .\n    volumes:\n      - {mount}\n");
            findings(&RULES[..1], name, &text, &[])
        };
        assert_eq!(of("compose.prod.yaml", ".:/app"), ["compose-source-mounted:5"]);
        assert_eq!(
            of("compose.prod.yaml", "{type: bind, source: ., target: /app}"),
            ["compose-source-mounted:2"]
        );
        assert!(of("compose.yaml", ".:/app").is_empty());
        assert!(of("compose.prod.yaml", "./media:/app/media").is_empty());
        assert!(of("compose.prod.yaml", "media:/app/media").is_empty());
    }

    #[test]
    fn failure_34_the_environment_is_not_hidden_by_a_mount() {
        let of = |dockerfile: &str, volumes: &str| {
            let text = format!("services:\n  web:\n    build: .\n    volumes: {volumes}\n");
            findings(&RULES[1..], "compose.yaml", &text, &[("Dockerfile", dockerfile)])
        };
        assert_eq!(of(UV, "['.:/app']"), ["venv-shadowed:4"]);
        assert!(of(UV, "['.:/app', '/app/.venv']").is_empty());
        assert!(of(UV, "['.:/app', 'venv:/app/.venv']").is_empty());
        assert!(of(UV, "['./media:/app/media']").is_empty());
        let outside = UV.replace("COPY", "ENV UV_PROJECT_ENVIRONMENT=/opt/venv\nCOPY");
        assert!(of(&outside, "['.:/app']").is_empty());
        let pip = UV.replace("uv sync --frozen", "pip install -r requirements.txt");
        assert!(of(&pip, "['.:/app']").is_empty());
    }
}
