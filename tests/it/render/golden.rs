//! The files that the examples become, as real files: a linter, a person and `git diff` see them.

use std::collections::BTreeSet;
use std::fs;

use crate::support::pipeline::example;
use crate::support::repository::{files, path, read};

/// Writes them anew: `UPDATE_GOLDEN=1 cargo test render`.
fn is_update() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some()
}

fn check(name: &str) {
    let folder = format!("tests/projects/{name}/expected");
    let made = example(name);
    if is_update() {
        let _ = fs::remove_dir_all(path(&folder));
        for (file, text) in &made.files {
            let target = path(&folder).join(file);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::write(target, text).unwrap();
        }
    }
    let expected: BTreeSet<String> = files(&folder).into_iter().collect();
    let found: BTreeSet<String> = made.files.keys().map(|file| format!("{folder}/{file}")).collect();
    assert_eq!(
        found, expected,
        "{name}: other files than those kept; see UPDATE_GOLDEN in templates/README.md"
    );
    for (file, text) in &made.files {
        let kept = read(&format!("{folder}/{file}"));
        assert!(
            *text == kept,
            "{name}: {file} is not as it was kept; see UPDATE_GOLDEN in templates/README.md\n{}",
            similar::TextDiff::from_lines(kept.as_str(), text).unified_diff()
        );
    }
}

#[test]
fn polls_becomes_the_files_that_are_kept() {
    check("polls");
}

#[test]
fn shop_becomes_the_files_that_are_kept() {
    check("shop");
}

#[test]
fn board_becomes_the_files_that_are_kept() {
    check("board");
}
