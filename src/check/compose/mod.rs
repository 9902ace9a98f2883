//! Rules about compose files that are already there.

mod reader;

pub mod databases;
pub mod outdated;
pub mod services;

pub use reader::{ComposeFile, Service, compose_files};
