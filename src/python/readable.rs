//! Files that Python refuses to read as source, whatever is in them.

use camino::Utf8Path;

use super::interpret::LARGEST_SOURCE;
use crate::base::codes::settings::SETTINGS_UNREADABLE;
use crate::base::{Diagnostic, Place, Tree};

/// Why a file is no source, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Refusal {
    /// Goes on after "cannot be read: ".
    reason: String,
    /// An imperative.
    remedy: String,
}

/// Why Python, or djdock, does not read the file at `path` as source; `None` where both do, or where there is none.
fn refusal(tree: &Tree, path: &Utf8Path) -> Option<Refusal> {
    let say = |reason: &str, remedy: String| Some(Refusal { reason: reason.to_owned(), remedy });
    let path = &tree.resolve(path)?;
    if !tree.is_file(path) {
        return None;
    }
    let in_utf8 = || format!("save `{path}` again as UTF-8");
    let bytes = match tree.bytes(path) {
        Ok(bytes) => bytes,
        Err(cause) => return say(cause, format!("make `{path}` readable, and run djdock again")),
    };
    let is_utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let nuls = bytes.split(|byte| *byte == 0).count() - 1;
    if is_utf16 || (nuls > 0 && nuls * 2 == bytes.len()) {
        return say("it is in UTF-16, which Python does not take for source", in_utf8());
    }
    if nuls > 0 {
        let is_text = nuls * 20 < bytes.len();
        let what = if is_text {
            "it holds a NUL byte, which Python refuses"
        } else {
            "it is not text but binary data"
        };
        return say(
            what,
            format!("restore `{path}` from version control, or write it anew as text in UTF-8"),
        );
    }
    if std::str::from_utf8(bytes).is_err() && !states_encoding(bytes) {
        return say("it is not in UTF-8 and its first lines name no other encoding", in_utf8());
    }
    if bytes.len() > LARGEST_SOURCE {
        let remedy = format!("move what is data out of `{path}` into a module or file that it reads");
        return say(&format!("it is larger than {} KiB", LARGEST_SOURCE / 1024), remedy);
    }
    None
}

/// `# -*- coding: latin-1 -*-` in the first two lines: <https://peps.python.org/pep-0263/>.
fn states_encoding(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n').take(2).map(String::from_utf8_lossy);
    lines.any(|line| {
        line.trim_start().starts_with('#') && (line.contains("coding:") || line.contains("coding="))
    })
}

/// The error that the file at `path` is no source; `None` where it is.
pub fn problem(tree: &Tree, path: &Utf8Path) -> Option<Diagnostic> {
    let Refusal { reason, remedy } = refusal(tree, path)?;
    let title = format!("`{path}` cannot be read: {reason}");
    let error = Diagnostic::error(SETTINGS_UNREADABLE, title)
        .at(&Place::Path(path.to_owned()), "this file")
        .because("nothing is known of what it sets, and no container could import it");
    Some(error.help(remedy))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(bytes: &[u8]) -> Option<String> {
        let tree = Tree::from_literals([("shop/settings.py", bytes.to_vec())]);
        refusal(&tree, Utf8Path::new("shop/settings.py")).map(|refusal| refusal.reason)
    }

    #[test]
    fn what_python_refuses_is_told_with_its_cause() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let holds = |bytes: &[u8], words: &str| {
            let reason = reason(bytes).unwrap_or_default();
            assert!(reason.contains(words), "{reason}");
        };
        holds(&utf16("\u{feff}DEBUG = True\n"), "UTF-16");
        holds(&utf16("DEBUG = True\n"), "UTF-16");
        holds(&[0, 159, 146, 150, 0, 1, 2, 3], "binary");
        holds(b"DEBUG = True\nSECRET_KEY = 'a\0b' # a comment that is long enough\n", "NUL");
        holds(b"NAME = 'caf\xe9'\n", "not in UTF-8");
        holds(&vec![b'#'; LARGEST_SOURCE + 1], "larger");
    }

    #[test]
    fn what_python_reads_is_not_refused() {
        assert_eq!(reason(b"\xef\xbb\xbfDEBUG = True\n"), None);
        assert_eq!(reason(b"#!/usr/bin/env python\n# -*- coding: latin-1 -*-\nNAME = 'caf\xe9'\n"), None);
        assert_eq!(reason("NAME = '한국어'\n".as_bytes()), None);
        assert_eq!(reason(b""), None);
    }
}
