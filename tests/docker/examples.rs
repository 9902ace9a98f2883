//! Every example, as a person would use it: `init`, then `smoke` for production and for development, each twice.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::engine::{alone, engine, held};

#[test]
#[ignore = "needs a Docker Engine, and minutes"]
fn polls_boots_as_it_is() {
    boots("polls");
}

#[test]
#[ignore = "needs a Docker Engine, and minutes"]
fn shop_boots_as_it_is() {
    boots("shop");
}

#[test]
#[ignore = "needs a Docker Engine, and minutes"]
fn board_boots_as_it_is() {
    boots("board");
}

#[test]
#[ignore = "needs a Docker Engine, and a minute"]
fn polls_serves_static_files_from_a_volume() {
    serves("polls", &["--static", "volume"]);
}

#[test]
#[ignore = "needs a Docker Engine, and a minute"]
fn polls_serves_static_files_without_a_proxy() {
    serves("polls", &["--proxy", "none"]);
}

/// Runs the production stack that is made with these answers, once.
fn serves(example: &str, answers: &[&str]) {
    let Some(engine) = engine() else { return };
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join(example);
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(example), &project);
    djdock(&project, &[&["init", "--yes"], answers].concat());
    let _alone = alone();
    let before = held(&engine);
    djdock(&project, &["smoke", "prod"]);
    assert_eq!(held(&engine), before, "something is left");
}

fn boots(example: &str) {
    let Some(engine) = engine() else { return };
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join(example);
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(example), &project);
    djdock(&project, &["init", "--yes"]);
    let _alone = alone();
    let before = held(&engine);
    for round in 1..=2 {
        for target in ["prod", "dev"] {
            djdock(&project, &["smoke", target]);
            assert_eq!(held(&engine), before, "something is left");
            eprintln!("{example}: {target} passed, round {round}");
        }
    }
}

/// Runs the built djdock in `project`; it must end with 0.
pub fn djdock(project: &Path, arguments: &[&str]) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_djdock")).args(arguments).current_dir(project).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "djdock {arguments:?} ended with {}:\n{said}", output.status);
}

pub fn copy(from: &Path, to: &PathBuf) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}
