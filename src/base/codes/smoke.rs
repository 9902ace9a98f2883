//! The smoke run: what did not show.

use super::codes;

codes! {}
