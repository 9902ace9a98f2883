use super::Cache;
use crate::catalog::container::{Container, ENTRYPOINT_CAPABILITIES};

pub(super) const REDIS: Cache = Cache {
    word: "redis",
    name: "Redis",
    schemes: &["redis", "rediss", "redis+socket", "valkey", "valkeys"],
    // Made from it, and talks as it does: <https://valkey.io/topics/migration/>.
    also_called: &["valkey"],
    rented_as: &["keyvalue", "key-value"],
    client: "redis",
    container: Container {
        image: "redis",
        port: 6379,
        health: "redis-cli ping | grep -q PONG",
        start_period: 10,
        writable: &["/tmp"],
        capabilities: ENTRYPOINT_CAPABILITIES,
        // Tasks that wait in a broker survive a restart.
        command: &["redis-server", "--appendonly", "yes"],
        shared_memory: None,
        stop_grace_period: None,
    },
};
