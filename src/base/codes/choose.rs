//! Answers: what was asked and could not be answered.

use super::codes;

codes! {}
