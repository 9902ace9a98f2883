//! Generated files → disk: all of them or none.

use camino::Utf8Path;

use super::journal::{self, Journal, Recovered, Refused};
use super::load::cause;
use super::staging::{Obstacle, Staged, temporary};
use crate::base::codes::shell::{
    FILE_IN_THE_WAY, FILE_UNWRITABLE, FOLDER_BUSY, PATH_OUTSIDE, PATH_THROUGH_LINK,
};
use crate::base::{Diagnostic, path};
use crate::shell::interrupt::{self, Stopped};
use crate::update::FileToWrite;

/// Writes `files` below `root`. On any failure, and on Ctrl-C, the folder is as it was before; where the process is
/// killed, the next run sees to it with [`recover`].
pub fn write(root: &Utf8Path, files: &[FileToWrite]) -> Result<(), Stopped> {
    let signals = interrupt::hold();
    recover(root)?;
    write_unless(root, files, || signals.check().is_err(), || false)
}

/// Finishes what an earlier run in the folder `root` had begun to write, or takes it away.
pub fn recover(root: &Utf8Path) -> Result<Recovered, Diagnostic> {
    journal::recover(root).map_err(|refused| no_journal(root, refused))
}

/// [`write`], in steps. Before each `is_stopped` says whether a person wants it undone, and `is_killed` whether this is
/// the last that the process does.
fn write_unless(
    root: &Utf8Path,
    files: &[FileToWrite],
    is_stopped: impl Fn() -> bool,
    mut is_killed: impl FnMut() -> bool,
) -> Result<(), Stopped> {
    let unique = std::process::id();
    let files = in_order(files);
    let named = files.iter().map(|file| {
        let temporary = temporary(path::name(&file.path), unique);
        (file.path.as_path(), temporary, file.bytes.is_none())
    });
    let said = |file: &FileToWrite, obstacle| Stopped::from(diagnose(root, file, obstacle));
    let mut journal =
        Journal::begin(root, named).map_err(|refused| Stopped::from(no_journal(root, refused)))?;
    let mut staged: Vec<Staged> = Vec::new();
    let mut written = Ok(());
    for file in &files {
        if is_killed() {
            std::mem::forget(staged);
            return Err(Stopped::Interrupted);
        }
        written = if is_stopped() {
            Err(Stopped::Interrupted)
        } else {
            Staged::new(root, file, unique)
                .map(|one| staged.push(one))
                .map_err(|obstacle| said(file, obstacle))
        };
        if written.is_err() {
            break;
        }
    }
    // From here on it only goes forward, unless the system refuses.
    written = written.and_then(|()| {
        journal.commit().map_err(|error| Stopped::from(no_journal(root, Refused::System(error))))
    });
    if written.is_ok() {
        for at in 0..staged.len() {
            if is_killed() {
                std::mem::forget(staged);
                return Err(Stopped::Interrupted);
            }
            let (one, file) = (&mut staged[at], files[at]);
            // Nothing comes after the last that could make it return.
            written = one.put(&file.path, at + 1 < files.len()).map_err(|obstacle| said(file, obstacle));
            if written.is_err() {
                break;
            }
        }
    }
    if written.is_ok() {
        staged.into_iter().for_each(Staged::finish);
        let removed = files.iter().filter(|file| file.bytes.is_none());
        removed.for_each(|file| remove_empty_folders(root, &file.path));
    } else {
        undo(&mut staged);
    }
    if !is_killed() {
        journal.end();
    }
    written
}

/// As they were given, and secrets last: a secret that replaces another then never has to return, and a killed run
/// leaves none under a second name.
fn in_order(files: &[FileToWrite]) -> Vec<&FileToWrite> {
    let mut ordered: Vec<&FileToWrite> = files.iter().collect();
    ordered.sort_by_key(|file| (file.mode.is_secret(), file.mode.is_secret() && file.replaces));
    ordered
}

/// Removes the folders that `removed` was the last file of.
fn remove_empty_folders(root: &Utf8Path, removed: &Utf8Path) {
    let folders = removed.ancestors().skip(1).filter(|folder| !folder.as_str().is_empty());
    // The system refuses where something else is in the folder.
    let _ = folders.map(|folder| std::fs::remove_dir(root.join(folder))).take_while(Result::is_ok).count();
}

