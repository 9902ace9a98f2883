//! Env files: a value that Compose, `docker run`, python-dotenv and shells all read alike.

/// Bare where every reader takes it literally. What djdock writes always is; a value of another kind goes into
/// single quotes, which all but `docker run` take off.
pub(in crate::render) fn value(text: &str) -> String {
    let harmless = |letter: char| letter.is_ascii_alphanumeric() || "_-./:@%+=,*".contains(letter);
    if text.chars().all(harmless) {
        return text.to_owned();
    }
    let line = text.replace(['\n', '\r'], " ");
    if line.contains('\'') {
        let escaped = line.replace('\\', r"\\").replace('"', "\\\"").replace('$', r"\$");
        format!("\"{escaped}\"")
    } else {
        format!("'{line}'")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f47_harmless_values_are_bare() {
        for text in
            ["", "django-insecure_abc", "postgres://shop:x@db:5432/shop", "localhost,127.0.0.1", "*", "a=b"]
        {
            assert_eq!(value(text), text);
        }
    }

    #[test]
    fn f45_others_are_quoted_so_that_nothing_is_put_in() {
        assert_eq!(value("a $b #c"), "'a $b #c'");
        assert_eq!(value("it's $5"), "\"it's \\$5\"");
        assert_eq!(value("a\nB=c"), "'a B=c'");
    }
}
