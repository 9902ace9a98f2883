//! Things that the code takes from the machine that it runs on.

use crate::base::Place;
use crate::knowledge::downloads::Row;

/// The things that the code asks for, in the order of files and lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machine {
    /// Names of locales that are set, with their places.
    pub locales: Vec<(String, Place)>,
    /// Places that set a locale whose name is known only at run time.
    pub open_locales: Vec<Place>,
    pub downloads: Vec<Download>,
    /// Programs that are started under names that are written down.
    pub programs: Vec<StartedProgram>,
}

/// A program that the code starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartedProgram {
    /// Without its folder: `ffmpeg`.
    pub name: String,
    /// The code goes on where the program is missing: it is asked for, or its failure is caught.
    pub is_optional: bool,
    pub place: Place,
}

/// Something that a library fetches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    pub row: &'static Row,
    /// `None` where only a run says it, or where it has no name.
    pub name: Option<String>,
    pub place: Place,
}
