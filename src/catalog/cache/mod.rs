//! Stores of short-lived data: cache, broker, channel layer.

mod redis;

use super::container::Container;

/// Every one, in the order in which they are offered.
pub const ALL: &[&Cache] = &[&redis::REDIS];

/// A store for cache entries, tasks and messages: a service without a published port.
#[derive(Clone, Copy, Debug)]
pub struct Cache {
    /// The word in answers, and the name of the service in compose files.
    pub word: &'static str,
    /// The name in sentences for people.
    pub name: &'static str,
    /// Schemes of URLs that lead to the store, the one to write first. A setting whose URL has one of them is taken to want
    /// this store, so a scheme that another store also uses must not be listed.
    pub schemes: &'static [&'static str],
    /// Other words in the names of backends that talk to it.
    pub also_called: &'static [&'static str],
    /// Names under which platforms rent out the store, beside its own name: `keyvalue` of Render.
    pub rented_as: &'static [&'static str],
    /// The distribution that talks to it.
    pub client: &'static str,
    /// The way in which the store's container is run.
    pub container: Container,
}

/// The store for projects whose settings name none in particular.
pub const DEFAULT: &Cache = &redis::REDIS;
