//! Files whose present text git does not have.

use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

/// Returns those of `paths` below the folder `root` that were changed since the last commit, or never committed. `None`
/// where git cannot say: it is not installed, or the folder is in no repository.
pub fn not_committed(root: &Utf8Path, paths: &[&Utf8Path]) -> Option<Vec<Utf8PathBuf>> {
    if paths.is_empty() {
        return Some(Vec::new());
    }
    let changed = paths.iter().map(|path| is_changed(root, path).map(|is_changed| (path, is_changed)));
    let changed: Option<Vec<_>> = changed.collect();
    let changed = changed?.into_iter().filter(|(_, is_changed)| *is_changed);
    Some(changed.map(|(path, _)| (*path).to_owned()).collect())
}

fn is_changed(root: &Utf8Path, path: &Utf8Path) -> Option<bool> {
    let folder = if root.as_str().is_empty() { Utf8Path::new(".") } else { root };
    let output = Command::new("git")
        // A name such as `a*` is a name. No program that the repository's configuration names is started.
        .args(["--literal-pathspecs", "--no-optional-locks", "-c", "core.fsmonitor=false", "-C"])
        .arg(folder)
        .args(["status", "--porcelain", "--untracked-files=all", "--ignored", "--"])
        .arg(path)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output.status.success().then_some(!output.stdout.is_empty())
}
