//! Settings: what the evaluator met.

use super::codes;

codes! {}
