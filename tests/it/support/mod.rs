//! What several of the tests stand on.

pub mod repository;
