//! The words of every stage: the project's files, facts with their evidence, diagnostics, and wording.
//!
//! Knows nothing of Django or Docker.

pub mod address;
pub mod codes;
pub mod diagnostic;
pub mod document;
pub mod fact;
pub mod language;
pub mod machine;
pub mod path;
mod text;
pub mod tree;
pub mod wording;

pub use diagnostic::{Code, Diagnostic, Severity};
pub use fact::{Evidence, Fact, Place};
pub use tree::{Contents, Kind, LeftOut, Tree};
