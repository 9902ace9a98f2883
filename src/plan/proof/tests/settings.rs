//! Variables under which the settings come to something else.

use super::{check, role, say};
use crate::stack::{Environment, Role, Text, VariableValue};

#[test]
fn variables_that_do_not_fit_are_named() {
    check(
        Environment::Prod,
        &[
            (
                "a store on this machine",
                |stack| say(role(stack, Role::Web), "CACHE_URL", "redis://localhost:6379/1"),
                &["`CACHES[\"default\"][\"LOCATION\"]`", "in `web`", "localhost"],
            ),
            (
                "a broker on this machine, for the worker alone",
                |stack| say(role(stack, Role::Worker), "BROKER_URL", "redis://127.0.0.1/0"),
                &["`CELERY_BROKER_URL`", "in `worker`"],
            ),
            (
                "a database on this machine",
                |stack| {
                    role(stack, Role::Web).environment.remove("DB_HOST");
                },
                &["`DATABASES[\"default\"][\"HOST\"]`", "in `web`", "localhost"],
            ),
            (
                "another database",
                |stack| say(role(stack, Role::Migrate), "DB_HOST", "otherdb"),
                &["`DATABASES[\"default\"][\"HOST\"]`", "in `migrate`", "otherdb"],
            ),
            (
                "DEBUG in production",
                |stack| say(role(stack, Role::Web), "DEBUG", "1"),
                &["`DEBUG` is not as it must be in `web`"],
            ),
            (
                "hosts that leave the check out",
                |stack| say(role(stack, Role::Web), "ALLOWED_HOSTS", "example.org"),
                &["`ALLOWED_HOSTS`", "in `web`"],
            ),
            (
                "a password of the database's own",
                |stack| say(role(stack, Role::Database), "POSTGRES_PASSWORD", "cake"),
                &["`POSTGRES_PASSWORD` of `db`", "not the password", "refuses"],
            ),
            (
                "another variable for the password",
                |stack| {
                    role(stack, Role::Database)
                        .environment
                        .insert("POSTGRES_PASSWORD".into(), Text::variable("BAKERY_KEY"));
                },
                &["`POSTGRES_PASSWORD` of `db`"],
            ),
            (
                "another user",
                |stack| say(role(stack, Role::Database), "POSTGRES_USER", "postgres"),
                &["`POSTGRES_USER` of `db`", "not the user"],
            ),
            (
                "another password for the project",
                |stack| say(role(stack, Role::Web), "DB_PASSWORD", "cake"),
                &["`DATABASES[\"default\"][\"PASSWORD\"]`", "in `web`"],
            ),
            (
                "a secret that nobody sets",
                |stack| stack.variables.retain(|variable| variable.name != "BAKERY_KEY"),
                &["cannot be imported in `web`", "`BAKERY_KEY`"],
            ),
            (
                "a password that nobody sets",
                |stack| stack.variables.retain(|variable| variable.name != "DB_PASSWORD"),
                &["variable `DB_PASSWORD`", "not declared"],
            ),
            (
                "a secret that is a comment",
                |stack| {
                    for variable in &mut stack.variables {
                        variable.value = VariableValue::Optional { example: "x".into() };
                    }
                },
                &["cannot be imported in `web`", "`BAKERY_KEY`"],
            ),
            (
                "no env file",
                |stack| role(stack, Role::Worker).env_file = false,
                &["cannot be imported in `worker`", "`BAKERY_KEY`"],
            ),
            (
                "settings of nobody",
                |stack| say(role(stack, Role::Web), "DJANGO_SETTINGS_MODULE", "bakery.local"),
                &["`bakery.local`", "`web`"],
            ),
        ],
    );
}
