use super::{Database, Driver, Given, Kept, Pool, Server};
use crate::base::language::Text;
use crate::catalog::container::{Container, ENTRYPOINT_CAPABILITIES};
use crate::catalog::offer::Offer;
use crate::knowledge::django;

pub(super) const POSTGRES: Database = Database {
    offer: Offer {
        word: "postgres",
        label: Text::name("PostgreSQL"),
        about: Text::new("a container with its own volume", "전용 볼륨을 쓰는 컨테이너"),
    },
    name: "PostgreSQL",
    engines: &["django.db.backends.postgresql", "django.db.backends.postgresql_psycopg2"],
    schemes: &["postgres", "postgresql", "pgsql", "psql"],
    drivers: DRIVERS,
    engine_words: &["postgresql"],
    also_serves: &[],
    rented_as: &["postgres"],
    kept: Kept::Server(Server { container: Container { image: "postgres", ..SERVER.container }, ..SERVER }),
};

/// Psycopg 3 needs Django 4.2: <https://docs.djangoproject.com/en/stable/releases/4.2/#psycopg-3-support>.
pub(super) const DRIVERS: &[Driver] = &[
    Driver {
        distribution: "psycopg",
        requirement: Some("psycopg[binary]"),
        module: "psycopg",
        since: (4, 2),
        // https://docs.djangoproject.com/en/stable/ref/databases/#postgresql-pool
        pool: Some(Pool { distribution: "psycopg-pool", extra: "pool", since: (5, 1) }),
    },
    Driver {
        distribution: "psycopg2-binary",
        requirement: Some("psycopg2-binary"),
        module: "psycopg2",
        since: (0, 0),
        pool: None,
    },
    Driver { distribution: "psycopg2", requirement: None, module: "psycopg2", since: (0, 0), pool: None },
    Driver {
        distribution: "psycopg2cffi",
        requirement: None,
        module: "psycopg2cffi",
        since: (0, 0),
        pool: None,
    },
    Driver {
        distribution: "psycopg-binary",
        requirement: None,
        module: "psycopg",
        since: (4, 2),
        pool: None,
    },
    Driver { distribution: "psycopg-c", requirement: None, module: "psycopg", since: (4, 2), pool: None },
];

/// The server of PostgreSQL's image and of the images made from it: <https://hub.docker.com/_/postgres>.
pub(super) const SERVER: Server = Server {
    container: Container {
        image: "postgres",
        port: 5432,
        // By TCP: the server that only initialises the data listens on its socket alone.
        health: "pg_isready --quiet --host=127.0.0.1 --username=\"$POSTGRES_USER\" --dbname=\"$POSTGRES_DB\"",
        start_period: 30,
        writable: &["/tmp", "/var/run/postgresql"],
        writer: None,
        capabilities: ENTRYPOINT_CAPABILITIES,
        command: &[],
        // Parallel queries and vacuum put their tables into shared memory.
        shared_memory: Some(128),
        // `postgres` ends open transactions before it stops.
        stop_grace_period: Some(30),
    },
    environment: &[
        ("POSTGRES_DB", Given::Name),
        ("POSTGRES_USER", Given::User),
        ("POSTGRES_PASSWORD", Given::Password),
    ],
    taken_users: &[],
    tls_option: Some("sslmode"),
    floor: django::Server::Postgresql,
    // The user is the server's own: it may make any database.
    test_databases: None,
};
