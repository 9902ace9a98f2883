//! Plan → `GeneratedFile`: templates, views (one struct per template) and filters (one per language).

pub mod values;

use camino::Utf8PathBuf;

use crate::base::Diagnostic;
use crate::choose::Answers;
use crate::plan::Plan;
pub use values::Values;

/// A file that djdock made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Relative to the folder that the user named.
    pub path: Utf8PathBuf,
    /// With LF line ends, whatever the system.
    pub contents: String,
    pub executable: bool,
    /// Written once with mode 0600, never merged or kept in the record: `.env`.
    pub secret: bool,
    /// Why it is written, as a phrase: shown by `init` and in JSON.
    pub because: String,
}

/// The files of `plan`, sorted by path. The answers say how much they explain, and in which language. An error is
/// a bug in a template.
pub fn render(plan: &Plan, answers: &Answers, values: &Values) -> Result<Vec<GeneratedFile>, Diagnostic> {
    let _ = (plan, answers, values);
    Ok(Vec::new())
}
