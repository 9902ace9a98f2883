//! Images that the project's images are built on.

mod slim;

/// Every one, in the order in which they are offered.
pub const ALL: &[&BaseImage] = &[&slim::SLIM];

/// A kind of base image: a system with Python. The tag is put together in `knowledge::pythons` from the Python and the suite.
#[derive(Clone, Copy, Debug)]
pub struct BaseImage {
    /// The word in answers, flags and `djdock.toml`.
    pub word: &'static str,
    /// The folder where pip, run as root in this image, keeps its downloads: a cache mount of the build.
    pub pip_cache: &'static str,
}

/// The base image called `word` in answers.
pub fn find(word: &str) -> Option<&'static BaseImage> {
    ALL.iter().copied().find(|image| image.word == word)
}
