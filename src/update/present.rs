//! The present state of a file's path: what stands there, with which line ends, and the names that are free beside it.

use std::borrow::Cow;

use camino::{Utf8Path, Utf8PathBuf};

use crate::base::{Kind, Tree};
use crate::render::GeneratedFile;

/// The present state at a file's path.
pub(super) enum Existing<'a> {
    Nothing,
    /// Unknown: a folder above is a symbolic link, and whoever writes refuses to go through the link.
    BehindLink,
    File(Cow<'a, [u8]>),
    /// A folder, a symbolic link, or a file that cannot be read: nothing that could be replaced.
    NoFile,
}

/// Returns what stands at a file's path.
pub(super) fn existing<'a>(tree: &'a Tree, path: &Utf8Path) -> Existing<'a> {
    // What lies behind a link is not looked at: whoever writes refuses to go through it.
    let mut above = path.ancestors().skip(1).filter(|above| !above.as_str().is_empty());
    if above.any(|above| tree.kind_on_disk(above) == Some(Kind::Symlink)) {
        return Existing::BehindLink;
    }
    match tree.kind_on_disk(path) {
        None => Existing::Nothing,
        Some(Kind::File) => tree.bytes_on_disk(path).map_or(Existing::NoFile, Existing::File),
        Some(Kind::Folder | Kind::Symlink) => Existing::NoFile,
    }
}

/// Returns `file` with CRLF line ends where the present file has them.
pub(super) fn with_line_ends(file: &GeneratedFile, present: &[u8]) -> GeneratedFile {
    let contents =
        if has_crlf(present) { file.contents.replace('\n', "\r\n") } else { file.contents.clone() };
    GeneratedFile { contents, ..file.clone() }
}

/// Tells whether a text has CRLF line ends.
pub(super) fn has_crlf(text: &[u8]) -> bool {
    text.windows(2).any(|pair| pair == b"\r\n")
}

/// Tells whether two files say the same. Git may have changed the line ends.
pub(super) fn same_text(left: &[u8], right: &[u8]) -> bool {
    left == right || with_lf(left) == with_lf(right)
}

/// Returns a text with LF line ends.
pub(super) fn with_lf(bytes: &[u8]) -> Vec<u8> {
    let before_lf = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
    (0..bytes.len()).filter(|at| !before_lf(*at)).map(|at| bytes[at]).collect()
}

/// `Dockerfile.bak`, or the first `Dockerfile.bak2`, `.bak3`, … that is free: a backup is never overwritten.
pub(super) fn free_backup(tree: &Tree, path: &Utf8Path) -> Utf8PathBuf {
    let numbered = (2..).map(|number| format!("{path}.bak{number}"));
    let mut names = std::iter::once(format!("{path}.bak")).chain(numbered).map(Utf8PathBuf::from);
    names
        .find(|name| tree.kind_on_disk(name).is_none())
        .unwrap_or_else(|| Utf8PathBuf::from(format!("{path}.bak")))
}
