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

/// A database that a stack can use.
#[derive(Clone, Copy, Debug)]
pub struct Database {
    /// Its word in answers.
    pub word: &'static str,
    /// For people.
    pub name: &'static str,
    /// Django's backends that talk to it, the usual one first; none where any may.
    pub engines: &'static [&'static str],
    /// Schemes of database URLs, the usual one first.
    pub schemes: &'static [&'static str],
    /// Distributions that talk to it, the one to add where none is required first.
    pub drivers: &'static [Driver],
    pub kept: Kept,
}

/// Where the data is.
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
    /// Normalised.
    pub distribution: &'static str,
    /// As required where it is added: `psycopg[binary]`; `None` where it is only recognised.
    pub requirement: Option<&'static str>,
    /// What is imported to see that its shared libraries are there.
    pub module: &'static str,
    /// The first line of Django whose backend takes it.
    pub since: (u32, u32),
}

/// A database server.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    pub container: Container,
    /// The variables of its image.
    pub environment: &'static [(&'static str, Given)],
    /// Users that exist already, so that the project cannot have one of that name.
    pub taken_users: &'static [&'static str],
    /// How Django's documentation names its oldest versions.
    pub floor: django::Server,
    /// What lets the user of a development database make those that tests run in, where the image's own rights do not.
    pub test_databases: Option<TestDatabases>,
}

/// A script that the image of a server runs once, when it makes its data: the user may then make databases for tests.
#[derive(Clone, Copy, Debug)]
pub struct TestDatabases {
    /// Below the folder of configuration files, and below `templates/database/` with `.tera` at its end.
    pub script: &'static str,
    /// Where the image looks for it.
    pub target: &'static str,
}

/// What a variable of a database image is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    Name,
    User,
    Password,
    Text(&'static str),
}

/// The database called `word` in answers.
pub fn find(word: &str) -> Option<&'static Database> {
    ALL.iter().copied().find(|database| database.word == word)
}

impl Database {
    pub fn server(&self) -> Option<&Server> {
        if let Kept::Server(server) = &self.kept { Some(server) } else { None }
    }

    /// Whether a backend with this dotted name talks to it, also one that wraps Django's
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
