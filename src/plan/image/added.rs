//! Distributions that the stack needs and the project does not require.

use super::foreign::LeftOut;
use crate::base::Evidence;
use crate::catalog::store::Store;
use crate::catalog::worker::Carrier;
use crate::inspect::facts::TaskQueue;
use crate::inspect::stores;
use crate::knowledge::{distributions, tools};
use crate::plan::ground::Ground;
use crate::python::{Minor, Specifiers, Version};

/// A distribution to install beside the project's own, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Added {
    /// `gunicorn==27.0.1`.
    pub requirement: String,
    /// A phrase: "serves the project, and nothing requires it".
    pub because: String,
    pub evidence: Vec<Evidence>,
}

/// Returns the distributions to add for a stack, sorted by requirement.
pub(crate) fn added(ground: &Ground<'_>) -> Vec<Added> {
    let mut found = Vec::new();
    if ground.is_prod() {
        app_server(ground, &mut found);
        found.extend(static_files(ground));
    }
    driver(ground, &mut found);
    broker_client(ground, &mut found);
    unstated(ground, &mut found);
    in_place_of_left_out(ground, &mut found);
    setuptools(ground, &mut found);
    found.sort_by(|a, b| a.requirement.cmp(&b.requirement));
    found
}

fn pinned(name: &str, python: Minor) -> String {
    let base = name.split('[').next().unwrap_or(name);
    match tools::choose(base, python, None) {
        Some(version) => format!("{name}=={version}"),
        None => name.to_owned(),
    }
}

fn app_server(ground: &Ground<'_>, found: &mut Vec<Added>) {
    let server = ground.answers.server.entry();
    let mut add = |name: &str| {
        if !ground.has_distribution(name) {
            found.push(Added {
                requirement: pinned(name, ground.python),
                because: "it serves the project, and nothing requires it".to_owned(),
                evidence: Vec::new(),
            });
        }
    };
    if !server.distributions.iter().any(|name| ground.has_distribution(name)) {
        server.distributions.first().into_iter().for_each(|name| add(name));
    }
    let way = server.way(ground.serves_asgi());
    for group in way.into_iter().flat_map(|way| way.distributions) {
        if !group.iter().any(|name| ground.has_distribution(name)) {
            group.first().into_iter().for_each(|name| add(name));
        }
    }
}

/// Adds the distribution of the middleware that serves static files, where the project has neither.
fn static_files(ground: &Ground<'_>) -> Option<Added> {
    let name = ground.added_middleware()?.distribution;
    let django = ground.facts.django_version.value.as_deref().and_then(Minor::parse);
    let version = tools::choose_for_django(name, ground.python, django)?;
    (!ground.has_distribution(name)).then(|| Added {
        requirement: format!("{name}=={version}"),
        because: "it serves the static files, and nothing requires it".to_owned(),
        evidence: ground.facts.whitenoise_serves.evidence.clone(),
    })
}

fn driver(ground: &Ground<'_>, found: &mut Vec<Added>) {
    let drivers = ground.database.drivers;
    if drivers.is_empty() || drivers.iter().any(|driver| ground.has_distribution(driver.distribution)) {
        return;
    }
    let django = ground.facts.django_version.value.as_deref().and_then(Minor::parse);
    // Where Django's version is not known, the oldest driver works with every line.
    let fits = |since: (u32, u32)| django.map_or(since == (0, 0), |django| django >= Minor(since.0, since.1));
    let Some(requirement) =
        drivers.iter().filter(|driver| fits(driver.since)).find_map(|driver| driver.requirement)
    else {
        return;
    };
    found.push(Added {
        requirement: pinned(requirement, ground.python),
        because: format!("Django talks to {} with it, and nothing requires it", ground.database.name),
        evidence: ground.facts.databases.evidence.clone(),
    });
}

