//! The schedule of Celery: whether there is one, and what keeps it.

use camino::Utf8Path;

use super::existing::Command;
use super::project::Project;
use crate::base::{Evidence, Fact, Place};

/// Settings that name the class which keeps the schedule.
const SCHEDULERS: &[&str] = &["CELERY_BEAT_SCHEDULER", "CELERYBEAT_SCHEDULER"];

/// Returns whether something is scheduled, with the line that says so.
pub(super) fn beat(project: &Project<'_>, file: &Utf8Path) -> Fact<bool> {
    for settings in [&project.prod, &project.dev] {
        let schedules = ["CELERY_BEAT_SCHEDULE", "CELERYBEAT_SCHEDULE", "BEAT_SCHEDULE"];
        for name in schedules.iter().chain(SCHEDULERS) {
            let setting = settings.get(name);
            if let Some(setting) = setting
                && setting.value.entries().is_none_or(|entries| !entries.is_empty())
            {
                return Fact::new(true, setting.place.clone(), format!("sets `{name}`"));
            }
        }
        if settings.texts("INSTALLED_APPS").iter().any(|app| app.starts_with("django_celery_beat")) {
            return Fact::with(true, settings.evidence("INSTALLED_APPS", "installs `django_celery_beat`"));
        }
    }
    if let Some(scan) = project.sources.scan(file) {
        let scheduled = scan.bindings.iter().find(|one| one.target.ends_with("beat_schedule"));
        let line = scheduled.map(|one| one.line);
        let line = line.or_else(|| {
            let call = |call: &&crate::python::scan::Call| {
                call.callee.ends_with("add_periodic_task")
                    || (call.callee.ends_with("conf.update")
                        && call.keywords.iter().any(|(name, _)| name == "beat_schedule"))
                    || call.keywords.iter().any(|(name, _)| name == "beat_schedule")
            };
            scan.calls.iter().find(call).map(|call| call.line)
        });
        if let Some(line) = line {
            return Fact::new(true, Place::line(file.to_owned(), line), "schedules tasks");
        }
    }
    let started = project.existing.commands.iter().find(|command| {
        command.has("celery") && (command.has("beat") || command.has("-B") || command.has("--beat"))
    });
    match started {
        Some(command) => Fact::new(true, command.place.clone(), "starts the scheduler"),
        None => Fact::new(false, Place::Path(file.to_owned()), "nothing is scheduled"),
    }
}

/// Returns the keeper of the schedule that a command of the project names (`--scheduler`, `-S`), unless settings name one:
/// a file of its own would be kept instead, and what people schedule in the database never runs.
pub(super) fn beat_scheduler(project: &Project<'_>, file: &Utf8Path) -> Fact<Option<String>> {
    for name in SCHEDULERS {
        if project.prod.get(name).is_some() {
            return Fact::with(None, project.prod.evidence(name, format!("sets `{name}`")));
        }
    }
    let mut named =
        project.existing.commands.iter().filter_map(|command| Some((command, scheduler(command)?)));
    match named.find(|(_, scheduler)| is_usable(project, scheduler)) {
        Some((command, scheduler)) => {
            let evidence = Evidence::new(command.place.clone(), "names what keeps the schedule");
            Fact::with(Some(scheduler.to_owned()), vec![evidence])
        }
        None => Fact::new(None, Place::Path(file.to_owned()), "no command names what keeps the schedule"),
    }
}

/// The value of `--scheduler`; of `-S` only beside `beat`, because a worker's `-S` is a file of its state.
fn scheduler(command: &Command) -> Option<&str> {
    let runs_beat = command.has("beat") || command.has("-B") || command.has("--beat");
    let names: &[&str] = if command.has("beat") { &["--scheduler", "-S"] } else { &["--scheduler"] };
    let value = command.option(names).filter(|_| command.has("celery") && runs_beat)?;
    let value = value.trim_end_matches([';', '&', '\\']);
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | ':');
    (!value.is_empty() && value.chars().all(is_name)).then_some(value)
}

/// Tells whether production has what the name stands for: the tables of django-celery-beat are there only with its app.
/// `django` is its short name: <https://django-celery-beat.readthedocs.io/en/latest/>.
fn is_usable(project: &Project<'_>, scheduler: &str) -> bool {
    let is_in_database = scheduler == "django" || scheduler.starts_with("django_celery_beat.");
    let has_app =
        || project.prod.texts("INSTALLED_APPS").iter().any(|app| app.starts_with("django_celery_beat"));
    !is_in_database || has_app()
}
