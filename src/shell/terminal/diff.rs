//! Differences between two texts, as `diff -u` prints them.

use std::fmt::Write;

use diffy::DiffOptions;

use super::style::{aside, bad, good, heading};
use super::{harmless, is_printable};

/// Returns the difference in the file at `path`; an empty text if there is none.
pub fn diff(path: &str, before: &str, after: &str) -> String {
    let from = if before.is_empty() { "/dev/null".to_owned() } else { format!("a/{path}") };
    let mut options = DiffOptions::new();
    options.set_context_len(3).set_original_filename(from).set_modified_filename(format!("b/{path}"));
    let patch = options.create_patch(before, after);
    if patch.hunks().is_empty() {
        return String::new();
    }
    let unified = patch.to_string();
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

    #[test]
    fn a_change_is_shown_with_three_lines_around_it() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let text =
            anstream::adapter::strip_str(&diff("a/b c", before, &before.replace('5', "five"))).to_string();
        let expected = "--- a/a/b c\n+++ b/a/b c\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_missing_end_of_the_last_line_is_shown() {
        let text = anstream::adapter::strip_str(&diff("a", "x", "x\n")).to_string();
        assert!(text.contains("-x\n\\ No newline at end of file\n+x\n"), "{text}");
    }
}
