//! Reads Python without running it: parsing, an evaluator for settings modules, requirements, versions.
//!
//! The only home of `ruff_*`, `pep440_rs` and `pep508_rs`.

pub mod evaluation;
pub mod value;

pub use evaluation::{
    Evaluation, Failure, FailureKind, FileRead, ModuleRead, Presence, Request, Setting, World, evaluate,
    required_variables,
};
pub use value::{Cast, EnvRead, Value};
