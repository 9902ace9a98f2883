use super::{Carrier, Queues, Run, Worker};

/// <https://django-background-tasks.readthedocs.io/en/latest/#running-tasks>
pub(super) const BACKGROUND_TASK: Worker = Worker {
    word: "background_task",
    name: "django-background-tasks",
    apps: &["background_task"],
    settings: &[],
    distributions: &[
        "django-background-tasks",
        "django4-background-tasks",
        "django-background-tasks-updated",
    ],
    packages: &[],
    carried_by: &[],
    carriers: &[],
    carrier: Carrier::Database,
    queues: Queues::All,
    runs: &[Run::managed("background-tasks", &["{manage}", "process_tasks"])],
    instead: None,
};
