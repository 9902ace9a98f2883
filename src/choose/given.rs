//! An answer as a person wrote it.

use crate::base::Place;

/// The word that answers a question, and the place where the person wrote the word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub word: String,
    pub place: Place,
}
