//! Writing: what stands in the way.

use super::codes;

codes! {}
