//! Files of secrets: written once, then never rewritten. They hold the person's values; only variables that are
//! missing in an env file are added at its end, whoever wrote it.

use camino::Utf8Path;

use super::change::{Change, ChangeKind};
use super::present::{Existing, existing};
use crate::base::Tree;
use crate::render::GeneratedFile;

const ADDED: &str = "\n# Added by djdock: the stack needs these too.\n";

/// Returns the change of a secret file. No line of a present file is changed. A variable that djdock wrote once, in
/// `written`, and that is missing now was deleted by the person, and stays so.
pub(super) fn change(tree: &Tree, file: &GeneratedFile, written: &[String]) -> Change {
    let change = |kind: ChangeKind, contents: Option<String>, because: String| Change {
        file: contents.map(|contents| GeneratedFile { contents, ..file.clone() }),
        secret: true,
        ..Change::new(&file.path, kind, &because)
    };
    let text = match existing(tree, &file.path) {
        Existing::Nothing | Existing::BehindLink => {
            return change(ChangeKind::Create, Some(file.contents.clone()), file.because.clone());
        }
        Existing::NoFile => return change(ChangeKind::Foreign, None, "is no regular file".to_owned()),
        Existing::File(_) if !is_env(&file.path) => {
            return change(ChangeKind::Unchanged, None, "holds your values".to_owned());
        }
        Existing::File(bytes) => match String::from_utf8(bytes.into_owned()) {
            Ok(text) => text,
            Err(_) => return change(ChangeKind::Foreign, None, "is not in UTF-8".to_owned()),
        },
    };
    let mut missing = missing_lines(&text, &file.contents);
    // A file with none of djdock's variables is another file, and not one from which all were deleted.
    let is_ours = names(&text).any(|name| written.iter().any(|known| known == name));
    let is_deleted =
        |line: &str| is_ours && name(line).is_some_and(|name| written.iter().any(|known| known == name));
    let (deleted, added): (Vec<&str>, Vec<&str>) = missing.drain(..).partition(|line| is_deleted(line));
    missing = added;
    if missing.is_empty() {
        let names: Vec<&str> = deleted.iter().filter_map(|line| name(line)).collect();
        let because = match names.as_slice() {
            [] => "has every variable that the stack needs".to_owned(),
            names => format!("lacks {}, which you deleted", crate::base::wording::and_ticked(names)),
        };
        return change(ChangeKind::Unchanged, None, because);
    }
    let names: Vec<&str> = missing.iter().filter_map(|line| name(line)).collect();
    let because = format!("lacks {}: added at its end", crate::base::wording::and_ticked(&names));
    let separator = if text.ends_with('\n') || text.is_empty() { "" } else { "\n" };
    let added = format!("{separator}{ADDED}{}\n", missing.join("\n"));
    // As the rest of the file has it.
    let added = if text.contains("\r\n") { added.replace('\n', "\r\n") } else { added };
    change(ChangeKind::Update, Some(text + &added), because)
}

/// The lines of an env file in which compose takes a `$` for a reference to a variable that the file does not set, or
/// for a mistake: their numbers and the names that they set. In single quotes `$` is a letter like any other:
/// <https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax>.
pub fn lines_with_dollar(text: &str) -> Vec<(u32, &str)> {
    let known: Vec<&str> = names(text).collect();
    let is_cut = |line: &&str| {
        let value = line.split_once('=').map_or("", |(_, value)| value.trim());
        // Behind ` #` is a comment, where no quotes are.
        let value = if value.starts_with('"') { value } else { value.split(" #").next().unwrap_or_default() };
        !value.starts_with('\'') && has_foreign_reference(value, &known)
    };
    let lines = (1_u32..).zip(text.lines()).filter(|(_, line)| is_cut(line));
    lines.filter_map(|(number, line)| Some((number, name(line)?))).collect()
}

