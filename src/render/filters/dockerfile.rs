//! Dockerfiles: values of `ENV` and `ARG`, words of `RUN` in shell form, and the exec form.

use super::sh;

/// A value of `ENV`, `ARG` or a path of `COPY`: in double quotes where it is not plain, with `$` kept from being
/// put in. An instruction ends with its line, so line ends become spaces.
pub(super) fn word(text: &str) -> String {
    let harmless = |letter: char| letter.is_ascii_alphanumeric() || "_-./:@%+=,".contains(letter);
    if !text.is_empty() && text.chars().all(harmless) {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' | '$' => out.extend(['\\', letter]),
            '\n' | '\r' => out.push(' '),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// The name of an image or a stage, or a user: build arguments are put in (`${UID}`); nothing else is.
pub(super) fn bare(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// A word of a `RUN` in shell form. A line end would end the instruction: `printf` writes it.
pub(super) fn run(text: &str) -> String {
    if !text.contains(['\n', '\r']) {
        return sh::word(text);
    }
    let escaped = text.replace('\\', r"\\").replace('\n', r"\n").replace('\r', r"\r");
    format!("\"$(printf %b {})\"", sh::word(&escaped))
}

/// The exec form: a JSON list.
pub(super) fn exec(items: &[String]) -> String {
    let quoted: Vec<String> =
        items.iter().map(|item| serde_json::Value::from(item.as_str()).to_string()).collect();
    format!("[{}]", quoted.join(", "))
}

/// A path as a line of `.dockerignore`: its letters, and nothing that a pattern gives a meaning to.
pub(super) fn pattern(path: &str) -> String {
    let mut out = String::new();
    for letter in path.chars() {
        match letter {
            '*' | '?' | '[' | '\\' => out.extend(['\\', letter]),
            '\n' | '\r' => out.push('?'),
            other => out.push(other),
        }
    }
    if out.starts_with(['#', '!', ' ']) || out.is_empty() { format!("./{out}") } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_env_put_nothing_in_and_end_with_their_line() {
        assert_eq!(word("/opt/venv/bin"), "/opt/venv/bin");
        assert_eq!(word("a b"), "\"a b\"");
        assert_eq!(word("$HOME \"x\" \\"), "\"\\$HOME \\\"x\\\" \\\\\"");
        assert_eq!(word("a\nUSER root"), "\"a USER root\"");
    }

    #[test]
    fn a_line_end_in_a_word_does_not_end_the_instruction() {
        assert_eq!(run("a\nb"), r#""$(printf %b 'a\nb')""#);
        assert!(!run("a\r\nUSER root").contains('\n'));
    }

    #[test]
    fn the_exec_form_is_json() {
        let items = ["sh".to_owned(), "-c".to_owned(), "echo \"$A\"\n".to_owned()];
        let read: Vec<String> = serde_json::from_str(&exec(&items)).unwrap();
        assert_eq!(read, items);
    }

    #[test]
    fn f16_a_path_is_no_pattern() {
        assert_eq!(pattern("media"), "media");
        assert_eq!(pattern("#odd"), "./#odd");
        assert_eq!(pattern("!keep"), "./!keep");
        assert_eq!(pattern("a*b[1]"), "a\\*b\\[1]");
    }
}
