//! The messages of a run's findings: one function for each situation.
//!
//! Lines of a log are shown without secrets. Where the log names a cause that is known ([`causes`]), its remedy
//! comes with it.

use camino::Utf8Path;

use super::causes;
use super::host::Host;
use super::isolate::ToBuild;
use super::setting::Setting;
use crate::base::codes::smoke as code;
use crate::base::{Code, Diagnostic};
use crate::catalog::target::Act;
use crate::plan::probes::Output;
use crate::shell::engine::build::Step;
use crate::shell::engine::containers::{Container, Ran, State};
use crate::shell::interrupt::Stopped;

/// Lines of a log that are read, and shown.
pub(super) const READ: usize = 400;
pub(super) const SHOWN: usize = 14;

/// A container that ended and should not have.
pub(super) fn ended(
    setting: &Setting<'_>,
    container: &Container,
    host: &dyn Host,
) -> Result<Diagnostic, Stopped> {
    let name = &container.service;
    let how = match container.state {
        State::Exited { out_of_memory: true, .. } => {
            format!("`{name}` was killed: it took more memory than it may")
        }
        State::Exited { code, .. } => format!("`{name}` ended with exit code {code}"),
        State::Created => format!("`{name}` was never started"),
        State::Running => format!("`{name}` has not ended"),
    };
    let log = host.logs(&container.id, READ)?;
    Ok(explained(setting, code::SERVICE_DIED, how, name, &log))
}

/// A container whose health check fails.
pub(super) fn unhealthy(
    setting: &Setting<'_>,
    container: &Container,
    host: &dyn Host,
) -> Result<Diagnostic, Stopped> {
    let name = &container.service;
    let log = host.logs(&container.id, READ)?;
    let title = format!("`{name}` runs and is not healthy");
    let diagnostic = explained(setting, code::SERVICE_UNHEALTHY, title, name, &log);
    Ok(with_health(diagnostic, setting, container))
}

fn with_health(diagnostic: Diagnostic, setting: &Setting<'_>, container: &Container) -> Diagnostic {
    match last_line(&container.health_says) {
        "" => diagnostic,
        said => diagnostic.because(format!("its health check said: {}", setting.secrets.out_of(said))),
    }
}

/// Services that are not up after `within` seconds without anything new.
pub(super) fn late(
    setting: &Setting<'_>,
    waiting: &[&str],
    first: Option<&Container>,
    within: u32,
    host: &dyn Host,
) -> Result<Diagnostic, Stopped> {
    let names = crate::base::wording::and_ticked(waiting);
    let title = format!("{names} not up after {within} s in which nothing changed");
    let diagnostic = match first {
        Some(container) => {
            let log = host.logs(&container.id, READ)?;
            let diagnostic = explained(setting, code::SERVICE_LATE, title, &container.service, &log);
            with_health(diagnostic, setting, container)
        }
        None => Diagnostic::error(code::SERVICE_LATE, title),
    };
    Ok(remedy(
        diagnostic,
        setting,
        &format!(
            "see what it does: `djdock smoke {} --keep`, then `docker logs`",
            setting.run.environment.word()
        ),
    ))
}

/// Compose could not start the stack, and no container says why.
pub(super) fn not_started(setting: &Setting<'_>, said: &str) -> Diagnostic {
    let said = setting.secrets.out_of(said);
    let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let reason =
        lines.iter().rev().find(|line| line.to_lowercase().contains("error") || line.contains("failed"));
    let title = match reason.or(lines.last()) {
        Some(line) => format!("compose could not start the stack: {line}"),
        None => "compose could not start the stack".to_owned(),
    };
    let diagnostic = Diagnostic::error(code::STACK_NOT_STARTED, title);
    let diagnostic = with_cause(diagnostic, setting, &said);
    remedy(
        diagnostic,
        setting,
        &format!("see what compose understands: `{}`", setting.run.command(Act::Explain)),
    )
}

