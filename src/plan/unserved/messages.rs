//! The wording of what no container does.

use crate::base::codes::plan::{
    QUEUE_NOT_RUN, SERVICE_NOT_PROVIDED, SETTING_ASSUMED, STATIC_FILES_NOT_COLLECTED,
};
use crate::base::{Diagnostic, Place};
use crate::catalog::target::Act;
use crate::inspect::facts::TaskQueue;
use crate::plan::ground::Ground;
use crate::stack::Stack;

/// Returns the command line that runs `command` once in a container of the project.
pub(super) fn once(ground: &Ground<'_>, stack: &Stack, command: &[String]) -> String {
    let words: Vec<&str> = command.iter().map(String::as_str).collect();
    ground.target.command(stack, Act::Once { service: stack.project_service(), words: &words })
}

/// Returns the beginning of a command line that runs words in the project's container where nobody types.
pub(super) fn unattended(ground: &Ground<'_>, stack: &Stack) -> String {
    ground.target.command(stack, Act::ExecUnattended { service: stack.project_service(), words: &[] })
}

/// No static files are collected, and the storage is a folder.
pub(super) fn in_no_bucket(backend: Option<&str>, place: Option<&Place>) -> Diagnostic {
    let diagnostic = Diagnostic::warning(
        STATIC_FILES_NOT_COLLECTED,
        "no static files are collected, and no bucket holds them either",
    );
    let diagnostic = match (place, backend) {
        (Some(place), Some(backend)) => diagnostic.at(place, format!("`{backend}` writes to a folder")),
        (Some(place), None) => diagnostic.at(place, "no storage is set that uses a bucket"),
        _ => diagnostic,
    };
    diagnostic
        .because("with the variables of the stack, the storage of static files is a folder")
        .help("let the image hold them: `--static image`")
}

/// Static files are collected while the image is built, and the storage is a bucket.
pub(super) fn not_in_the_image(backend: &str, place: Option<&Place>) -> Diagnostic {
    let diagnostic = Diagnostic::warning(
        STATIC_FILES_NOT_COLLECTED,
        "static files are to be in the image, and their storage is a bucket",
    );
    let diagnostic = match place {
        Some(place) => diagnostic.at(place, format!("`{backend}` keeps them with a service")),
        None => diagnostic,
    };
    diagnostic
        .because(
            "`collectstatic` copies to the bucket, and no password for it is there while the image is built",
        )
        .help("let production use a folder for static files, or leave them to the bucket: `--static storage`")
}

/// The proxy serves static files at the usual address, because the settings' own is not known.
pub(super) fn address_guessed(place: Option<&Place>) -> Diagnostic {
    let title = "`STATIC_URL` cannot be read, and the proxy serves static files at `/static/`";
    let diagnostic = Diagnostic::warning(SETTING_ASSUMED, title);
    let diagnostic = match place {
        Some(place) => diagnostic.at(place, "made in a way that djdock does not follow"),
        None => diagnostic,
    };
    diagnostic
        .because("where it comes to another path, pages ask for their style sheets there, and get none")
        .help("write it as text: `STATIC_URL = \"static/\"`")
}

/// A queue is used, and no service works off its tasks: `command` would. `carried` names what carries the tasks, and the
/// stack does not have.
pub(super) fn queue_not_run(
    queue: &TaskQueue,
    command: &str,
    service: &str,
    carried: Option<(&str, &Place)>,
) -> Diagnostic {
    let name = queue.worker.name;
    let title = format!("no service of the stack works off the tasks of {name}");
    let mut diagnostic =
        Diagnostic::warning(QUEUE_NOT_RUN, title).at(&queue.evidence.place, queue.evidence.reason.clone());
    if let Some((carrier, place)) = carried {
        if *place != queue.evidence.place {
            diagnostic = diagnostic.at(place, "decides what carries them");
        }
        diagnostic =
            diagnostic.because(format!("its tasks go through {carrier}, which the stack does not have"));
    } else if !queue.has_commands {
        diagnostic = diagnostic
            .because("its app is not in production's `INSTALLED_APPS`, so `manage.py` lacks the command");
    }
    diagnostic.help(format!(
        "add a service to the compose files, with the image of `{service}` and the command `{command}`"
    ))
}

/// A schedule is used that needs the clock of a machine. `once` begins a command line in a container of the project.
pub(super) fn schedule_not_run(queue: &TaskQueue, once: &str) -> Diagnostic {
    let title = format!("no service of the stack keeps the schedule of {}", queue.worker.name);
    let diagnostic =
        Diagnostic::warning(QUEUE_NOT_RUN, title).at(&queue.evidence.place, queue.evidence.reason.clone());
    match queue.worker.instead {
        Some(instead) => diagnostic.help(instead.replace("{once}", once)),
        None => diagnostic,
    }
}

/// A server that the project uses and the stack has no service for.
#[derive(Debug, Default)]
pub(super) struct Lacking {
    /// The places of use, and the text to be seen there.
    pub(super) places: Vec<(Place, String)>,
    /// The variable that has its address.
    pub(super) variable: Option<String>,
}

pub(super) fn not_provided(server: &str, lacking: &Lacking) -> Diagnostic {
    /// How many lines are shown.
    const FEW: usize = 3;
    let mut diagnostic = Diagnostic::warning(
        SERVICE_NOT_PROVIDED,
        format!("the project uses {server}, and no service of the stack runs it"),
    );
    for (place, what) in lacking.places.iter().take(FEW) {
        diagnostic = diagnostic.at(place, what.clone());
    }
    if lacking.places.iter().any(|(_, what)| what.contains("localhost") || what.contains("127.0.0.1")) {
        diagnostic = diagnostic.because("in a container `localhost` is the container itself");
    }
    let address = match &lacking.variable {
        Some(variable) => format!("set `{variable}` in .env to where it runs"),
        None => "let the settings read its address from a variable, and set that in .env".to_owned(),
    };
    diagnostic
        .help(address)
        .help("it may be a service that you add to the compose files: `djdock update` keeps it")
}
