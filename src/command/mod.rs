//! The subcommands, one file each: a command tells the story and leaves the work to the stages.

pub mod exit;
pub mod failure;
pub mod inspect;
pub mod project;

pub use exit::Exit;
pub use failure::Failure;
