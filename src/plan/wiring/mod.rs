//! The wiring: which variables make the project's own settings come to what the stack needs.
//!
//! Assignments are proposed from the settings as evaluated in an open world, where variables stay symbols, and
//! then verified by evaluating the settings again with exactly those variables set.

mod assignment;
pub mod candidates;
pub mod entries;
pub mod goal;
pub mod login;
mod parts;
pub mod placeholder;
pub mod propose;
mod repair;
pub mod sample;
mod search;
pub mod steps;
mod template;
pub mod url;
pub mod words;

pub use assignment::Assignment;
pub use goal::{Goal, Standing, Want};
pub use login::{Credentials, Login};
pub use propose::Urls;
pub use sample::Samples;
pub use search::{Project, Wired, wire};
pub use template::login_of_url;
