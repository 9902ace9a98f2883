//! Facts + Answers → Plan: images, services, the wiring, the settings overlay, probes; proven without Docker.

pub mod stack;

pub use stack::{Environment, Stack};
