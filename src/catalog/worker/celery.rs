use super::Worker;

pub(super) const CELERY: Worker = Worker {
    word: "celery",
    distribution: "celery",
    name: "Celery",
    command: &["celery", "--app", "{app}", "worker", "--loglevel", "INFO"],
    // The default files of beat lie in the working folder, which is read-only.
    scheduler: &[
        "celery",
        "--app",
        "{app}",
        "beat",
        "--loglevel",
        "INFO",
        "--schedule",
        "/tmp/celerybeat-schedule",
        "--pidfile=",
    ],
    health: "celery --app {app} inspect ping --destination \"celery@$HOSTNAME\" --timeout 8",
    stop_grace_period: 60,
};
