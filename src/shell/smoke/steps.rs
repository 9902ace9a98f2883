//! The steps of a run, in order: one for each probe of the plan, then the project's own checks.

use std::sync::Mutex;

use super::host::Host;
use super::redact::Secrets;
use super::report::{Image, Step};
use super::setting::{Outcome, Setting};
use super::stage::Stage;
use super::{Run, SmokeReport, Watch, assets, evidence, findings, forms, health, pages, remains, stored};
use crate::base::Diagnostic;
use crate::base::wording::count;
use crate::plan::Probe;
use crate::plan::probes::{Act, Output};
use crate::shell::engine::build::{Failed, Progress, Request};
use crate::shell::engine::containers::{Container, State};
use crate::shell::interrupt::Stopped;

/// Carries out every step. An error is a reason to stop at once: a signal, or an Engine that went away.
pub(super) fn all(
    run: &Run<'_>,
    stage: &Stage,
    host: &mut dyn Host,
    watch: &mut dyn Watch,
) -> Result<SmokeReport, Stopped> {
    let mut setting = Setting {
        run,
        stage,
        secrets: Secrets::new(&run.secrets),
        images: Vec::new(),
        paths: Mutex::default(),
    };
    let mut steps: Vec<Step> = Vec::new();
    let probes: Vec<&Probe> =
        run.probes.iter().copied().filter(|probe| probe.environment == run.environment).collect();
    let (before, after): (Vec<&Probe>, Vec<&Probe>) = probes.into_iter().partition(|probe| !ends(&probe.act));
    for probe in &before {
        let missing = unmet(&steps, &probe.needs);
        take(&mut steps, watch, missing.as_ref(), probe.name, host, |host, watch| {
            act(&mut setting, probe, host, watch)
        })?;
    }
    let front = front_of(&before);
    for check in &run.checks {
        let name = format!("check {}", check.path);
        let missing = match front {
            Some(_) => unmet(&steps, &started(&before)),
            None => Some("no published port".to_owned()),
        };
        take(&mut steps, watch, missing.as_ref(), &name, host, |host, _| match front {
            Some(get) => pages::check(&setting, check, get, host),
            None => Ok(Outcome::Shown(String::new())),
        })?;
    }
    for probe in &after {
        if run.keep {
            continue;
        }
        let missing = unmet(&steps, &probe.needs);
        take(&mut steps, watch, missing.as_ref(), probe.name, host, |host, watch| {
            act(&mut setting, probe, host, watch)
        })?;
    }
    let seconds = host.now().as_secs_f64();
    Ok(SmokeReport::new(run.environment, setting.images, steps, seconds))
}

/// Tells whether a probe ends the stack, so that nothing can be asked after it.
fn ends(act: &Act) -> bool {
    matches!(act, Act::Stop { .. } | Act::Remove)
}

/// Returns the place where the project's own checks are asked: that of the plan's first page.
fn front_of<'a>(probes: &[&'a Probe]) -> Option<&'a crate::plan::probes::Get> {
    probes.iter().find_map(|probe| match &probe.act {
        Act::Get(get) => Some(get),
        _ => None,
    })
}

fn started(probes: &[&Probe]) -> Vec<&'static str> {
    probes.iter().filter(|probe| matches!(probe.act, Act::Healthy { .. })).map(|probe| probe.name).collect()
}

