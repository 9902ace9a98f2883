use super::{Store, Use};
use crate::catalog::container::Container;

/// <https://docs.djangoproject.com/en/stable/topics/cache/#memcached>
pub(super) const MEMCACHED: Store = Store {
    word: "memcached",
    name: "Memcached",
    serves: &[Use::Cache],
    schemes: &[],
    address: "{host}:{port}",
    backends: &["memcached", "pymemcache", "pylibmc"],
    named: &["MEMCACHE"],
    rented_as: &["memcachier", "memcachedcloud"],
    client: "",
    container: Container {
        image: "memcached",
        port: 11211,
        // The image has no client; bash opens the connection.
        health: "bash -c 'exec 3<>/dev/tcp/127.0.0.1/11211 && echo version >&3 && read -r answer <&3 && [[ $answer == VERSION* ]]'",
        start_period: 10,
        writable: &["/tmp"],
        writer: None,
        // The image starts as its own user: <https://hub.docker.com/_/memcached>.
        capabilities: &[],
        command: &[],
        shared_memory: None,
        stop_grace_period: None,
    },
    kept: None,
    login: None,
};
