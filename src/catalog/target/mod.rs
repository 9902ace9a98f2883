//! What runs the stack.

mod compose;

/// Every one, in the order in which they are offered.
pub const ALL: &[&Target] = &[&compose::COMPOSE];

/// A target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub word: &'static str,
    pub dev_file: &'static str,
    pub prod_file: &'static str,
}

pub const DEFAULT: &Target = &compose::COMPOSE;
