//! The wording of what the code or the project's own Dockerfile needs and images do not have.

use super::Left;
use crate::base::codes::plan::{FETCHED_AT_RUN, LOCALE_UNKNOWN, OWN_STEPS_LEFT_OUT};
use crate::base::wording::count;
use crate::base::{Diagnostic, Place};
use crate::inspect::facts::Download;

pub(super) fn no_such_locale(name: &str, place: &Place) -> Diagnostic {
    Diagnostic::note(LOCALE_UNKNOWN, format!("no image can have the locale `{name}`"))
        .at(place, "set here")
        .because(
            "Debian has no locale of that name, so `locale.setlocale` raises `unsupported locale setting`",
        )
        .help("name one as Linux does, such as `pt_BR.UTF-8`, or leave it alone where it cannot be set")
}

/// Locales whose names are known only when the site runs.
pub(super) fn open_locales(places: &[Place]) -> Option<Diagnostic> {
    let first = places.first()?;
    let title = "the code sets a locale whose name cannot be read from the code";
    let mut diagnostic = Diagnostic::note(LOCALE_UNKNOWN, title).at(first, "set here");
    for other in &places[1..] {
        diagnostic = diagnostic.because(format!("{other} does so too"));
    }
    Some(
        diagnostic
            .because("images have `C.UTF-8` alone, and any other raises `unsupported locale setting`")
            .help("add to both Dockerfiles: `RUN apt-get update && apt-get install --yes locales && localedef -i pt_BR -f UTF-8 pt_BR.UTF-8`"),
    )
}

/// A library fetches something whenever the site starts anew.
pub(super) fn fetched_at_run(download: &Download) -> Diagnostic {
    let row = download.row;
    let what = match &download.name {
        Some(name) => format!("the {} `{name}`", row.what),
        None => format!("a {}", row.what),
    };
    let title = format!("`{}` needs {what}, which no image holds", row.module);
    let mut diagnostic = Diagnostic::warning(FETCHED_AT_RUN, title)
        .at(&download.place, "asked for here")
        .because("the library fetches it on first use; production's file system is read-only, and `/tmp` is empty after each start");
    if row.command("NAME", "/opt/venv").is_some() {
        let command = row.command("NAME", "/opt/venv").unwrap_or_default().join(" ");
        diagnostic = diagnostic.help(format!(
            "write its name as a literal, or add `RUN {command}` to the stage `builder` of Dockerfile.prod"
        ));
    } else {
        diagnostic =
            diagnostic.help("let a `RUN` in the stage `app` of Dockerfile.prod fetch it, before `USER`");
    }
    if let Some(folder) = &row.folder {
        diagnostic = diagnostic
            .help(format!("or keep it on a volume, and name the volume's folder in the variable `{folder}`"));
    }
    diagnostic
}

/// Reports the steps of the project's own Dockerfiles that djdock's images lack: one diagnostic for each file.
pub(super) fn left_out(left: &[Left]) -> Vec<Diagnostic> {
    /// Steps that are shown with their lines.
    const FEW: usize = 8;
    let mut files: Vec<_> = left.iter().filter_map(|left| left.place.path()).collect();
    files.sort();
    files.dedup();
    let of_file = |file| {
        let steps: Vec<&Left> = left.iter().filter(|left| left.place.path() == Some(file)).collect();
        let title = format!(
            "the project's own `{file}` does {} that djdock's images do not",
            count(steps.len(), "thing")
        );
        let mut diagnostic = Diagnostic::note(OWN_STEPS_LEFT_OUT, title);
        for step in steps.iter().take(FEW) {
            diagnostic = diagnostic.at(&step.place, format!("`{}`", step.text));
        }
        for step in steps.iter().skip(FEW) {
            diagnostic = diagnostic.because(format!("{}: `{}`", step.place, step.text));
        }
        diagnostic
            .help("add to `Dockerfile.prod` and `Dockerfile` what the site needs of it: `djdock update` keeps it")
            .help("if it needs nothing of it, write `ignore = [\"own-steps-left-out\"]` into djdock.toml")
    };
    files.into_iter().map(of_file).collect()
}
