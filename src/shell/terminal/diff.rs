//! Differences between two texts, as `diff -u` prints them.

use std::fmt::Write;

use similar::TextDiff;

use super::style::{aside, bad, good, heading};
use super::{harmless, is_printable};

/// Returns the difference in the file at `path`; an empty text if there is none.
pub fn diff(path: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let mut unified = diff.unified_diff();
    let from = if before.is_empty() { "/dev/null".to_owned() } else { format!("a/{path}") };
    let unified = unified.context_radius(3).header(&from, &format!("b/{path}")).to_string();
    let mut text = String::new();
    for line in unified.lines() {
        let shown = if line.chars().all(is_printable) { line.to_owned() } else { harmless(line) };
        let painted = match line.as_bytes() {
            [b'-', b'-', b'-', ..] | [b'+', b'+', b'+', ..] => heading(&shown),
            [b'@', b'@', ..] => aside(&shown),
            [b'+', ..] => good(&shown),
            [b'-', ..] => bad(&shown),
            _ => shown,
        };
        let _ = writeln!(text, "{painted}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_is_all_added() {
        let text = anstream::adapter::strip_str(&diff("a", "", "x\n")).to_string();
        assert_eq!(text, "--- /dev/null\n+++ b/a\n@@ -0,0 +1 @@\n+x\n");
        assert_eq!(diff("a", "x\n", "x\n"), "");
    }
}
