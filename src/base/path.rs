//! Relative paths inside a tree: UTF-8, `/` between parts, no `..`, `"."` for the root itself.
//!
//! What is asked of every path of a tree is answered from its text: the standard library takes a path apart each time.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

/// Joins `path` to the folder `base` and removes `.` and `..` by name.
///
/// `None` where the result lies outside the tree, or `path` is absolute.
pub fn join(base: &Utf8Path, path: &str) -> Option<Utf8PathBuf> {
    let mut parts: Vec<&str> = Vec::new();
    for component in base.components().chain(Utf8Path::new(path).components()) {
        match component {
            Utf8Component::Normal(part) => parts.push(part),
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir => {
                parts.pop()?;
            }
            Utf8Component::RootDir | Utf8Component::Prefix(_) => return None,
        }
    }
    Some(from_parts(&parts))
}

/// The folder that holds `path`; the root for a name without folders.
pub fn parent(path: &Utf8Path) -> &Utf8Path {
    Utf8Path::new(split_at_last(path.as_str(), b'/').map_or(".", |(folder, _)| folder))
}

/// The last part of `path`.
pub fn name(path: &Utf8Path) -> &str {
    split_at_last(path.as_str(), b'/').map_or(path.as_str(), |(_, name)| name)
}

/// Returns the text behind the last dot of `path`'s name; `None` for `Dockerfile` and `.env`.
pub fn extension(path: &Utf8Path) -> Option<&str> {
    split_at_last(name(path), b'.').filter(|(stem, _)| !stem.is_empty()).map(|(_, extension)| extension)
}

/// `path`'s name without its extension.
pub fn stem(path: &Utf8Path) -> &str {
    let name = name(path);
    split_at_last(name, b'.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem })
}

/// The folders above `path`, from the root downward, and its own name.
pub fn parts(path: &Utf8Path) -> impl Iterator<Item = &str> {
    path.as_str().split('/')
}

/// `path` as it is seen from `folder`, where it lies inside it.
pub fn relative_to<'a>(path: &'a Utf8Path, folder: &Utf8Path) -> Option<&'a Utf8Path> {
    if folder == "." { Some(path) } else { path.strip_prefix(folder).ok() }
}

/// How many folders lie above `path`: 0 for a file at the root.
pub fn depth(path: &Utf8Path) -> usize {
    path.as_str().bytes().filter(|byte| *byte == b'/').count()
}

/// Tells whether a path of the tree is `folder` or lies below it; as texts, since whole trees are asked.
pub fn is_in(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// As `str::rsplit_once`, which is made for long texts.
fn split_at_last(text: &str, at: u8) -> Option<(&str, &str)> {
    let index = text.bytes().rposition(|byte| byte == at)?;
    Some((text.get(..index)?, text.get(index + 1..)?))
}

fn from_parts(parts: &[&str]) -> Utf8PathBuf {
    if parts.is_empty() { Utf8PathBuf::from(".") } else { parts.iter().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joining_stays_inside_the_tree() {
        let check = |base: &str, path: &str, expected: Option<&str>| {
            assert_eq!(join(Utf8Path::new(base), path).as_deref(), expected.map(Utf8Path::new));
        };
        check("a/b", "../c.txt", Some("a/c.txt"));
        check(".", "./x", Some("x"));
        check("a", "..", Some("."));
        check(".", "../x", None);
        check(".", "/etc/passwd", None);
    }

    #[test]
    fn names_are_taken_apart_as_the_standard_library_does() {
        for text in
            ["manage.py", "a/manage.py", "a/.env", "a/b.tar.gz", "Dockerfile", "a/b/.env.example", "a."]
        {
            let path = Utf8Path::new(text);
            assert_eq!(Some(name(path)), path.file_name(), "{text}");
            assert_eq!(Some(stem(path)), path.file_stem(), "{text}");
            assert_eq!(extension(path), path.extension(), "{text}");
            assert_eq!(depth(path), path.components().count() - 1, "{text}");
        }
    }

    #[test]
    fn the_parent_of_a_bare_name_is_the_root() {
        assert_eq!(parent(Utf8Path::new("manage.py")), ".");
        assert_eq!(parent(Utf8Path::new("a/manage.py")), "a");
    }
}
