//! Compose files: YAML in which `$` puts in a variable.

use super::yaml;

/// Text that compose must not put variables into.
pub(super) fn literal(text: &str) -> String {
    yaml::scalar(&text.replace('$', "$$"))
}

/// The spaces before the lines of a word in a list below a key of a service.
const BELOW_WORD: &str = "        ";

/// A word of a command in such a list: a script of several lines stands there line by line.
pub(super) fn word(text: &str) -> String {
    let Some(script) = text.strip_suffix('\n').filter(|script| script.contains('\n')) else {
        return literal(text);
    };
    // Spaces at the beginning would count as those before every line, and an empty last line would be lost.
    let is_plain = |letter: char| letter == '\n' || letter.is_ascii_graphic() || letter == ' ';
    if script.starts_with([' ', '\n']) || script.ends_with('\n') || !script.chars().all(is_plain) {
        return literal(text);
    }
    let below = |line: &str| if line.is_empty() { String::new() } else { format!("{BELOW_WORD}{line}") };
    let lines: Vec<String> = script.replace('$', "$$").split('\n').map(below).collect();
    format!("|\n{}", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn script_stands_line_by_line_where_yaml_reads_it_back() {
        assert_eq!(word("a $b\n  c\n"), "|\n        a $$b\n          c");
        for text in ["a", "a\n", "a\nb", " a\nb\n", "a\nb\n\n", "\na\nb\n", "a\tb\nc\n", "é\nb\n"] {
            assert_eq!(word(text), literal(text), "{text:?}");
        }
    }

    #[test]
    fn f45_dollars_are_doubled() {
        assert_eq!(literal("a$b"), "a$$b");
        assert_eq!(literal("MYSQL_PWD=\"$P\" x"), "'MYSQL_PWD=\"$$P\" x'");
    }
}
