//! Which files git tracks: the names in its index, and nothing else of it.
//!
//! The format is Documentation/gitformat-index.txt of git. The crate that reads all of it brings more than
//! twenty others, for what is a list of names here.

/// Bytes of names in all: a repository of a million files has fewer.
const MOST_TEXT: usize = 64 << 20;

/// The paths in an index, sorted, relative to the repository's root; `None` where it is of a kind that is not known
/// or broken. Names that are not UTF-8 are left out.
pub(super) fn tracked(index: &[u8]) -> Option<Vec<String>> {
    let header = index.get(..12)?;
    let (signature, numbers) = header.split_at(4);
    let (version, count) = (number(numbers.get(..4)?)?, number(numbers.get(4..)?)?);
    if signature != b"DIRC" || !(2..=4).contains(&version) {
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    let mut name: Vec<u8> = Vec::new();
    let mut at = 12;
    let mut room = MOST_TEXT;
    for _ in 0..count {
        // Ten numbers, an object's name of 20 bytes, the flags, and in version 3 and up sometimes more flags.
        let flags = index.get(at + 60..at + 62)?;
        let extended = version >= 3 && flags.first()? & 0x40 != 0;
        let mut start = at + if extended { 64 } else { 62 };
        if version == 4 {
            let (strip, length) = offset(index.get(start..)?)?;
            name.truncate(name.len().checked_sub(strip)?);
            start += length;
        } else {
            name.clear();
        }
        let length = index.get(start..)?.iter().position(|byte| *byte == 0)?;
        name.extend_from_slice(index.get(start..start + length)?);
        // In version 4 a few bytes repeat all of the last name: a small index can name more than any machine holds.
        room = room.checked_sub(name.len())?;
        at = if version == 4 { start + length + 1 } else { at + (start + length - at + 8) / 8 * 8 };
        names.extend(std::str::from_utf8(&name).ok().map(str::to_owned));
    }
    // Git keeps them in this order, but who knows who wrote this one.
    if !names.is_sorted() {
        names.sort_unstable();
    }
    Some(names)
}

fn number(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

/// How much of the last name is not shared with this one, and how many bytes say so: the offset encoding of
/// pack files.
fn offset(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0usize;
    for (position, byte) in bytes.iter().take(8).enumerate() {
        value = (value << 7) | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, position + 1));
        }
        value += 1;
    }
    None
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// An index as git writes it, with everything but names zero.
    pub(in crate::shell::disk) fn index(version: u8, names: &[&str]) -> Vec<u8> {
        let mut bytes =
            [b"DIRC", [0, 0, 0, version].as_slice(), &u32::try_from(names.len()).unwrap().to_be_bytes()]
                .concat();
        let mut last = "";
        for name in names {
            bytes.extend([0; 62]);
            if version == 4 {
                let shared = name.bytes().zip(last.bytes()).take_while(|(a, b)| a == b).count();
                bytes.push(u8::try_from(last.len() - shared).unwrap());
                bytes.extend(&name.as_bytes()[shared..]);
                bytes.push(0);
            } else {
                bytes.extend(name.as_bytes());
                bytes.extend(vec![0; 8 - (62 + name.len()) % 8]);
            }
            last = name;
        }
        bytes
    }

    #[test]
    fn names_are_read_from_every_version() {
        let names = ["a.py", "config/local.py", "config/locale/ko.po", "z"];
        for version in 2..=4 {
            let read = tracked(&index(version, &names)).unwrap();
            assert_eq!(read.iter().collect::<Vec<_>>(), names, "version {version}");
        }
    }

    #[test]
    fn a_broken_index_is_no_index() {
        let whole = index(2, &["a.py", "b.py"]);
        for length in 0..whole.len() - 8 {
            assert_eq!(tracked(&whole[..length]), None, "{length}");
        }
        assert_eq!(tracked(&index(5, &[])), None);
    }
}
