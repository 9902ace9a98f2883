use super::{Carrier, Queues, Run, Worker};

/// <https://github.com/RealOrangeOne/django-tasks#database-backend>: `db_worker` takes from `default` alone unless it is
/// told. Tasks that go through RQ are worked off by its own row.
pub(super) const DJANGO_TASKS: Worker = Worker {
    word: "django_tasks",
    name: "django-tasks",
    apps: &["django_tasks.backends.database", "django_tasks_db", "django_tasks_rq"],
    settings: &[],
    distributions: &["django-tasks", "django-tasks-db", "django-tasks-rq"],
    packages: &[],
    carried_by: &["TASKS"],
    carriers: &[("DatabaseBackend", Carrier::Database)],
    carrier: Carrier::Site,
    queues: Queues::ListAt(&["TASKS", "default", "QUEUES"]),
    runs: &[Run::managed("tasks", &["{manage}", "db_worker", "--queue-name", "{queues,}"])],
    instead: None,
};
