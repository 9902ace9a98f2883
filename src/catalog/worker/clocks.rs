//! Schedules that live on a machine's clock or in a process of the project's own: no container has either.

use super::{Carrier, Queues, Worker};

/// A schedule that no service runs.
const fn clock(
    word: &'static str,
    name: &'static str,
    apps: &'static [&'static str],
    settings: &'static [&'static str],
    distributions: &'static [&'static str],
    instead: &'static str,
) -> Worker {
    Worker {
        word,
        name,
        apps,
        settings,
        distributions,
        packages: &[],
        carried_by: &[],
        carriers: &[],
        carrier: Carrier::Database,
        queues: Queues::All,
        runs: &[],
        instead: Some(instead),
    }
}

/// <https://github.com/jcass77/django-apscheduler#quick-start>
pub(super) const APSCHEDULER: Worker = clock(
    "apscheduler",
    "APScheduler",
    &["django_apscheduler"],
    &["APSCHEDULER_DATETIME_FORMAT"],
    &["django-apscheduler", "apscheduler"],
    "start the scheduler in a management command, and add a service with the image of `web` that runs it: started with \
     the site, it would run in every process of the app server",
);

/// <https://django-cron.readthedocs.io/en/latest/installation.html>
pub(super) const DJANGO_CRON: Worker = clock(
    "django_cron",
    "django-cron",
    &["django_cron"],
    &["CRON_CLASSES"],
    &["django-cron"],
    "let the machine's crontab start them, every five minutes: `{once} python manage.py runcrons`",
);

/// <https://github.com/kraiz/django-crontab#readme>: `crontab add` writes into the crontab of the machine.
pub(super) const DJANGO_CRONTAB: Worker = clock(
    "django_crontab",
    "django-crontab",
    &["django_crontab"],
    &["CRONJOBS"],
    &["django-crontab"],
    "let the machine's own crontab start each job: \
     `{once} python manage.py shell --command \"from APP.cron import JOB; JOB()\"`",
);

/// <https://github.com/jgorset/django-kronos#usage>
pub(super) const KRONOS: Worker = clock(
    "kronos",
    "django-kronos",
    &["kronos"],
    &[],
    &["django-kronos"],
    "let the machine's own crontab start each task: `{once} python manage.py runtask NAME`",
);
