//! Files of secrets: written once, then never rewritten. They hold the person's values; only variables that are
//! missing in an env file are added at its end.

use camino::Utf8Path;

use super::{Change, ChangeKind, Existing, Record, Replace, existing};
use crate::base::Tree;
use crate::render::GeneratedFile;

const ADDED: &str = "\n# Added by djdock: the stack needs these too.\n";

/// What is to happen to a secret file. One that djdock did not write is added to only when it is named, because
/// whoever wrote it may use it for something else as well.
pub(super) fn change(tree: &Tree, record: &Record, file: &GeneratedFile, replace: &Replace) -> Change {
    let change = |kind: ChangeKind, contents: Option<String>, because: String| Change {
        path: file.path.clone(),
        kind,
        file: contents.map(|contents| GeneratedFile { contents, ..file.clone() }),
        backup: None,
        secret: true,
        because,
    };
    let text = match existing(tree, &file.path) {
        Existing::Nothing => {
            return change(ChangeKind::Create, Some(file.contents.clone()), file.because.clone());
        }
        Existing::NoFile => return change(ChangeKind::Foreign, None, file.because.clone()),
        Existing::File(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
    };
    if !is_env(&file.path) {
        return change(ChangeKind::Unchanged, None, "holds your values".to_owned());
    }
    let missing = missing_lines(&text, &file.contents);
    if missing.is_empty() {
        return change(ChangeKind::Unchanged, None, "has every variable that the stack needs".to_owned());
    }
    let names: Vec<&str> = missing.iter().filter_map(|line| name(line)).collect();
    let because = format!("lacks {}", crate::base::wording::and_ticked(&names));
    if record.wrote(&file.path).is_none() && !replace.includes(&file.path) {
        return change(ChangeKind::Foreign, None, because);
    }
    let separator = if text.ends_with('\n') || text.is_empty() { "" } else { "\n" };
    let contents = format!("{text}{separator}{ADDED}{}\n", missing.join("\n"));
    change(ChangeKind::Update, Some(contents), because)
}

/// Whether a file is lines of `NAME=value`: `.env`, `.env.prod`, `prod.env`.
pub(super) fn is_env(path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name == ".env" || name.starts_with(".env.") || path.extension() == Some("env")
}

/// The names that `text` sets. Their values are nobody's business.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(name)
}

/// Names and values, for whoever must keep the values from being shown.
pub fn values(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().filter_map(|line| {
        let (_, value) = line.split_once('=')?;
        Some((name(line)?, value.trim().trim_matches(['"', '\''])))
    })
}

fn missing_lines<'a>(existing: &str, generated: &'a str) -> Vec<&'a str> {
    let has = |wanted: &str| names(existing).any(|name| name == wanted);
    generated.lines().filter(|line| name(line).is_some_and(|name| !has(name))).collect()
}

/// The name that a line sets: `export NAME=value` and `NAME = value` too. `None` for comments and blanks.
fn name(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, _) = line.split_once('=')?;
    let name = name.trim();
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '.';
    (!name.is_empty() && name.chars().all(is_name)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(existing: &str, generated: &str) -> (ChangeKind, Option<String>) {
        let tree = Tree::from_literals([(".env", existing)]);
        let file = GeneratedFile {
            path: ".env".into(),
            contents: generated.to_owned(),
            executable: false,
            secret: true,
            because: "a test".to_owned(),
        };
        let change = change(&tree, &Record::default(), &file, &Replace::All);
        (change.kind, change.file.map(|file| file.contents))
    }

    #[test]
    fn only_what_is_missing_is_added_at_the_end() {
        let (kind, text) = after("export A=1\n B = 2", "# one\nA=x\nB=y\nC=z\n");
        assert_eq!(kind, ChangeKind::Update);
        let expected = "export A=1\n B = 2\n\n# Added by djdock: the stack needs these too.\nC=z\n";
        assert_eq!(text.as_deref(), Some(expected));
        assert_eq!(after("A=1\n", "A=2\n# B=3\n"), (ChangeKind::Unchanged, None));
    }

    #[test]
    fn a_file_of_secrets_that_is_no_env_file_is_the_persons_once_it_is_there() {
        let tree = Tree::from_literals([("secrets/base.json", "{}")]);
        let file = GeneratedFile {
            path: "secrets/base.json".into(),
            contents: "{\"A\": \"x\"}\n".to_owned(),
            executable: false,
            secret: true,
            because: "a test".to_owned(),
        };
        let change = change(&tree, &Record::default(), &file, &Replace::All);
        assert_eq!((change.kind, change.file), (ChangeKind::Unchanged, None));
    }
}