/// The last first: a folder that was made for one file may hold the next ones.
fn undo(staged: &mut Vec<Staged>) {
    while staged.pop().is_some() {}
}

fn no_journal(root: &Utf8Path, refused: Refused) -> Diagnostic {
    match refused {
        Refused::Busy => Diagnostic::error(FOLDER_BUSY, format!("another djdock is writing in `{root}`"))
            .because("nothing was written")
            .help("wait until it has ended, and run this again"),
        Refused::System(error) => {
            let path = journal::PATH;
            Diagnostic::error(FILE_UNWRITABLE, format!("cannot write `{path}`: {}", cause(&error)))
                .because(format!("in the folder `{root}`"))
                .help(remedy(root, &error))
                .because("nothing was written")
        }
    }
}

fn diagnose(root: &Utf8Path, file: &FileToWrite, obstacle: Obstacle) -> Diagnostic {
    let path = &file.path;
    let diagnostic = match obstacle {
        Obstacle::Outside => Diagnostic::error(PATH_OUTSIDE, format!("`{path}` lies outside `{root}`"))
            .help("let the answer that names a folder name one inside the project"),
        Obstacle::Link(link) if link == *path => {
            Diagnostic::error(PATH_THROUGH_LINK, format!("`{path}` is a symbolic link"))
                .help(format!("if a file may take its place: `rm {link}`"))
        }
        Obstacle::Link(link) => Diagnostic::error(
            PATH_THROUGH_LINK,
            format!("`{path}` would be written through the symbolic link `{link}`"),
        )
        .help(format!("make `{link}` a folder, or name another one for djdock's files: `--config-dir`")),
        Obstacle::InTheWay(part, what) => Diagnostic::error(FILE_IN_THE_WAY, format!("`{part}` {what}"))
            .because(if part == *path {
                format!("djdock would write the file `{path}`")
            } else {
                format!("djdock would write `{path}` into it")
            })
            .help(format!("move it away: `mv {part} {part}.bak`")),
        Obstacle::System(error) => {
            Diagnostic::error(FILE_UNWRITABLE, format!("cannot write `{path}`: {}", cause(&error)))
                .because(format!("in the folder `{root}`"))
                .help(remedy(root, &error))
        }
    };
    diagnostic.because("nothing was written")
}

