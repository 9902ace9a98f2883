//! A build context as a stream: the project's files as a tar archive, without those that `.dockerignore` keeps out.
//!
//! Files are read while the Engine takes them; a large context is never in memory.

use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use camino::{Utf8Path, Utf8PathBuf};
use tokio::sync::mpsc;

use super::dockerignore::Dockerignore;
use crate::shell::disk;

const CHUNK: usize = 256 * 1024;

/// The first file that could not be read, once the stream has ended.
pub(super) type Unreadable = Arc<Mutex<Option<(Utf8PathBuf, io::Error)>>>;

/// The rules for `dockerfile`: those of its own file where there is one.
pub fn rules(context: &Utf8Path, dockerfile: &Utf8Path) -> Dockerignore {
    let own = context.join(format!("{dockerfile}.dockerignore"));
    let text =
        std::fs::read_to_string(own).or_else(|_| std::fs::read_to_string(context.join(".dockerignore")));
    text.map_or_else(|_| Dockerignore::default(), |text| Dockerignore::parse(&text))
}

/// The files of `context` in a tar archive, in pieces as they are read.
pub(super) fn stream(
    context: &Utf8Path,
    dockerfile: &Utf8Path,
) -> (mpsc::Receiver<io::Result<Vec<u8>>>, Unreadable) {
    let (sender, receiver) = mpsc::channel(4);
    let unreadable = Unreadable::default();
    let (context, dockerfile, failed) = (context.to_owned(), dockerfile.to_owned(), Arc::clone(&unreadable));
    std::thread::spawn(move || {
        let rules = rules(&context, &dockerfile);
        let mut archive =
            tar::Builder::new(Chunks { sender: sender.clone(), pending: Vec::with_capacity(CHUNK) });
        archive.follow_symlinks(false);
        let mut packer = Packer { archive, rules, context, dockerfile };
        let sent = packer.pack().and_then(|()| {
            let end = packer.archive.into_inner().and_then(|mut chunks| chunks.flush());
            end.map_err(|error| (Utf8PathBuf::new(), error))
        });
        if let Err((path, error)) = sent {
            // The Engine is gone where nobody receives; then nobody asks why either.
            let _ = sender.blocking_send(Err(io::Error::from(error.kind())));
            if let Ok(mut slot) = failed.lock() {
                *slot = Some((path, error));
            }
        }
    });
    (receiver, unreadable)
}

struct Packer {
    archive: tar::Builder<Chunks>,
    rules: Dockerignore,
    context: Utf8PathBuf,
    dockerfile: Utf8PathBuf,
}

impl Packer {
    fn pack(&mut self) -> Result<(), (Utf8PathBuf, io::Error)> {
        let mut entries = disk::walk(&self.context);
        while let Some(entry) = entries.next() {
            let entry = entry.map_err(|error| {
                let path = error.path().and_then(|path| self.inside(path)).unwrap_or_default();
                (path, error.into())
            })?;
            let Some(path) = self.inside(entry.path()) else {
                let shown = entry.path().to_string_lossy().into_owned();
                return Err((
                    shown.into(),
                    io::Error::new(io::ErrorKind::InvalidData, "its name is not UTF-8"),
                ));
            };
            let excluded = self.rules.excludes(&path) && path != self.dockerfile;
            if !excluded {
                let metadata = entry.metadata().map_err(io::Error::from);
                metadata
                    .and_then(|metadata| self.append(&path, &metadata))
                    .map_err(|error| (path.clone(), error))?;
            } else if entry.file_type().is_dir()
                && !self.dockerfile.starts_with(&path)
                && !self.rules.may_let_in_below(&path)
            {
                entries.skip_current_dir();
            }
        }
        Ok(())
    }

    /// `path` relative to the context.
    fn inside(&self, path: &Path) -> Option<Utf8PathBuf> {
        Utf8Path::from_path(path.strip_prefix(&self.context).ok()?).map(Utf8Path::to_owned)
    }

    /// Owned by root whoever builds, as the docker command line does, so that both share the build cache.
    fn append(&mut self, path: &Utf8Path, metadata: &std::fs::Metadata) -> io::Result<()> {
        let place = self.context.join(path);
        let mut header = tar::Header::new_gnu();
        header.set_metadata(metadata);
        header.set_uid(0);
        header.set_gid(0);
        if metadata.is_symlink() {
            let target = std::fs::read_link(&place)?;
            header.set_size(0);
            self.archive.append_link(&mut header, path, target)
        } else if metadata.is_dir() {
            header.set_size(0);
            self.archive.append_data(&mut header, Path::new(&format!("{path}/")), io::empty())
        } else if metadata.is_file() {
            // It may shrink or grow meanwhile: the archive holds as much as it said.
            let contents = std::fs::File::open(&place)?.chain(io::repeat(0)).take(metadata.len());
            self.archive.append_data(&mut header, path, contents)
        } else {
            Ok(())
        }
    }
}

/// Sends what is written in pieces, and waits while the Engine does not take them.
struct Chunks {
    sender: mpsc::Sender<io::Result<Vec<u8>>>,
    pending: Vec<u8>,
}

impl Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let chunk = std::mem::replace(&mut self.pending, Vec::with_capacity(CHUNK));
        if chunk.is_empty() {
            return Ok(());
        }
        self.sender.blocking_send(Ok(chunk)).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_context_holds_what_the_rules_let_in_and_always_the_dockerfile() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        for (name, text) in [
            (".dockerignore", "*\n!shop\nshop/secret\n"),
            ("docker/Dockerfile", "FROM x"),
            ("docker/other", ""),
            ("shop/a.py", "a = 1\n"),
            ("shop/secret/key.pem", "k"),
            (".env", "SECRET"),
        ] {
            std::fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
            std::fs::write(root.join(name), text).unwrap();
        }
        std::os::unix::fs::symlink("a.py", root.join("shop/link.py")).unwrap();
        let (mut receiver, unreadable) = stream(root, Utf8Path::new("docker/Dockerfile"));
        let mut bytes = Vec::new();
        while let Some(chunk) = receiver.blocking_recv() {
            bytes.extend(chunk.unwrap());
        }
        assert!(unreadable.lock().unwrap().is_none());
        let mut archive = tar::Archive::new(bytes.as_slice());
        let names: Vec<String> = archive
            .entries()
            .unwrap()
            .map(|entry| entry.unwrap().path().unwrap().display().to_string())
            .collect();
        assert_eq!(names, ["docker/Dockerfile", "shop/", "shop/a.py", "shop/link.py"]);
    }
}
