//! Relative paths inside a tree: UTF-8, `/` between parts, no `..`, `"."` for the root itself.

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
    match path.parent() {
        Some(parent) if !parent.as_str().is_empty() => parent,
        _ => Utf8Path::new("."),
    }
}

/// `path` as it is seen from `folder`, where it lies inside it.
pub fn relative_to<'a>(path: &'a Utf8Path, folder: &Utf8Path) -> Option<&'a Utf8Path> {
    if folder == "." { Some(path) } else { path.strip_prefix(folder).ok() }
}

/// How many folders lie above `path`: 0 for a file at the root.
pub fn depth(path: &Utf8Path) -> usize {
    path.components().filter(|part| matches!(part, Utf8Component::Normal(_))).count().saturating_sub(1)
}

/// Whether a path of the tree is `folder` or lies below it; as texts, since whole trees are asked.
pub fn is_in(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
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
    fn the_parent_of_a_bare_name_is_the_root() {
        assert_eq!(parent(Utf8Path::new("manage.py")), ".");
        assert_eq!(parent(Utf8Path::new("a/manage.py")), "a");
    }
}
