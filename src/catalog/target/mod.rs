//! Targets: the tools that run a stack.

mod compose;

/// Every one, in the order in which they are offered.
pub const ALL: &[&Target] = &[&compose::COMPOSE];

/// A tool that runs a stack, with the files that djdock writes for it.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The word in answers, flags and `djdock.toml`.
    pub word: &'static str,
    /// The file of the development stack.
    pub dev_file: &'static str,
    /// The file of the production stack.
    pub prod_file: &'static str,
}

/// The target of every stack until another one is offered.
pub const DEFAULT: &Target = &compose::COMPOSE;
