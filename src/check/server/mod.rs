//! Rules about scripts and server configuration that are already there.

pub mod configuration;
pub mod nginx;
pub mod processes;
pub mod scripts;