/// Celery talks to Redis through a client that it does not require: it is one of its extras.
fn broker_client(ground: &Ground<'_>, found: &mut Vec<Added>) {
    let facts = ground.facts;
    let Some((store, _)) = &ground.cache else { return };
    let runs_worker = ground.answers.worker
        && facts.celery_app.value.is_some()
        && !facts.celery_broker_elsewhere
        && ground.other_broker().is_none();
    let is_there = stores::client(&facts.distributions, store).is_some();
    let through_store = |queue: &&TaskQueue| queue.carrier == Carrier::Store && ground.runs(queue);
    if let Some(queue) = facts.queues.iter().find(through_store).filter(|_| !is_there && !runs_worker) {
        found.push(Added {
            requirement: store.client.to_owned(),
            because: format!(
                "{} talks to {} with it, and nothing requires it",
                queue.worker.name, store.name
            ),
            evidence: vec![queue.evidence.clone()],
        });
    }
    if runs_worker {
        found.extend(transport(ground, store));
    }
    if runs_worker && !is_there {
        found.push(Added {
            requirement: "celery[redis]".to_owned(),
            because: "its broker is Redis, and nothing requires the client".to_owned(),
            evidence: facts.celery_broker.evidence.clone(),
        });
    }
}

/// Returns the transport of the task queue, where the queue takes any version and the newest refuses the project's client.
fn transport(ground: &Ground<'_>, store: &Store) -> Option<Added> {
    let all = ground.facts.distributions.iter();
    let client = all.filter(|one| one.name == store.client).find_map(|one| one.version.as_deref());
    let client = client.and_then(Version::parse);
    let mut queues = ground.facts.distributions.iter();
    let (queue, row) = queues.find_map(|queue| {
        let wanted = match (&queue.version, &queue.specifier) {
            (Some(version), _) => Specifiers::parse_exact(version)?,
            (None, written) => Specifiers::parse(written.as_deref().unwrap_or("*"))?,
        };
        Some((queue, distributions::client_of(&queue.name, &wanted, store.word, client.as_ref())?))
    })?;
    (!ground.has_distribution(&row.transport)).then(|| Added {
        requirement: row.requirement.clone(),
        because: format!(
            "`{}` takes any version of {}, and the newest refuses older clients",
            queue.name, row.transport
        ),
        evidence: vec![Evidence::new(queue.place.clone(), format!("requires `{}`", queue.name))],
    })
}

/// Adds the distributions that bring the modules of requirements that pip cannot install.
fn in_place_of_left_out(ground: &Ground<'_>, found: &mut Vec<Added>) {
    for LeftOut { distribution, instead, because } in super::foreign::required(ground) {
        let Some(instead) = instead.filter(|name| !ground.has_distribution(name)) else { continue };
        let evidence =
            vec![Evidence::new(distribution.place.clone(), format!("requires `{}`", distribution.name))];
        found.push(Added { requirement: pinned(instead, ground.python), because, evidence });
    }
}

/// Before Python 3.12 every virtual environment held setuptools, and what was written then imports `pkg_resources`
/// without requiring it: <https://docs.python.org/3/whatsnew/3.12.html#ensurepip>.
fn setuptools(ground: &Ground<'_>, found: &mut Vec<Added>) {
    const SEEDED_BEFORE: Minor = Minor(3, 12);
    let is_there = ground.has_distribution("setuptools")
        || found.iter().any(|added| added.requirement.starts_with("setuptools"));
    if ground.python < SEEDED_BEFORE && !is_there {
        found.push(Added {
            requirement: "setuptools<82".to_owned(),
            because: format!(
                "virtual environments of Python {} hold it, and old distributions count on that",
                ground.python
            ),
            evidence: ground.facts.python_version.evidence.clone(),
        });
    }
}

/// Distributions that others import without saying so.
fn unstated(ground: &Ground<'_>, found: &mut Vec<Added>) {
    for distribution in &ground.facts.distributions {
        let version = distribution.version.as_deref().and_then(Version::parse);
        let Some(needs) = distributions::unstated_need(&distribution.name, version.as_ref(), ground.python)
        else {
            continue;
        };
        let name: String =
            needs.distribution.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect();
        let known = ground.has_distribution(&name)
            || found.iter().any(|added| added.requirement == needs.distribution);
        if !known {
            found.push(Added {
                requirement: needs.distribution.clone(),
                because: format!("`{}` imports it without requiring it", distribution.name),
                evidence: vec![Evidence::new(
                    distribution.place.clone(),
                    format!("requires `{}`", distribution.name),
                )],
            });
        }
    }
}