/// A step of a Dockerfile that did not succeed.
pub(super) fn build_failed(setting: &Setting<'_>, image: &ToBuild, step: &Step) -> Diagnostic {
    let error = step.error.split(": ").last().unwrap_or(&step.error);
    let title = if step.name.is_empty() {
        format!("the image `{}` cannot be built: {}", image.name, setting.secrets.out_of(&step.error))
    } else {
        let ended = error
            .strip_prefix("exit code: ")
            .map_or_else(|| ended_with(step), |code| format!("ended with exit code {code}"));
        format!(
            "the image `{}` cannot be built: `{}` {ended}",
            image.name,
            setting.secrets.out_of(&shortened(&step.name))
        )
    };
    let mut log = step.log.join("\n");
    let mut diagnostic = Diagnostic::error(code::BUILD_FAILED, title);
    // What npm says of itself at the end hides why it failed.
    log = log.lines().filter(|line| !line.starts_with("npm notice")).collect::<Vec<_>>().join("\n");
    if !log.trim().is_empty() {
        diagnostic = quoted(diagnostic, setting, "from the build", &log);
    }
    log = format!("{log}\n{}: {}", step.name, step.error);
    let diagnostic = with_cause(diagnostic, setting, &log);
    remedy(
        diagnostic,
        setting,
        &format!(
            "see all of it: `docker build -f {} {}.`",
            image.dockerfile,
            image.target.as_ref().map(|target| format!("--target {target} ")).unwrap_or_default()
        ),
    )
}

fn ended_with(step: &Step) -> String {
    match step.error.rsplit_once("exit code: ") {
        Some((_, code)) => format!("ended with exit code {code}"),
        None => format!("failed: {}", step.error),
    }
}

fn shortened(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if one_line.chars().count() <= 120 {
        one_line
    } else {
        one_line.chars().take(119).chain(['…']).collect()
    }
}

pub(super) fn not_published(service: &str, port: u16) -> Diagnostic {
    Diagnostic::error(code::PORT_NOT_PUBLISHED, format!("`{service}` publishes no port for its port {port}"))
        .help(format!("under `ports` of `{service}` in the compose file: `- \"8000:{port}\"`"))
}

pub(super) fn no_container(service: &str) -> Diagnostic {
    Diagnostic::error(code::SERVICE_ABSENT, format!("no container of a service `{service}`"))
        .because("the plan has this service, and the compose file does not start it")
        .help("write the compose file anew: `djdock update`")
}

pub(super) fn command_failed(
    setting: &Setting<'_>,
    service: &str,
    argv: &[String],
    ran: &Ran,
    expect: &Output,
) -> Diagnostic {
    let words: Vec<&str> = argv.iter().map(String::as_str).collect();
    let command = argv.join(" ");
    let title = match expect {
        _ if ran.code != 0 => format!("`{command}` in `{service}` ended with exit code {}", ran.code),
        Output::Contains { text } => format!("`{command}` in `{service}` did not print `{text}`"),
        Output::Lacks { text } => format!("`{command}` in `{service}` printed `{text}`"),
        Output::Anything => format!("`{command}` in `{service}` failed"),
    };
    let said = format!("{}\n{}", ran.stdout, ran.stderr);
    let diagnostic = Diagnostic::error(code::COMMAND_FAILED, title);
    let diagnostic = quoted(diagnostic, setting, "it printed", &said);
    remedy(
        with_cause(diagnostic, setting, &said),
        setting,
        &format!("run it yourself: `{}`", setting.run.command(Act::Exec { service, words: &words })),
    )
}

pub(super) fn runs_as(service: &str, uid: u32) -> Diagnostic {
    let who = if uid == 0 { "root".to_owned() } else { format!("user id {uid}") };
    Diagnostic::error(code::RUNS_AS_ROOT, format!("a process of `{service}` runs as {who}"))
        .because("whoever breaks into the process owns the container, and with one more fault the machine")
        .help("end the Dockerfile's last stage with `USER 10001:10001`, after everything that root must do")
}

pub(super) fn secret_in_image(image: &str, what: &str) -> Diagnostic {
    Diagnostic::error(code::SECRET_IN_IMAGE, format!("the image `{image}` gives a secret away: {what}"))
        .because("whoever can pull an image reads its files, its environment and every layer's command")
        .help("name such files in .dockerignore, and pass secrets when a container starts, never by `ENV` or `ARG`")
}

