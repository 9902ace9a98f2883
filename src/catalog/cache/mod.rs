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
    /// The way in which the server is started where clients have to log in; `None` if the server knows no login.
    pub login: Option<Login>,
}

/// A server that takes no client without a password. The password is in a variable of the container: on a command line it
/// would stand in every list of processes.
#[derive(Clone, Copy, Debug)]
pub struct Login {
    /// The user that clients are who name none.
    pub user: &'static str,
    /// The variable of the container that holds the password. The health check logs in with it.
    pub password: &'static str,
    /// A shell line that starts the server and asks for the password; it takes the place of [`Container::command`]. `{users}`
    /// stands for the line that makes a user of another name.
    pub start: &'static str,
    /// The line that makes a user of another name, `{user}`.
    pub users: &'static str,
}

/// The store for projects whose settings name none in particular.
pub const DEFAULT: &Cache = &redis::REDIS;
