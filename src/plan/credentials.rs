//! Who the project is to its database: what the settings say already is kept where a server can be made so.

use super::wiring::candidates::candidates;
use super::wiring::{Goal, Want};
use crate::catalog::database::Database;
use crate::python::{Evaluation, Value};

/// How the project reaches the stack's database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The service's name, which is its host name.
    pub host: String,
    pub port: u16,
    pub name: String,
    pub user: String,
    /// The variable of the env file that holds the password.
    pub password: String,
}

/// Chooses them for a stack called `project`.
pub fn choose(database: &Database, project: &str, open: &Evaluation) -> Option<Credentials> {
    let server = database.server()?;
    let slug = identifier(project);
    let taken = |user: &String| server.taken_users.contains(&user.as_str());
    let fits = |text: &String| *text == identifier(text) && !text.is_empty();
    let host = stated(open, "HOST").into_iter().find(|host| is_service_name(host));
    let name = stated(open, "NAME").into_iter().find(fits);
    let user = stated(open, "USER").into_iter().find(|user| fits(user) && !taken(user));
    Some(Credentials {
        host: host.unwrap_or_else(|| "db".to_owned()),
        port: server.container.port,
        name: name.unwrap_or_else(|| slug.clone()),
        user: user.unwrap_or(slug),
        password: variable_of(open, "PASSWORD").unwrap_or_else(|| "DB_PASSWORD".to_owned()),
    })
}

/// Returns the texts that the settings give a key of the default database, in every branch.
fn stated(open: &Evaluation, key: &str) -> Vec<String> {
    let goal = Goal::new(&["DATABASES", "default", key], Want::Truth(true), "");
    let values = candidates(&goal, open);
    values
        .into_iter()
        .flat_map(Value::alternatives)
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect()
}

/// The variable that a key of the default database is read from as it is.
fn variable_of(open: &Evaluation, key: &str) -> Option<String> {
    let goal = Goal::new(&["DATABASES", "default", key], Want::Truth(true), "");
    let stated = candidates(&goal, open).into_iter().flat_map(Value::alternatives);
    let names = stated.filter_map(|value| match value {
        Value::Env(read) if !read.name.to_ascii_uppercase().contains("URL") => Some(read.name.clone()),
        _ => None,
    });
    // Both stacks have a database of their own, and one env file: what only one of them reads is no name for both.
    names.min_by_key(|name| names_one_environment(name))
}

/// Tells whether a variable speaks of development or of tests: `DEV_DB_PASSWORD`.
pub fn names_one_environment(name: &str) -> bool {
    let words = ["DEV", "DEVELOPMENT", "LOCAL", "TEST", "TESTING", "STAGING"];
    name.to_ascii_uppercase().split('_').any(|word| words.contains(&word))
}

/// Lower-case letters, digits and `_`, not beginning with a digit: a name that no server has to quote.
pub fn identifier(text: &str) -> String {
    let mut name: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    name = name.trim_matches('_').chars().take(30).collect();
    match name.chars().next() {
        None => "app".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("db_{name}"),
        Some(_) => name,
    }
}

/// Tells whether a host can be the name of a service: one label, and not this machine.
pub fn is_service_name(host: &str) -> bool {
    let label = host.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
    label && host.starts_with(|c: char| c.is_ascii_lowercase()) && host != "localhost" && host.len() < 40
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_need_no_quotes_in_sql() {
        assert_eq!(identifier("my-shop 2"), "my_shop_2");
        assert_eq!(identifier("2024"), "db_2024");
        assert_eq!(identifier("한글"), "app");
    }

    #[test]
    fn only_one_label_is_a_service() {
        for name in ["db", "postgres", "my-db_1"] {
            assert!(is_service_name(name), "{name}");
        }
        for name in ["localhost", "127.0.0.1", "db.example.org", "", "DB"] {
            assert!(!is_service_name(name), "{name}");
        }
    }
}
