//! Secrets in texts of Docker files, compose files and scripts: taken out before a text is kept.

use crate::base::address;
use crate::base::wording::is_secret_variable;

/// The word in place of a secret: one that YAML, shells and Dockerfiles take as it is.
const REDACTED: &str = "redacted";

/// `text`, line for line, without the values that may be secret: of variables and options by their names, passwords
/// in addresses, and private keys.
pub(super) fn without_secrets(text: &str) -> String {
    let mut inside = Inside::Nothing;
    let mut shown: Vec<String> = Vec::new();
    for line in text.split('\n') {
        inside = inside.after(line);
        let indent = &line[..line.len() - line.trim_start().len()];
        shown.push(match inside {
            Inside::Nothing => address::without_passwords(&without_values(line)),
            _ if line.trim().is_empty() => line.to_owned(),
            _ => format!("{indent}{REDACTED}"),
        });
        if matches!(inside, Inside::Nothing) {
            inside = Inside::begun_by(line);
        }
    }
    shown.join("\n")
}

/// A text that goes on over several lines.
#[derive(Clone, Copy)]
enum Inside {
    Nothing,
    /// A key in PEM form.
    Pem,
    /// A block of YAML below a line that is indented as much.
    Block(usize),
}

impl Inside {
    fn begun_by(line: &str) -> Self {
        if line.contains("-----BEGIN ") && line.contains("PRIVATE KEY") && !line.contains("-----END ") {
            return Self::Pem;
        }
        let is_block = ["|", ">", "|-", ">-", "|+", ">+"].iter().any(|mark| line.trim_end().ends_with(mark));
        let name = line.trim_start().trim_start_matches("- ").split(':').next().unwrap_or_default();
        if is_block && line.contains(':') && is_secret(name.trim()) {
            return Self::Block(line.len() - line.trim_start().len());
        }
        Self::Nothing
    }

    fn after(self, line: &str) -> Self {
        match self {
            Self::Pem if line.contains("-----END ") || line.trim().is_empty() => Self::Nothing,
            Self::Block(indent)
                if !line.trim().is_empty() && line.len() - line.trim_start().len() <= indent =>
            {
                Self::Nothing
            }
            other => other,
        }
    }
}

/// A name as it is written in variables, keys and options: `POSTGRES_PASSWORD`, `--requirepass`.
fn is_secret(name: &str) -> bool {
    let name = name.trim_start_matches('-').replace(['-', '.'], "_").to_uppercase();
    let ends = [
        "PASS",
        "PASSWORD",
        "PASSWD",
        "PWD",
        "PASSPHRASE",
        "SECRET",
        "TOKEN",
        "_KEY",
        "APIKEY",
        "_SALT",
        "_DSN",
    ];
    is_secret_variable(&name) || ends.iter().any(|end| name.ends_with(end))
}

fn without_values(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, name, after)) = next_name(rest) {
        out += before;
        out += name;
        rest = after;
        if !is_secret(name) {
            continue;
        }
        let opened = before.chars().last().filter(|letter| matches!(letter, '"' | '\''));
        let Some((between, value)) = value_of(line, opened, name, after) else { continue };
        out += between;
        rest = &after[between.len() + value.len()..];
        // A mere reference holds nothing; its default may.
        let is_reference = value.starts_with('$') && !value.contains('-');
        out += if value.is_empty() || is_reference { value } else { REDACTED };
    }
    out + rest
}

/// Returns the text before the first name in `text`, the name, and the text behind it.
fn next_name(text: &str) -> Option<(&str, &str, &str)> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
    let start = text.find(fits)?;
    let length = text[start..].find(|letter| !fits(letter)).unwrap_or(text.len() - start);
    Some((&text[..start], &text[start..start + length], &text[start + length..]))
}

