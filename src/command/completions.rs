//! `djdock completions`: what a shell needs to complete djdock's arguments.

use clap_complete::Shell;

use super::{Exit, Failure};
use crate::shell::terminal;

/// Print completions for a shell
#[derive(clap::Args, Debug)]
pub struct Arguments {
    shell: Shell,
}

/// `command` is the whole command line, which only [`crate::cli`] knows.
pub fn run(arguments: &Arguments, mut command: clap::Command) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "djdock", &mut script);
    terminal::data(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
