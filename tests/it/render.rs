//! Templates as files: listed, headed and described; and what they make, read back by parsers of its languages.

pub(crate) mod compose;
mod contract;
pub(crate) mod dockerfile;
mod golden;
mod others;
