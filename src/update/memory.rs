//! The knowledge of a person's files that stays after djdock replaced them: their texts, under `.djdock/replaced/`.
//!
//! Facts from these files (a version of Python, system packages, rules of `.dockerignore`) decided the generated files. A
//! fresh checkout has neither the files nor their backups, and must come to the same.

mod secrets;

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::record::Record;
use crate::base::{Diagnostic, Kind, Tree, path};

/// The folder of the texts, each at the path that its file had.
pub const FOLDER: &str = ".djdock/replaced";

/// Returns the path of the kept text of the person's file at `path`.
pub fn kept_at(path: &Utf8Path) -> Utf8PathBuf {
    Utf8Path::new(FOLDER).join(path)
}

/// Tells whether `path` is a file that was put aside: `Dockerfile.bak`, `compose.yaml.bak2`. None of them is part of a project.
pub fn is_backup(path: &Utf8Path) -> bool {
    path::extension(path)
        .and_then(|extension| extension.strip_prefix("bak"))
        .is_some_and(|number| number.chars().all(|digit| digit.is_ascii_digit()))
}

/// The person's files that djdock's stand in place of, and where each is kept.
pub fn replaced(tree: &Tree, record: &Record) -> BTreeMap<Utf8PathBuf, Utf8PathBuf> {
    let kept = tree.below(Utf8Path::new(FOLDER)).filter(|(_, kind)| *kind == Kind::File);
    let places =
        kept.filter_map(|(kept, _)| Some((kept.strip_prefix(FOLDER).ok()?.to_owned(), kept.to_owned())));
    places.filter(|(place, _)| record.wrote(place).is_some()).collect()
}

/// The project as the person wrote it: without what djdock wrote, and with the files that it replaced. Facts stand on
/// this one.
pub fn persons_tree(tree: &Tree, record: &Record) -> Tree {
    let written: BTreeSet<Utf8PathBuf> = record.paths().map(ToOwned::to_owned).collect();
    let replaced = replaced(tree, record);
    let own = tree.without(move |path| is_djdocks(path) || is_backup(path) || written.contains(path));
    // The kept texts are hidden, and can be read all the same: they are asked for by their places.
    if replaced.is_empty() { own } else { own.with_moved(replaced) }
}

/// The files that are in force: without djdock's notes and without what was put aside. Rules look at this one.
pub fn tree_in_force(tree: &Tree) -> Tree {
    tree.without(|path| is_djdocks(path) || is_backup(path))
}

fn is_djdocks(path: &Utf8Path) -> bool {
    path::is_in(path.as_str(), ".djdock")
}

/// The diagnostic, pointing at where the text is kept now where it points into a replaced file.
#[must_use]
pub fn pointing_at_kept(
    mut diagnostic: Diagnostic,
    replaced: &BTreeMap<Utf8PathBuf, Utf8PathBuf>,
) -> Diagnostic {
    for label in &mut diagnostic.labels {
        if let Some(kept) = replaced.get(&label.path) {
            label.path.clone_from(kept);
        }
    }
    diagnostic
}

/// The text of a person's file that is about to be replaced, to be kept. `None` where git ignores the file or it is no
/// text: then no fact stands on it.
pub(super) fn text_to_keep(tree: &Tree, path: &Utf8Path) -> Option<String> {
    let text = tree.text(path)?;
    // A template is there for everybody to read, and what stands in it may become an example of djdock's.
    let is_template = super::env::is_env(path)
        && path::extension(path)
            .is_some_and(|kind| ["example", "sample", "template", "dist"].contains(&kind));
    Some(if is_template { text.to_owned() } else { secrets::without_secrets(text) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_aside_is_told_by_its_name() {
        for name in ["Dockerfile.bak", "docker/nginx.conf.bak2", ".env.bak", "settings.py.bak10"] {
            assert!(is_backup(Utf8Path::new(name)), "{name}");
        }
        for name in ["Dockerfile", "bak", "a.bake", "bak/settings.py", "a.bak.py", "Dockerfile.bakery"] {
            assert!(!is_backup(Utf8Path::new(name)), "{name}");
        }
    }

    #[test]
    fn facts_see_the_replaced_file_in_place_of_djdocks() {
        let record = "schema = 1\nversion = \"0\"\n[files.Dockerfile]\nhash = \"x\"\nexecutable = false\n";
        let tree = Tree::from_literals([
            ("Dockerfile", "FROM djdock"),
            ("Dockerfile.bak", "FROM python:3.9"),
            ("compose.yaml", "theirs now"),
            (".djdock/record.toml", record),
            (".djdock/base/Dockerfile", "FROM djdock"),
            (".djdock/replaced/Dockerfile", "FROM python:3.9"),
            (".djdock/replaced/compose.yaml", "theirs once"),
        ]);
        let record = Record::read(&tree).unwrap();
        let own = persons_tree(&tree, &record);
        // What djdock does not write any more is what is there.
        assert_eq!(
            (own.text("Dockerfile"), own.text("compose.yaml")),
            (Some("FROM python:3.9"), Some("theirs now"))
        );
        assert_eq!(own.files().collect::<Vec<_>>(), ["Dockerfile", "compose.yaml"]);
        assert_eq!(tree_in_force(&tree).text("Dockerfile"), Some("FROM djdock"));
    }
}
