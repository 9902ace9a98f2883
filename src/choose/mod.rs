//! Facts → Answers: the questions (one definition gives prompt, flag, `djdock.toml` key and docs row), the
//! respondents (flags, file, person, suggestion last) and `djdock.toml`.

pub mod answers;

pub use answers::Answers;
