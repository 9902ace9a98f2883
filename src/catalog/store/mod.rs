//! Stores of short-lived data: cache, broker, channel layer.

mod memcached;
mod rabbitmq;
mod redis;

use super::container::Container;

/// Every one, in the order in which they are offered.
pub const ALL: &[&Store] = &[&redis::REDIS, &rabbitmq::RABBITMQ, &memcached::MEMCACHED];

/// The store for projects whose settings name none in particular.
pub const DEFAULT: &Store = &redis::REDIS;

/// A purpose for which a project uses a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// `CACHES` and sessions in a cache.
    Cache,
    /// Celery's tasks.
    Broker,
    /// The results of Celery's tasks.
    Results,
    /// The messages of channels.
    Channels,
    /// The tasks of other queues.
    Queue,
}

/// A store for cache entries, tasks and messages: a service without a published port.
#[derive(Clone, Copy, Debug)]
pub struct Store {
    /// The word in answers, and the name of the service in compose files.
    pub word: &'static str,
    /// The name in sentences for people.
    pub name: &'static str,
    /// The purposes that clients of Django, Celery and channels have for the store.
    pub serves: &'static [Use],
    /// Schemes of URLs that lead to the store, the one to write first; empty where clients take a host and a port. A setting
    /// whose URL has one of them is taken to want this store, so a scheme that another store also uses must not be listed.
    pub schemes: &'static [&'static str],
    /// An address as clients want it. `{login}` stands for the user and the password before the host, `{host}` and `{port}` for
    /// the service, `{number}` for one of several databases.
    pub address: &'static str,
    /// Parts of the names of backends that talk to it.
    pub backends: &'static [&'static str],
    /// Words in the names of settings and variables that hold its address.
    pub named: &'static [&'static str],
    /// Names under which platforms rent out the store, beside its own name: `keyvalue` of Render.
    pub rented_as: &'static [&'static str],
    /// The distribution that talks to it; empty where every user of the store brings one.
    pub client: &'static str,
    /// The way in which the store's container is run.
    pub container: Container,
    /// The volume of what survives a restart, and the reason; `None` for a store that forgets.
    pub kept: Option<(&'static str, &'static str)>,
    /// The way in which the server is started where clients have to log in; `None` if the server knows no login.
    pub login: Option<Login>,
}

/// A server that takes no client without a password. The password is in a variable of the container: on a command line it
/// would stand in every list of processes.
#[derive(Clone, Copy, Debug)]
pub struct Login {
    /// The user that clients are who name none; empty where each client names one.
    pub user: &'static str,
    /// Variables of the container where clients log in. The health check may use them.
    pub environment: &'static [(&'static str, Given)],
    /// A shell line that starts the server and asks for the password; it takes the place of [`Container::command`]. `{users}`
    /// stands for the line that makes a user of another name. `None` where the variables suffice.
    pub start: Option<&'static str>,
    /// The line that makes a user of another name, `{user}`.
    pub users: &'static str,
    /// True if the server takes no client without a login, whatever the settings ask for.
    pub is_required: bool,
    /// Users that serve clients of the same machine only.
    pub taken_users: &'static [&'static str],
}

/// The value of a variable of a store's container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// The user of the project's clients.
    User,
    /// The password of that user, a variable of the env file.
    Password,
    /// The part of the server that addresses name behind the host, where they name one.
    Part,
    /// A fixed text that is no secret.
    Text(&'static str),
}

impl Store {
    /// Tells whether the store can be used for a purpose.
    pub fn is_for(&self, purpose: Use) -> bool {
        self.serves.contains(&purpose)
    }

    /// Tells whether a dotted name is that of a backend of the store.
    pub fn speaks(&self, backend: &str) -> bool {
        let lower = backend.to_ascii_lowercase();
        !lower.contains("://") && self.backends.iter().any(|part| lower.contains(part))
    }

    /// Tells whether a setting or variable is called after the store.
    pub fn is_named(&self, name: &str) -> bool {
        let upper = name.to_ascii_uppercase();
        self.named.iter().any(|word| upper.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_store_can_be_told_from_the_others() {
        for store in ALL {
            let others = ALL.iter().filter(|other| other.word != store.word);
            for other in others {
                assert!(store.schemes.iter().all(|scheme| !other.schemes.contains(scheme)), "{}", store.word);
                assert!(!store.backends.iter().any(|backend| other.speaks(backend)), "{}", store.word);
                assert!(!store.named.iter().any(|name| other.is_named(name)), "{}", store.word);
                assert_ne!(store.container.port, other.container.port);
            }
            assert!(!store.serves.is_empty() && store.address.contains("{host}:{port}"), "{}", store.word);
        }
    }
}
