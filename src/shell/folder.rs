//! The folder that a person named.

use camino::Utf8Path;

use crate::base::Diagnostic;
use crate::base::codes::shell::{FOLDER_NOT_EMPTY, FOLDER_UNUSABLE};
use crate::shell::disk;

/// The last part of the path behind `dir`: `shop` for `.` inside `/home/ana/shop`. Empty where it has no name
/// that can be read.
pub fn name(dir: &Utf8Path) -> String {
    let whole = dir.canonicalize_utf8().unwrap_or_else(|_unreadable| dir.to_owned());
    whole.file_name().unwrap_or_default().to_owned()
}

/// Makes the folder `dir` where it is missing. One that holds something is refused: an example is never mixed with
/// what is a person's.
pub fn make_empty(dir: &Utf8Path) -> Result<(), Diagnostic> {
    let unusable = |cause: &std::io::Error| {
        Diagnostic::error(FOLDER_UNUSABLE, format!("cannot use the folder `{dir}`: {}", disk::cause(cause)))
            .help("name another folder")
    };
    std::fs::create_dir_all(dir).map_err(|cause| unusable(&cause))?;
    let mut entries = std::fs::read_dir(dir).map_err(|cause| unusable(&cause))?;
    if entries.next().is_none() {
        return Ok(());
    }
    Err(Diagnostic::error(FOLDER_NOT_EMPTY, format!("the folder `{dir}` is not empty"))
        .because("nothing was written")
        .help("name a new folder: `djdock demo path/to/new`"))
}
