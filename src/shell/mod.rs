//! The machine: disk, terminal, Engine. The only stage that does I/O.

pub mod disk;
pub mod random;
pub mod terminal;
pub mod user;
