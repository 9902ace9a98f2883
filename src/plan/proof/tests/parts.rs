//! Parts that are missing, and services that never start.

use super::{check, role, without};
use crate::stack::{Condition, Environment, Restart, Role};

#[test]
fn services_that_are_missing_or_never_start_are_named() {
    check(
        Environment::Prod,
        &[
            ("no database", |stack| without(stack, Role::Database), &["no service `db` with PostgreSQL"]),
            ("no store", |stack| without(stack, Role::Cache), &["no service `redis` with Redis"]),
            (
                "no worker",
                |stack| without(stack, Role::Worker),
                &["no service `worker`", "works off the project's tasks"],
            ),
            ("no project", |stack| without(stack, Role::Web), &["no service runs the project"]),
            ("no migrations", |stack| without(stack, Role::Migrate), &["no service applies migrations"]),
            ("no proxy", |stack| without(stack, Role::Proxy), &["there is no proxy"]),
            (
                "a database of another name",
                |stack| role(stack, Role::Database).name = "data".into(),
                &["no service `db`"],
            ),
            (
                "an image that nobody builds",
                |stack| stack.images.clear(),
                &["`web` runs the image `bakery-web`", "no build stage"],
            ),
            (
                "a stage that comes too late",
                |stack| stack.images.iter_mut().for_each(|image| image.stages.reverse()),
                &["copies from `builder`", "no earlier stage"],
            ),
            (
                "a dependency that is dropped",
                |stack| role(stack, Role::Web).depends_on.retain(|on| on.service != "db"),
                &["`web` does not wait for `db`"],
            ),
            (
                "tables that are not waited for",
                |stack| role(stack, Role::Worker).depends_on.retain(|on| on.service != "migrate"),
                &["`worker` does not wait for `migrate`", "tables"],
            ),
            (
                "a condition that is too early",
                |stack| {
                    role(stack, Role::Migrate)
                        .depends_on
                        .iter_mut()
                        .for_each(|on| on.condition = Condition::Started);
                },
                &["`migrate` does not wait for `db`"],
            ),
            (
                "health that is never told",
                |stack| role(stack, Role::Database).health_check = None,
                &["`db` is healthy", "no health check", "never starts"],
            ),
            (
                "an end that never comes",
                |stack| role(stack, Role::Migrate).restart = Restart::UnlessStopped,
                &["`migrate` has ended", "started again for ever"],
            ),
            (
                "a service that starts after itself",
                |stack| {
                    let after = role(stack, Role::Web).depends_on[0].clone();
                    role(stack, Role::Database)
                        .depends_on
                        .push(crate::stack::DependsOn { service: "web".into(), ..after });
                },
                &["`db` starts after itself"],
            ),
        ],
    );
}
