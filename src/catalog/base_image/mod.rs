//! Images that the project's images are built on.

mod slim;

use super::offer::{Listed, Offer};

impl Listed for BaseImage {
    const ALL: &'static [&'static Self] = &[&slim::SLIM];

    fn offer(&self) -> &Offer {
        &self.offer
    }
}

/// A kind of base image: a system with Python. The tag is put together in `knowledge::pythons` from the Python and the suite.
#[derive(Clone, Copy, Debug)]
pub struct BaseImage {
    /// The image's texts in questions and documents.
    pub offer: Offer,
    /// The folder where pip, run as root in this image, keeps its downloads: a cache mount of the build.
    pub pip_cache: &'static str,
}
