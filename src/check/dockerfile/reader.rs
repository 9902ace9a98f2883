//! A Dockerfile as stages of instructions, with the commands that they run.

use camino::{Utf8Path, Utf8PathBuf};
use parse_dockerfile::{Command, HealthcheckArguments, Instruction as Parsed, Source};

use crate::base::{Place, Tree};
use crate::check::command_line::{SimpleCommand, simple_commands};

/// A Dockerfile of the project that djdock did not make.
#[derive(Debug)]
pub struct Dockerfile {
    pub path: Utf8PathBuf,
    pub stages: Vec<Stage>,
}

#[derive(Debug)]
pub struct Stage {
    /// With build arguments put in where their default is known: `python:3.13-slim`.
    pub from: String,
    /// What `AS` calls it.
    pub name: Option<String>,
    pub place: Place,
    pub instructions: Vec<(Place, Instruction)>,
}

/// What an instruction says, as far as rules ask.
#[derive(Debug)]
pub enum Instruction {
    Run(Vec<SimpleCommand>),
    /// `CMD` or `ENTRYPOINT`.
    Start {
        shell_form: bool,
        commands: Vec<SimpleCommand>,
    },
    HealthCheck(Vec<SimpleCommand>),
    /// `ENV` or `ARG`: names with their values, where they have one.
    Variables {
        instruction: &'static str,
        assignments: Vec<(String, Option<String>)>,
    },
    /// `COPY` or `ADD` from the build context.
    Copy {
        add: bool,
        sources: Vec<String>,
    },
    User(String),
    Maintainer,
}

/// The Dockerfiles of the project that build a Python image, by path.
pub fn dockerfiles(tree: &Tree) -> Vec<Dockerfile> {
    let named = tree.files().filter(|path| path.file_name().is_some_and(is_dockerfile_name));
    let read = named.filter_map(|path| read(path, tree.text(path)?));
    read.filter(Dockerfile::is_python).collect()
}

fn is_dockerfile_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    let template = lower.ends_with(".dockerignore") || lower.ends_with(".j2") || lower.ends_with(".md");
    let named = lower == "dockerfile" || lower.starts_with("dockerfile.") || lower.starts_with("dockerfile-");
    !template && (named || lower.ends_with(".dockerfile") || lower.starts_with("containerfile"))
}

/// `None` for what djdock made, and for what is no Dockerfile at all.
fn read(path: &Utf8Path, text: &str) -> Option<Dockerfile> {
    if crate::check::is_made_by_djdock(text) {
        return None;
    }
    let parsed = parse_dockerfile::parse(text).ok()?;
    let arguments: Vec<(String, String)> = parsed
        .global_args()
        .filter_map(|argument| argument.arguments.value.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.trim_matches('"').to_owned()))
        .collect();
    let line = |offset: usize| {
        let before = text.get(..offset).unwrap_or_default();
        Place::line(path, u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX))
    };
    let stages = parsed.stages().map(|stage| Stage {
        from: put_in(&stage.from.image.value, &arguments),
        name: stage.from.as_.as_ref().map(|(_, name)| name.value.to_string()),
        place: line(stage.from.from.span.start),
        instructions: stage
            .instructions
            .iter()
            .filter_map(|parsed| Some((line(start(parsed)), instruction(parsed)?)))
            .collect(),
    });
    Some(Dockerfile { path: path.to_owned(), stages: stages.collect() })
}

impl Dockerfile {
    /// Whether its name says that it is not for production.
    pub fn is_for_development(&self) -> bool {
        let path = self.path.as_str().to_lowercase();
        ["dev", "local", "test", "ci"]
            .iter()
            .any(|word| path.split(['/', '.', '-', '_']).any(|part| part.starts_with(word)))
    }

    /// The stage that becomes the image.
    pub fn last(&self) -> Option<&Stage> {
        self.stages.last()
    }

    /// The stage that another one stands on, by name or number.
    pub fn stage_named(&self, name: &str) -> Option<&Stage> {
        self.stages
            .iter()
            .find(|stage| stage.name.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(name)))
    }

    /// Every instruction of every stage.
    pub fn instructions(&self) -> impl Iterator<Item = &(Place, Instruction)> {
        self.stages.iter().flat_map(|stage| &stage.instructions)
    }

    /// Every command that a `RUN` runs.
    pub fn commands(&self) -> impl Iterator<Item = (&Place, &SimpleCommand)> {
        self.stages.iter().flat_map(Stage::commands)
    }

    fn is_python(&self) -> bool {
        const TOOLS: [&str; 8] = ["pip", "pip3", "python", "python3", "uv", "poetry", "pipenv", "gunicorn"];
        self.stages.iter().any(|stage| stage.from.contains("python"))
            || self
                .commands()
                .any(|(_, command)| command.words.first().is_some_and(|word| TOOLS.contains(&word.as_str())))
    }
}

impl Stage {
    pub fn commands(&self) -> impl Iterator<Item = (&Place, &SimpleCommand)> {
        self.instructions.iter().flat_map(|(place, instruction)| {
            let commands =
                if let Instruction::Run(commands) = instruction { commands.as_slice() } else { &[] };
            commands.iter().map(move |command| (place, command))
        })
    }

    /// Whether it stands on an image (not an earlier stage) of Debian's without the usual tools and libraries.
    pub fn is_slim(&self) -> bool {
        self.from.contains("slim")
    }

    pub fn is_alpine(&self) -> bool {
        self.from.contains("alpine")
    }
}

