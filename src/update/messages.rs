//! What is said of files that stand in the way.

use camino::Utf8Path;

use super::{Change, ChangeKind};
use crate::base::Diagnostic;
use crate::base::codes::update::{
    ENV_LACKS_VARIABLES, FILE_EDITED, FILE_NOT_NEEDED, FILE_NOT_OURS, FILE_OUT_OF_DATE,
};

/// What a person should know of a change before it is made; `None` where there is nothing to say.
pub fn of_change(change: &Change) -> Option<Diagnostic> {
    let path = change.path.as_path();
    match change.kind {
        ChangeKind::Foreign if change.secret => Some(env_lacks_variables(path, &change.because)),
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

fn env_lacks_variables(path: &Utf8Path, lacks: &str) -> Diagnostic {
    Diagnostic::error(ENV_LACKS_VARIABLES, format!("`{path}` was not made by djdock, and {lacks}"))
        .because("nothing was written")
        .help(format!("let djdock add what is missing at its end: `djdock init --replace {path}`"))
        .help(format!("or keep `{path}` for something else: move it, and djdock writes its own"))
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
