//! What the folder that a person named is called.

use camino::Utf8Path;

/// The last part of the path behind `dir`: `shop` for `.` inside `/home/ana/shop`. Empty where it has no name
/// that can be read.
pub fn name(dir: &Utf8Path) -> String {
    let whole = dir.canonicalize_utf8().unwrap_or_else(|_unreadable| dir.to_owned());
    whole.file_name().unwrap_or_default().to_owned()
}
