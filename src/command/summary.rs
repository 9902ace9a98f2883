//! The last line: how many findings of each kind.

use crate::base::wording::count;
use crate::base::{Diagnostic, Severity};

/// "2 errors, 1 warning" as a line of its own.
pub fn of(findings: &[Diagnostic]) -> String {
    let named = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let counts: Vec<String> = named
        .iter()
        .map(|(severity, noun)| {
            (findings.iter().filter(|finding| finding.severity == *severity).count(), noun)
        })
        .filter(|(number, _)| *number > 0)
        .map(|(number, noun)| count(number, noun))
        .collect();
    if counts.is_empty() { "nothing found\n".to_owned() } else { format!("{}\n", counts.join(", ")) }
}
