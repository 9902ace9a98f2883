//! Generated files → disk: all of them or none.

use camino::Utf8Path;

use super::load::cause;
use super::staging::{Obstacle, Staged};
use crate::base::Diagnostic;
use crate::base::codes::shell::{FILE_IN_THE_WAY, FILE_UNWRITABLE, PATH_OUTSIDE, PATH_THROUGH_LINK};
use crate::shell::interrupt::{self, Stopped};
use crate::update::FileToWrite;

/// Writes `files` below `root`, in their order. On any failure, and on Ctrl-C, the folder is as it was before.
pub fn write(root: &Utf8Path, files: &[FileToWrite]) -> Result<(), Stopped> {
    let signals = interrupt::hold();
    let unique = format!("djdock-{}", std::process::id());
    let said = |file: &FileToWrite, obstacle| Stopped::from(diagnose(root, file, obstacle));
    let mut staged = Vec::new();
    for file in files {
        signals.check().inspect_err(|_| undo(&mut staged))?;
        match Staged::new(root, file, &unique) {
            Ok(one) => staged.push(one),
            Err(obstacle) => {
                undo(&mut staged);
                return Err(said(file, obstacle));
            }
        }
    }
    for at in 0..staged.len() {
        let put = signals.check().and_then(|()| {
            let (one, file) = (&mut staged[at], &files[at]);
            one.put(&file.path).map_err(|obstacle| said(file, obstacle))
        });
        if let Err(stopped) = put {
            undo(&mut staged);
            return Err(stopped);
        }
    }
    staged.into_iter().for_each(Staged::finish);
    Ok(())
}

/// The last first: a folder that was made for one file may hold the next ones.
fn undo(staged: &mut Vec<Staged>) {
    while staged.pop().is_some() {}
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

    #[test]
    fn what_cannot_be_written_is_said() {
        let mode = crate::update::Mode::Plain;
        let file = FileToWrite { path: "Dockerfile".into(), bytes: Vec::new(), mode, replaces: false };
        let said = |obstacle| diagnose(Utf8Path::new("/srv/shop"), &file, obstacle);
        assert_said(&said(Obstacle::Outside));
        assert_said(&said(Obstacle::System(std::io::Error::from(std::io::ErrorKind::ReadOnlyFilesystem))));
    }
}
