//! The binary: hands its arguments to [`djdock::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    djdock::cli::run(std::env::args_os())
}
