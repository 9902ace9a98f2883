use super::{Carrier, Queues, Run, Worker};

/// <https://django-q2.readthedocs.io/en/master/brokers.html>: without one of these keys its broker is Redis.
pub(super) const DJANGO_Q: Worker = Worker {
    word: "django_q",
    name: "Django Q",
    apps: &["django_q"],
    settings: &["Q_CLUSTER"],
    distributions: &["django-q", "django-q2"],
    packages: &["django_q"],
    carried_by: &["Q_CLUSTER"],
    carriers: &[
        ("orm", Carrier::Database),
        ("sqs", Carrier::Elsewhere("Amazon SQS")),
        ("mongo", Carrier::Elsewhere("MongoDB")),
        ("iron_mq", Carrier::Elsewhere("IronMQ")),
        ("disque_nodes", Carrier::Elsewhere("Disque")),
    ],
    carrier: Carrier::Store,
    queues: Queues::All,
    runs: &[Run::managed("qcluster", &["{manage}", "qcluster"])],
    instead: None,
};
