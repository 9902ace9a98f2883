//! What several of the tests stand on.

pub mod program;
pub mod repository;
