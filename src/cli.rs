//! The command line: which commands there are, and what their result means to the shell.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::command::{self, Exit, Failure, help};
use crate::shell::terminal::{self, Volume};

/// Puts an existing Django project in containers, and proves that it runs.
#[derive(Parser)]
#[command(name = "djdock", version, arg_required_else_help = true, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Say nothing but warnings and errors
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say also why each decision is made
    #[arg(long, short, global = true)]
    verbose: bool,
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
    Schema(command::schema::Arguments),
    Completions(command::completions::Arguments),
    Man(command::man::Arguments),
}

/// Runs the command that `arguments` name and says how it went, in the way that shells understand.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let parsed = definition().try_get_matches_from(arguments).and_then(|found| Cli::from_arg_matches(&found));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(usage) => return refuse(&usage),
    };
    cli.volume().set();
    let result = match &cli.command {
        Command::Init(arguments) => command::init::run(arguments),
        Command::Inspect(arguments) => command::inspect::run(arguments),
        Command::Check(arguments) => command::check::run(arguments),
        Command::Update(arguments) => command::update::run(arguments),
        Command::Smoke(arguments) => command::smoke::run(arguments),
        Command::Demo(arguments) => command::demo::run(arguments),
        Command::Explain(arguments) => command::explain::run(arguments),
        Command::Schema(arguments) => command::schema::run(arguments),
        Command::Completions(arguments) => command::completions::run(arguments, definition()),
        Command::Man(arguments) => command::man::run(arguments, definition()),
    };
    result.unwrap_or_else(report).into()
}

impl Cli {
    fn volume(&self) -> Volume {
        match (self.quiet, self.verbose) {
            (true, _) => Volume::Quiet,
            (false, true) => Volume::Verbose,
            (false, false) => Volume::Usual,
        }
    }
}

/// Returns the whole command line.
fn definition() -> clap::Command {
    help::with_examples(Cli::command())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_sound() {
        definition().debug_assert();
    }

    #[test]
    fn every_command_begins_its_help_with_examples_that_it_takes() {
        let names: Vec<String> =
            definition().get_subcommands().map(|command| command.get_name().to_owned()).collect();
        for name in names.iter().map(String::as_str).chain(["djdock"]) {
            let examples = help::examples(name);
            assert!(!examples.is_empty(), "{name} has no example");
            for example in examples {
                let line = example.line.split(" >").next().unwrap_or_default();
                let arguments = shell_words::split(line).unwrap();
                let found = definition().try_get_matches_from(&arguments);
                let Ok(found) = found else { panic!("{line}: {}", found.unwrap_err()) };
                let command = found.subcommand_name().unwrap_or_default();
                assert!(name == "djdock" || command == name, "{line} stands under {name}");
            }
        }
        for (name, _) in help::EXAMPLES {
            assert!(*name == "djdock" || names.iter().any(|known| known == name), "there is no {name}");
        }
    }

    #[test]
    fn quiet_and_verbose_are_taken_before_and_after_the_command() {
        let volume = |line: &str| {
            let found = definition().try_get_matches_from(line.split(' ')).unwrap();
            Cli::from_arg_matches(&found).unwrap().volume()
        };
        assert_eq!(volume("djdock -q check"), Volume::Quiet);
        assert_eq!(volume("djdock check --quiet"), Volume::Quiet);
        assert_eq!(volume("djdock init --yes -v shop"), Volume::Verbose);
        assert_eq!(volume("djdock init"), Volume::Usual);
        assert!(definition().try_get_matches_from(["djdock", "-q", "-v", "init"]).is_err());
    }
}
