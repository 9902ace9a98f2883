//! Rules about compose files that are already there.

mod reader;

pub mod databases;
pub mod health;
pub mod mounts;
pub mod outdated;
pub mod production;
pub mod services;
pub mod values;

pub use reader::{ComposeFile, Service, compose_files};
