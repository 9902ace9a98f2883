//! Folders that stand in for the project's while a stack of it runs.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt, symlink};

use camino::{Utf8Path, Utf8PathBuf};

use crate::base::{Kind, Tree};

/// A file with secrets of a run alone, which takes the place of a file of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThrowAway {
    /// Relative to the project's folder.
    pub path: Utf8PathBuf,
    pub text: String,
    /// The permissions of the file: `0o600`, or `0o640` where a container's user reads it by its group.
    pub mode: u32,
}

/// Makes the folder `into`, through which `root` is seen with `files` in the place of what is there.
pub fn mirror(root: &Utf8Path, into: &Utf8Path, files: &[ThrowAway]) -> io::Result<()> {
    let root = root.canonicalize_utf8()?;
    let files: BTreeMap<&Utf8Path, &ThrowAway> =
        files.iter().map(|file| (file.path.as_path(), file)).collect();
    folder(&root, into, Utf8Path::new(""), &files)
}

/// Writes a file that nobody else may read, in the place of the one that is there. It has its permissions before
/// anything is in it.
pub fn write_closed(place: &Utf8Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    match std::fs::remove_file(place) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(place)?;
    if mode != 0o600 {
        file.set_permissions(std::fs::Permissions::from_mode(mode))?;
    }
    file.write_all(bytes)
}

fn folder(
    root: &Utf8Path,
    into: &Utf8Path,
    path: &Utf8Path,
    files: &BTreeMap<&Utf8Path, &ThrowAway>,
) -> io::Result<()> {
    std::fs::create_dir_all(into.join(path))?;
    let mut names: BTreeMap<Utf8PathBuf, bool> = BTreeMap::new();
    for file in files.keys() {
        if let Ok(rest) = file.strip_prefix(path)
            && let Some(first) = rest.components().next()
        {
            names.insert(path.join(first.as_str()), true);
        }
    }
    if let Ok(entries) = root.join(path).read_dir_utf8() {
        for entry in entries.flatten() {
            names.entry(path.join(entry.file_name())).or_insert(false);
        }
    }
    for (name, replaced) in names {
        match (files.get(name.as_path()), replaced) {
            (Some(file), _) => write_closed(&into.join(&name), file.text.as_bytes(), file.mode)?,
            (None, true) => folder(root, into, &name, files)?,
            (None, false) => symlink(root.join(&name), into.join(&name))?,
        }
    }
    Ok(())
}

/// Copies what belongs to the project: the entries of `tree`, with their modes.
pub fn copy(tree: &Tree, root: &Utf8Path, into: &Utf8Path) -> io::Result<()> {
    std::fs::create_dir_all(into)?;
    for (path, kind) in tree.below(Utf8Path::new(".")) {
        let (from, to) = (root.join(path), into.join(path));
        match kind {
            Kind::Folder => std::fs::create_dir_all(to)?,
            Kind::File => drop(std::fs::copy(from, to)?),
            Kind::Symlink => symlink(std::fs::read_link(from)?, to)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirror_shows_the_project_with_other_secrets() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let root = Utf8Path::from_path(one.path()).unwrap();
        for (name, text) in
            [("manage.py", "m"), (".env", "theirs"), ("conf/.secrets/a.json", "theirs"), ("conf/x", "x")]
        {
            std::fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
            std::fs::write(root.join(name), text).unwrap();
        }
        let into = Utf8Path::from_path(two.path()).unwrap().join("seen");
        let throw_away =
            |path: &str, mode: u32| ThrowAway { path: path.into(), text: "ours".to_owned(), mode };
        let files = [
            throw_away(".env", 0o600),
            throw_away("conf/.secrets/a.json", 0o640),
            throw_away("new/b", 0o600),
        ];
        mirror(root, &into, &files).unwrap();
        let read = |base: &Utf8Path, name: &str| std::fs::read_to_string(base.join(name)).unwrap();
        for (name, text) in [
            ("manage.py", "m"),
            (".env", "ours"),
            ("conf/.secrets/a.json", "ours"),
            ("conf/x", "x"),
            ("new/b", "ours"),
        ] {
            assert_eq!(read(&into, name), text, "{name}");
        }
        assert_eq!(
            (read(root, ".env"), read(root, "conf/.secrets/a.json")),
            ("theirs".to_owned(), "theirs".to_owned())
        );
        assert!(!root.join("new").exists());
        for file in &files {
            let mode = into.join(&file.path).metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, file.mode, "{}", file.path);
        }
    }
}
