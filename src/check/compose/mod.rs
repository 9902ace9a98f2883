//! Rules about compose files that are already there.

mod reader;
mod service;

pub mod databases;
pub mod health;
pub mod mounts;
pub mod outdated;
pub mod production;
pub mod services;
pub mod undeclared;
pub mod values;

pub use reader::{ComposeFile, compose_files};
pub use service::Service;
pub(crate) use undeclared::named_volume;
