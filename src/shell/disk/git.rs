//! Files that git ignores: a fresh clone does not have them.
//!
//! Files are left out only inside a repository: an unpacked archive may hold files that were tracked although a rule
//! names them. As in git itself, a file that is tracked is never ignored.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use camino::Utf8Path;
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::index;

/// The treatment by git of a file that is not committed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InGit {
    Ignored,
    /// The next commit takes it along.
    Taken,
    /// It was committed once; rules of `.gitignore` change nothing.
    Tracked,
}

/// Returns what git does, or will do, with the file at `path` below the folder `root`. The rules count before there is a
/// repository too: an unpacked archive becomes one by `git init`.
pub fn in_git(root: &Utf8Path, path: &Utf8Path) -> InGit {
    let Some(mut rules) = Rules::around(root).or_else(|| Rules::alone(root)) else { return InGit::Taken };
    if rules.tracks(path, false) {
        return InGit::Tracked;
    }
    rules.enter(Utf8Path::new(""), 0);
    let mut folders: Vec<&Utf8Path> =
        path.ancestors().skip(1).filter(|above| !above.as_str().is_empty()).collect();
    folders.reverse();
    let mut depth = 0;
    for folder in folders {
        depth += 1;
        if rules.matches(folder, depth, true) {
            return InGit::Ignored;
        }
        rules.enter(folder, depth);
    }
    if rules.matches(path, depth + 1, false) { InGit::Ignored } else { InGit::Taken }
}

/// The rules of the repository around a folder for the files in it.
pub(super) struct Rules {
    /// The folder itself, absolute and without symbolic links.
    root: PathBuf,
    /// The folder relative to the repository's root; empty, or ending in `/`.
    prefix: String,
    git_folder: PathBuf,
    /// From the repository's root downward.
    files: Vec<RuleFile>,
    tracked: OnceCell<Option<Vec<String>>>,
}

/// A file of rules.
struct RuleFile {
    /// How deep its folder lies below the one that is read.
    depth: usize,
    /// How long the path of its folder is, from the repository's root and with a `/` behind it.
    folder: usize,
    rules: Gitignore,
}

impl Rules {
    /// The rules for the folder `root`; `None` outside a repository.
    pub(super) fn around(root: &Utf8Path) -> Option<Self> {
        let root = std::fs::canonicalize(root).ok()?;
        let repository = root.ancestors().find(|above| above.join(".git").symlink_metadata().is_ok())?;
        let git_folder = git_folder(&repository.join(".git"))?;
        let below = root.strip_prefix(repository).ok()?.to_str()?;
        let mut exclude = GitignoreBuilder::new(repository);
        exclude.add(common_folder(&git_folder).join("info/exclude"));
        let mut files: Vec<RuleFile> = Vec::new();
        files.extend(exclude.build().ok().map(|rules| RuleFile { depth: 0, folder: 0, rules }));
        let mut prefix = String::new();
        for part in below.split('/').filter(|part| !part.is_empty()) {
            let rules = gitignore(&repository.join(&prefix));
            files.extend(rules.map(|rules| RuleFile { depth: 0, folder: prefix.len(), rules }));
            prefix += part;
            prefix += "/";
        }
        Some(Self { root: root.clone(), prefix, git_folder, files, tracked: OnceCell::new() })
    }

    /// The rules for a folder that is the root of no repository yet.
    fn alone(root: &Utf8Path) -> Option<Self> {
        let root = std::fs::canonicalize(root).ok()?;
        let git_folder = root.join(".git");
        Some(Self { root, prefix: String::new(), git_folder, files: Vec::new(), tracked: OnceCell::new() })
    }

    /// Takes up the rules in the folder `path` (relative, `depth` below the root), which is about to be read,
    /// and drops those of folders that are done.
    pub(super) fn enter(&mut self, path: &Utf8Path, depth: usize) {
        self.leave(depth);
        let own = if path.as_str().is_empty() { 0 } else { path.as_str().len() + 1 };
        let folder = self.prefix.len() + own;
        let rules = gitignore(&self.root.join(path));
        self.files.extend(rules.map(|rules| RuleFile { depth: depth + 1, folder, rules }));
    }

