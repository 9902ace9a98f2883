//! Which settings modules there are, and which of them is for development and which for production.

pub(super) mod choice;
pub(super) mod holding;
mod includes;
pub(super) mod modules;
pub(super) mod stated;
pub(super) mod target;
pub(super) mod words;

pub(super) use choice::choose;
pub(super) use modules::{Modules, find};
