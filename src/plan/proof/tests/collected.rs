//! Static files that are collected when the stack starts, into a volume or a bucket, by nobody, too late or out of sight.

use super::{Project, check_project, project_with, role, said_of_project, without};
use crate::base::Place;
use crate::choose::Draft;
use crate::stack::{Environment, Mount, Restart, Role, Service};

fn volume() -> Project {
    let mut draft = Draft::default();
    draft.give("static", "volume".to_owned(), Place::Flag("--static".to_owned()));
    project_with("", &draft)
}

fn bucket() -> Project {
    project_with(
        "STORAGES = {'staticfiles': {'BACKEND': 'storages.backends.s3.S3Storage'}}\n",
        &Draft::default(),
    )
}

fn forget(service: &mut Service) {
    service.mounts.retain(|mount| !matches!(mount, Mount::Volume { volume, .. } if volume == "static"));
}

#[test]
fn planned_stacks_have_no_fault() {
    for project in [volume(), bucket()] {
        assert_eq!(said_of_project(&project, Environment::Prod, &|_| {}), Vec::new());
    }
}

#[test]
fn a_volume_that_is_empty_late_or_out_of_sight_is_named() {
    check_project(
        &volume(),
        Environment::Prod,
        &[
            (
                "nobody collects",
                |stack| without(stack, Role::Collect),
                &["no service collects static files", "stays empty"],
            ),
            (
                "a site that does not wait",
                |stack| role(stack, Role::Web).depends_on.retain(|on| on.service != "collectstatic"),
                &["`web` does not wait for `collectstatic`"],
            ),
            (
                "a worker that does not wait",
                |stack| role(stack, Role::Worker).depends_on.retain(|on| on.service != "collectstatic"),
                &["`worker` does not wait for `collectstatic`"],
            ),
            (
                "files of a release whose migrations fail",
                |stack| role(stack, Role::Collect).depends_on.retain(|on| on.service != "migrate"),
                &["`collectstatic` does not wait for `migrate`"],
            ),
            (
                "a database that is not there yet",
                |stack| role(stack, Role::Collect).depends_on.retain(|on| on.service != "db"),
                &["`collectstatic` does not wait for `db`"],
            ),
            (
                "a proxy without the volume",
                |stack| forget(role(stack, Role::Proxy)),
                &["the proxy answers `/static/`", "no files are"],
            ),
            (
                "a service that collects elsewhere",
                |stack| forget(role(stack, Role::Collect)),
                &["no volume keeps `/app/staticfiles` of `collectstatic`"],
            ),
            (
                "a site without the list of names",
                |stack| forget(role(stack, Role::Web)),
                &["no volume keeps `/app/staticfiles` of `web`"],
            ),
            (
                "a service that starts again for ever",
                |stack| role(stack, Role::Collect).restart = Restart::UnlessStopped,
                &["`collectstatic` has ended", "started again for ever"],
            ),
        ],
    );
}

#[test]
fn a_bucket_that_nobody_fills_is_named() {
    check_project(
        &bucket(),
        Environment::Prod,
        &[
            (
                "nobody collects",
                |stack| without(stack, Role::Upload),
                &["no service collects static files", "the bucket"],
            ),
            (
                "a site that does not wait",
                |stack| role(stack, Role::Web).depends_on.retain(|on| on.service != "collectstatic"),
                &["`web` does not wait for `collectstatic`"],
            ),
        ],
    );
}
