//! The machine: disk, terminal, Engine.

use super::codes;

codes! {}