/// Returns the text between a name and its value, and the value, if there is one behind the name. `opened` is the quote
/// that stands before the name.
fn value_of<'a>(line: &str, opened: Option<char>, name: &str, after: &'a str) -> Option<(&'a str, &'a str)> {
    let is_option = name.starts_with('-');
    let is_env = line.trim_start().get(..4).is_some_and(|word| word.eq_ignore_ascii_case("env "));
    let between = if is_option {
        after.find(|letter| !matches!(letter, '"' | '\'' | ',' | ' ' | '=')).unwrap_or(after.len())
    } else {
        let closed = after.trim_start_matches(['"', '\'']);
        let mark = closed.trim_start();
        let is_yaml = mark == ":" || mark.starts_with(": ");
        let legacy = is_env
            && closed.starts_with(' ')
            && !mark.starts_with('=')
            && line.trim_start()[4..].trim_start().starts_with(name);
        let value = match mark.strip_prefix('=') {
            Some(value) => value,
            None if is_yaml => &mark[1..],
            None if legacy => mark,
            None => return None,
        };
        after.len() - value.trim_start_matches([' ', '"', '\'']).len()
    };
    let (between, value) = after.split_at(between);
    let quote = between.chars().last().filter(|letter| matches!(letter, '"' | '\''));
    let length = match quote.or(opened.filter(|_| between.starts_with('='))) {
        Some(quote) => value.find(quote),
        // `- NAME=two words`, `NAME=two words`: to the end. Beside others on a line: the word.
        _ if is_option || is_env && between.contains('=') => value.find([' ', '\t', '\r']),
        _ => value.find([',', '}', '\r']).or_else(|| value.find(" #")),
    };
    let value = &value[..length.unwrap_or(value.len())];
    Some((between, if quote.is_none() { before_next_command(between, value) } else { value }))
}

/// Returns the part of a value without quotes that ends before the next command of a shell line, and before the `\` with
/// which a line goes on: without that, what follows would no longer be part of the instruction.
fn before_next_command<'a>(between: &str, value: &'a str) -> &'a str {
    let is_assigned = between.starts_with('=');
    let command = [" && ", " || ", " ; "].iter().filter_map(|mark| value.find(mark)).min();
    let value = &value[..command.filter(|_| is_assigned).unwrap_or(value.len())];
    value.strip_suffix('\\').map_or(value, str::trim_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_secrets_are_taken_out_and_nothing_else() {
        for (line, kept) in [
            ("ENV SECRET_KEY=abc DEBUG=0", "ENV SECRET_KEY=redacted DEBUG=0"),
            ("ENV DJANGO_SECRET_KEY abc def", "ENV DJANGO_SECRET_KEY redacted"),
            ("      POSTGRES_PASSWORD: hunter2", "      POSTGRES_PASSWORD: redacted"),
            ("      - POSTGRES_PASSWORD=hunter2", "      - POSTGRES_PASSWORD=redacted"),
            ("      - \"API_TOKEN=a b\"", "      - \"API_TOKEN=redacted\""),
            ("  POSTGRES_PASSWORD: ${DB_PASSWORD}", "  POSTGRES_PASSWORD: ${DB_PASSWORD}"),
            ("  POSTGRES_PASSWORD: ${DB_PASSWORD:-hunter2}", "  POSTGRES_PASSWORD: redacted}"),
            (
                "command: redis-server --requirepass hunter2 --port 1",
                "command: redis-server --requirepass redacted --port 1",
            ),
            ("CMD [\"x\", \"--password\", \"hunter2\"]", "CMD [\"x\", \"--password\", \"redacted\"]"),
            ("ENV A=1 DATABASE_URL=postgres://u:hunter2@db/x", "ENV A=1 DATABASE_URL=postgres://…@db/x"),
            ("FROM python:3.11-slim", "FROM python:3.11-slim"),
            (
                "RUN apt-get install -y libpq-dev # a key: value",
                "RUN apt-get install -y libpq-dev # a key: value",
            ),
            ("PASSWORD=", "PASSWORD="),
            (
                "RUN true && export SECRET_KEY=$(head -c 9 x | tr y) \\",
                "RUN true && export SECRET_KEY=redacted \\",
            ),
            ("RUN export SECRET_KEY=abc && pip install x", "RUN export SECRET_KEY=redacted && pip install x"),
            ("ENV SECRET_KEY=abc \\", "ENV SECRET_KEY=redacted \\"),
            ("      POSTGRES_PASSWORD: a && b", "      POSTGRES_PASSWORD: redacted"),
        ] {
            assert_eq!(without_secrets(line), kept);
        }
    }

    #[test]
    fn secrets_of_several_lines_are_taken_out_line_for_line() {
        let text = "a: 1\nPRIVATE_KEY: |\n  abc\n  def\nb: 2\n-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nc: 3\n";
        let kept = without_secrets(text);
        assert_eq!(kept.lines().count(), text.lines().count());
        assert!(!kept.contains("abc") && !kept.contains("MII"), "{kept}");
        assert!(kept.contains("a: 1") && kept.contains("b: 2") && kept.contains("c: 3"), "{kept}");
    }
}
