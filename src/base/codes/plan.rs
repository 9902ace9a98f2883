//! The plan: what cannot be made to fit.

use super::codes;

codes! {}
