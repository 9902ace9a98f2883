//! The ways in which static files reach browsers.

mod image;
mod storage;
mod volume;
mod whitenoise;

use super::offer::{Listed, Offer};

impl Listed for StaticFiles {
    const ALL: &'static [&'static Self] =
        &[&image::IMAGE, &whitenoise::WHITENOISE, &storage::STORAGE, &volume::VOLUME];

    fn offer(&self) -> &Offer {
        &self.offer
    }
}

/// An answer to the question of who serves static files.
#[derive(Clone, Copy, Debug)]
pub struct StaticFiles {
    /// The texts in questions and documents.
    pub offer: Offer,
    /// The place and time of the copies that `collectstatic` makes.
    pub collected: Collected,
    /// The part that answers requests for them.
    pub served_by: ServedBy,
}

/// The place and time of the copies that `collectstatic` makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collected {
    /// In a folder of the image, while it is built.
    InImage,
    /// In a named volume, by a service that ends before the site starts.
    AtStart,
    /// In the project's own storage outside of the stack, by a service that ends before the site starts.
    InStorage,
}

/// The part that answers requests for static files.
#[derive(Clone, Copy, Debug)]
pub enum ServedBy {
    /// The proxy, from a folder.
    Proxy,
    /// The project itself, through a middleware that reads a folder.
    Project(Middleware),
    /// A server outside of the stack.
    Elsewhere,
}

/// A middleware that answers requests for static files, and the storage that comes with it.
#[derive(Clone, Copy, Debug)]
pub struct Middleware {
    /// The name of the distribution, normalised: `knowledge/tools.toml` has a row for it.
    pub distribution: &'static str,
    /// The dotted name of the class.
    pub class: &'static str,
    /// The middleware that must stand before it, where the project has that; without it, this is the first.
    pub after: &'static str,
    /// The dotted name of a storage for projects that set none: it changes no name of a file, so that neither a page nor a
    /// style sheet that names a missing file stops anything.
    pub storage: &'static str,
    /// The effect of the storage, as a phrase: the comment above it.
    pub storage_because: &'static str,
}

impl StaticFiles {
    /// Returns the middleware through which the project serves static files itself.
    pub fn middleware(&self) -> Option<&Middleware> {
        match &self.served_by {
            ServedBy::Project(middleware) => Some(middleware),
            ServedBy::Proxy | ServedBy::Elsewhere => None,
        }
    }

    /// Tells whether the proxy serves static files.
    pub fn is_by_proxy(&self) -> bool {
        matches!(self.served_by, ServedBy::Proxy)
    }

    /// Tells whether static files lie in the project's own storage outside of the stack.
    pub fn is_elsewhere(&self) -> bool {
        matches!(self.served_by, ServedBy::Elsewhere)
    }

    /// Returns the first entry for which `is_right` holds.
    pub fn first(is_right: impl Fn(&Self) -> bool) -> Option<&'static Self> {
        Self::ALL.iter().copied().find(|entry| is_right(entry))
    }
}
