//! What keeps short-lived data: cache, broker, channel layer.

mod redis;

use super::container::Container;

/// Every one, in the order in which they are offered.
pub const ALL: &[&Cache] = &[&redis::REDIS];

/// A store for cache entries, tasks and messages.
#[derive(Clone, Copy, Debug)]
pub struct Cache {
    /// Its word in answers, and the name of its service.
    pub word: &'static str,
    /// For people.
    pub name: &'static str,
    /// Schemes of its URLs, the usual one first.
    pub schemes: &'static [&'static str],
    pub container: Container,
}

pub const DEFAULT: &Cache = &redis::REDIS;
