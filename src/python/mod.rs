//! Reads Python without running it: parsing, an evaluator for settings modules, requirements, versions.
//!
//! The only home of `ruff_*`, `pep440_rs` and `pep508_rs`.

pub mod evaluation;
mod interpret;
mod needed;
mod parsed;
pub mod readable;
mod required;
pub mod requirement;
mod room;
pub mod scan;
pub mod setup_script;
pub mod templates;
pub mod value;
pub mod version;

pub use evaluation::{
    Evaluation, Failure, FailureKind, FileRead, ModuleRead, NamedSettings, OutsideCall, Presence, Request,
    Setting, World,
};
pub use interpret::{evaluate, evaluate_reads};
pub use required::{required_beyond, required_variables};
pub use requirement::{Marker, Requirement, Target, normalised};
pub use room::{NoResult, message, with_room};
pub use value::{Cast, EnvRead, Value};
pub use version::{Minor, Specifiers, Version};