fn instruction(parsed: &Parsed<'_>) -> Option<Instruction> {
    Some(match parsed {
        Parsed::Run(run) => {
            let mut commands = commands(&run.arguments);
            commands.extend(run.here_docs.iter().flat_map(|document| simple_commands(&document.value)));
            Instruction::Run(commands)
        }
        Parsed::Cmd(cmd) => started(&cmd.arguments),
        Parsed::Entrypoint(entrypoint) => started(&entrypoint.arguments),
        Parsed::Healthcheck(check) => match &check.arguments {
            HealthcheckArguments::Cmd { arguments, .. } => Instruction::HealthCheck(commands(arguments)),
            _ => return None,
        },
        Parsed::Env(env) => {
            Instruction::Variables { instruction: "ENV", assignments: assignments(&env.arguments.value) }
        }
        Parsed::Arg(arg) => {
            Instruction::Variables { instruction: "ARG", assignments: assignments(&arg.arguments.value) }
        }
        Parsed::Copy(copy) if copy.options.iter().any(|flag| flag.name.value == "from") => return None,
        Parsed::Copy(copy) => Instruction::Copy { add: false, sources: paths(&copy.src) },
        Parsed::Add(add) => Instruction::Copy { add: true, sources: paths(&add.src) },
        Parsed::User(user) => Instruction::User(user.arguments.value.trim().to_owned()),
        Parsed::Maintainer(_) => Instruction::Maintainer,
        _ => return None,
    })
}

fn started(command: &Command<'_>) -> Instruction {
    Instruction::Start { shell_form: matches!(command, Command::Shell(_)), commands: commands(command) }
}

fn commands(command: &Command<'_>) -> Vec<SimpleCommand> {
    match command {
        Command::Shell(line) => simple_commands(&line.value.replace("\\\n", " ")),
        Command::Exec(words) => {
            let words: Vec<String> = words.value.iter().map(|word| word.value.to_string()).collect();
            // `["sh", "-c", "line"]` runs what the line says.
            match words.as_slice() {
                [shell, flag, line, ..]
                    if shell.ends_with("sh") && flag.starts_with('-') && flag.ends_with('c') =>
                {
                    simple_commands(line)
                }
                _ => vec![SimpleCommand { words, exec: true }],
            }
        }
        _ => Vec::new(),
    }
}

fn paths(sources: &[Source<'_>]) -> Vec<String> {
    let path = |source: &Source<'_>| {
        if let Source::Path(path) = source { Some(path.value.to_string()) } else { None }
    };
    sources.iter().filter_map(path).collect()
}

/// `A=1 B="two words"`, `A value` (the old form) or `A` (an argument without default).
fn assignments(text: &str) -> Vec<(String, Option<String>)> {
    let words = shell_words::split(text).unwrap_or_default();
    match words.as_slice() {
        [name, rest @ ..] if !name.contains('=') => {
            vec![(name.clone(), (!rest.is_empty()).then(|| rest.join(" ")))]
        }
        words => words
            .iter()
            .filter_map(|word| word.split_once('='))
            .map(|(name, value)| (name.to_owned(), Some(value.to_owned())))
            .collect(),
    }
}

/// Puts the defaults of build arguments into the name of an image.
fn put_in(image: &str, arguments: &[(String, String)]) -> String {
    let mut image = image.to_owned();
    for (name, value) in arguments {
        image = image.replace(&format!("${{{name}}}"), value).replace(&format!("${name}"), value);
    }
    image
}

fn start(parsed: &Parsed<'_>) -> usize {
    match parsed {
        Parsed::Add(add) => add.add.span.start,
        Parsed::Arg(arg) => arg.arg.span.start,
        Parsed::Cmd(cmd) => cmd.cmd.span.start,
        Parsed::Copy(copy) => copy.copy.span.start,
        Parsed::Entrypoint(entrypoint) => entrypoint.entrypoint.span.start,
        Parsed::Env(env) => env.env.span.start,
        Parsed::Healthcheck(check) => check.healthcheck.span.start,
        Parsed::Maintainer(maintainer) => maintainer.maintainer.span.start,
        Parsed::Run(run) => run.run.span.start,
        Parsed::User(user) => user.user.span.start,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_commands_and_lines_are_read() {
        let text = "ARG PYTHON=3.13\nFROM python:${PYTHON}-slim AS base\nRUN apt-get update && \\\n    apt-get install -y gcc\n\
            ENV A=1 B=two\nFROM base\nCOPY . /app\nUSER app\nCMD [\"gunicorn\", \"site.wsgi\"]\n";
        let tree = Tree::from_literals([("Dockerfile", text)]);
        let files = dockerfiles(&tree);
        let [file] = files.as_slice() else { panic!("{files:?}") };
        assert_eq!(file.stages[0].from, "python:3.13-slim");
        let lines: Vec<String> =
            file.commands().map(|(place, command)| format!("{place} {}", command.words.join(" "))).collect();
        assert_eq!(lines, ["Dockerfile:3 apt-get update", "Dockerfile:3 apt-get install -y gcc"]);
        assert_eq!(file.last().map(|stage| stage.instructions.len()), Some(3));
    }

    #[test]
    fn images_of_other_languages_and_files_of_djdock_are_left_alone() {
        let tree = Tree::from_literals([
            ("web/Dockerfile", "FROM node:22\nRUN npm ci\n"),
            ("Dockerfile", "# Made by djdock.\nFROM python:3.13\n"),
        ]);
        assert!(dockerfiles(&tree).is_empty());
    }
}
