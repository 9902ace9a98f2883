//! Diagnostics about parts of a project that could not be read.

use camino::Utf8Path;

use crate::base::codes::shell::{FILE_UNREADABLE, NAME_NOT_UTF8, SUBFOLDER_UNREADABLE, TREE_TOO_DEEP};
use crate::base::tree::LeftOut;
use crate::base::{Diagnostic, Tree};

/// Everything in `tree` that djdock wanted to read and could not. Asked after the project was inspected: files
/// are read when they are needed.
pub fn troubles(tree: &Tree) -> Vec<Diagnostic> {
    let names = tree.all_left_out().filter_map(|(path, why)| match why {
        LeftOut::Unreadable(cause) => Some(unlistable(path, cause)),
        LeftOut::NotUtf8 => Some(
            Diagnostic::note(NAME_NOT_UTF8, format!("the name `{path}` is not UTF-8 and was skipped"))
                .help("rename it if the project needs it: Python in a container expects UTF-8 names"),
        ),
        LeftOut::TooDeep => Some(
            Diagnostic::note(
                TREE_TOO_DEEP,
                format!("the folder `{path}` lies too deep, and what is in it was skipped"),
            )
            .help("name a folder further down if the project is there"),
        ),
        LeftOut::Ignored | LeftOut::Made | LeftOut::NotRegular => None,
    });
    let contents = tree.unreadable().into_iter().map(|(path, cause)| unreadable(path, cause));
    names.chain(contents).collect()
}

fn unlistable(path: &Utf8Path, cause: &str) -> Diagnostic {
    Diagnostic::warning(SUBFOLDER_UNREADABLE, format!("cannot read the folder `{path}`: {cause}"))
        .because("djdock goes on as if it were empty")
        .help(format!("if it belongs to the project: `chmod u+rx {path}`"))
}

fn unreadable(path: &Utf8Path, cause: &str) -> Diagnostic {
    Diagnostic::warning(FILE_UNREADABLE, format!("cannot read `{path}`: {cause}"))
        .because("djdock goes on as if it were not there")
        .help(format!("see whose it is: `ls -l {path}`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::terminal::testing::assert_said;

    #[test]
    fn what_cannot_be_read_is_said() {
        assert_said(&unlistable(Utf8Path::new("pgdata"), "permission denied"));
        assert_said(&unreadable(Utf8Path::new("requirements.txt"), "permission denied"));
    }
}
