use super::{Carrier, Queues, Run, Worker};

/// <https://huey.readthedocs.io/en/latest/django.html>
pub(super) const HUEY: Worker = Worker {
    word: "huey",
    name: "Huey",
    apps: &["huey.contrib.djhuey", "bx_django_utils.huey"],
    settings: &["HUEY"],
    distributions: &["huey"],
    packages: &["huey"],
    carried_by: &["HUEY"],
    carriers: &[
        ("MemoryHuey", Carrier::Site),
        ("BlackHoleHuey", Carrier::Site),
        ("SqliteHuey", Carrier::Elsewhere("a file of SQLite")),
        ("FileHuey", Carrier::Elsewhere("a folder of files")),
        ("SqlHuey", Carrier::Database),
    ],
    carrier: Carrier::Store,
    queues: Queues::All,
    runs: &[Run::managed("huey", &["{manage}", "run_huey"])],
    instead: None,
};
