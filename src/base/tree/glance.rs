//! Texts that are looked at once and not kept.

use std::borrow::Cow;

use camino::Utf8Path;

use super::contents::Content;
use super::{Kind, LARGEST_TEXT, Tree};
use crate::base::text;

impl Tree {
    /// Returns the text of the file at `path` as [`Tree::text`] does, but keeps it no longer than the caller: for files of which
    /// nothing but a word may be of interest.
    pub fn glance(&self, path: impl AsRef<Utf8Path>) -> Option<Cow<'_, str>> {
        let path = path.as_ref();
        let entry = self.entries.get(path).filter(|entry| entry.kind == Kind::File);
        let Some(entry) = entry.filter(|entry| entry.content.get().is_none() && self.laid(path).is_none())
        else {
            return self.text(path).map(Cow::Borrowed);
        };
        match self.contents.read(&entry.path) {
            Ok(bytes) if bytes.len() as u64 > LARGEST_TEXT => None,
            Ok(bytes) => match Content::new(bytes) {
                Content::Text(text) => Some(Cow::Owned(text)),
                Content::Bytes(bytes) => text::decode(&bytes).map(Cow::Owned),
            },
            Err(cause) => {
                // A file that cannot be read is told of, however it was asked for.
                let _ = entry.content.set(Err(cause));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use crate::base::Tree;

    #[test]
    fn a_glance_shows_what_the_text_is_and_keeps_nothing() {
        let files: [(&str, &[u8]); 5] = [
            ("plain.py", b"A = 1"),
            ("bom.py", b"\xef\xbb\xbfA = 1"),
            ("cp949.py", b"# \xc7\xd1\xb1\xb9\xbe\xee"),
            ("utf16.py", b"A\0=\x001\0"),
            ("binary.py", b"\0\x01\x02"),
        ];
        let tree = Tree::from_literals(files).with_files([("laid.py".into(), "B = 2".to_owned())]);
        for file in ["plain.py", "bom.py", "cp949.py", "utf16.py", "binary.py", "laid.py", "none.py"] {
            let glanced = tree.glance(file).map(Cow::into_owned);
            assert_eq!(glanced.as_deref(), tree.text(file), "{file}");
            assert_eq!(tree.glance(file).as_deref(), tree.text(file), "{file}, when it is kept");
        }
    }

    #[test]
    fn a_glance_at_a_file_that_cannot_be_read_is_told_of() {
        struct Broken;
        impl crate::base::Contents for Broken {
            fn read(&self, _: &camino::Utf8Path) -> Result<Vec<u8>, String> {
                Err("permission denied".to_owned())
            }

            fn size(&self, _: &camino::Utf8Path) -> Option<u64> {
                Some(1)
            }
        }
        let tree = Tree::new([("a.py".into(), crate::base::Kind::File)], std::sync::Arc::new(Broken));
        assert_eq!(tree.glance("a.py"), None);
        assert_eq!(tree.unreadable(), [(camino::Utf8Path::new("a.py"), "permission denied")]);
    }
}
