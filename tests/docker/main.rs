//! What needs a Docker Engine. Without one each test says loudly that it was skipped; where `CI` is set that is a
//! failure, because there it would hide everything.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "what the program must not do, its tests do to check it"
)]

mod bucket;
mod engine;
mod examples;
mod hand_written;
mod killed;
mod redeploy;
mod websockets;
