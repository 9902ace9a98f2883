//! Runs the built djdock as a person would, in a folder of its own.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder with a project in it, removed at the end.
#[derive(Debug)]
pub struct Folder {
    root: TempDir,
}

impl Folder {
    /// An empty folder called `shop`.
    pub fn empty() -> Self {
        let root = TempDir::new().unwrap();
        std::fs::create_dir(root.path().join("shop")).unwrap();
        Self { root }
    }

    /// A folder called `shop` with these files.
    pub fn with<P: AsRef<str>, C: AsRef<[u8]>>(files: impl IntoIterator<Item = (P, C)>) -> Self {
        let folder = Self::empty();
        for (path, contents) in files {
            folder.write(path.as_ref(), contents);
        }
        folder
    }

    /// A copy of one of the examples.
    pub fn example(name: &str) -> Self {
        let below = format!("examples/{name}/");
        let files = super::repository::files(&below);
        Self::with(files.iter().map(|path| {
            let contents = std::fs::read(super::repository::path(path)).unwrap();
            (path.strip_prefix(&below).unwrap(), contents)
        }))
    }

    pub fn path(&self) -> PathBuf {
        self.root.path().join("shop")
    }

    pub fn write(&self, path: &str, contents: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, contents).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path().join(path)).unwrap()
    }

    pub fn has(&self, path: &str) -> bool {
        self.path().join(path).symlink_metadata().is_ok()
    }

    /// Every file below, with its contents.
    pub fn snapshot(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        collect(&self.path(), &mut files);
        files.sort();
        files
    }

    /// Runs `djdock ARGUMENTS` in the folder, with no terminal.
    pub fn djdock(&self, arguments: &[&str]) -> Run {
        self.djdock_with(arguments, &[])
    }

    pub fn djdock_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_djdock"))
            .args(arguments)
            .envs(environment.iter().copied())
            .current_dir(self.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Run::new(&output, self.root.path())
    }
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), files);
        } else {
            files.push((entry.path(), std::fs::read(entry.path()).unwrap_or_default()));
        }
    }
}

/// What a run came to. What changes from run to run is filtered out: the folder above the project's is `[DIR]`.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    fn new(output: &Output, root: &Path) -> Self {
        let real = root.canonicalize().unwrap();
        let text = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            let text = text.replace(real.to_str().unwrap(), "[DIR]").replace(root.to_str().unwrap(), "[DIR]");
            text.replace(concat!("djdock ", env!("CARGO_PKG_VERSION")), "djdock [VERSION]")
        };
        let code = output.status.code().expect("it ended by itself");
        Self { code, stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// Exit code, stdout and stderr in one text, as snapshots have them.
    pub fn shown(&self) -> String {
        let mut text = format!("exit {}\n", self.code);
        for (name, stream) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !stream.is_empty() {
                let _ = write!(text, "── {name}\n{stream}");
            }
        }
        text
    }

    /// As JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.shown()))
    }
}
