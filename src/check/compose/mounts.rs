//! Rules about mounts that hide what the image holds.

use camino::{Utf8Path, Utf8PathBuf};

use super::production::last_user;
use super::{ComposeFile, Service, compose_files};
use crate::base::codes::check::compose::{COMPOSE_SOURCE_MOUNTED, VENV_SHADOWED, VOLUME_NOT_WRITABLE};
use crate::base::{Diagnostic, path};
use crate::check::dockerfile::{Dockerfile, Instruction, dockerfiles};
use crate::check::server::scripts::start_scripts;
use crate::check::{Rule, Subject};

pub const RULES: &[Rule] = &[
    Rule { codes: &[COMPOSE_SOURCE_MOUNTED], find: source },
    Rule { codes: &[VENV_SHADOWED], find: environment },
    Rule { codes: &[VOLUME_NOT_WRITABLE], find: volumes },
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

/// Named volumes that a process without root's rights is to write to, on folders that nobody gave it.
fn volumes(subject: &Subject<'_>) -> Vec<Diagnostic> {
    // A script that starts as root may give them away.
    let scripts = start_scripts(subject);
    if scripts.iter().filter_map(|path| subject.tree.text(path)).any(|text| text.contains("chown")) {
        return Vec::new();
    }
    let files = dockerfiles(subject);
    let mut found = Vec::new();
    for file in compose_files(subject.tree) {
        for service in &file.services {
            let Some(dockerfile) = service.built_from(&files) else { continue };
            let Some(user) = last_user(dockerfile).filter(|user| !matches!(*user, "root" | "0")) else {
                continue;
            };
            let mounts = service.mounts.iter().filter_map(|mount| Some((mount, named_volume(mount)?)));
            let closed = mounts.into_iter().find(|(_, (_, folder))| !gives_away(dockerfile, folder));
            let Some((mount, (volume, folder))) = closed.filter(|_| !service.says_user) else { continue };
            found.push(
                Diagnostic::warning(
                    VOLUME_NOT_WRITABLE,
                    format!("`{user}` may not write to the volume `{volume}` of the service `{}`", service.name),
                )
                .at(&file.line_of(service, mount), format!("`{folder}` belongs to root"))
                .because(format!("a new volume takes over the owner of the image's folder, and `{}` makes none that belongs to `{user}`: `PermissionError: [Errno 13]`", dockerfile.path))
                .help(format!("make the folder before `USER`: `RUN install --directory --owner={user} {folder}`; a volume that is there already keeps its owner")),
            );
        }
    }
    found
}

/// The name and the folder of a mount that is a volume to write to.
fn named_volume(mount: &str) -> Option<(&str, &str)> {
    let mut parts = mount.split(':');
    let (name, folder) = (parts.next()?, parts.next()?);
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    (is_name && folder.starts_with('/') && !parts.any(|mode| mode.contains("ro")))
        .then_some((name, folder.trim_end_matches('/')))
}

/// Tells whether something in a Dockerfile makes a folder, or gives it to somebody, as far as can be seen.
fn gives_away(file: &Dockerfile, folder: &str) -> bool {
    let name = folder.rsplit('/').next().unwrap_or(folder);
    file.kept().any(|(_, instruction)| match instruction {
        Instruction::Copy { is_given, .. } => *is_given,
        Instruction::Run { commands, .. } => commands.iter().any(|command| {
            let is_open = command.words.iter().any(|word| word.contains('$'));
            // What the build collects needs no writing afterwards.
            command.program() == "chown"
                || command.manages("collectstatic") && folder.contains("static")
                || command.words.iter().any(|word| word.contains(name))
                || is_open && matches!(command.program(), "mkdir" | "install" | "chmod")
        }),
        _ => false,
    })
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
    fn failure_14_a_volume_belongs_to_who_writes_to_it() {
        let of = |dockerfile: &str, mount: &str| {
            let dockerfile = format!("FROM python:3.13-slim-trixie\n{dockerfile}\nUSER app\n");
            let text = format!("services:\n  web:\n    build: .\n    volumes:\n      - {mount}\n");
            findings(&RULES[2..], "compose.yaml", &text, &[("Dockerfile", &dockerfile)])
        };
        assert_eq!(of("RUN useradd app\nCOPY . /app", "media:/app/media"), ["volume-not-writable:5"]);
        for given in [
            "RUN mkdir /app/media && chown app /app/media",
            "RUN install --directory --owner=app /app/media",
            "COPY --chown=app . /app",
            "RUN mkdir -p $MEDIA",
            "RUN chown -R app /app",
        ] {
            assert!(of(given, "media:/app/media").is_empty(), "{given}");
        }
        assert!(of("COPY . /app", "media:/app/media:ro").is_empty());
        assert!(of("COPY . /app", "./media:/app/media").is_empty());
        assert!(of("RUN python manage.py collectstatic", "static:/app/static").is_empty());
        let text = "services:\n  web:\n    build: .\n    volumes: ['media:/app/media']\n";
        let root = ("Dockerfile", "FROM python:3.13-slim-trixie\nCOPY . /app\n");
        assert!(findings(&RULES[2..], "compose.yaml", text, &[root]).is_empty());
    }

    #[test]
    fn failure_34_the_environment_is_not_hidden_by_a_mount() {
        let of = |dockerfile: &str, volumes: &str| {
            let text = format!("services:\n  web:\n    build: .\n    volumes: {volumes}\n");
            findings(&RULES[1..2], "compose.yaml", &text, &[("Dockerfile", dockerfile)])
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
