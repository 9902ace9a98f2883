//! `djdock schema`: what `djdock.toml` may hold, for editors.

use super::{Exit, Failure};
use crate::choose::schema::json_schema;
use crate::shell::terminal;

/// Print the JSON Schema of djdock.toml
///
/// Editors complete and check the file with it. Where the editor uses Taplo, put `#:schema ./djdock.schema.json` into the
/// first line of djdock.toml.
#[derive(clap::Args, Debug)]
pub struct Arguments {}

pub fn run(_: &Arguments) -> Result<Exit, Failure> {
    terminal::json(&json_schema())?;
    Ok(Exit::Done)
}