fn has_foreign_reference(value: &str, known: &[&str]) -> bool {
    let mut rest = value;
    while let Some((_, after)) = rest.split_once('$') {
        rest = after;
        if let Some(after) = after.strip_prefix('$') {
            rest = after;
            continue;
        }
        let is_braced = after.starts_with('{');
        let name = after.trim_start_matches('{');
        let end = name.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
        let (name, behind) = name.split_at(end.unwrap_or(name.len()));
        let has_default = is_braced && behind.starts_with([':', '-', '?', '+']);
        if !known.contains(&name) && !has_default {
            return true;
        }
    }
    false
}

/// Tells whether a file is lines of `NAME=value`: `.env`, `.env.prod`, `prod.env`.
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

/// Returns the text of an env file whose variables have the values of `given` where that names them.
pub fn overlaid(text: &str, given: &str) -> String {
    let is_given = |line: &str| name(line).is_some_and(|wanted| names(given).any(|name| name == wanted));
    let kept = text.lines().filter(|line| !is_given(line));
    let given = given.lines().filter(|line| name(line).is_some());
    kept.chain(given).map(|line| format!("{line}\n")).collect()
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

    #[test]
    fn given_values_take_the_place_of_others_and_come_last() {
        let text = "# made\nKEY=a\nBUCKET=fill-in\n\nDEBUG=0\n";
        let given = "# for tests\nexport BUCKET = \"tests\"\n\nENDPOINT=http://172.17.0.1:9000\n";
        assert_eq!(
            overlaid(text, given),
            "# made\nKEY=a\n\nDEBUG=0\nexport BUCKET = \"tests\"\nENDPOINT=http://172.17.0.1:9000\n"
        );
        assert_eq!(overlaid("KEY=a\n", ""), "KEY=a\n");
    }

    fn after(existing: &str, generated: &str) -> (ChangeKind, Option<String>) {
        let tree = Tree::from_literals([(".env", existing)]);
        let file = GeneratedFile {
            path: ".env".into(),
            contents: generated.to_owned(),
            executable: false,
            secret: true,
            because: "a test".to_owned(),
        };
        let change = change(&tree, &file, &[]);
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
    fn line_ends_stay_as_the_file_has_them() {
        let (_, text) = after("A=1\r\n", "A=x\nB=y\n");
        let expected = "A=1\r\n\r\n# Added by djdock: the stack needs these too.\r\nB=y\r\n";
        assert_eq!(text.as_deref(), Some(expected));
    }

    #[test]
    fn a_file_in_another_encoding_is_not_touched() {
        let tree = Tree::from_literals([(".env", b"NAME=caf\xe9\n".as_slice())]);
        let file = GeneratedFile {
            path: ".env".into(),
            contents: "A=1\n".to_owned(),
            executable: false,
            secret: true,
            because: "a test".to_owned(),
        };
        let change = change(&tree, &file, &[]);
        assert_eq!(
            (change.kind, change.file, change.because.as_str()),
            (ChangeKind::Foreign, None, "is not in UTF-8")
        );
    }

    #[test]
    fn a_dollar_that_compose_takes_for_a_variable_is_found() {
        for (line, is_found) in [
            ("KEY=ab$cd", true),
            ("KEY=\"ab$cd\"", true),
            ("KEY='ab$cd'", false),
            ("KEY=ab$$cd", false),
            ("KEY=ab$", true),
            ("KEY=pa$5word", true),
            ("KEY=${OTHER}x", false),
            ("KEY=${UNSET}x", true),
            ("KEY=${UNSET:-x}", false),
            ("KEY=plain # costs $5", false),
            ("export KEY=a$b", true),
        ] {
            let text = format!("OTHER=1\n{line}\n");
            let expected: &[(u32, &str)] = if is_found { &[(2, "KEY")] } else { &[] };
            assert_eq!(lines_with_dollar(&text), expected, "{line}");
        }
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
        let change = change(&tree, &file, &[]);
        assert_eq!((change.kind, change.file), (ChangeKind::Unchanged, None));
    }
}
