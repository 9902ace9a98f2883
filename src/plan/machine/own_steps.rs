//! Steps of the project's own Dockerfiles: those with a counterpart in djdock's images are done with, some are carried over,
//! the others are named.

use super::commands::{self, Meaning};
use super::{Left, Machine, StaticBuild};
use crate::base::wording::is_secret_variable;
use crate::base::{Evidence, Place, Tree};
use crate::check::dockerfile::{Dockerfile, Instruction, Stage, dockerfiles};
use crate::check::{SimpleCommand, Subject};
use crate::knowledge::locales::{self, Known, VARIABLES};

/// Adds what the Dockerfiles for production do; where there is none, those for development.
pub(super) fn add(subject: &Subject<'_>, machine: &mut Machine) {
    let files = dockerfiles(subject);
    let (development, production): (Vec<&Dockerfile>, Vec<&Dockerfile>) =
        files.iter().partition(|file| file.is_for_development());
    let files = if production.is_empty() { development } else { production };
    let mut left: Vec<Left> = Vec::new();
    for file in files {
        for stage in file.stages.iter().filter(|stage| is_of_the_site(file, stage)) {
            for (place, instruction) in &stage.instructions {
                let step = Step { subject, file, place };
                left.extend(step.add(instruction, machine));
            }
        }
    }
    left.dedup();
    machine.left = left;
}

/// Tells whether a stage makes something of the site's Python: not one of Node or of a proxy, which have counterparts, nor one
/// for tests.
fn is_of_the_site(file: &Dockerfile, stage: &Stage) -> bool {
    const OTHERS: &[&str] = &["node", "bun", "nginx", "caddy", "httpd", "traefik", "nginx-unprivileged"];
    let image = file.image_of(stage);
    let name = image.split([':', '@']).next().unwrap_or(image).rsplit('/').next().unwrap_or(image);
    let is_for_development = ["dev", "development", "test", "tests", "debug", "ci", "lint"]
        .iter()
        .any(|word| stage.name.to_lowercase().split(['-', '_', '.']).any(|part| part == *word));
    !OTHERS.contains(&name) && !is_for_development
}

struct Step<'a> {
    subject: &'a Subject<'a>,
    file: &'a Dockerfile,
    place: &'a Place,
}

