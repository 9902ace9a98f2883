use super::mysql::{DRIVERS, TEST_DATABASES};
use super::{Database, Given, Kept, Server};
use crate::base::language::Text;
use crate::catalog::container::{Container, ENTRYPOINT_CAPABILITIES};
use crate::catalog::offer::Offer;
use crate::knowledge::django;

pub(super) const MARIADB: Database = Database {
    offer: Offer {
        word: "mariadb",
        label: Text::name("MariaDB"),
        about: Text::new("a container with its own volume", "전용 볼륨을 쓰는 컨테이너"),
    },
    name: "MariaDB",
    engines: &["django.db.backends.mysql"],
    schemes: &["mysql", "mysql2", "mariadb"],
    drivers: DRIVERS,
    engine_words: &["mariadb"],
    also_serves: &["mysql"],
    rented_as: &["jawsdb-maria"],
    kept: Kept::Server(Server {
        container: Container {
            image: "mariadb",
            port: 3306,
            health: "healthcheck.sh --connect --innodb_initialized",
            start_period: 90,
            writable: &["/tmp", "/run/mysqld"],
            writer: None,
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
        tls_option: None,
        floor: django::Server::Mariadb,
        test_databases: Some(TEST_DATABASES),
    }),
};
