//! Folders that are lost, hidden, closed or empty.

use super::{check, role, steps, volume};
use crate::stack::{Environment, Location, Memory, Mount, Role, Step};

fn forget(mounts: &mut Vec<Mount>, name: &str) {
    mounts.retain(|mount| !matches!(mount, Mount::Volume { volume, .. } if volume == name));
}

#[test]
fn folders_that_are_lost_or_hidden_are_named() {
    check(
        Environment::Prod,
        &[
            (
                "a database without its volume",
                |stack| role(stack, Role::Database).mounts.clear(),
                &["no volume keeps", "of `db`", "data is gone"],
            ),
            (
                "a volume beside the data",
                |stack| role(stack, Role::Database).mounts = vec![volume("database", "/var/lib/other")],
                &["no volume keeps", "of `db`"],
            ),
            (
                "a store without its volume",
                |stack| role(stack, Role::Cache).mounts.clear(),
                &["no volume keeps `/data` of `redis`"],
            ),
            (
                "a volume that is not declared",
                |stack| stack.volumes.clear(),
                &["`db` uses the volume `database`", "not declared"],
            ),
            (
                "uploads on no volume",
                |stack| forget(&mut role(stack, Role::Web).mounts, "media"),
                &["no volume keeps `/app/media` of `web`", "files that people upload"],
            ),
            (
                "uploads of the worker on no volume",
                |stack| forget(&mut role(stack, Role::Worker).mounts, "media"),
                &["no volume keeps `/app/media` of `worker`"],
            ),
            (
                "a volume over the source",
                |stack| role(stack, Role::Web).mounts.push(volume("media", "/app")),
                &["`web` mounts something on `/app`", "code"],
            ),
            (
                "a volume over an app",
                |stack| role(stack, Role::Web).mounts.push(volume("media", "/app/ovens")),
                &["`/app/ovens`", "hides modules"],
            ),
            (
                "memory over what is installed",
                |stack| role(stack, Role::Worker).memory.push(Memory { folder: "/opt".into(), owner: None }),
                &["`worker` mounts something on `/opt`", "distributions"],
            ),
            (
                "a folder over the entrypoint",
                |stack| {
                    role(stack, Role::Web).mounts.push(Mount::Bind {
                        source: "bin".into(),
                        target: "/usr/local/bin".into(),
                        read_only: true,
                    });
                },
                &["`/usr/local/bin`", "script"],
            ),
            (
                "no place to write",
                |stack| role(stack, Role::Web).memory.clear(),
                &["`web` cannot write to `/tmp`", "read-only"],
            ),
            (
                "a location without files",
                |stack| steps(stack, Role::Proxy).retain(|step| !matches!(step, Step::CopyFrom { .. })),
                &["`/static/` from `/srv/static/`", "404"],
            ),
            (
                "a location of another folder",
                |stack| {
                    stack.proxy.as_mut().unwrap().locations.push(Location {
                        url: "/docs/".into(),
                        folder: "/srv/docs/".into(),
                        immutable: false,
                        compressed: false,
                        uploaded: false,
                    });
                },
                &["`/docs/` from `/srv/docs/`", "no files"],
            ),
            (
                "uploads that the proxy does not see",
                |stack| role(stack, Role::Proxy).mounts.clear(),
                &["`/media/` from `/srv/media/`"],
            ),
            (
                "uploads of another volume",
                |stack| {
                    for mount in &mut role(stack, Role::Proxy).mounts {
                        if let Mount::Volume { volume, .. } = mount {
                            *volume = "database".into();
                        }
                    }
                },
                &["`/media/` from `/srv/media/`"],
            ),
            (
                "a secret file that is not mounted",
                |stack| role(stack, Role::Worker).secrets.clear(),
                &["`worker` does not have the file `/app/payment.json`"],
            ),
            (
                "a secret file of another place",
                |stack| stack.secrets[0].target = "/run/secrets/payment".into(),
                &["`web` does not have the file `/app/payment.json`"],
            ),
            (
                "a secret that is not declared",
                |stack| stack.secrets.clear(),
                &["secret `payment`", "not declared"],
            ),
        ],
    );
}

#[test]
fn source_of_development_is_the_project_itself() {
    check(
        Environment::Dev,
        &[
            (
                "another folder in its place",
                |stack| {
                    role(stack, Role::Web).mounts =
                        vec![Mount::Bind { source: "site".into(), target: "/app".into(), read_only: false }];
                },
                &["`web` mounts something on `/app`"],
            ),
            (
                "a volume in its place",
                |stack| role(stack, Role::Web).mounts = vec![volume("database", "/app")],
                &["`web` mounts something on `/app`", "code"],
            ),
        ],
    );
}
