//! The terminal: data goes to stdout, talk to stderr, and colour is decoration.
//!
//! Whether colours are shown is decided by `anstream`: not in a pipe, not with `NO_COLOR`.

mod diagnostics;
mod diff;
mod facts;
mod person;
mod progress;
pub mod style;
mod table;
#[cfg(test)]
pub(crate) mod testing;
mod volume;
mod waiting;

use std::io::{ErrorKind, Write};

use serde::Serialize;

use crate::base::Diagnostic;
use crate::base::codes::shell::OUTPUT_UNWRITABLE;
use crate::shell::disk;

pub use diagnostics::diagnostics;
pub use diff::diff;
pub use facts::facts;
pub use person::{AtTerminal, is_there};
pub use progress::{Ended, Progress};
pub use table::{table, width};
pub use volume::Volume;
pub use waiting::waiting;

/// Prints `text`, the result that was asked for, to stdout.
///
/// A reader that went away (`djdock inspect | head`) is not an error: it has what it wanted.
pub fn data(text: &str) -> Result<(), Diagnostic> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(cause) if cause.kind() != ErrorKind::BrokenPipe => Err(Diagnostic::error(
            OUTPUT_UNWRITABLE,
            format!("cannot write to standard output: {}", disk::cause(&cause)),
        )
        .help("free space where the output is redirected to, or redirect it elsewhere")),
        _ => Ok(()),
    }
}

/// Prints `value` as JSON to stdout.
pub fn json(value: &impl Serialize) -> Result<(), Diagnostic> {
    // The types that are printed have string keys and no failing `Serialize`.
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    data(&format!("{text}\n"))
}

/// Prints `text`, which is for the person and not part of the result, to stderr, unless djdock is to be quiet.
pub fn talk(text: &str) {
    if Volume::now() != Volume::Quiet {
        insist(text);
    }
}

/// Prints `text`, the reason of a decision, to stderr where reasons are wanted.
pub fn reason(text: impl FnOnce() -> String) {
    if Volume::now() == Volume::Verbose {
        insist(&text());
    }
}

/// Prints `text`, which the person must know, to stderr.
pub fn insist(text: &str) {
    let mut err = anstream::stderr().lock();
    // There is nobody to tell when stderr is closed.
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

/// Returns `text` without what could move the cursor or change colours: names of files and values of settings are
/// printed as they are found, and a hostile one must not write to the terminal.
pub fn harmless(text: &str) -> String {
    annotate_snippets::normalize_untrusted_str(text)
}

fn is_printable(letter: char) -> bool {
    letter == '\t' || !letter.is_control()
}