fn remedy(root: &Utf8Path, error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
            format!("free some space: `df -h {}` shows how full it is", shell_words::quote(root.as_str()))
        }
        std::io::ErrorKind::ReadOnlyFilesystem => {
            "copy the project to where it can be written, and run djdock there".to_owned()
        }
        _ => format!("see whose it is: `ls -ld {}`", shell_words::quote(root.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::terminal::testing::assert_said;

    fn files() -> Vec<FileToWrite> {
        use crate::update::Mode;
        let file = |path: &str, text: &str, mode: Mode, replaces: bool| FileToWrite {
            path: path.into(),
            bytes: Some(text.into()),
            mode,
            replaces,
        };
        let removed =
            |path: &str| FileToWrite { path: path.into(), bytes: None, mode: Mode::Plain, replaces: true };
        vec![
            removed("old/unused.conf"),
            file("Dockerfile.bak", "old", Mode::Plain, false),
            file(".env", "secret=new", Mode::Secret, true),
            file("Dockerfile", "new", Mode::Plain, true),
            file("conf/secrets/a.json", "secret", Mode::SecretOfGroup, false),
            file("docker/nginx/x.conf", "new", Mode::Plain, false),
            file(".djdock/record.toml", "new", Mode::Plain, true),
        ]
    }

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("Dockerfile"), "old").unwrap();
        std::fs::write(folder.path().join(".env"), "secret=old").unwrap();
        std::fs::create_dir(folder.path().join("old")).unwrap();
        std::fs::write(folder.path().join("old/unused.conf"), "old").unwrap();
        folder
    }

    /// Every file and folder below, with the text of each.
    fn snapshot(root: &Utf8Path) -> Vec<(String, String)> {
        let entries = super::super::walk(root).map(|entry| entry.unwrap().into_path());
        let shown = entries.map(|path| {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(&path).unwrap_or_default())
        });
        shown.collect()
    }

    #[test]
    fn a_write_that_is_broken_off_anywhere_is_finished_or_taken_away() {
        let (whole, before) = (folder(), folder());
        let root = |folder: &tempfile::TempDir| Utf8Path::from_path(folder.path()).unwrap().to_owned();
        write(&root(&whole), &files()).unwrap();
        let (whole, before) = (snapshot(&root(&whole)), snapshot(&root(&before)));
        let (mut finished, mut taken_away) = (0, 0);
        for step in 0.. {
            let folder = folder();
            let root = root(&folder);
            let mut left = step;
            let killed = || {
                left -= 1;
                left < 0
            };
            if write_unless(&root, &files(), || false, killed).is_ok() {
                break;
            }
            let secrets = snapshot(&root)
                .into_iter()
                .filter(|(name, text)| name.contains(".djdock-") && text.contains("secret"));
            assert_eq!(secrets.count(), 0, "step {step} leaves a secret in a temporary file");
            match recover(&root).unwrap() {
                Recovered::TakenAway => {
                    taken_away += 1;
                    assert_eq!(snapshot(&root), before, "step {step}");
                }
                Recovered::Finished => finished += 1,
                Recovered::Nothing => panic!("step {step} is not seen"),
            }
            assert_eq!(recover(&root).unwrap(), Recovered::Nothing);
            assert!(snapshot(&root).iter().all(|(name, _)| !name.contains(".djdock-")), "step {step}");
            // What a secret lacks the same run brings: they are made from the plan.
            let again: Vec<FileToWrite> = files()
                .into_iter()
                .map(|file| FileToWrite { replaces: root.join(&file.path).exists(), ..file })
                .collect();
            write(&root, &again).unwrap();
            assert_eq!(snapshot(&root), whole, "step {step}");
        }
        assert_eq!((taken_away, finished), (files().len(), files().len()));
    }

    #[test]
    fn a_journal_of_somebody_elses_making_moves_nothing() {
        let (here, untouched) = (folder(), folder());
        let root = Utf8Path::from_path(here.path()).unwrap();
        std::fs::create_dir(root.join(".djdock")).unwrap();
        let lines = [
            r#"{"file":{"path":"../outside","temporary":".outside.djdock-1"}}"#,
            r#"{"file":{"path":"Dockerfile","temporary":".env"}}"#,
            r#"{"file":{"path":"Dockerfile","temporary":"../.Dockerfile.djdock-1"}}"#,
            r#"{"whole":true}"#,
        ];
        std::fs::write(root.join(journal::PATH), lines.join("\n")).unwrap();
        assert_eq!(recover(root).unwrap(), Recovered::Finished);
        assert_eq!(snapshot(root), snapshot(Utf8Path::from_path(untouched.path()).unwrap()));
    }

    #[test]
    fn two_runs_do_not_write_at_once() {
        let folder = folder();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        let held = Journal::begin(root, std::iter::empty()).ok().unwrap();
        let refused = write(root, &files());
        let Err(Stopped::Diagnosed(diagnostic)) = refused else { panic!("{refused:?}") };
        assert_said(&diagnostic_of_example(&diagnostic));
        held.end();
        write(root, &files()).unwrap();
    }

    /// Returns the diagnostic for a folder whose name is the same on every machine.
    fn diagnostic_of_example(diagnostic: &Diagnostic) -> Diagnostic {
        assert_eq!(diagnostic.code, FOLDER_BUSY);
        no_journal(Utf8Path::new("/srv/shop"), Refused::Busy)
    }

    #[test]
    fn what_cannot_be_written_is_said() {
        let mode = crate::update::Mode::Plain;
        let file = FileToWrite { path: "Dockerfile".into(), bytes: Some(Vec::new()), mode, replaces: false };
        let said = |obstacle| diagnose(Utf8Path::new("/srv/shop"), &file, obstacle);
        assert_said(&said(Obstacle::Outside));
        assert_said(&said(Obstacle::System(std::io::Error::from(std::io::ErrorKind::ReadOnlyFilesystem))));
    }
}
