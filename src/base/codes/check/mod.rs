//! `djdock check`: what would break, or surprise, in a container.

pub mod across;
pub mod ci;
pub mod compose;
pub mod dockerfile;
pub mod server;
pub mod settings;
