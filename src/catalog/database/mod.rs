//! Databases.

mod external;
mod mariadb;
mod mysql;
mod postgis;
mod postgres;
mod sqlite;

use super::container::Container;
use crate::knowledge::django;

/// Every database, in the order in which they are offered.
pub const ALL: &[&Database] = &[
    &postgres::POSTGRES,
    &mysql::MYSQL,
    &mariadb::MARIADB,
    &postgis::POSTGIS,
    &sqlite::SQLITE,
    &external::EXTERNAL,
];

/// A database that a stack can use: its names in Django, its drivers, and the place of its data.
#[derive(Clone, Copy, Debug)]
pub struct Database {
    /// The word in answers, flags and `djdock.toml`.
    pub word: &'static str,
    /// The name in sentences for people.
    pub name: &'static str,
    /// Dotted names of Django's backends that talk to the database, the one to write first. Backends of other distributions
    /// that wrap these are recognised by [`Database::speaks`] and must not be listed. Empty if any backend may.
    pub engines: &'static [&'static str],
    /// Schemes of database URLs as dj-database-url and django-environ know them, the one to write first.
    pub schemes: &'static [&'static str],
    /// Distributions that talk to the database. The first one with a `requirement` is added to the image if the project
    /// requires none of them.
    pub drivers: &'static [Driver],
    /// The place of the data: it decides whether the stack has a service, a volume or neither.
    pub kept: Kept,
}

/// The place of a database's data.
#[derive(Clone, Copy, Debug)]
pub enum Kept {
    /// In a service of the stack.
    Server(Server),
    /// In a file on a volume.
    File,
    /// Outside the stack.
    Elsewhere,
}

/// A distribution that talks to a database.
#[derive(Clone, Copy, Debug)]
pub struct Driver {
    /// The normalised name of the distribution.
    pub distribution: &'static str,
    /// The requirement that is added to the image: `psycopg[binary]`; `None` for a driver that is only recognised. It must
    /// install without a compiler, or `knowledge/system_packages.toml` must have its row.
    pub requirement: Option<&'static str>,
    /// The module whose import, in the finished image, shows that the driver's shared libraries are there.
    pub module: &'static str,
    /// The first line of Django whose backend takes the driver; `(0, 0)` for every line.
    pub since: (u32, u32),
}

/// A database server as a service of the stack.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    /// The way in which the server's container is run.
    pub container: Container,
    /// Variables with which the image makes the database and its user at the first start, as the image's page documents
    /// them. Passwords are [`Given::Password`], never a text.
    pub environment: &'static [(&'static str, Given)],
    /// Users that the image makes itself: a project whose settings name such a user gets another one.
    pub taken_users: &'static [&'static str],
    /// The server's column in `knowledge/django.toml`, where each line of Django has its oldest supported version.
    pub floor: django::Server,
    /// The script that lets the user of a development database make the databases of tests; `None` if the image's own rights
    /// suffice.
    pub test_databases: Option<TestDatabases>,
}

/// A script that the image of a server runs once, when it makes its data: the user may then make databases for tests.
#[derive(Clone, Copy, Debug)]
pub struct TestDatabases {
    /// Below the folder of configuration files, and below `templates/database/` with `.tera` at its end.
    pub script: &'static str,
    /// The path at which the image looks for the script.
    pub target: &'static str,
}

/// The value of a variable of a database image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// The name of the project's database.
    Name,
    /// The project's user.
    User,
    /// The password of the project's user, a variable of the env file.
    Password,
    /// A fixed text that is no secret.
    Text(&'static str),
}

/// Returns the database called `word` in answers.
pub fn find(word: &str) -> Option<&'static Database> {
    ALL.iter().copied().find(|database| database.word == word)
}

impl Database {
    /// Returns the server; `None` if the data is in a file or elsewhere.
    pub fn server(&self) -> Option<&Server> {
        if let Kept::Server(server) = &self.kept { Some(server) } else { None }
    }

    /// Tells whether a backend with this dotted name talks to the database, also one that wraps Django's
    /// (`django_prometheus.db.backends.postgresql`).
    pub fn speaks(&self, engine: &str) -> bool {
        let last = |engine: &str| engine.rsplit('.').next().unwrap_or_default().to_owned();
        self.engines.is_empty()
            || self.engines.contains(&engine)
            || (!engine.starts_with("django.")
                && self.engines.iter().any(|known| last(known) == last(engine)))
            || (!engine.starts_with("django.")
                && engine.contains(self.schemes.first().copied().unwrap_or("\0")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_database_has_its_own_word_and_a_driver_to_add() {
        for database in ALL {
            assert_eq!(find(database.word).map(|found| found.name), Some(database.name));
            let server = database.server().is_some();
            assert_eq!(
                server,
                database.drivers.iter().any(|driver| driver.requirement.is_some()),
                "{}",
                database.name
            );
        }
    }

    #[test]
    fn wrapped_backends_are_recognised() {
        let postgres = find("postgres").unwrap();
        assert!(postgres.speaks("django_prometheus.db.backends.postgresql"));
        assert!(postgres.speaks("django.db.backends.postgresql_psycopg2"));
        assert!(!postgres.speaks("django.db.backends.sqlite3"));
        assert!(!postgres.speaks("django.db.backends.mysql"));
    }
}
