//! The keys of `djdock.toml` that answer no question.

/// The list of diagnostics that are not to be said.
pub const IGNORE: &str = "ignore";

/// The number of the file's form. A file without it is of the first.
pub const VERSION: &str = "version";

/// The form that this djdock writes, and the last that it reads.
pub const NEWEST: i64 = 1;
