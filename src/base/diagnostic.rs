//! A message: the fault, its place, its cause, and the remedy.
//!
//! The core makes diagnostics; [`crate::shell::terminal`] prints them in rustc's form and the commands write them as JSON.

use serde::Serialize;

use super::Place;

/// How grave a diagnostic is. An error means that djdock cannot do what was asked, or that what it found
/// breaks in a container; a warning, that something was assumed or will surprise; a note only informs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Note,
    Warning,
    Error,
}

/// The stable name of a situation, in kebab-case; never used again for another one.
///
/// Constructed only in [`super::codes`], which also holds its explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Code(pub &'static str);

impl std::fmt::Display for Code {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.0)
    }
}

/// A stretch of a source line and what about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Label {
    pub path: camino::Utf8PathBuf,
    /// Counted from 1.
    pub line: u32,
    /// In characters, counted from 1; 0 where the whole line is meant.
    pub column: u32,
    /// How many characters of the line are meant; 0 up to its end.
    pub length: u32,
    pub text: String,
    /// The line holds a secret, which no log must repeat: only its beginning is shown.
    #[serde(skip)]
    pub hides_value: bool,
}

/// One finding. All texts follow `style.md`: no capital at the start, no full stop at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    /// Stands alone in a log: names the thing, in backticks, and its value.
    pub title: String,
    pub labels: Vec<Label>,
    /// Evidence that is elsewhere, what was looked for, why it breaks in a container.
    pub notes: Vec<String>,
    /// Each one thing to do, with the command or the edit; the better way first.
    pub helps: Vec<String>,
}

impl Diagnostic {
    pub fn new(code: Code, severity: Severity, title: impl Into<String>) -> Self {
        Self { code, severity, title: title.into(), labels: Vec::new(), notes: Vec::new(), helps: Vec::new() }
    }

    pub fn error(code: Code, title: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, title)
    }

    pub fn warning(code: Code, title: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, title)
    }

    pub fn note(code: Code, title: impl Into<String>) -> Self {
        Self::new(code, Severity::Note, title)
    }

    /// Forgets what was said before in the same words.
    pub fn forget_repeated(diagnostics: &mut Vec<Self>) {
        let mut kept: Vec<Self> = Vec::with_capacity(diagnostics.len());
        for one in diagnostics.drain(..) {
            if !kept.contains(&one) {
                kept.push(one);
            }
        }
        *diagnostics = kept;
    }

    /// Sorts for people and for comparison: the gravest first, then by place and code.
    pub fn sort(diagnostics: &mut [Self]) {
        let place = |diagnostic: &Self| {
            diagnostic.labels.first().map(|label| (label.path.clone(), label.line, label.column))
        };
        diagnostics.sort_by(|a, b| {
            let key = |diagnostic: &Self| {
                (std::cmp::Reverse(diagnostic.severity), place(diagnostic), diagnostic.code)
            };
            key(a).cmp(&key(b)).then_with(|| a.title.cmp(&b.title))
        });
    }

    /// Points at `place`, where it is a line of a file; any other place becomes a note.
    #[must_use]
    pub fn at(mut self, place: &Place, text: impl Into<String>) -> Self {
        match place {
            Place::Line { path, line, column } => self.labels.push(Label {
                path: path.clone(),
                line: *line,
                column: *column,
                length: 0,
                text: text.into(),
                hides_value: false,
            }),
            other => self.notes.push(format!("{}: {other}", text.into())),
        }
        self
    }

    /// Adds a place like [`Diagnostic::at`], for a line that holds a secret: the value is not shown.
    #[must_use]
    pub fn at_secret(self, place: &Place, text: impl Into<String>) -> Self {
        let mut diagnostic = self.at(place, text);
        if let (Place::Line { .. }, Some(label)) = (place, diagnostic.labels.last_mut()) {
            label.hides_value = true;
        }
        diagnostic
    }

    #[must_use]
    pub fn because(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    #[must_use]
    /// Adds a remedy, if it is not there yet: a log and the page that it is about may have the same cause.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        let help = help.into();
        if !self.helps.contains(&help) {
            self.helps.push(help);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::Diagnostic;
    use crate::base::codes::plan::OVERLAY_NEEDED;

    #[test]
    fn a_remedy_is_said_once() {
        let twice = Diagnostic::error(OVERLAY_NEEDED, "t").help("a").help("b").help("a");
        assert_eq!(twice.helps, ["a", "b"]);
    }
}
