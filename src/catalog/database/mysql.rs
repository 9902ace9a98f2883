use super::{Database, Driver, Given, Kept, Server, TestDatabases};
use crate::base::language::Text;
use crate::catalog::container::{Container, ENTRYPOINT_CAPABILITIES};
use crate::catalog::offer::Offer;
use crate::knowledge::django;

pub(super) const MYSQL: Database = Database {
    offer: Offer {
        word: "mysql",
        label: Text::name("MySQL"),
        about: Text::new("a container with its own volume", "전용 볼륨을 쓰는 컨테이너"),
    },
    name: "MySQL",
    engines: &["django.db.backends.mysql"],
    schemes: &["mysql", "mysql2"],
    drivers: DRIVERS,
    engine_words: &["mysql"],
    also_serves: &[],
    rented_as: &["jawsdb", "cleardb"],
    kept: Kept::Server(Server {
        container: Container {
            image: "mysql",
            port: 3306,
            // By TCP and with a query: while the image initialises its data, a temporary server answers on the
            // socket, and `mysqladmin ping` calls even a refused password alive.
            health: "MYSQL_PWD=\"$MYSQL_PASSWORD\" mysql --protocol=tcp --host=127.0.0.1 \
                     --user=\"$MYSQL_USER\" --execute='SELECT 1' \"$MYSQL_DATABASE\"",
            start_period: 90,
            writable: &["/tmp", "/var/run/mysqld"],
            writer: None,
            capabilities: ENTRYPOINT_CAPABILITIES,
            command: &["--character-set-server=utf8mb4", "--collation-server=utf8mb4_unicode_ci"],
            shared_memory: None,
            stop_grace_period: Some(60),
        },
        environment: &[
            ("MYSQL_DATABASE", Given::Name),
            ("MYSQL_USER", Given::User),
            ("MYSQL_PASSWORD", Given::Password),
            // Nobody needs it: the project has its own user.
            ("MYSQL_RANDOM_ROOT_PASSWORD", Given::Text("1")),
        ],
        taken_users: &["root"],
        tls_option: None,
        floor: django::Server::Mysql,
        test_databases: Some(TEST_DATABASES),
    }),
};

/// The image's user has rights on its one database: <https://hub.docker.com/_/mysql>, "Initializing a fresh instance".
pub(super) const TEST_DATABASES: TestDatabases = TestDatabases {
    script: "mysql/test_databases.sql",
    target: "/docker-entrypoint-initdb.d/test_databases.sql",
};

pub(super) const DRIVERS: &[Driver] = &[
    Driver {
        distribution: "mysqlclient",
        requirement: Some("mysqlclient"),
        module: "MySQLdb",
        since: (0, 0),
        pool: None,
    },
    Driver { distribution: "pymysql", requirement: None, module: "pymysql", since: (0, 0), pool: None },
    Driver {
        distribution: "mysql-connector-python",
        requirement: None,
        module: "mysql.connector",
        since: (0, 0),
        pool: None,
    },
];
