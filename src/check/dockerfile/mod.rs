//! Rules about Dockerfiles that are already there, for what is wrong with them for Django.

mod instruction;
mod reader;
mod system;

pub mod age;
pub mod build;
pub mod faults;
pub mod habits;
pub mod image;
pub mod leftovers;
pub mod needs;
pub mod packages;
pub mod process;
pub mod secrets;

pub use instruction::Instruction;
pub use reader::{Dockerfile, Stage, all_dockerfiles, dockerfiles, is_of_another_program};
pub use system::{System, is_alpine, is_official, is_slim, official_python};
