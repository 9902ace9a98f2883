//! The subcommands, one file each: a command tells the story and leaves the work to the stages.

pub mod check;
pub mod completions;
pub mod demo;
pub mod exit;
pub mod explain;
pub mod failure;
pub mod help;
pub mod init;
pub mod inspect;
pub mod man;
pub mod schema;
pub mod smoke;
pub mod update;

mod answers;
mod because;
mod project;
mod proposal;
mod question_flags;
mod reasons;
mod report;
mod review;
mod summary;
mod topics;
mod words;

pub use exit::Exit;
pub use failure::Failure;
