//! Requirements, lockfiles and Python versions.

use super::codes;

codes! {}
