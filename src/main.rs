//! The binary: hands its arguments to [`djdock::cli`].

use std::process::ExitCode;

#[expect(clippy::disallowed_methods, reason = "the arguments enter here")]
fn main() -> ExitCode {
    djdock::cli::run(std::env::args_os())
}
