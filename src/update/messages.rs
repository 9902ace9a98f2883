//! Messages about files that stand in the way.

use camino::Utf8Path;

use super::{Change, ChangeKind};
use crate::base::codes::update::{
    COMPOSE_OVERRIDE_ADDED, COMPOSE_SHADOWED, ENV_DOLLAR, ENV_LACKS_VARIABLES, FILE_EDITED, FILE_NOT_NEEDED,
    FILE_NOT_OURS, FILE_OUT_OF_DATE,
};
use crate::base::wording::and_ticked;
use crate::base::{Diagnostic, Place};

/// Returns the diagnostic that a person should see before the change is made; `None` if there is nothing to say.
pub fn of_change(change: &Change) -> Option<Diagnostic> {
    let path = change.path.as_path();
    match change.kind {
        ChangeKind::Foreign if change.secret => Some(env_not_completed(path, &change.because)),
        ChangeKind::Foreign => Some(not_ours(path)),
        ChangeKind::Conflict => Some(edited(path)),
        ChangeKind::Orphan => Some(not_needed(path)),
        ChangeKind::Create | ChangeKind::Unchanged | ChangeKind::Update | ChangeKind::Merged => None,
    }
}

fn not_ours(path: &Utf8Path) -> Diagnostic {
    Diagnostic::error(FILE_NOT_OURS, format!("`{path}` exists and was not made by djdock"))
        .because("nothing was written")
        .help(format!("compare first: `djdock init --dry-run --diff --replace {path}`"))
        .help(format!("then replace it: `djdock init --replace {path}`; yours is kept as `{path}.bak`"))
}

fn env_not_completed(path: &Utf8Path, is: &str) -> Diagnostic {
    Diagnostic::error(ENV_LACKS_VARIABLES, format!("`{path}` cannot be completed: it {is}"))
        .because("the stack needs variables from it; nothing was written")
        .help(format!("make it a text file in UTF-8, or move it away: `mv {path} {path}.bak`"))
}

/// Lines of a person's env file in which compose takes `$` for a variable: where they are, never what they say.
pub fn dollars(path: &Utf8Path, lines: &[(u32, &str)]) -> Option<Diagnostic> {
    let names: Vec<&str> = lines.iter().map(|(_, name)| *name).collect();
    let (_, first) = lines.first()?;
    let title = format!("compose takes the `$` in {} for a variable", and_ticked(&names));
    let mut diagnostic = Diagnostic::warning(ENV_DOLLAR, title);
    for (line, _) in lines {
        diagnostic = diagnostic.at_secret(&Place::line(path, *line), "a `$` without single quotes");
    }
    Some(
        diagnostic
            .because("containers get the value without what follows the `$`, or compose stops")
            .help(format!("put the value in single quotes: `{first}='…'`")),
    )
}

/// Compose files of the person that `docker compose` does not read by itself any more, now that there is `ours`.
pub fn shadowed(ours: &Utf8Path, theirs: &[&Utf8Path]) -> Option<Diagnostic> {
    let first = theirs.first()?;
    let title = format!("`docker compose` reads `{ours}` from now on, and {} no more", and_ticked(theirs));
    Some(
        Diagnostic::warning(COMPOSE_SHADOWED, title)
            .because("of several files that it knows by name, compose reads the first: compose.yaml, compose.yml, docker-compose.yml, docker-compose.yaml")
            .help(format!("to run yours, name it: `docker compose --file {} up`", quote(first)))
            .help("delete it when djdock's does its work"),
    )
}

/// Files of the person that `docker compose` adds to `ours` by itself.
pub fn overridden(ours: &Utf8Path, theirs: &[&Utf8Path]) -> Option<Diagnostic> {
    let first = theirs.first()?;
    let title = format!("`docker compose` adds `{first}` to `{ours}`");
    Some(
        Diagnostic::warning(COMPOSE_OVERRIDE_ADDED, title)
            .because("it was written for another compose file, and changes services of the same names")
            .help(format!("see what comes of both: `docker compose config`; if it does not fit, rename it: `mv {first} {first}.bak`")),
    )
}

fn quote(path: &Utf8Path) -> std::borrow::Cow<'_, str> {
    shell_words::quote(path.as_str())
}

fn edited(path: &Utf8Path) -> Diagnostic {
    Diagnostic::error(FILE_EDITED, format!("`{path}` was edited, and djdock would write it differently now"))
        .because("your file was left as it is")
        .help(format!("see what is new: `djdock update --dry-run --diff --replace {path}`"))
        .help(format!("take djdock's: `djdock update --replace {path}`; yours is kept as `{path}.bak`"))
}

fn not_needed(path: &Utf8Path) -> Diagnostic {
    Diagnostic::note(FILE_NOT_NEEDED, format!("`{path}` is not needed any more"))
        .because("djdock wrote it for earlier answers")
        .help(format!("delete it: `rm {path}`"))
}

/// `check` found that a file of secrets is missing, as in every fresh checkout.
pub fn not_made_here(path: &Utf8Path) -> Diagnostic {
    Diagnostic::note(FILE_OUT_OF_DATE, format!("`{path}` is not on this machine yet"))
        .because("it holds secrets and is not in version control, so a fresh checkout has none")
        .help("make it, with new secrets: `djdock update`")
}

/// `check` found a file that `update` would write differently.
pub fn out_of_date(path: &Utf8Path, kind: ChangeKind) -> Diagnostic {
    let title = match kind {
        ChangeKind::Create => format!("`{path}` is missing"),
        _ => format!("`{path}` is out of date"),
    };
    Diagnostic::error(FILE_OUT_OF_DATE, title)
        .because("the project, its answers or djdock changed since it was written")
        .help("see the difference: `djdock update --dry-run --diff`")
        .help("write it again: `djdock update`")
}
