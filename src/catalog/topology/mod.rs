//! Topologies: how the parts of a stack are spread over containers.

mod compose;

use super::offer::{Listed, Offer};

impl Listed for Topology {
    const ALL: &'static [&'static Self] = &[&compose::COMPOSE];

    fn offer(&self) -> &Offer {
        &self.offer
    }
}

/// A way to spread the parts of a stack over containers.
#[derive(Clone, Copy, Debug)]
pub struct Topology {
    /// The topology's texts in questions and documents.
    pub offer: Offer,
}
