//! Messages of an evaluation beside its values.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;

use super::Interp;
use crate::base::{Diagnostic, codes};
use crate::python::readable;
use crate::python::room::message;

/// A breakdown of an evaluation: a defect of djdock.
pub(super) struct Breakdown {
    /// The file whose code was being executed.
    path: String,
    /// The message of the panic.
    cause: String,
}

impl Breakdown {
    pub(super) fn new(interp: &Interp<'_>, panic: &(dyn std::any::Any + Send)) -> Self {
        let path = interp.frames.last().map(|frame| frame.source.path.to_string());
        Self { path: path.unwrap_or_else(|| interp.request.module.to_owned()), cause: message(panic) }
    }
}

pub(super) fn of(interp: &Interp<'_>) -> Vec<Diagnostic> {
    let refused = |path: &Utf8PathBuf| Some((path.clone(), readable::problem(interp.request.tree, path)?));
    let unreadable: BTreeMap<Utf8PathBuf, Diagnostic> =
        interp.modules.iter().filter_map(|module| refused(&module.path)).collect();
    let mut found: Vec<Diagnostic> = unreadable.values().cloned().collect();
    for source in interp.sources.iter().filter(|source| !unreadable.contains_key(&source.path)) {
        if let Some((offset, problem)) = source.problem() {
            found.push(
                Diagnostic::error(
                    codes::settings::SETTINGS_NOT_PYTHON_3,
                    format!("`{}` is not Python 3 throughout", source.path),
                )
                .at(&source.place(offset), problem.to_owned())
                .because("Python refuses the whole file, and nothing that imports it starts")
                .help("mend the line, and run djdock again"),
            );
        }
    }
    if interp.exhausted || super::limits::exhausted() {
        found.push(
            Diagnostic::warning(
                codes::settings::SETTINGS_TOO_LARGE,
                format!("`{}` takes too long to evaluate", interp.request.module),
            )
            .because("evaluation stops after a number of steps, so that any input ends; settings that come later are unknown")
            .help("state in djdock.toml what djdock did not find out"),
        );
    }
    if let Some(breakdown) = &interp.breakdown {
        found.push(broke_down(&breakdown.path, &breakdown.cause));
    }
    found
}

/// The evaluator panicked on this file or module.
pub(super) fn broke_down(read: &str, cause: &str) -> Diagnostic {
    Diagnostic::warning(
        codes::settings::SETTINGS_READER_FAILED,
        format!("djdock broke down while it read `{read}`: {cause}"),
    )
    .because("this is a defect of djdock; of this file, and of what imports it, nothing more was read")
    .help("state in djdock.toml what djdock did not find out")
    .help("report it, with the file if you may: it is the input that makes it break down")
}

/// The system gave no thread to evaluate on.
pub(super) fn no_thread(module: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::warning(
        codes::settings::SETTINGS_NO_THREAD,
        format!("`{module}` was not evaluated: no thread could be started: {error}"),
    )
    .because("an evaluation needs a thread of its own and 256 MB of addresses for its stack, of which it uses little")
    .help("raise the limit on memory (`ulimit -v`) or on processes (`ulimit -u`), and run djdock again")
}
