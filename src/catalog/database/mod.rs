//! Databases.

mod external;
mod mariadb;
mod mysql;
mod postgis;
mod postgres;
mod sqlite;

use super::container::Container;
use super::offer::{Listed, Offer};
use crate::knowledge::django;

impl Listed for Database {
    const ALL: &'static [&'static Self] = &[
        &postgres::POSTGRES,
        &mysql::MYSQL,
        &mariadb::MARIADB,
        &postgis::POSTGIS,
        &sqlite::SQLITE,
        &external::EXTERNAL,
    ];

    fn offer(&self) -> &Offer {
        &self.offer
    }
}

/// A database that a stack can use: its names in Django, its drivers, and the place of its data.
#[derive(Clone, Copy, Debug)]
pub struct Database {
    /// The database's texts in questions and documents.
    pub offer: Offer,
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
    /// Words that facts use for the database's engine: that of a `DatabaseEngine` in `inspect`. Two entries must not share one.
    pub engine_words: &'static [&'static str],
    /// Engine words of other entries that this database's server takes, too.
    pub also_serves: &'static [&'static str],
    /// Parts of the names under which platforms rent out the database: `jawsdb` of Heroku. The longest that fits counts.
    pub rented_as: &'static [&'static str],
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
    /// The pool of connections that the driver has, where Django can use it.
    pub pool: Option<Pool>,
}

/// A pool of connections that Django opens in each process, asked for by `pool` among the options of the database.
#[derive(Clone, Copy, Debug)]
pub struct Pool {
    /// The normalised name of the distribution that holds the pool.
    pub distribution: &'static str,
    /// The extra of the driver that brings the distribution.
    pub extra: &'static str,
    /// The first line of Django whose backend uses the pool.
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
    /// The key of Django's OPTIONS that demands TLS, as `prefer` means "where the server has it"; `None` where nobody sets one.
    pub tls_option: Option<&'static str>,
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

impl Database {
    /// Returns the database whose engine facts call by this word.
    pub fn of_engine(word: &str) -> Option<&'static Self> {
        Self::ALL.iter().copied().find(|database| database.engine_words.contains(&word))
    }

    /// Returns the entry for a database that the stack does not hold.
    pub fn elsewhere() -> &'static Self {
        Self::kept_as(|kept| matches!(kept, Kept::Elsewhere))
    }

    /// Returns the database that Python talks to by itself: a file.
    pub fn without_driver() -> &'static Self {
        Self::kept_as(|kept| matches!(kept, Kept::File))
    }

    fn kept_as(is_so: fn(&Kept) -> bool) -> &'static Self {
        Self::ALL.iter().copied().find(|database| is_so(&database.kept)).unwrap_or(Self::ALL[0])
    }

    /// Returns the first database that a distribution talks to.
    pub fn of_driver(distribution: &str) -> Option<&'static Self> {
        let talks =
            |database: &&Self| database.drivers.iter().any(|driver| driver.distribution == distribution);
        Self::ALL.iter().copied().find(talks)
    }

    /// Returns the database that a platform rents out under this name.
    pub fn of_add_on(name: &str) -> Option<&'static Self> {
        let longest = |database: &Self| {
            database.rented_as.iter().filter(|part| name.contains(**part)).map(|part| part.len()).max()
        };
        let fitting = Self::ALL.iter().copied().filter_map(|database| Some((longest(database)?, database)));
        // The first of those that fit equally.
        fitting.rev().max_by_key(|(length, _)| *length).map(|(_, database)| database)
    }

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
        for database in Database::ALL {
            assert_eq!(Database::named(database.word()).map(|found| found.name), Some(database.name));
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
        let postgres = Database::named("postgres").unwrap();
        assert!(postgres.speaks("django_prometheus.db.backends.postgresql"));
        assert!(postgres.speaks("django.db.backends.postgresql_psycopg2"));
        assert!(!postgres.speaks("django.db.backends.sqlite3"));
        assert!(!postgres.speaks("django.db.backends.mysql"));
    }
}
