//! A value that carries where it came from.

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

/// A place where something was seen.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// A line of a file, counted from 1, and a column in characters, counted from 1 (0 where unknown).
    Line { path: Utf8PathBuf, line: u32, column: u32 },
    /// A file or folder as a whole.
    Path(Utf8PathBuf),
    /// A path that was looked for and is not there.
    Absent(Utf8PathBuf),
    /// A row of a table in `src/knowledge`, as `table: key`.
    Row(String),
    /// A person's answer, in the terminal or in `djdock.toml`: the question's key.
    Answer(String),
    /// A command-line flag, with its dashes.
    Flag(String),
    /// djdock's own default.
    Default,
}

impl Place {
    pub fn line(path: impl Into<Utf8PathBuf>, line: u32) -> Self {
        Self::Line { path: path.into(), line, column: 0 }
    }

    /// The path it names, where it names one.
    pub fn path(&self) -> Option<&Utf8Path> {
        match self {
            Self::Line { path, .. } | Self::Path(path) | Self::Absent(path) => Some(path),
            Self::Row(_) | Self::Answer(_) | Self::Flag(_) | Self::Default => None,
        }
    }

    /// The line it names, where it names one.
    pub fn line_number(&self) -> Option<u32> {
        if let Self::Line { line, .. } = self { Some(*line) } else { None }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Line { path, line, .. } => write!(out, "{path}:{line}"),
            Self::Path(path) => write!(out, "{path}"),
            Self::Absent(path) => write!(out, "{path} (absent)"),
            Self::Row(row) => write!(out, "djdock's table {row}"),
            Self::Answer(key) => write!(out, "the answer to `{key}`"),
            Self::Flag(flag) => write!(out, "the flag `{flag}`"),
            Self::Default => write!(out, "djdock's default"),
        }
    }
}

/// One reason to believe a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub place: Place,
    /// A phrase without a capital or full stop: "sets `DJANGO_SETTINGS_MODULE`".
    pub reason: String,
}

impl Evidence {
    pub fn new(place: Place, reason: impl Into<String>) -> Self {
        Self { place, reason: reason.into() }
    }
}

impl Serialize for Evidence {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        if let Some(path) = self.place.path() {
            map.serialize_entry("path", path)?;
        } else {
            map.serialize_entry("source", &self.place.to_string())?;
        }
        if let Some(line) = self.place.line_number() {
            map.serialize_entry("line", &line)?;
        }
        map.serialize_entry("reason", &self.reason)?;
        map.end()
    }
}

/// A value and the reasons for it, the deciding one first.
///
/// Where it is not known, `value` is what "nothing" is for its type (`None`, empty, an engine `unknown`) and
/// `unknown` says why; it never holds a guess without saying so in its evidence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fact<T> {
    pub value: T,
    pub evidence: Vec<Evidence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<String>,
}

impl<T> Fact<T> {
    /// A fact with one reason.
    pub fn new(value: T, place: Place, reason: impl Into<String>) -> Self {
        Self { value, evidence: vec![Evidence::new(place, reason)], unknown: None }
    }

    /// A fact with several reasons, the deciding one first.
    pub fn with(value: T, evidence: Vec<Evidence>) -> Self {
        Self { value, evidence, unknown: None }
    }

    /// Makes a fact whose value could not be known, with the place and the reason.
    pub fn unknown(nothing: T, evidence: Vec<Evidence>, why: impl Into<String>) -> Self {
        Self { value: nothing, evidence, unknown: Some(why.into()) }
    }

    pub fn is_known(&self) -> bool {
        self.unknown.is_none()
    }

    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Fact<U> {
        Fact { value: change(self.value), evidence: self.evidence, unknown: self.unknown }
    }

    /// The place that decided, where there is one.
    pub fn decided_by(&self) -> Option<&Place> {
        self.evidence.first().map(|evidence| &evidence.place)
    }
}

impl<T: Default> Default for Fact<T> {
    fn default() -> Self {
        Self { value: T::default(), evidence: Vec::new(), unknown: None }
    }
}
