//! Programs that work off tasks in the background: found and run by the same row.

mod background_task;
mod celery;
mod clocks;
mod django_q;
mod django_tasks;
mod dramatiq;
mod huey;
mod procrastinate;
mod rq;

/// Every one, in the order in which they are listed.
pub const ALL: &[&Worker] = &[
    &clocks::APSCHEDULER,
    &background_task::BACKGROUND_TASK,
    &celery::CELERY,
    &clocks::DJANGO_CRONTAB,
    &clocks::DJANGO_CRON,
    &django_q::DJANGO_Q,
    &django_tasks::DJANGO_TASKS,
    &dramatiq::DRAMATIQ,
    &huey::HUEY,
    &clocks::KRONOS,
    &procrastinate::PROCRASTINATE,
    &rq::RQ,
];

/// The one whose application is a module of the project's own, and not an installed app.
pub const DEFAULT: &Worker = &celery::CELERY;

/// A queue of tasks, or a schedule: how a project shows that it uses one, what carries its tasks, and what has to run.
#[derive(Debug, PartialEq, Eq)]
pub struct Worker {
    /// Its word in facts.
    pub word: &'static str,
    /// For people.
    pub name: &'static str,
    /// Apps that bring it: with one of them installed, its management commands are there.
    pub apps: &'static [&'static str],
    /// Settings that only it reads.
    pub settings: &'static [&'static str],
    /// Distributions that bring it.
    pub distributions: &'static [&'static str],
    /// Packages that its processes import: the image holds their bytecode.
    pub packages: &'static [&'static str],
    /// Settings that say what carries its tasks.
    pub carried_by: &'static [&'static str],
    /// Keys, classes and the last parts of dotted names in these settings, with what each means. The first that is
    /// there counts.
    pub carriers: &'static [(&'static str, Carrier)],
    /// The carrier of tasks if no setting names one.
    pub carrier: Carrier,
    /// The place where the queues are named.
    pub queues: Queues,
    /// The processes that it consists of; none where no container can do it.
    pub runs: &'static [Run],
    /// For people: what somebody has to do where no container can. `{once}` stands for a command that runs the words
    /// after it in the container of the site.
    pub instead: Option<&'static str>,
}

/// The carrier of tasks from the site to a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// The stack's store, such as Redis.
    Store,
    /// The project's database.
    Database,
    /// The site's own process: no worker is needed.
    Site,
    /// A file or a server that no stack has; its name for people.
    Elsewhere(&'static str),
}

/// The place of the names of queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queues {
    /// A worker takes from every queue without being told.
    All,
    /// They are the keys of this setting.
    KeysOf(&'static str),
    /// They are the items of a list below these keys.
    ListAt(&'static [&'static str]),
}

/// One process of a worker.
#[derive(Debug, PartialEq, Eq)]
pub struct Run {
    /// The service's name.
    pub service: &'static str,
    /// True if there is always exactly one, because two would start every task twice.
    pub is_scheduler: bool,
    /// `{app}` stands for the application, `{manage}` for the words that run a management command, `{queues}` for the
    /// queues, `{queues,}` for the queues in one word with commas, `{scheduler}` for what keeps the schedule; words with queues vanish where none are
    /// named, and so does the option before `{scheduler}`.
    pub command: &'static [&'static str],
    /// Asks the worker itself whether it is there. A shell line, because the worker's name may hold the container's.
    pub health: Option<&'static str>,
    /// Seconds that running tasks may take to end when it is stopped.
    pub stop_grace_period: Option<u32>,
    /// Runs only where this distribution is installed.
    pub only_with: Option<&'static str>,
}

impl Run {
    /// A worker's process as a management command runs it, with what is usual.
    const fn managed(service: &'static str, command: &'static [&'static str]) -> Self {
        Self {
            service,
            is_scheduler: false,
            command,
            health: None,
            stop_grace_period: Some(60),
            only_with: None,
        }
    }
}

/// The entry of this word.
pub fn find(word: &str) -> Option<&'static Worker> {
    ALL.iter().copied().find(|worker| worker.word == word)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_entry_can_be_found_and_says_what_is_to_be_done() {
        let mut services = BTreeSet::new();
        for worker in ALL {
            assert_eq!(find(worker.word).map(|found| found.word), Some(worker.word));
            assert!(!worker.distributions.is_empty(), "{}", worker.word);
            assert_eq!(worker.runs.is_empty(), worker.instead.is_some(), "{}", worker.word);
            for run in worker.runs {
                assert!(services.insert(run.service), "{} stands twice", run.service);
                assert!(run.command.len() > 1, "{}", run.service);
            }
        }
    }
}