impl Step<'_> {
    /// Adds what the instruction does; what is left of it.
    fn add(&self, instruction: &Instruction, machine: &mut Machine) -> Vec<Left> {
        match instruction {
            Instruction::Run { commands, .. } => {
                commands.iter().filter_map(|command| self.add_command(command, machine)).collect()
            }
            Instruction::Variables { instruction: "ENV", assignments, .. } => assignments
                .iter()
                .filter_map(|(name, value)| self.add_variable(name, value.as_deref()?, machine))
                .collect(),
            Instruction::Copy { sources, to, .. } => self.copied(sources, to).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    fn add_command(&self, command: &SimpleCommand, machine: &mut Machine) -> Option<Left> {
        let evidence = || Evidence::new(self.place.clone(), "your own Dockerfile does it");
        match commands::meaning(self.subject, command) {
            Meaning::Counterpart => None,
            Meaning::Locales(names) => {
                let unknown: Vec<String> =
                    names.into_iter().filter(|name| !machine.add_locale(name, evidence())).collect();
                (!unknown.is_empty()).then(|| self.left(&command.words))
            }
            Meaning::Downloads(row, names) => {
                for name in names {
                    machine.add_download(row, &name, evidence());
                }
                None
            }
            Meaning::StaticBuild(arguments) => {
                let build = StaticBuild { arguments, caches: Vec::new(), evidence: evidence() };
                let is_known = machine.static_builds.iter().any(|known| known.arguments == build.arguments);
                if !is_known {
                    machine.static_builds.push(build);
                }
                None
            }
            Meaning::Unknown => Some(self.left(&command.words)),
        }
    }

    fn left(&self, words: &[String]) -> Left {
        Left { text: format!("RUN {}", commands::shown(words)), place: self.place.clone() }
    }

    fn add_variable(&self, name: &str, value: &str, machine: &mut Machine) -> Option<Left> {
        let left = |text: String| Some(Left { text, place: self.place.clone() });
        // An argument of the build alone: whoever needs it would read it.
        let is_argument = value.starts_with('$')
            && value.trim_matches(['$', '{', '}']).chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if is_argument || is_usual(name) || self.is_read(name) || self.is_for_the_file(name) {
            return None;
        }
        if is_secret_variable(name) {
            return left(format!("ENV {name}=…"));
        }
        let names_locale = name == "LANG" || VARIABLES.contains(&name);
        if names_locale {
            match locales::find(value) {
                Known::Always => return None,
                Known::No => return left(format!("ENV {name}={value}")),
                Known::Makeable(_) => {}
            }
            machine.add_locale(value, Evidence::new(self.place.clone(), format!("sets `{name}` to it")));
        }
        // A folder of the file's own image is none of djdock's; nor is there what the value is put together from.
        let is_of_this_image =
            value.contains('$') || self.working_folders().any(|folder| value.contains(folder));
        if is_of_this_image || address_with_password(value) {
            return left(format!("ENV {name}={}", crate::base::address::without_passwords(value)));
        }
        let evidence = Evidence::new(self.place.clone(), format!("sets `{name}`"));
        machine.environment.insert(name.to_owned(), (value.to_owned(), evidence));
        None
    }

    /// Tells whether the settings or another part of the code read the variable: then it is in `.env`.
    fn is_read(&self, name: &str) -> bool {
        self.subject.facts.variables.value.iter().any(|variable| variable.name == name)
    }

    /// Tells whether the file itself uses the variable: `WORKDIR $APP_HOME`.
    fn is_for_the_file(&self, name: &str) -> bool {
        let text = text(self.subject.tree, self.file);
        [format!("${{{name}}}"), format!("${{{name}:")].iter().any(|use_of| text.contains(use_of))
            || text.match_indices(&format!("${name}")).any(|(at, found)| {
                let next = text[at + found.len()..].chars().next();
                next.is_none_or(|letter| !letter.is_ascii_alphanumeric() && letter != '_')
            })
    }

    fn working_folders(&self) -> impl Iterator<Item = &str> {
        self.file.instructions().filter_map(|(_, instruction)| match instruction {
            Instruction::WorkingFolder(folder)
                if folder.len() > 1 && folder != crate::plan::layout::SOURCE =>
            {
                Some(folder.as_str())
            }
            _ => None,
        })
    }

    /// A file that is put among those of the system: a font, a certificate, the settings of a program.
    fn copied(&self, sources: &[String], to: &str) -> Option<Left> {
        const SYSTEM: &[&str] =
            &["/etc/", "/usr/share/", "/usr/local/share/", "/usr/lib/", "/usr/local/lib/"];
        // What starts and serves the site has counterparts.
        const SERVING: &[&str] =
            &["nginx", "supervisor", "cron", "gunicorn", "uwsgi", "entrypoint", "start", "pip"];
        let speaks_of = |word: &str| to.contains(word) || sources.iter().any(|source| source.contains(word));
        let is_systems =
            SYSTEM.iter().any(|folder| to.starts_with(folder)) && !SERVING.iter().any(|word| speaks_of(word));
        is_systems
            .then(|| Left { text: format!("COPY {} {to}", sources.join(" ")), place: self.place.clone() })
    }
}

fn text<'a>(tree: &'a Tree, file: &Dockerfile) -> &'a str {
    tree.text(&file.path).unwrap_or_default()
}

fn address_with_password(value: &str) -> bool {
    crate::base::address::without_passwords(value) != value
}

/// Variables of Python, of package managers and of what starts the site: djdock's images set or need none of them.
fn is_usual(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "PATH",
        "HOME",
        "USER",
        "PORT",
        "TERM",
        "SHELL",
        "VIRTUAL_ENV",
        "DEBIAN_FRONTEND",
        "DJANGO_SETTINGS_MODULE",
        "DJANGO_CONFIGURATION",
        "WEB_CONCURRENCY",
        "UID",
        "GID",
        "DOCKER",
        "DOCKERIZED",
        "CI",
        "EDITOR",
    ];
    const STARTS: &[&str] = &[
        "PYTHON",
        "PIP_",
        "PIPENV_",
        "POETRY_",
        "PDM_",
        "UV_",
        "NODE_",
        "NPM_",
        "YARN_",
        "PNPM_",
        "GUNICORN_",
        "UWSGI_",
    ];
    NAMES.contains(&name) || STARTS.iter().any(|start| name.starts_with(start)) || name.ends_with("_VERSION")
}
