//! The project's own example of an env file: names and comments. Its values are nobody's business.

use camino::Utf8Path;
use serde::Serialize;

use crate::base::{Tree, path};

/// The heading in djdock's example under which such lines are kept. What stands above it is djdock's own.
pub const HEADING: &str = "From the project's own example";
/// Begins the comment on a variable that stands elsewhere in the file.
const ABOUT: &str = "About ";
/// Words in the first lines of an example that djdock made.
const OURS: &str = "`djdock init` makes that file";

const NAMES: &[&str] = &[
    ".env.example",
    ".env.sample",
    ".env.dist",
    ".env.template",
    ".env.default",
    ".env.defaults",
    "env.example",
    "env.sample",
    "env.template",
    "example.env",
    "sample.env",
    ".example.env",
    "dotenv.example",
];

/// A variable that the example names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Documented {
    pub name: String,
    /// The comment above the line or behind it, on one line; empty where there is none.
    pub comment: String,
}

impl Documented {
    /// The comment on a variable that stands elsewhere in the file.
    pub fn about(&self) -> String {
        format!("{ABOUT}{}: {}", self.name, self.comment)
    }
}

/// The variables of every example at the root and beside `manage.py`, in their order.
pub(super) fn read(tree: &Tree, project_dir: &Utf8Path) -> Vec<Documented> {
    let mut folders = vec![Utf8Path::new("."), project_dir];
    folders.dedup();
    let mut found: Vec<Documented> = Vec::new();
    for file in folders.iter().flat_map(|folder| NAMES.iter().filter_map(|name| path::join(folder, name))) {
        for one in tree.text(&file).map(variables).unwrap_or_default() {
            match found.iter_mut().find(|known| known.name == one.name) {
                Some(known) if known.comment.is_empty() => known.comment = one.comment,
                Some(_) => {}
                None => found.push(one),
            }
        }
    }
    found
}

fn variables(text: &str) -> Vec<Documented> {
    let is_ours = text.lines().take(3).any(|line| line.contains(OURS));
    let own = text.split_once(HEADING).filter(|_| is_ours).map(|(_, own)| own);
    let text = match own {
        Some(own) => own.split_once('\n').map_or("", |(_, own)| own),
        None if is_ours => "",
        None => text,
    };
    let mut found = Vec::new();
    let mut comments: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim) {
        let plain = line.trim_start_matches('#').trim();
        let about =
            plain.strip_prefix(ABOUT).filter(|_| own.is_some()).and_then(|about| about.split_once(": "));
        if let Some((name, comment)) = about {
            found.push(Documented { name: name.to_owned(), comment: comment.to_owned() });
        } else if let Some((name, behind)) = assigned(plain) {
            comments.extend(behind);
            found.push(Documented { name: name.to_owned(), comment: comments.join(" ") });
            comments.clear();
        } else if plain.is_empty() || !line.starts_with('#') {
            comments.clear();
        } else if plain.chars().any(char::is_alphanumeric) {
            comments.push(plain);
        }
    }
    found
}

/// The name that a line sets, commented out or not, and the comment behind the value.
fn assigned(line: &str) -> Option<(&str, Option<&str>)> {
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, value) = line.split_once('=')?;
    let name = name.trim();
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let behind = value.split_once(" #").map(|(_, comment)| comment.trim());
    is_name.then_some((name, behind.filter(|comment| !comment.is_empty())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(String, String)> {
        variables(text).into_iter().map(|one| (one.name, one.comment)).collect()
    }

    #[test]
    fn names_and_comments_are_read_and_no_value() {
        let text = "# Mail\n\n# The address of the sign-in page,\n# without a slash at the end\nSIGN_IN_URL=https://id.example.org\n\
            export TOKEN='abc'   # ask Ana\n# OPTIONAL=1\nnot a variable\n#----\nlower = 1\n";
        let expected = [
            ("SIGN_IN_URL", "The address of the sign-in page, without a slash at the end"),
            ("TOKEN", "ask Ana"),
            ("OPTIONAL", ""),
        ];
        let expected = expected.map(|(name, comment)| (name.to_owned(), comment.to_owned()));
        assert_eq!(of(text), expected);
    }

    #[test]
    fn of_an_example_that_djdock_made_only_what_it_kept_is_read() {
        let made = format!("# What .env holds. {OURS} with random secrets; by hand:\n");
        assert_eq!(of(&format!("{made}# goes into DB\nDB_HOST=db\n")), []);
        let kept = format!(
            "{made}DB_HOST=db\n\n# --- {HEADING} ---\n# About DB_HOST: the server\n# a note\n# TOKEN=\n"
        );
        let expected = [("DB_HOST", "the server"), ("TOKEN", "a note")];
        assert_eq!(of(&kept), expected.map(|(name, comment)| (name.to_owned(), comment.to_owned())));
    }
}
