//! Edited and deleted files whose place changes, as with another `--config-dir`: edits move along, and what was deleted
//! stays deleted.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::record::Record;
use crate::base::Tree;
use crate::render::GeneratedFile;

/// Returns, for each generated file that takes the place of an edited or deleted one elsewhere, the path of
/// that one. A file moves
/// where the old path is not generated any more, the new path was not before, and the names are the same.
pub(super) fn to(
    tree: &Tree,
    record: &Record,
    generated: &[GeneratedFile],
) -> BTreeMap<Utf8PathBuf, Utf8PathBuf> {
    let is_generated = |path: &Utf8Path| generated.iter().any(|file| file.path == path);
    let left: Vec<&Utf8Path> = record.paths().filter(|path| !is_generated(path)).collect();
    let is_new = |file: &&GeneratedFile| {
        !file.secret && record.wrote(&file.path).is_none() && tree.kind_on_disk(&file.path).is_none()
    };
    let moved = generated.iter().filter(is_new).filter_map(|file| {
        let likeness = |path: &&&Utf8Path| common_end(path, &file.path);
        let from = left.iter().filter(|path| likeness(path) > 0).max_by_key(likeness)?;
        Some((file.path.clone(), (*from).to_owned()))
    });
    let mut moved: BTreeMap<Utf8PathBuf, Utf8PathBuf> = moved.collect();
    // Two files that would both come from one: neither is known to be that one.
    let sources: Vec<Utf8PathBuf> = moved.values().cloned().collect();
    moved.retain(|_, from| sources.iter().filter(|source| *source == from).count() == 1);
    moved.retain(|_, from| is_edited(tree, record, from) || tree.kind_on_disk(from).is_none());
    moved
}

fn is_edited(tree: &Tree, record: &Record, path: &Utf8Path) -> bool {
    let is_written = |bytes: &[u8]| record.wrote(path).is_some_and(|recorded| recorded.is(bytes));
    tree.is_file(path) && tree.bytes_on_disk(path).is_ok_and(|bytes| !is_written(&bytes))
}

/// The number of last parts that two paths share.
fn common_end(left: &Utf8Path, right: &Utf8Path) -> usize {
    left.components().rev().zip(right.components().rev()).take_while(|(left, right)| left == right).count()
}
