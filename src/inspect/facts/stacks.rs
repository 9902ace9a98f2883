//! The stacks of which something holds.

use crate::base::Evidence;
use crate::catalog::store::Store;

/// The stacks of which something holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stacks {
    pub dev: bool,
    pub prod: bool,
}

/// A store beside the default one that the project talks to.
#[derive(Clone, Debug)]
pub struct UsedStore {
    pub store: &'static Store,
    /// The settings that use it, those of production first.
    pub evidence: Vec<Evidence>,
    pub stacks: Stacks,
}
