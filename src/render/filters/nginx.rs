//! nginx: one parameter.

/// Bare where it is harmless, else in double quotes. nginx has no way to write a `$` that is no variable, so a
/// dollar is left out; nothing that djdock writes there has one.
pub(super) fn word(text: &str) -> String {
    let harmless = |letter: char| letter.is_alphanumeric() || "_-./:@%+=,".contains(letter);
    if !text.is_empty() && text.chars().all(harmless) {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '$' => {}
            '\n' | '\r' => out.push(' '),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_end_nothing() {
        assert_eq!(word("/static/"), "/static/");
        assert_eq!(word("/my files/"), "\"/my files/\"");
        assert_eq!(word("/a;}\"$x/"), "\"/a;}\\\"x/\"");
        assert_eq!(word("/{2}/"), "\"/{2}/\"");
    }
}
