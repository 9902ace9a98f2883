//! Caddyfiles: one token.

/// Bare where the text is harmless, else in double quotes. Braces are left out: between them Caddy puts in values, and nothing
/// that djdock writes there has one. <https://caddyserver.com/docs/caddyfile/concepts#tokens-and-quotes>
pub(super) fn word(text: &str) -> String {
    let harmless = |letter: char| letter.is_alphanumeric() || "_-./:@%+=,*".contains(letter);
    let text: String = text.chars().filter(|letter| !matches!(letter, '{' | '}')).collect();
    if !text.is_empty() && text.chars().all(harmless) {
        return text;
    }
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\n' | '\r' => out.push(' '),
            // A quote behind it would be part of the text.
            '\\' => out.push('/'),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// A matcher of every path that begins with the text.
pub(super) fn below(text: &str) -> String {
    word(&format!("{text}*"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_end_nothing() {
        assert_eq!(word("/static/"), "/static/");
        assert_eq!(word("/my files/"), "\"/my files/\"");
        assert_eq!(word("/a}\"{$X}/"), "\"/a\\\"$X/\"");
        assert_eq!(word(""), "\"\"");
        assert_eq!(below("/static/"), "/static/*");
        assert_eq!(below("/my files/"), "\"/my files/*\"");
    }
}
