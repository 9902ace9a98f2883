//! INI files: a value up to the end of its line.

/// On one line, and not begun by what starts a comment.
pub(super) fn value(text: &str) -> String {
    let line = text.replace(['\n', '\r'], " ");
    // supervisor puts in `%(...)s`, and starts a comment at ` ;`.
    line.replace('%', "%%").replace(" ;", " ").trim_start_matches([' ', ';', '#']).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_on_its_line() {
        assert_eq!(value("a\n[program:x]"), "a [program:x]");
        assert_eq!(value("100%"), "100%%");
        assert_eq!(value("; x"), "x");
    }
}
