//! The stacks of which something holds.

/// The stacks of which something holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stacks {
    pub dev: bool,
    pub prod: bool,
}
