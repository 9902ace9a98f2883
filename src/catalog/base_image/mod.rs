//! What images of the project are built on.

mod slim;

/// Every one, in the order in which they are offered.
pub const ALL: &[&BaseImage] = &[&slim::SLIM];

/// A kind of base image.
#[derive(Clone, Copy, Debug)]
pub struct BaseImage {
    pub word: &'static str,
    /// Where pip puts what it downloads, for cache mounts.
    pub pip_cache: &'static str,
}

/// The base image called `word` in answers.
pub fn find(word: &str) -> Option<&'static BaseImage> {
    ALL.iter().copied().find(|image| image.word == word)
}
