//! `djdock man`: manual pages, made from the command line's own definition.

use clap::builder::PossibleValuesParser;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::help::{EXAMPLES, Example, examples};
use super::topics::exit_codes;
use super::{Exit, Failure};
use crate::base::language::Language;
use crate::shell::terminal;

/// The program, whose page names the commands.
const DJDOCK: &str = "djdock";

/// Print a manual page
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The page of this command; without it, that of djdock
    #[arg(value_name = "COMMAND", value_parser = commands())]
    command: Option<String>,
}

fn commands() -> PossibleValuesParser {
    PossibleValuesParser::new(EXAMPLES.iter().map(|(name, _)| *name).filter(|name| *name != DJDOCK))
}

/// `djdock` is the whole command line, which only [`crate::cli`] knows.
pub fn run(arguments: &Arguments, djdock: clap::Command) -> Result<Exit, Failure> {
    terminal::data(&page(arguments.command.as_deref(), djdock))?;
    Ok(Exit::Done)
}

fn page(named: Option<&str>, mut djdock: clap::Command) -> String {
    // Names of subcommands become `djdock init`.
    djdock.build();
    let found = named.and_then(|name| djdock.find_subcommand(name).cloned());
    let title = named.map_or_else(|| DJDOCK.to_owned(), |name| format!("{DJDOCK}-{name}"));
    let man = Man::new(found.unwrap_or(djdock)).title(title).manual("djdock").section("1");
    let mut page = Vec::new();
    // A vector takes everything.
    let _ = man.render_title(&mut page);
    let _ = man.render_name_section(&mut page);
    let _ = man.render_synopsis_section(&mut page);
    let _ = man.render_description_section(&mut page);
    let _ = section("EXAMPLES", examples(named.unwrap_or(DJDOCK))).to_writer(&mut page);
    let _ = man.render_options_section(&mut page);
    if named.is_none() {
        let _ = man.render_subcommands_section(&mut page);
    }
    let _ = exit_status().to_writer(&mut page);
    String::from_utf8_lossy(&page).into_owned()
}

fn section(title: &str, examples: &[Example]) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", [title]);
    for example in examples {
        roff.control("TP", []);
        roff.text([bold(example.line)]);
        roff.text([roman(example.does)]);
    }
    roff
}

/// Returns the text of `djdock explain exit-codes`, with its columns as they are.
fn exit_status() -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXIT STATUS"]);
    roff.control("nf", []);
    for line in exit_codes(Language::En).lines() {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
    roff
}
