//! Targets: the tools that run a stack.

mod compose;

use std::borrow::Cow;

use camino::Utf8Path;

use super::offer::{Listed, Offer};
use crate::stack::{Command, Environment, Stack};

impl Listed for Target {
    const ALL: &'static [&'static Self] = &[&compose::COMPOSE];

    fn offer(&self) -> &Offer {
        &self.offer
    }
}

/// The target of every stack until another one is offered.
pub const DEFAULT: &Target = &compose::COMPOSE;

/// A tool that runs a stack, with the files that djdock writes for it and the commands that a person types.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The target's texts in questions and documents.
    pub offer: Offer,
    /// The files that describe a stack to the tool, at least one for each environment. The first of an environment is the
    /// stack's own file, the one that messages name.
    pub files: &'static [File],
    /// The script that replaces the running containers of production by new ones, in the folder of djdock's own files.
    pub redeploy: File,
    /// The command, word by word, with which a person makes the tool act on the stack of an environment, in the project's
    /// folder. The path is the stack's env file. No other module spells out a command of the tool.
    pub command: fn(Environment, &Utf8Path, Act<'_>) -> Command,
    /// The lines, as a person types them, that start a new container of a service beside the one that runs, and end that one once
    /// the new one is healthy.
    pub replace_beside: fn(Environment, &Utf8Path, &str) -> Vec<String>,
}

/// A file that describes a stack to the tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File {
    /// The stack that is described.
    pub environment: Environment,
    /// Relative to the project's folder.
    pub path: &'static str,
    /// The template below `templates/`.
    pub template: &'static str,
    /// The reason why the file is written, as a phrase: shown by `init` and in JSON.
    pub because: &'static str,
}

/// Something that a person does with a stack.
#[derive(Clone, Copy, Debug)]
pub enum Act<'a> {
    /// Builds the images and runs the stack in the terminal.
    Run,
    /// Builds the images, starts the stack in the background or replaces what changed, and ends when everything is healthy.
    Deploy,
    /// Builds the images.
    Build,
    /// Replaces the containers of services, and of no others, with the images that there are.
    Replace { services: &'a [&'a str] },
    /// Names the containers of a service.
    Containers { service: &'a str },
    /// Starts a second container of a service with the images that there are, and ends when both are healthy.
    Beside { service: &'a str, scale: &'a str },
    /// Builds the images with the keys of the person's ssh agent.
    BuildWithKeys,
    /// Shows what runs and what is healthy.
    Status,
    /// Shows what the containers print, and what they will print.
    FollowLogs,
    /// Shows the stack as the tool understands it.
    Explain,
    /// Runs words in the running container of a service, in the person's terminal.
    Exec { service: &'a str, words: &'a [&'a str] },
    /// Runs words in the running container of a service, where nobody types: in a line of crontab.
    ExecUnattended { service: &'a str, words: &'a [&'a str] },
    /// Runs words, or the service's own command if there are none, in a container that is removed afterwards.
    Once { service: &'a str, words: &'a [&'a str] },
    /// Ends the stack and removes its containers; volumes stay.
    Remove,
    /// Ends the stack and removes everything of it, also what its volumes keep.
    RemoveWithData,
}

impl Target {
    /// Returns the command for a stack as a person types it.
    pub fn command(&self, stack: &Stack, act: Act<'_>) -> String {
        self.command_with(stack.environment, &stack.env_file, act)
    }

    /// Returns the command for the stack of an environment of which nothing else is known yet.
    pub fn usual_command(&self, environment: Environment, act: Act<'_>) -> String {
        self.command_with(environment, Utf8Path::new(".env"), act)
    }

    /// Returns the command for the stack of an environment and an env file.
    pub fn command_with(&self, environment: Environment, env_file: &Utf8Path, act: Act<'_>) -> String {
        let words = (self.command)(environment, env_file, act);
        words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
    }

    /// Returns the path of the file that describes the stack of an environment.
    pub fn file(&self, environment: Environment) -> &'static Utf8Path {
        let file = self.files.iter().find(|file| file.environment == environment);
        Utf8Path::new(file.map_or("", |file| file.path))
    }
}

/// Returns a word as a person types it behind a command: in quotes only where the shell would read it as something else.
fn quoted(word: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    let is_read_as_it_is = !word.is_empty() && word.chars().all(is_plain);
    if is_read_as_it_is { Cow::Borrowed(word) } else { shell_words::quote(word) }
}
