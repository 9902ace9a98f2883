//! This repository's own files, for the tests that hold the house in order.

use std::fs;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `folder` that Git would take, as paths relative to the repository, sorted.
pub fn files(folder: &str) -> Vec<String> {
    let walk = WalkBuilder::new(root().join(folder))
        .hidden(false)
        // What is ignored is said here, so that a folder without `.git` gives the same list.
        .require_git(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build();
    let mut files: Vec<String> = walk
        .map(|entry| entry.expect("the repository can be read"))
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .map(|entry| relative(entry.path()))
        .collect();
    files.sort();
    files
}

/// The files below `folder` whose names end in `ending`.
pub fn files_ending(folder: &str, ending: &str) -> Vec<String> {
    files(folder).into_iter().filter(|file| file.ends_with(ending)).collect()
}

pub fn read(file: &str) -> String {
    let path = path(file);
    fs::read_to_string(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()))
}

pub fn path(file: &str) -> PathBuf {
    root().join(file)
}

fn relative(path: &Path) -> String {
    let relative = path.strip_prefix(root()).expect("a file of the repository");
    relative.to_str().expect("a name in UTF-8").to_owned()
}