    /// Drops the rules of folders that do not hold what is `depth` below the root.
    fn leave(&mut self, depth: usize) {
        while self.files.last().is_some_and(|file| file.depth > depth) {
            self.files.pop();
        }
    }

    /// Tells whether a rule matches `path`, which is `depth` below the root (1 for what lies in it).
    pub(super) fn matches(&mut self, path: &Utf8Path, depth: usize, folder: bool) -> bool {
        self.leave(depth);
        let path = self.in_repository(path);
        let below = |file: &RuleFile| path.get(file.folder..).unwrap_or_default();
        let decided = self.files.iter().rev().map(|file| file.rules.matched(below(file), folder));
        decided
            .into_iter()
            .find(|matched| !matched.is_none())
            .is_some_and(|matched| matches!(matched, Match::Ignore(_)))
    }

    fn in_repository<'a>(&self, path: &'a Utf8Path) -> Cow<'a, str> {
        if self.prefix.is_empty() { path.as_str().into() } else { format!("{}{path}", self.prefix).into() }
    }

    /// Tells whether git tracks `path`, or anything below it. Without an index that can be read everything is.
    pub(super) fn tracks(&self, path: &Utf8Path, folder: bool) -> bool {
        let tracked = self.tracked.get_or_init(|| match std::fs::read(self.git_folder.join("index")) {
            Ok(bytes) => index::tracked(&bytes),
            Err(cause) => (cause.kind() == std::io::ErrorKind::NotFound).then(Vec::new),
        });
        let Some(tracked) = tracked else { return true };
        let path = self.in_repository(path);
        if !folder {
            return tracked.binary_search_by(|name| name.as_str().cmp(&path)).is_ok();
        }
        let below = format!("{path}/");
        let first = tracked.partition_point(|name| *name < below);
        tracked.get(first).is_some_and(|first| first.starts_with(&below))
    }
}

fn gitignore(folder: &Path) -> Option<Gitignore> {
    let file = folder.join(".gitignore");
    file.symlink_metadata().ok().filter(std::fs::Metadata::is_file)?;
    let mut builder = GitignoreBuilder::new(folder);
    // A line that is no pattern is skipped, as git does.
    builder.add(file);
    builder.build().ok()
}

/// Returns the folder of the repository's own files: `.git`, or what the file `.git` of a work tree or submodule names.
fn git_folder(dot_git: &Path) -> Option<PathBuf> {
    if dot_git.is_dir() {
        return Some(dot_git.to_owned());
    }
    let text = std::fs::read_to_string(dot_git).ok()?;
    let named = text.lines().find_map(|line| line.strip_prefix("gitdir:"))?.trim();
    Some(dot_git.parent()?.join(named))
}

