//! Waiting for services, and what is seen of them from outside.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::time::Duration;

use camino::Utf8Path;

use super::host::{Host, Start};
use super::setting::{Outcome, Setting};
use super::{Watch, findings};
use crate::base::Diagnostic;
use crate::shell::engine::containers::{Container, Health, State};
use crate::shell::interrupt::Stopped;

/// Between two looks at the containers.
const LOOK: Duration = Duration::from_millis(150);
/// For images that are pulled before the first container is made.
const PULL: Duration = Duration::from_mins(15);
/// Between two looks at what containers say.
const LISTEN: Duration = Duration::from_secs(3);
/// How long a server may take to notice a changed file.
const NOTICE: Duration = Duration::from_secs(15);

/// Starts the stack and waits until every service of `services` is up: healthy where it has a health check, running
/// where it has none. The first container that dies ends the wait: others die of it.
pub(super) fn healthy(
    setting: &Setting<'_>,
    services: &[String],
    within: u32,
    host: &mut dyn Host,
    watch: &mut dyn Watch,
) -> Result<Outcome, Stopped> {
    host.start()?;
    let began = host.now();
    let patience = Duration::from_secs(within.into());
    let mut up: BTreeMap<String, Duration> = BTreeMap::new();
    let mut seen: Vec<(String, State, Option<Health>)> = Vec::new();
    let mut changed = began;
    let mut listened = began;
    let mut said_before = Vec::new();
    loop {
        let start = host.started();
        let containers = host.containers()?;
        if let Some(dead) = first_dead(&containers, services) {
            return Ok(findings::ended(setting, dead, host)?.into());
        }
        if let Some(sick) = containers.iter().find(|container| container.health == Some(Health::Unhealthy)) {
            return Ok(findings::unhealthy(setting, sick, host)?.into());
        }
        for container in containers.iter().filter(|container| is_up(container)) {
            up.entry(container.service.clone()).or_insert_with(|| host.since(began));
        }
        let waiting: Vec<&str> =
            services.iter().filter(|name| !up.contains_key(*name)).map(String::as_str).collect();
        match start {
            Start::Done if waiting.is_empty() => return Ok(Outcome::Shown(in_order(&up, services))),
            Start::Failed(said) => return Ok(findings::not_started(setting, &said).into()),
            Start::Done | Start::GoesOn => {}
        }
        let now: Vec<_> = containers
            .iter()
            .map(|container| (container.service.clone(), container.state, container.health))
            .collect();
        if now != seen {
            (seen, changed) = (now, host.now());
        }
        if host.since(listened) > LISTEN {
            listened = host.now();
            let says = said(&containers, services, host)?;
            if says != said_before {
                (said_before, changed) = (says, listened);
            }
        }
        watch.detail(&format!("waiting for {}", waiting.join(", ")));
        let limit = if containers.is_empty() { PULL } else { patience };
        if host.since(changed) > limit {
            // What runs and is not done holds up what has not begun.
            let is_late = |container: &&Container| waiting.contains(&container.service.as_str());
            let runs = |container: &&Container| container.state == State::Running && !is_up(container);
            let one_shot = |container: &&Container| {
                container.state == State::Running && !services.contains(&container.service)
            };
            let late = containers.iter().find(one_shot);
            let late = late.or_else(|| containers.iter().filter(is_late).find(runs));
            let late = late.or_else(|| containers.iter().find(is_late));
            return Ok(findings::late(setting, &waiting, late, within, host)?.into());
        }
        host.pause(LOOK)?;
    }
}

/// The last line of each container that runs to its end: migrations of a large project go on for minutes, and every
/// one of them is something new.
fn said(
    containers: &[Container],
    services: &[String],
    host: &dyn Host,
) -> Result<Vec<(String, String)>, Stopped> {
    let at_work = containers
        .iter()
        .filter(|container| container.state == State::Running && !services.contains(&container.service));
    at_work.map(|container| Ok((container.service.clone(), host.logs(&container.id, 1)?))).collect()
}

