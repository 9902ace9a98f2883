use super::{Carrier, Queues, Run, Worker};

/// <https://docs.celeryq.dev/en/stable/userguide/workers.html>
pub(super) const CELERY: Worker = Worker {
    word: "celery",
    name: "Celery",
    // Its application is a module of the project's own, which is looked for by itself.
    apps: &[],
    settings: &[],
    distributions: &["celery"],
    packages: &["celery", "kombu", "billiard", "amqp", "vine", "redis"],
    carried_by: &[],
    carriers: &[],
    carrier: Carrier::Store,
    queues: Queues::All,
    runs: &[
        Run {
            service: "worker",
            is_scheduler: false,
            command: &["celery", "--app", "{app}", "worker", "--loglevel", "INFO", "--queues", "{queues,}"],
            health: Some("celery --app {app} inspect ping --destination \"celery@$HOSTNAME\" --timeout 8"),
            stop_grace_period: Some(60),
            only_with: None,
        },
        Run {
            service: "beat",
            is_scheduler: true,
            // The default files of beat lie in the working folder, which is read-only.
            command: &[
                "celery",
                "--app",
                "{app}",
                "beat",
                "--loglevel",
                "INFO",
                "--scheduler",
                "{scheduler}",
                "--schedule",
                "/tmp/celerybeat-schedule",
                "--pidfile=",
            ],
            health: None,
            stop_grace_period: None,
            only_with: None,
        },
    ],
    instead: None,
};
