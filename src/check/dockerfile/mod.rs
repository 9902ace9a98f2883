//! Rules about Dockerfiles that are already there, for what is wrong with them for Django.

mod reader;

pub mod build;
pub mod image;
pub mod packages;
pub mod process;
pub mod secrets;

pub use reader::{Dockerfile, Instruction, Stage, dockerfiles, is_alpine, is_of_another_program, is_slim};
