//! Checks that Django serves what the front end's build makes.

use camino::{Utf8Path, Utf8PathBuf};

use super::ground::Ground;
use crate::base::path;
use crate::inspect::facts::Frontend;
use crate::python::Value;

/// The front end that is built into the images. One that lies beside the Django project, and that nothing connects
/// with it, is a product of its own: somebody else serves it.
pub(super) fn of<'a>(ground: &Ground<'a>) -> Option<&'a Frontend> {
    let frontend = ground.facts.built_frontend().value.as_ref()?;
    let project = ground.facts.project_dir.value.as_path();
    let inside = |inner: &Utf8Path, outer: &Utf8Path| outer == "." || inner.starts_with(outer);
    let together = inside(&frontend.dir, project) || inside(project, &frontend.dir);
    (together || settings_name(ground, &frontend.dir) || reaches_out(ground, &frontend.dir))
        .then_some(frontend)
}

/// The front end that is left out, if there is one.
pub(super) fn apart<'a>(ground: &Ground<'a>) -> Option<&'a Frontend> {
    ground.facts.built_frontend().value.as_ref().filter(|_| of(ground).is_none())
}

/// Tells whether a setting of either stack names a folder or file in `dir`.
fn settings_name(ground: &Ground<'_>, dir: &Utf8Path) -> bool {
    let evaluations = [&ground.facts.evaluated_prod, &ground.facts.evaluated_dev];
    evaluations
        .iter()
        .any(|evaluation| evaluation.settings.values().any(|setting| names(&setting.value, dir, DEEPEST)))
}

/// Settings that nest deeper than this name no folder.
const DEEPEST: usize = 12;

fn names(value: &Value, dir: &Utf8Path, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let any = |values: &[Value]| values.iter().any(|value| names(value, dir, depth));
    match value {
        Value::Path(path) => path.in_project().is_some_and(|path| path.starts_with(dir)),
        Value::List(values) | Value::OneOf(values) => any(values),
        Value::Dict(entries) => entries.iter().any(|(_, value)| names(value, dir, depth)),
        Value::Env(read) => read.default.as_ref().is_some_and(|default| names(default, dir, depth)),
        Value::Unknown { assumed: Some(assumed), .. } => names(assumed, dir, depth),
        _ => false,
    }
}

/// Tells whether the build's own configuration leads out of its folder: `outDir: "../backend/static"`.
fn reaches_out(ground: &Ground<'_>, dir: &Utf8Path) -> bool {
    let configures = |file: &&Utf8Path| {
        let name = file.file_name().unwrap_or_default();
        path::parent(file) == dir
            && (name == "package.json"
                || name.starts_with(".env")
                || (name.contains(".config.") || name.starts_with("webpack") || name.starts_with("gulpfile")))
    };
    let files: Vec<Utf8PathBuf> = ground.tree.files().filter(configures).map(Utf8Path::to_owned).collect();
    files.iter().any(|file| ground.tree.text(file).is_some_and(|text| text.contains("../")))
}
