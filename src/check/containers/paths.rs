//! Paths inside containers, as texts: absolute, with `/` between parts. Variables in texts.

use std::collections::BTreeMap;

/// Returns `path` as seen from the folder `folder`, without `.`, `..` and a `/` at its end.
pub fn absolute(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let start = if path.starts_with('/') { "" } else { folder };
    for part in start.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// Returns what follows `folder` in `path`, without the `/` between them; `None` where `path` is not inside.
pub fn inside<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    if folder == "/" {
        return path.strip_prefix('/');
    }
    let rest = path.strip_prefix(folder)?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix('/') }
}

/// Returns `path` with `rest` below it.
pub fn below(path: &str, rest: &str) -> String {
    if rest.is_empty() { path.to_owned() } else { format!("{}/{rest}", path.trim_end_matches('/')) }
}

/// Puts known variables into a text: `$NAME`, `${NAME}`, `${NAME:-default}`. What is not known stays as it is written.
pub fn filled_in(text: &str, variables: &BTreeMap<String, String>) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        filled.push_str(before);
        let (name, default, end) = reference(after);
        match variables.get(name).map(String::as_str).or(default) {
            Some(value) if !name.is_empty() => filled.push_str(value),
            _ => {
                filled.push('$');
                filled.push_str(after.get(..end).unwrap_or_default());
            }
        }
        rest = after.get(end..).unwrap_or_default();
    }
    filled + rest
}

/// Reads what follows a `$`: the name, a default, and where the reference ends.
fn reference(after: &str) -> (&str, Option<&str>, usize) {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    if let Some(inner) = after.strip_prefix('{') {
        let Some((inner, _)) = inner.split_once('}') else { return ("", None, 0) };
        let (name, default) = match inner.split_once(['-', ':']) {
            Some((name, rest)) => (name, Some(rest.trim_start_matches('-'))),
            None => (inner, None),
        };
        // `${NAME:?message}` has no default, and an empty one says nothing.
        let default = default.filter(|default| !default.is_empty() && !default.starts_with(['?', '+']));
        return (name, default, inner.len() + 2);
    }
    let end = after.find(|letter| !is_letter(letter)).unwrap_or(after.len());
    (after.get(..end).unwrap_or_default(), None, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_the_working_folder() {
        assert_eq!(absolute("/app", "scripts/run.sh"), "/app/scripts/run.sh");
        assert_eq!(absolute("/app", "./run.sh"), "/app/run.sh");
        assert_eq!(absolute("/app/site", "../run.sh"), "/app/run.sh");
        assert_eq!(absolute("/app", "/run.sh"), "/run.sh");
        assert_eq!(absolute("/", "."), "/");
        assert_eq!(inside("/app/a/b", "/app"), Some("a/b"));
        assert_eq!(inside("/app", "/app"), Some(""));
        assert_eq!(inside("/apple", "/app"), None);
    }

    #[test]
    fn variables_are_filled_in_where_they_are_known() {
        let known = BTreeMap::from([("HOME_DIR".to_owned(), "/srv".to_owned())]);
        for (text, filled) in [
            ("$HOME_DIR/a", "/srv/a"),
            ("${HOME_DIR}/a", "/srv/a"),
            ("${PORT:-8000}", "8000"),
            ("${PORT-8000}", "8000"),
            ("${PORT}", "${PORT}"),
            ("${PORT:?missing}", "${PORT:?missing}"),
            ("a$", "a$"),
            ("plain", "plain"),
        ] {
            assert_eq!(filled_in(text, &known), filled, "{text}");
        }
    }
}
