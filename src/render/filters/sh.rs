//! POSIX shell: one word.

/// Bare where it is harmless, else in single quotes. A leading dash is the command's business, not the shell's.
pub(in crate::render) fn word(text: &str) -> String {
    let harmless = |letter: char| letter.is_ascii_alphanumeric() || "_-./:@%+=,".contains(letter);
    if !text.is_empty() && text.chars().all(harmless) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_the_shell() {
        assert_eq!(word("python"), "python");
        assert_eq!(word(""), "''");
        assert_eq!(word("a b"), "'a b'");
        assert_eq!(word("it's $HOME `id`"), r"'it'\''s $HOME `id`'");
        assert_eq!(word("~"), "'~'");
        assert_eq!(word("--flag=x"), "--flag=x");
        assert_eq!(word("게시판"), "'게시판'");
    }
}