pub(super) fn stopped_badly(
    setting: &Setting<'_>,
    container: &Container,
    exit: i64,
    within: u32,
    host: &dyn Host,
) -> Result<Diagnostic, Stopped> {
    let name = &container.service;
    let title = match exit {
        137 => format!("`{name}` did not stop within {within} s and was killed"),
        exit => format!("`{name}` ended with exit code {exit} when it was stopped"),
    };
    let log = host.logs(&container.id, READ)?;
    let diagnostic = quoted(
        Diagnostic::error(code::STOPPED_BADLY, title),
        setting,
        &format!("from the log of `{name}`"),
        &log,
    );
    Ok(diagnostic.help("let the process be the container's first: end its script with `exec \"$@\"`, and write `CMD` as a list"))
}

pub(super) fn no_source(service: &str, file: &Utf8Path) -> Diagnostic {
    Diagnostic::error(code::NO_SOURCE_MOUNT, format!("`{service}` does not see `{file}` of this machine"))
        .because("in development the project's folder is mounted into the container, so that an edit shows at once")
        .help(format!("under `volumes` of `{service}` in the compose file: `- .:/app`"))
}

pub(super) fn not_reloaded(service: &str, file: &Utf8Path, says: &str) -> Diagnostic {
    Diagnostic::error(code::NOT_RELOADED, format!("`{service}` did not notice a change of `{file}`"))
        .because(format!("its log does not say `{says}`"))
        .help("start the development server with its autoreloader: `runserver` without `--noreload`")
}

pub(super) fn not_made(service: &str, folder: &str, said: &str) -> Diagnostic {
    Diagnostic::error(
        code::HOST_FOLDER_CLOSED,
        format!("`{service}` cannot write to `{folder}`, a folder of this machine"),
    )
    .because(last_line(said).to_owned())
    .help("build the image with your user id: `UID` and `GID` in the env file (`id -u`, `id -g`)")
}

pub(super) fn foreign_owner(service: &str, made: u32, own: u32) -> Diagnostic {
    Diagnostic::error(
        code::FOREIGN_OWNER,
        format!("a file made in `{service}` belongs to user id {made} on this machine, not {own}"),
    )
    .because("migrations and other files made in the container could not be edited outside of it")
    .help("build the image with your user id: `UID` and `GID` in the env file (`id -u`, `id -g`)")
}

/// A diagnostic with the end of a service's log, and the cause that is in it.
fn explained(setting: &Setting<'_>, code: Code, title: String, service: &str, log: &str) -> Diagnostic {
    let title = match causes::find(log, setting.run.tree) {
        Some(cause) => format!("{title}: {}", setting.secrets.out_of(&shortened(&cause.line))),
        None => title,
    };
    let diagnostic =
        quoted(Diagnostic::error(code, title), setting, &format!("from the log of `{service}`"), log);
    remedy(
        with_cause(diagnostic, setting, log),
        setting,
        &format!("look inside: `djdock smoke {} --keep` leaves it", setting.run.environment.word()),
    )
}

/// The last lines of `log`, as one note.
fn quoted(diagnostic: Diagnostic, setting: &Setting<'_>, whence: &str, log: &str) -> Diagnostic {
    let lines: Vec<&str> = log.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() {
        return diagnostic.because(format!("{whence}: nothing"));
    }
    let shown = lines[lines.len().saturating_sub(SHOWN)..].join("\n");
    diagnostic.because(format!("{whence}:\n{}", setting.secrets.out_of(&shown)))
}

fn with_cause(diagnostic: Diagnostic, setting: &Setting<'_>, log: &str) -> Diagnostic {
    match causes::find(log, setting.run.tree) {
        Some(cause) if !cause.help.is_empty() => diagnostic.help(cause.help),
        _ => diagnostic,
    }
}

/// Adds the remedy for an unknown cause.
pub(super) fn remedy(diagnostic: Diagnostic, _setting: &Setting<'_>, help: &str) -> Diagnostic {
    if diagnostic.helps.is_empty() { diagnostic.help(help) } else { diagnostic }
}

fn last_line(text: &str) -> &str {
    text.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default()
}
