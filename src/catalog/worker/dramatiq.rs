use super::{Carrier, Queues, Run, Worker};

/// <https://github.com/Bogdanp/django_dramatiq#readme>: without a setting its broker is `RabbitMQ`.
pub(super) const DRAMATIQ: Worker = Worker {
    word: "dramatiq",
    name: "Dramatiq",
    apps: &["django_dramatiq"],
    settings: &["DRAMATIQ_BROKER"],
    distributions: &["dramatiq", "django-dramatiq"],
    packages: &["dramatiq"],
    carried_by: &["DRAMATIQ_BROKER"],
    carriers: &[
        ("RedisBroker", Carrier::Store),
        ("StubBroker", Carrier::Site),
        ("PostgresBroker", Carrier::Database),
    ],
    carrier: Carrier::Elsewhere("RabbitMQ"),
    queues: Queues::All,
    runs: &[Run::managed("dramatiq", &["{manage}", "rundramatiq"])],
    instead: None,
};
