//! generated × existing × recorded → Change: what is to happen to each file.
//!
//! A file that djdock did not write is never changed without being named, and an edit is never lost: the laws are
//! property tests in `tests/it/update.rs`.

mod change;
pub mod env;
mod judge;
pub mod memory;
pub mod merge;
pub mod messages;
mod moved;
mod present;
pub mod record;
mod wishes;
mod writes;

use std::collections::BTreeSet;

use camino::Utf8Path;

use crate::base::Tree;
use crate::render::GeneratedFile;
pub use change::{Change, ChangeKind, Conflict};
use judge::Judge;
use present::has_crlf;
pub use record::Record;
pub use wishes::{Replace, Settle, Wishes};
pub use writes::{FileToWrite, Mode, writes};

/// Returns the changes of every file that is generated now or was before, sorted by path.
pub fn changes(tree: &Tree, record: &Record, generated: &[GeneratedFile], wishes: &Wishes) -> Vec<Change> {
    let judge = Judge { tree, record, wishes, stands: record.stands_in(tree) };
    let moved = moved::to(tree, record, generated);
    let mut changes: Vec<Change> = generated
        .iter()
        .map(|file| match moved.get(&file.path) {
            Some(from) => judge.moved(file, from),
            None => judge.change(file),
        })
        .collect();
    let paths: BTreeSet<&Utf8Path> = generated.iter().map(|file| file.path.as_path()).collect();
    let orphans: Vec<Change> = record
        .paths()
        .filter(|path| !paths.contains(path) && tree.is_file(path))
        .map(|path| {
            let to = moved.iter().find(|(_, from)| *from == path).map(|(to, _)| to.as_path());
            let carried = to.and_then(|to| changes.iter().find(|change| change.path == to));
            judge.orphan(path, carried)
        })
        .collect();
    changes.extend(orphans);
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    changes
}

/// A file that belongs to the person and that djdock edits line by line: `djdock.toml`.
pub fn change_of_persons_file(tree: &Tree, path: &Utf8Path, contents: String, because: &str) -> Change {
    let is_crlf = tree.text(path).is_some_and(|text| has_crlf(text.as_bytes()));
    let contents = if is_crlf { contents.replace("\r\n", "\n").replace('\n', "\r\n") } else { contents };
    let (kind, write) = match tree.text(path) {
        None => (ChangeKind::Create, true),
        Some(existing) if existing == contents => (ChangeKind::Unchanged, false),
        Some(_) => (ChangeKind::Update, true),
    };
    let file = GeneratedFile {
        path: path.to_owned(),
        contents,
        executable: false,
        secret: false,
        because: because.to_owned(),
    };
    Change { file: write.then_some(file), ..Change::new(path, kind, because) }
}
