use super::mysql::{DRIVERS, TEST_DATABASES};
use super::{Database, Given, Kept, Server};
use crate::catalog::container::{Container, ENTRYPOINT_CAPABILITIES};
use crate::knowledge::django;

pub(super) const MARIADB: Database = Database {
    word: "mariadb",
    name: "MariaDB",
    engines: &["django.db.backends.mysql"],
    schemes: &["mysql", "mysql2", "mariadb"],
    drivers: DRIVERS,
    kept: Kept::Server(Server {
        container: Container {
            image: "mariadb",
            port: 3306,
            health: "healthcheck.sh --connect --innodb_initialized",
            start_period: 90,
            writable: &["/tmp", "/run/mysqld"],
            capabilities: ENTRYPOINT_CAPABILITIES,
            command: &["--character-set-server=utf8mb4", "--collation-server=utf8mb4_unicode_ci"],
            shared_memory: None,
            stop_grace_period: Some(60),
        },
        environment: &[
            ("MARIADB_DATABASE", Given::Name),
            ("MARIADB_USER", Given::User),
            ("MARIADB_PASSWORD", Given::Password),
            ("MARIADB_RANDOM_ROOT_PASSWORD", Given::Text("1")),
        ],
        taken_users: &["root"],
        floor: django::Server::Mariadb,
        test_databases: Some(TEST_DATABASES),
    }),
};
