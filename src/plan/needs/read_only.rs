//! Goals for settings that write into the source of a production image, which is read-only.

use camino::Utf8Path;

use super::is_own_folder;
use crate::plan::ground::Ground;
use crate::plan::wiring::{Goal, Want};
use crate::plan::writable;
use crate::python::Value;

/// The goals; each holds in development too, where one module serves both.
pub(super) fn goals(ground: &Ground<'_>) -> Vec<Goal> {
    let shared = ground.answers.settings_dev == ground.answers.settings_prod;
    if !ground.is_prod() && !shared {
        return Vec::new();
    }
    let mut goals = log_files(ground);
    goals.extend(compressor(ground));
    goals
}

/// Log files beside the source, where no volume can be: what they would hold goes to the container's own log.
fn log_files(ground: &Ground<'_>) -> Vec<Goal> {
    // Nothing can be changed in place in a class of settings.
    if ground.class.is_some() {
        return Vec::new();
    }
    let files = writable::log_files(ground.open().get("LOGGING"));
    let in_source = files.into_iter().filter(|(_, file)| {
        writable::log_folder(ground, file).is_some_and(|folder| !is_own_folder(ground, &folder))
    });
    in_source
        .map(|(handler, _)| Goal {
            only_if_present: true,
            ..Goal::new(
                &["LOGGING", "handlers", &handler],
                Want::Stream,
                "nothing can be written beside the source, and `docker compose logs` shows what goes to standard error",
            )
        })
        .collect()
}

/// django-compressor writes files while pages are rendered, unless it is off or has done so before.
fn compressor(ground: &Ground<'_>) -> Option<Goal> {
    let installed = ground.facts.installed_apps.value.iter().any(|app| app == "compressor");
    if !installed || is_on(ground, "COMPRESS_OFFLINE") {
        return None;
    }
    if precompiles(ground) {
        let because = "style sheets are made when the image is built, and not while pages are shown";
        let goal = Goal::new(&["COMPRESS_OFFLINE"], Want::Truth(true), because);
        return Some(Goal { only_if_present: !ground.is_prod(), ..goal });
    }
    let because = "it would write into the collected static files while pages are shown";
    let goal = Goal::new(&["COMPRESS_ENABLED"], Want::Truth(false), because);
    // Where it is not set, it is the opposite of DEBUG.
    Some(Goal { only_if_present: !ground.is_prod(), ..goal })
}

/// Tells whether a page has a style sheet or script that django-compressor translates, so that nothing works with it
/// switched off.
fn precompiles(ground: &Ground<'_>) -> bool {
    let stated = ground.open().get("COMPRESS_PRECOMPILERS").and_then(Value::assumed);
    let kinds: Vec<String> = stated
        .as_ref()
        .and_then(Value::items)
        .unwrap_or_default()
        .iter()
        .filter_map(|pair| pair.items()?.first()?.as_text())
        .collect();
    let is_page = |file: &&Utf8Path| matches!(file.extension(), Some("html" | "htm" | "jinja" | "jinja2"));
    let uses = |text: &str| kinds.iter().any(|kind| text.contains(kind.as_str()));
    !kinds.is_empty()
        && ground
            .tree
            .files()
            .filter(is_page)
            .any(|file| ground.tree.glance(file).is_some_and(|text| uses(&text)))
}

fn is_on(ground: &Ground<'_>, name: &str) -> bool {
    ground.open().get(name).and_then(Value::assumed) == Some(Value::Bool(true))
}
