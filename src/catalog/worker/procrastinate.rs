use super::{Carrier, Queues, Run, Worker};

/// <https://procrastinate.readthedocs.io/en/stable/howto/django/basic_usage.html>
pub(super) const PROCRASTINATE: Worker = Worker {
    word: "procrastinate",
    name: "Procrastinate",
    apps: &["procrastinate.contrib.django"],
    settings: &["PROCRASTINATE_IMPORT_PATHS"],
    distributions: &["procrastinate"],
    packages: &["procrastinate"],
    carried_by: &[],
    carriers: &[],
    carrier: Carrier::Database,
    queues: Queues::All,
    runs: &[Run::managed("procrastinate", &["{manage}", "procrastinate", "worker"])],
    instead: None,
};
