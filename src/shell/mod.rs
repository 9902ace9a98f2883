//! The machine: disk, terminal, Engine. The only stage that does I/O.

#![expect(clippy::disallowed_methods, reason = "what the core must not do is done here")]

pub mod disk;
pub mod engine;
pub mod folder;
pub mod interrupt;
pub mod random;
pub mod smoke;
pub mod terminal;
pub mod user;