/// Returns the folder that a work tree shares with the others.
fn common_folder(git_folder: &Path) -> PathBuf {
    match std::fs::read_to_string(git_folder.join("commondir")) {
        Ok(named) => git_folder.join(named.trim()),
        Err(_) => git_folder.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use super::super::index::tests::index;
    use super::super::load;
    use super::{InGit, in_git};
    use crate::base::tree::LeftOut;

    /// A repository of these files, of which these are tracked.
    fn repository(files: &[(&str, &str)], tracked: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        std::fs::create_dir_all(folder.path().join(".git/info")).unwrap();
        std::fs::write(folder.path().join(".git/index"), index(2, tracked)).unwrap();
        folder
    }

    fn files(folder: &std::path::Path) -> Vec<String> {
        let tree = load(Utf8Path::from_path(folder).unwrap()).unwrap();
        tree.files().map(ToString::to_string).collect()
    }

    #[test]
    fn what_a_fresh_clone_lacks_is_named_and_not_read() {
        let folder = repository(
            &[
                (".gitignore", ".env\nlocal.py\n/media/\n*.log\n!keep.log\n"),
                (".env", "SECRET_KEY=x"),
                ("a/local.py", ""),
                ("a/media/kept.txt", ""),
                ("a/.gitignore", "*.txt\n!kept.txt\n"),
                ("a/dropped.txt", ""),
                ("b/other.txt", ""),
                ("keep.log", ""),
                ("drop.log", ""),
                ("media/photo.jpg", ""),
            ],
            &[],
        );
        assert_eq!(
            files(folder.path()),
            [".gitignore", "a/.gitignore", "a/media/kept.txt", "b/other.txt", "keep.log"]
        );
        let tree = load(Utf8Path::from_path(folder.path()).unwrap()).unwrap();
        assert_eq!(tree.left_out(".env"), Some(&LeftOut::Ignored));
        assert_eq!(tree.left_out("media/photo.jpg"), Some(&LeftOut::Ignored));
        assert_eq!(tree.text(".env"), None);
    }

    #[test]
    fn a_tracked_file_is_not_ignored_whatever_the_rules_say() {
        let folder = repository(
            &[
                (".gitignore", "static/\nlocal.py\n"),
                ("local.py", ""),
                ("static/css/site.css", ""),
                ("static/collected.css", ""),
                ("a/local.py", ""),
            ],
            &["local.py", "static/css/site.css"],
        );
        assert_eq!(files(folder.path()), [".gitignore", "local.py", "static/css/site.css"]);
    }

    #[test]
    fn rules_of_the_repository_hold_in_its_subfolders() {
        let folder = repository(
            &[
                (".gitignore", "*.sqlite3\n/backend/uploads\n"),
                (".git/info/exclude", "private.py\n"),
                ("backend/manage.py", ""),
                ("backend/db.sqlite3", ""),
                ("backend/private.py", ""),
                ("backend/uploads/a.jpg", ""),
                ("backend/tracked.sqlite3", ""),
            ],
            &["backend/manage.py", "backend/tracked.sqlite3"],
        );
        assert_eq!(files(&folder.path().join("backend")), ["manage.py", "tracked.sqlite3"]);
    }

    #[test]
    fn rules_count_before_there_is_a_repository() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        std::fs::create_dir_all(root.join("conf/secrets")).unwrap();
        std::fs::write(root.join(".gitignore"), ".env\n/conf/secrets/\n").unwrap();
        let says = |path: &str| in_git(root, Utf8Path::new(path));
        assert_eq!((says(".env"), says("conf/secrets/base.json")), (InGit::Ignored, InGit::Ignored));
        assert_eq!((says(".env.prod"), says("conf/base.json")), (InGit::Taken, InGit::Taken));
        std::fs::write(root.join("conf/.gitignore"), "*.json\n!open.json\n").unwrap();
        assert_eq!((says("conf/base.json"), says("conf/open.json")), (InGit::Ignored, InGit::Taken));
    }

    #[test]
    fn a_secret_that_was_committed_is_tracked_whatever_the_rules_say() {
        let folder = repository(&[(".gitignore", ".env\n"), (".env", "A=1"), ("a/.env", "A=1")], &[".env"]);
        let root = Utf8Path::from_path(folder.path()).unwrap();
        assert_eq!(in_git(root, Utf8Path::new(".env")), InGit::Tracked);
        assert_eq!(in_git(root, Utf8Path::new("a/.env")), InGit::Ignored);
        assert_eq!(in_git(&root.join("a"), Utf8Path::new(".env")), InGit::Ignored);
    }

    #[test]
    fn without_a_repository_nothing_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".gitignore"), "*.py").unwrap();
        std::fs::write(folder.path().join("manage.py"), "").unwrap();
        assert_eq!(files(folder.path()), [".gitignore", "manage.py"]);
    }
}
