//! What needs a Docker Engine. Without one each test says loudly that it was skipped; where `CI` is set that is a
//! failure, because there it would hide everything.

mod engine;
mod hand_written;
