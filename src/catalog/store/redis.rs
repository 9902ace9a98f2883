use super::{Given, Login, Store, Use};
use crate::catalog::container::{Container, ENTRYPOINT_CAPABILITIES};

pub(super) const REDIS: Store = Store {
    word: "redis",
    name: "Redis",
    schemes: &["redis", "rediss", "redis+socket", "valkey", "valkeys"],
    serves: &[Use::Cache, Use::Broker, Use::Results, Use::Channels, Use::Queue],
    address: "redis://{login}{host}:{port}/{number}",
    // Valkey is made from it, and talks as it does: <https://valkey.io/topics/migration/>.
    backends: &["redis", "valkey"],
    named: &["REDIS", "VALKEY"],
    rented_as: &["keyvalue", "key-value"],
    client: "redis",
    container: Container {
        image: "redis",
        port: 6379,
        health: "redis-cli ping | grep -q PONG",
        start_period: 10,
        writable: &["/tmp"],
        writer: None,
        capabilities: ENTRYPOINT_CAPABILITIES,
        // Tasks that wait in a broker survive a restart.
        command: &["redis-server", "--appendonly", "yes"],
        shared_memory: None,
        stop_grace_period: None,
    },
    kept: Some(("cache", "tasks that wait survive a restart")),
    // `redis-cli` of the health check logs in with the same variable: <https://redis.io/docs/latest/develop/tools/cli/>. Rules of
    // users: <https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/>.
    login: Some(Login {
        user: "default",
        environment: &[("REDISCLI_AUTH", Given::Password)],
        start: Some(
            "umask 077 && { echo \"requirepass $REDISCLI_AUTH\"; {users}} > /tmp/login.conf && chown redis /tmp/login.conf \
                && exec docker-entrypoint.sh redis-server /tmp/login.conf --appendonly yes",
        ),
        users: "echo \"user {user} on >$REDISCLI_AUTH ~* &* +@all\"; ",
        is_required: false,
        taken_users: &[],
    }),
};
