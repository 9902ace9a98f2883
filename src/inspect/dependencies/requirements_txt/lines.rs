//! Lines of a requirements file, as pip splits them.

/// Lines as pip sees them, with the number of their first one: joined where they end in a backslash, without
/// comments and blank ones.
pub(super) fn logical_lines(text: &str) -> Vec<(String, u32)> {
    let mut lines: Vec<(String, u32)> = Vec::new();
    let mut open: Option<(String, u32)> = None;
    for (number, raw) in (1_u32..).zip(text.lines()) {
        let raw = raw.trim_end_matches('\r');
        let is_comment = raw.trim_start().starts_with('#');
        let continued = raw.ends_with('\\') && !is_comment;
        let part = if continued { raw.trim_end_matches('\\') } else { raw };
        let (joined, first) = match open.take() {
            // A comment inside a continued line ends it.
            Some((before, first)) if is_comment => (before, first),
            Some((before, first)) => (before + part, first),
            None => (part.to_owned(), number),
        };
        if continued {
            open = Some((joined, first));
        } else {
            lines.push((joined, first));
        }
    }
    lines.extend(open);
    let clean = lines.into_iter().map(|(line, number)| (without_comment(&line).trim().to_owned(), number));
    clean.filter(|(line, _)| !line.is_empty()).collect()
}

/// The line up to a `#` at its start or after a blank.
fn without_comment(line: &str) -> &str {
    let mut before = ' ';
    for (index, c) in line.char_indices() {
        if c == '#' && before.is_whitespace() {
            return line.get(..index).unwrap_or(line);
        }
        before = c;
    }
    line
}

/// The requirement, and the options behind it: `--hash=…`.
pub(super) fn split_options(line: &str) -> (&str, &str) {
    match line.find(" --") {
        Some(index) => line.split_at(index),
        None => (line, ""),
    }
}

/// `r base.txt`, `-requirement=base.txt` (the first dash is gone) as name and value.
pub(super) fn option_and_value(option: &str) -> (&str, &str) {
    let end = option.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(option.len());
    let (name, value) = option.split_at(end);
    // `-rbase.txt`
    if !name.starts_with('-') && name.len() > 1 && value.is_empty() {
        let (short, glued) = name.split_at(name.chars().next().map_or(0, char::len_utf8));
        return (short, glued);
    }
    (name, value.trim_matches(|c: char| c.is_whitespace() || c == '=' || c == '"' || c == '\''))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_split_from_their_values_in_every_notation() {
        for (option, expected) in [
            ("r base.txt", ("r", "base.txt")),
            ("rbase.txt", ("r", "base.txt")),
            ("-requirement=base.txt", ("-requirement", "base.txt")),
            ("-no-binary :all:", ("-no-binary", ":all:")),
            ("-require-hashes", ("-require-hashes", "")),
        ] {
            assert_eq!(option_and_value(option), expected);
        }
    }

    #[test]
    fn an_address_keeps_its_fragment_and_a_comment_goes() {
        let lines = logical_lines("a @ https://example.org/a.zip#egg=a # why\n# only this\nb\n");
        assert_eq!(lines, [("a @ https://example.org/a.zip#egg=a".to_owned(), 1), ("b".to_owned(), 3)]);
    }
}
