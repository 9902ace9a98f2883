//! Templates as files: listed, headed and described; and what they make, read back by parsers of its languages.

mod compose;
mod contract;
mod dockerfile;
mod golden;
mod others;
