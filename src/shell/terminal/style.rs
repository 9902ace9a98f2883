//! Weight and colour of talk. `anstream` takes them away where they are not wanted.

use annotate_snippets::renderer::{AnsiColor, Effects, Style};

const BOLD: Style = Style::new().effects(Effects::BOLD);
const FAINT: Style = Style::new().effects(Effects::DIMMED);
const GREEN: Style = AnsiColor::Green.on_default();
const RED: Style = AnsiColor::Red.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const CYAN: Style = AnsiColor::Cyan.on_default();

/// A heading.
pub fn heading(text: &str) -> String {
    painted(BOLD, text)
}

/// Returns text that stands beside the main thing.
pub fn aside(text: &str) -> String {
    painted(FAINT, text)
}

/// Added, passed, created.
pub fn good(text: &str) -> String {
    painted(GREEN, text)
}

/// Removed, failed.
pub fn bad(text: &str) -> String {
    painted(RED, text)
}

/// Changed, in doubt.
pub fn doubtful(text: &str) -> String {
    painted(YELLOW, text)
}

/// A command to type.
pub fn command(text: &str) -> String {
    painted(CYAN, text)
}

fn painted(style: Style, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{style}{text}{style:#}") }
}
