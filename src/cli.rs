//! The command line: which commands there are, and what their result means to the shell.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::command::{self, Exit, Failure};
use crate::shell::terminal;

/// Puts an existing Django project in containers, and proves that it runs.
#[derive(Parser)]
#[command(name = "djdock", version, arg_required_else_help = true, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    // The order of the help: as one comes to need them.
    Init(command::init::Arguments),
    Inspect(command::inspect::Arguments),
    Check(command::check::Arguments),
    Update(command::update::Arguments),
    Smoke(command::smoke::Arguments),
    Demo(command::demo::Arguments),
    Explain(command::explain::Arguments),
    Completions(command::completions::Arguments),
}

/// Runs the command that `arguments` name and says how it went, in the way that shells understand.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(usage) => return refuse(&usage),
    };
    let result = match &cli.command {
        Command::Init(arguments) => command::init::run(arguments),
        Command::Inspect(arguments) => command::inspect::run(arguments),
        Command::Check(arguments) => command::check::run(arguments),
        Command::Update(arguments) => command::update::run(arguments),
        Command::Smoke(arguments) => command::smoke::run(arguments),
        Command::Demo(arguments) => command::demo::run(arguments),
        Command::Explain(arguments) => command::explain::run(arguments),
        Command::Completions(arguments) => command::completions::run(arguments, Cli::command()),
    };
    result.unwrap_or_else(report).into()
}

/// Prints what clap has to say: help to stdout, a usage error to stderr.
fn refuse(usage: &clap::Error) -> ExitCode {
    // Nothing is left to tell it to when the terminal is gone.
    let _ = usage.print();
    if usage.use_stderr() { Exit::CouldNot } else { Exit::Done }.into()
}

fn report(failure: Failure) -> Exit {
    match failure {
        Failure::Diagnosed { diagnostics, tree } => {
            terminal::diagnostics(tree.as_ref(), &diagnostics);
            Exit::CouldNot
        }
        Failure::Interrupted => Exit::Interrupted,
    }
}