fn is_up(container: &Container) -> bool {
    container.state == State::Running && matches!(container.health, None | Some(Health::Healthy))
}

/// The container that ended first of those that should not have: with an exit code, or at all where it is a service
/// that must stay.
fn first_dead<'a>(containers: &'a [Container], services: &[String]) -> Option<&'a Container> {
    let dead = containers.iter().filter(|container| match container.state {
        State::Exited { code, .. } => code != 0 || services.contains(&container.service),
        State::Created | State::Running => false,
    });
    dead.min_by(|a, b| a.finished.cmp(&b.finished))
}

fn in_order(up: &BTreeMap<String, Duration>, services: &[String]) -> String {
    let mut times: Vec<(&Duration, &String)> =
        up.iter().filter(|(name, _)| services.contains(name)).map(|(name, time)| (time, name)).collect();
    times.sort();
    let times: Vec<String> =
        times.iter().map(|(time, name)| format!("{name} after {:.1} s", time.as_secs_f64())).collect();
    times.join(", ")
}

/// The container of `service`.
pub(super) fn find(service: &str, host: &dyn Host) -> Result<Result<Container, Diagnostic>, Stopped> {
    let found = host.containers()?.into_iter().find(|container| container.service == service);
    Ok(found.ok_or_else(|| findings::no_container(service)))
}

/// Changes a source file, and waits until the server says that it loads anew.
pub(super) fn reload(
    setting: &Setting<'_>,
    service: &str,
    file: &Utf8Path,
    says: &str,
    host: &dyn Host,
) -> Result<Outcome, Stopped> {
    let container = match find(service, host)? {
        Ok(container) => container,
        Err(diagnostic) => return Ok(diagnostic.into()),
    };
    let bind =
        setting.stage.binds.iter().find(|bind| bind.service == service && bind.source.join(file).is_file());
    let Some(bind) = bind else { return Ok(findings::no_source(service, file).into()) };
    let before = host.logs(&container.id, 1000)?.matches(says).count();
    let began = host.now();
    let changed = std::fs::OpenOptions::new()
        .append(true)
        .open(bind.source.join(file))
        .and_then(|mut open| std::io::Write::write_all(&mut open, b"\n"));
    if let Err(error) = changed {
        return Ok(findings::no_source(service, file).because(error.to_string()).into());
    }
    while host.since(began) < NOTICE {
        if host.logs(&container.id, 1000)?.matches(says).count() > before {
            return Ok(Outcome::Shown(format!(
                "noticed a change of {file} after {:.1} s",
                host.since(began).as_secs_f64()
            )));
        }
        host.pause(LOOK)?;
    }
    Ok(findings::not_reloaded(service, file, says).into())
}

/// Makes a file in the container, in a folder of the host, and looks whose it is there.
pub(super) fn host_owner(
    setting: &Setting<'_>,
    service: &str,
    folder: &str,
    host: &dyn Host,
) -> Result<Outcome, Stopped> {
    let container = match find(service, host)? {
        Ok(container) => container,
        Err(diagnostic) => return Ok(diagnostic.into()),
    };
    let bind = setting.stage.binds.iter().find(|bind| bind.service == service && bind.target == folder);
    let Some(bind) = bind else { return Ok(findings::no_source(service, Utf8Path::new(folder)).into()) };
    let name = format!(".{}", setting.stage.id);
    let ran = host.exec(&container.id, &["touch".to_owned(), format!("{folder}/{name}")])?;
    let made = bind.source.join(&name).symlink_metadata();
    let (Ok(made), Ok(own)) = (made, bind.source.symlink_metadata()) else {
        return Ok(findings::not_made(service, folder, &ran.stderr).into());
    };
    if made.uid() == own.uid() {
        return Ok(Outcome::Shown(format!("a file made in `{service}` belongs to user id {}", made.uid())));
    }
    Ok(findings::foreign_owner(service, made.uid(), own.uid()).into())
}
