//! What several of the tests stand on.

pub mod dockerfile;
pub mod pipeline;
pub mod program;
pub mod repository;
