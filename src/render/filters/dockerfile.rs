//! Dockerfiles: values of `ENV` and `ARG`, words of `RUN` in shell form, paths of `COPY`, and the exec form.

use super::sh;

/// A value of `ENV` or `ARG`, or the path of `WORKDIR`: in double quotes where it is not plain, with `$` kept from being
/// put in. An instruction ends with its line, so line ends become spaces.
pub(super) fn word(text: &str) -> String {
    if is_plain(text) {
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

fn is_plain(text: &str) -> bool {
    let harmless = |letter: char| letter.is_ascii_alphanumeric() || "_-./:@%+=,".contains(letter);
    !text.is_empty() && text.chars().all(harmless)
}

/// The paths of `COPY`, the last one its target. It knows no quotes: where a path is not plain, all are a JSON list.
/// <https://docs.docker.com/reference/dockerfile/#copy>. `$` is kept from being put in, and a bracket from being a pattern.
pub(super) fn copy(paths: &[String]) -> String {
    if paths.iter().all(|path| is_plain(path)) {
        return paths.join(" ");
    }
    let last = paths.len().saturating_sub(1);
    let escaped = paths.iter().enumerate().map(|(at, path)| {
        let path = path.replace('\\', "\\\\").replace('$', "\\$").replace(['\n', '\r'], "?");
        if at == last { path } else { path.replace('[', "[[]") }
    });
    exec(&escaped.collect::<Vec<_>>())
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
    fn paths_with_spaces_are_copied_in_the_json_form() {
        let copied = |paths: &[&str]| copy(&paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>());
        assert_eq!(copied(&["a.txt", "b/c.toml", "/app/"]), "a.txt b/c.toml /app/");
        assert_eq!(copied(&["my site/a.txt", "/app/my site/"]), r#"["my site/a.txt", "/app/my site/"]"#);
        assert_eq!(copied(&["한글.txt", "/app/"]), r#"["한글.txt", "/app/"]"#);
        assert_eq!(copied(&["a$b", "c[1]", "/app/c[1]/"]), r#"["a\\$b", "c[[]1]", "/app/c[1]/"]"#);
        assert!(!copied(&["a\nUSER root", "/app/"]).contains('\n'));
    }

    #[test]
    fn f16_a_path_is_no_pattern() {
        assert_eq!(pattern("media"), "media");
        assert_eq!(pattern("#odd"), "./#odd");
        assert_eq!(pattern("!keep"), "./!keep");
        assert_eq!(pattern("a*b[1]"), "a\\*b\\[1]");
    }
}
