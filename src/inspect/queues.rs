//! Task queues and schedulers other than Celery.

use super::project::Project;
use crate::base::{Evidence, Fact};

/// A queue and the ways in which a project uses it.
struct Queue {
    name: &'static str,
    /// Apps whose being installed means that it is used.
    apps: &'static [&'static str],
    /// Settings that only it reads.
    settings: &'static [&'static str],
    distributions: &'static [&'static str],
}

#[rustfmt::skip]
const QUEUES: &[Queue] = &[
    Queue { name: "apscheduler", apps: &["django_apscheduler"], settings: &["APSCHEDULER_DATETIME_FORMAT"], distributions: &["django-apscheduler", "apscheduler"] },
    Queue { name: "background_task", apps: &["background_task"], settings: &[], distributions: &["django-background-tasks", "django4-background-tasks", "django-background-tasks-updated"] },
    Queue { name: "django_crontab", apps: &["django_crontab"], settings: &["CRONJOBS"], distributions: &["django-crontab"] },
    Queue { name: "django_cron", apps: &["django_cron"], settings: &["CRON_CLASSES"], distributions: &["django-cron"] },
    Queue { name: "django_q", apps: &["django_q"], settings: &["Q_CLUSTER"], distributions: &["django-q", "django-q2"] },
    Queue { name: "django_tasks", apps: &["django_tasks.backends.database", "django_tasks_db", "django_tasks_rq"], settings: &[], distributions: &["django-tasks", "django-tasks-db", "django-tasks-rq"] },
    Queue { name: "dramatiq", apps: &["django_dramatiq"], settings: &["DRAMATIQ_BROKER"], distributions: &["dramatiq", "django-dramatiq"] },
    Queue { name: "huey", apps: &["huey.contrib.djhuey", "bx_django_utils.huey"], settings: &["HUEY"], distributions: &["huey"] },
    Queue { name: "kronos", apps: &["kronos"], settings: &[], distributions: &["django-kronos"] },
    Queue { name: "procrastinate", apps: &["procrastinate.contrib.django"], settings: &["PROCRASTINATE_IMPORT_PATHS"], distributions: &["procrastinate"] },
    Queue { name: "rq", apps: &["django_rq"], settings: &["RQ_QUEUES"], distributions: &["django-rq", "rq"] },
];

pub(super) fn read(project: &Project<'_>) -> Fact<Vec<String>> {
    let (mut found, mut evidence) = (Vec::new(), Vec::new());
    for queue in QUEUES {
        // What is configured and not installed is a leftover.
        if project.installs(queue.distributions) == Some(false) {
            continue;
        }
        if let Some(why) = used(project, queue) {
            found.push(queue.name.to_owned());
            evidence.push(why);
        }
    }
    if evidence.is_empty() {
        evidence = project.prod.evidence("INSTALLED_APPS", "installs no task queue");
    }
    Fact::with(found, evidence)
}

fn used(project: &Project<'_>, queue: &Queue) -> Option<Evidence> {
    for settings in [&project.prod, &project.dev] {
        let is_app = |app: &String| {
            queue
                .apps
                .iter()
                .any(|own| app == own || app.strip_prefix(own).is_some_and(|rest| rest.starts_with('.')))
        };
        if let Some(app) = settings.texts("INSTALLED_APPS").iter().find(|app| is_app(app)) {
            let setting = settings.get("INSTALLED_APPS")?;
            return Some(Evidence::new(setting.place.clone(), format!("installs `{app}`")));
        }
        for name in queue.settings {
            if let Some(setting) = settings.get(name) {
                return Some(Evidence::new(setting.place.clone(), format!("sets `{name}`")));
            }
        }
    }
    None
}
