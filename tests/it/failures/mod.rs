//! The ways in which Django projects break in containers, each prevented: a test is named for one and fails when
//! the prevention is gone.
//!
//! The projects go through the real pipeline, and what is looked at is the files, as their own readers read them.
//! What only an Engine can show is in `tests/docker`.

mod databases;
mod packages;
mod processes;
mod proxy;
mod static_files;
