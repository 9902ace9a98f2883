//! What the project uses and no container of the stack does: said, so that nothing is missed without a word.

mod messages;
mod static_files;

use super::ground::Ground;
use super::settle::Settled;
use crate::base::Diagnostic;

/// What production lacks, as warnings.
pub(super) fn find(ground: &Ground<'_>, settled: &Settled) -> Vec<Diagnostic> {
    static_files::find(ground, settled).into_iter().collect()
}
