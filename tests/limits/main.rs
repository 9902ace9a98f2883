//! No settings take more than their share of time and memory, however they are written.
//!
//! A binary of its own, because its allocator counts: what an evaluation holds at its peak is measured, not
//! estimated. One evaluation runs at a time.

// A test says that it failed by panicking, and reads what it measures.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "what the program must not do, its tests do to check it"
)]

mod cases;
mod files;
mod measure;
mod pieces;