/// The first of `needs` that did not show what it must.
fn unmet(steps: &[Step], needs: &[&'static str]) -> Option<String> {
    let failed = steps.iter().find(|step| !step.ok && needs.contains(&step.name.as_str()))?;
    Some(format!("needs `{}`", failed.name))
}

/// Carries out one step, or skips it, and tells of it.
fn take(
    steps: &mut Vec<Step>,
    watch: &mut dyn Watch,
    unmet: Option<&String>,
    name: &str,
    host: &mut dyn Host,
    act: impl FnOnce(&mut dyn Host, &mut dyn Watch) -> Result<Outcome, Stopped>,
) -> Result<(), Stopped> {
    let began = host.now();
    let mut step = Step {
        name: name.to_owned(),
        ok: false,
        skipped: unmet.is_some(),
        seconds: 0.0,
        detail: unmet.cloned().unwrap_or_default(),
        left_out: Vec::new(),
        diagnostic: None,
    };
    if unmet.is_none() {
        watch.begins(name);
        match act(host, watch) {
            Ok(Outcome::Shown(detail)) => (step.ok, step.detail) = (true, detail),
            Ok(Outcome::Partly(detail, left_out)) => {
                (step.ok, step.detail, step.left_out) = (true, detail, left_out);
            }
            Ok(Outcome::Failed(diagnostic)) => fail(&mut step, *diagnostic),
            // The Engine refused something: the step failed, and those after it may still tell why.
            Err(Stopped::Diagnosed(diagnostic)) => fail(&mut step, *diagnostic),
            Err(Stopped::Interrupted) => return Err(Stopped::Interrupted),
        }
        step.seconds = host.since(began).as_secs_f64();
    }
    watch.ended(&step);
    steps.push(step);
    Ok(())
}

fn fail(step: &mut Step, diagnostic: Diagnostic) {
    step.detail = diagnostic.title.clone();
    step.diagnostic = Some(diagnostic);
}

fn act(
    setting: &mut Setting<'_>,
    probe: &Probe,
    host: &mut dyn Host,
    watch: &mut dyn Watch,
) -> Result<Outcome, Stopped> {
    match &probe.act {
        Act::BuildImages => build(setting, host, watch),
        Act::InspectImages { variables, globs, folder } => {
            evidence::images(setting, variables, globs, folder, host)
        }
        Act::Healthy { services, within } => health::healthy(setting, services, *within, host, watch),
        Act::Completed { services } => completed(setting, services, host),
        Act::Get(get) => pages::get(setting, get, host),
        Act::Stored { name, content_type } => stored::stored(setting, name, content_type.as_deref(), host),
        Act::Linked { get, named } => assets::linked(setting, get, named.as_deref(), host),
        Act::Login { get, named } => forms::login(setting, get, named, host),
        Act::Exec { service, argv, expect } => exec(setting, service, argv, expect, host),
        Act::NotUser { service, uid } => not_user(service, *uid, host),
        Act::Reload { service, file, says } => health::reload(setting, service, file, says, host),
        Act::HostOwner { service, folder } => health::host_owner(setting, service, folder, host),
        Act::Stop { within, codes, servers } => stop(setting, *within, codes, servers, host),
        Act::Remove => remove(setting, host),
    }
}

fn build(setting: &mut Setting<'_>, host: &dyn Host, watch: &mut dyn Watch) -> Result<Outcome, Stopped> {
    for image in &setting.stage.images {
        let request = Request {
            tag: image.tag.clone(),
            context: image.context.clone(),
            dockerfile: image.dockerfile.clone(),
            target: image.target.clone(),
            arguments: image.arguments.clone(),
            labels: setting.stage.labels.clone(),
        };
        let built = host.build(&request, &mut |progress| {
            if let Progress::Started { step } = progress {
                watch.goes_on(&format!("{}: {step}", image.name));
            }
        });
        match built {
            Ok(built) => setting.images.push(Image {
                name: image.name.clone(),
                bytes: built.bytes,
                seconds: built.took.as_secs_f64(),
            }),
            Err(Failed::Step(step)) => return Ok(findings::build_failed(setting, image, &step).into()),
            Err(Failed::Stopped(stopped)) => return Err(stopped),
        }
    }
    let sizes = setting.images.iter().map(|image| format!("{} {} MB", image.name, image.bytes / 1_000_000));
    let sizes: Vec<String> = sizes.collect();
    Ok(Outcome::Shown(if sizes.is_empty() { "the stack builds none".to_owned() } else { sizes.join(", ") }))
}

fn completed(setting: &Setting<'_>, services: &[String], host: &dyn Host) -> Result<Outcome, Stopped> {
    for service in services {
        let container = match health::find(service, host)? {
            Ok(container) => container,
            Err(diagnostic) => return Ok(diagnostic.into()),
        };
        match container.state {
            State::Exited { code: 0, .. } => {}
            _ => return Ok(findings::ended(setting, &container, host)?.into()),
        }
    }
    Ok(Outcome::Shown(format!("{} ended with exit code 0", services.join(", "))))
}

fn exec(
    setting: &Setting<'_>,
    service: &str,
    argv: &[String],
    expect: &Output,
    host: &dyn Host,
) -> Result<Outcome, Stopped> {
    let container = match health::find(service, host)? {
        Ok(container) => container,
        Err(diagnostic) => return Ok(diagnostic.into()),
    };
    let ran = host.exec(&container.id, argv)?;
    let right = match expect {
        Output::Anything => true,
        Output::Contains { text } => ran.stdout.contains(text.as_str()),
        Output::Lacks { text } => !ran.stdout.contains(text.as_str()),
    };
    if ran.code == 0 && right {
        return Ok(Outcome::Shown(format!("`{}` in `{service}` ended with exit code 0", argv.join(" "))));
    }
    Ok(findings::command_failed(setting, service, argv, &ran, expect).into())
}

fn not_user(service: &str, uid: u32, host: &dyn Host) -> Result<Outcome, Stopped> {
    let container = match health::find(service, host)? {
        Ok(container) => container,
        Err(diagnostic) => return Ok(diagnostic.into()),
    };
    let users = host.users(&container.id)?;
    let mut different = users.clone();
    different.sort_unstable();
    different.dedup();
    let named: Vec<String> = different.iter().map(ToString::to_string).collect();
    if users.is_empty() || different.contains(&uid) {
        return Ok(findings::runs_as(service, uid).into());
    }
    Ok(Outcome::Shown(format!(
        "{} of `{service}` with user id {}",
        count(users.len(), "process").replace("processs", "processes"),
        named.join(", ")
    )))
}

fn stop(
    setting: &Setting<'_>,
    within: u32,
    codes: &[i64],
    servers: &[String],
    host: &dyn Host,
) -> Result<Outcome, Stopped> {
    let running: Vec<Container> =
        host.containers()?.into_iter().filter(|container| container.state == State::Running).collect();
    let ids: Vec<String> = running.iter().map(|container| container.id.clone()).collect();
    let of = |server: bool| -> Vec<String> {
        let those = running.iter().filter(|container| servers.contains(&container.service) == server);
        those.map(|container| container.id.clone()).collect()
    };
    let began = host.now();
    // A container that needs longer is killed, and its exit code, 137, says so.
    for wave in [of(false), of(true)] {
        if !wave.is_empty() {
            host.stop(&wave, within)?;
        }
    }
    let took = host.since(began);
    let after = host.containers()?;
    let mut ended = Vec::new();
    for container in after.iter().filter(|container| ids.contains(&container.id)) {
        let State::Exited { code, .. } = container.state else { continue };
        if !codes.contains(&code) {
            return Ok(findings::stopped_badly(setting, container, code, within, host)?.into());
        }
        ended.push(format!("{} {code}", container.service));
    }
    Ok(Outcome::Shown(format!(
        "{} in {:.1} s, exit codes: {}",
        count(ids.len(), "container"),
        took.as_secs_f64(),
        ended.join(", ")
    )))
}

fn remove(setting: &Setting<'_>, host: &mut dyn Host) -> Result<Outcome, Stopped> {
    let (made, left) = host.remove()?;
    if left.is_empty() {
        return Ok(Outcome::Shown(format!("{} removed", made.counted())));
    }
    Ok(remains::left_behind(&setting.stage.id, &left).into())
}
