use super::{Carrier, Queues, Run, Worker};

/// <https://github.com/rq/django-rq#running-workers>: `rqworker` takes from the queues that it is given, else from
/// `default` alone.
pub(super) const RQ: Worker = Worker {
    word: "rq",
    name: "django-rq",
    apps: &["django_rq"],
    settings: &["RQ_QUEUES"],
    distributions: &["django-rq", "rq"],
    packages: &["rq", "redis"],
    carried_by: &[],
    carriers: &[],
    carrier: Carrier::Store,
    queues: Queues::KeysOf("RQ_QUEUES"),
    runs: &[
        Run::managed("rqworker", &["{manage}", "rqworker", "{queues}"]),
        // <https://github.com/rq/django-rq#support-for-scheduled-jobs>
        Run {
            service: "rqscheduler",
            is_scheduler: true,
            only_with: Some("rq-scheduler"),
            ..Run::managed("rqscheduler", &["{manage}", "rqscheduler"])
        },
    ],
    instead: None,
};
