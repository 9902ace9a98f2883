//! Text from bytes of unknown encoding.

/// Text from bytes that are the text already, without a copy; else the bytes, of which [`decode`] may make a text.
pub(super) fn as_it_stands(bytes: Vec<u8>) -> Result<String, Vec<u8>> {
    let is_marked = bytes.starts_with(&[0xef, 0xbb, 0xbf]) || bytes.contains(&0);
    if is_marked {
        return Err(bytes);
    }
    String::from_utf8(bytes).map_err(std::string::FromUtf8Error::into_bytes)
}

/// Text from bytes, or `None` for what is not text: a NUL byte that no UTF-16 explains.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    if !utf16 && bytes.contains(&0) {
        // Latin letters in UTF-16 without a mark: every second byte is zero, and no other.
        let every_second =
            bytes.len().is_multiple_of(2) && bytes.chunks(2).all(|pair| matches!(pair, [1..=255, 0]));
        let (text, _, _) = encoding_rs::UTF_16LE.decode(bytes);
        return every_second.then(|| text.into_owned());
    }
    let (text, encoding, wrong) = encoding_rs::UTF_8.decode(bytes);
    if wrong && encoding == encoding_rs::UTF_8 {
        // Files saved by an editor on Korean Windows; taken only where every byte makes sense in it.
        let korean = encoding_rs::EUC_KR.decode_without_bom_handling_and_without_replacement(bytes);
        if let Some(korean) = korean {
            return Some(korean.into_owned());
        }
    }
    Some(text.into_owned())
}

#[cfg(test)]
mod tests {
    use crate::base::Tree;

    #[test]
    fn contents_are_decoded_by_their_byte_order_mark() {
        let utf16: Vec<u8> = "\u{feff}django".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let tree = Tree::from_literals([
            ("plain.txt", b"django".to_vec()),
            ("bom.txt", b"\xef\xbb\xbfdjango".to_vec()),
            ("utf16.txt", utf16),
            ("binary", vec![0, 1, 2]),
        ]);
        for name in ["plain.txt", "bom.txt", "utf16.txt"] {
            assert_eq!(tree.text(name), Some("django"), "{name}");
        }
        assert_eq!(tree.text("binary"), None);
    }

    #[test]
    fn text_without_a_mark_is_decoded_where_one_encoding_fits() {
        let tree = Tree::from_literals([
            ("cp949.py", b"# \xc7\xd1\xb1\xb9\xbe\xee".to_vec()),
            ("utf16.txt", b"d\0j\0".to_vec()),
            ("latin1.py", b"# caf\xe9".to_vec()),
        ]);
        assert_eq!(tree.text("cp949.py"), Some("# \u{d55c}\u{ad6d}\u{c5b4}"));
        assert_eq!(tree.text("utf16.txt"), Some("dj"));
        assert_eq!(tree.text("latin1.py"), Some("# caf\u{fffd}"));
    }
}
