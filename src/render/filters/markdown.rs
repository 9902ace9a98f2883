//! Markdown, as GitHub and GitLab read it, and labels of Mermaid diagrams in it.

/// Text that nothing is made of: no emphasis, link, tag or cell of a table. Words between backticks stay code.
pub(super) fn text(text: &str) -> String {
    let mut out = String::new();
    let pairs = text.matches('`').count() / 2 * 2;
    let mut ticks = 0;
    for letter in text.chars() {
        let in_code = ticks % 2 == 1;
        match letter {
            '\n' | '\r' => out.push(' '),
            '`' if ticks < pairs => {
                ticks += 1;
                out.push('`');
            }
            // A bar ends a cell even in code.
            '|' => out.push_str("\\|"),
            letter if in_code => out.push(letter),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '~' | '&' => out.extend(['\\', letter]),
            other => out.push(other),
        }
    }
    out
}

/// A code span with its ticks.
pub(super) fn code(text: &str) -> String {
    let line = text.replace(['\n', '\r'], " ").replace('|', "\\|");
    let longest = line.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    if longest == 0 {
        return format!("`{line}`");
    }
    let fence = "`".repeat(longest + 1);
    format!("{fence} {line} {fence}")
}

/// The text of a label, between double quotes.
pub(super) fn mermaid(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("#quot;"),
            '#' => out.push_str("#35;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '`' => out.push_str("#96;"),
            '\n' | '\r' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_makes_nothing_of_itself() {
        assert_eq!(text("a|b *c* <d> [e](f)"), "a\\|b \\*c\\* \\<d\\> \\[e\\](f)");
        assert_eq!(
            text("sets `DJANGO_SETTINGS_MODULE` to __x__"),
            "sets `DJANGO_SETTINGS_MODULE` to \\_\\_x\\_\\_"
        );
        assert_eq!(text("one ` tick"), "one \\` tick");
        assert_eq!(text("a\n# b"), "a \\# b");
    }

    #[test]
    fn code_holds_ticks() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a `b`"), "`` a `b` ``");
    }

    #[test]
    fn labels_end_no_string() {
        assert_eq!(mermaid("web \"x\" <b>"), "web #quot;x#quot; #lt;b#gt;");
    }
}
