//! One instruction of a Dockerfile, as far as rules ask.

use parse_dockerfile::{Command, HealthcheckArguments, Instruction as Parsed, Source};

use crate::check::command_line::{SimpleCommand, shell_commands, simple_commands};

/// The content of an instruction, as far as rules ask.
#[derive(Debug)]
pub enum Instruction {
    Run {
        commands: Vec<SimpleCommand>,
        /// The values of `--mount`, as written.
        mounts: Vec<String>,
    },
    /// `CMD` or `ENTRYPOINT`.
    Start {
        instruction: &'static str,
        commands: Vec<SimpleCommand>,
    },
    HealthCheck(Vec<SimpleCommand>),
    /// `ENV` or `ARG`: names with their values, where they have one.
    Variables {
        instruction: &'static str,
        assignments: Vec<(String, Option<String>)>,
        /// `ENV KEY value`, without `=`.
        is_old: bool,
    },
    /// `COPY` or `ADD` from the build context.
    Copy {
        add: bool,
        sources: Vec<String>,
        to: String,
        /// With an owner of its own: `--chown`.
        is_given: bool,
    },
    /// `COPY --from`: out of another stage or image.
    CopyFrom {
        sources: Vec<String>,
        to: String,
    },
    WorkingFolder(String),
    User(String),
    Maintainer,
}

impl Instruction {
    /// Tells whether it gives the variable a value.
    pub fn sets(&self, name: &str) -> bool {
        let Self::Variables { assignments, .. } = self else { return false };
        assignments.iter().any(|(own, value)| own == name && value.is_some())
    }
}

pub(super) fn read(parsed: &Parsed<'_>) -> Option<Instruction> {
    Some(match parsed {
        Parsed::Run(run) => {
            let mut commands = commands(&run.arguments);
            commands.extend(run.here_docs.iter().flat_map(|document| simple_commands(&document.value)));
            let mounts = run.options.iter().filter(|flag| flag.name.value == "mount");
            let mounts = mounts.filter_map(|flag| Some(flag.value.as_ref()?.value.to_string())).collect();
            Instruction::Run { commands, mounts }
        }
        Parsed::Cmd(cmd) => Instruction::Start { instruction: "CMD", commands: commands(&cmd.arguments) },
        Parsed::Entrypoint(entrypoint) => {
            Instruction::Start { instruction: "ENTRYPOINT", commands: commands(&entrypoint.arguments) }
        }
        Parsed::Healthcheck(check) => match &check.arguments {
            HealthcheckArguments::Cmd { arguments, .. } => Instruction::HealthCheck(commands(arguments)),
            _ => return None,
        },
        Parsed::Env(env) => Instruction::Variables {
            instruction: "ENV",
            assignments: assignments(&env.arguments.value),
            is_old: env.arguments.value.split_whitespace().next().is_some_and(|name| !name.contains('=')),
        },
        Parsed::Arg(arg) => Instruction::Variables {
            instruction: "ARG",
            assignments: assignments(&arg.arguments.value),
            is_old: false,
        },
        Parsed::Copy(copy) if copy.options.iter().any(|flag| flag.name.value == "from") => {
            Instruction::CopyFrom { sources: paths(&copy.src), to: copy.dest.value.to_string() }
        }
        Parsed::Workdir(folder) => Instruction::WorkingFolder(folder.arguments.value.trim().to_owned()),
        Parsed::Copy(copy) => Instruction::Copy {
            add: false,
            sources: paths(&copy.src),
            to: copy.dest.value.to_string(),
            is_given: copy.options.iter().any(|flag| flag.name.value == "chown"),
        },
        Parsed::Add(add) => Instruction::Copy {
            add: true,
            sources: paths(&add.src),
            to: add.dest.value.to_string(),
            is_given: add.options.iter().any(|flag| flag.name.value == "chown"),
        },
        Parsed::User(user) => Instruction::User(user.arguments.value.trim().to_owned()),
        Parsed::Maintainer(_) => Instruction::Maintainer,
        _ => return None,
    })
}

fn commands(command: &Command<'_>) -> Vec<SimpleCommand> {
    match command {
        Command::Shell(line) => simple_commands(&in_one_line(line.value)),
        Command::Exec(words) => {
            let words: Vec<String> = words.value.iter().map(|word| word.value.to_string()).collect();
            // `["sh", "-c", "line"]` runs what the line says.
            match words.as_slice() {
                [shell, flag, line, ..]
                    if shell.ends_with("sh") && flag.starts_with('-') && flag.ends_with('c') =>
                {
                    shell_commands(shell, line)
                }
                _ => vec![SimpleCommand { words, exec: true, ..SimpleCommand::default() }],
            }
        }
        _ => Vec::new(),
    }
}

/// As Docker hands it to the shell: lines that go on joined, and those between them that are comments left out.
fn in_one_line(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let joined: Vec<&str> = lines.map(|line| line.trim_end().trim_end_matches('\\')).collect();
    joined.join(" ")
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
pub(super) fn start(parsed: &Parsed<'_>) -> usize {
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
        Parsed::Workdir(folder) => folder.workdir.span.start,
        _ => 0,
    }
}
