//! Small types that make messages grammatical.

/// "1 file", "3 files".
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// "`a`", "`a` or `b`", "`a`, `b` or `c`".
pub fn or_ticked<T: std::fmt::Display>(items: &[T]) -> String {
    joined(items, "or")
}

/// "`a`", "`a` and `b`", "`a`, `b` and `c`".
pub fn and_ticked<T: std::fmt::Display>(items: &[T]) -> String {
    joined(items, "and")
}

/// The candidate that `word` is most likely a misspelling of.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let scored = candidates.into_iter().map(|candidate| (strsim::jaro_winkler(word, candidate), candidate));
    let (score, candidate) = scored.max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    (score > 0.8).then_some(candidate)
}

fn joined<T: std::fmt::Display>(items: &[T], word: &str) -> String {
    let ticked: Vec<String> = items.iter().map(|item| format!("`{item}`")).collect();
    match ticked.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

/// Tells whether a variable's name says that its value is a secret.
pub fn is_secret_variable(name: &str) -> bool {
    let name = name.to_uppercase();
    let ends =
        ["SECRET", "SECRET_KEY", "PASSWORD", "PASSWD", "TOKEN", "API_KEY", "PRIVATE_KEY", "ACCESS_KEY"];
    ends.iter().any(|end| name == *end || name.ends_with(&format!("_{end}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelling_finds_its_word() {
        let words = ["gunicorn", "uvicorn", "nginx"];
        assert_eq!(did_you_mean("gunicron", words), Some("gunicorn"));
        assert_eq!(did_you_mean("ngnix", words), Some("nginx"));
        assert_eq!(did_you_mean("apache", words), None);
    }

    #[test]
    fn lists_and_counts_read_as_sentences() {
        assert_eq!(count(1, "file"), "1 file");
        assert_eq!(count(3, "file"), "3 files");
        assert_eq!(or_ticked(&["a"]), "`a`");
        assert_eq!(or_ticked(&["a", "b", "c"]), "`a`, `b` or `c`");
        assert_eq!(and_ticked(&["a", "b"]), "`a` and `b`");
    }
}
