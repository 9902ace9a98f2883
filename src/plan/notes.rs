//! What was found, decided and assumed: sentences for DOCKER.md.

use super::Note;
use super::frontend;
use super::ground::Ground;
use super::image;
use super::overlay::Overlay;
use super::settle::Settled;
use super::wiring::Want;
use crate::base::Evidence;
use crate::base::wording::and_ticked;
use crate::catalog::database::Kept;
use crate::python::Value;

/// The notes, in the order of interest.
pub(super) fn notes(ground: &Ground<'_>, settled: &Settled, overlays: &[Overlay]) -> Vec<Note> {
    let facts = ground.facts;
    let mut notes = Vec::new();
    let mut note = |topic: &str, text: String, evidence: &[Evidence]| {
        notes.push(Note { topic: topic.to_owned(), text, evidence: evidence.to_vec() });
    };
    note("Python", format!("Images are built on `{}`.", ground.base), &facts.python_version.evidence);
    note("Settings", format!("Production runs on `{}`.", ground.module), &facts.settings_prod.evidence);
    for overlay in overlays {
        let names: Vec<&str> = overlay.overrides.iter().map(|entry| entry.setting.as_str()).collect();
        let evidence: Vec<Evidence> =
            overlay.overrides.iter().flat_map(|entry| entry.evidence.clone()).collect();
        let text = format!(
            "`{}` sets {} and takes everything else from `{}`, which stays as it is.",
            overlay.path,
            and_ticked(&names),
            overlay.extends
        );
        note("Overlay", text, &evidence);
    }
    let database = match (&ground.database.kept, &ground.credentials) {
        (Kept::Server(_), Some(credentials)) => {
            format!("{} runs as the service `{}`.", ground.database.name, credentials.host)
        }
        (Kept::File, _) => {
            format!("SQLite keeps its data in `{}`, on a volume.", super::needs::sqlite_file(ground))
        }
        _ => "The database is outside the stack; its address is in `.env`.".to_owned(),
    };
    note("Database", database, &facts.databases.evidence);
    if let Some(apart) = frontend::apart(ground) {
        let text = format!(
            "The front end in `{}` is not part of the images: neither the settings nor its own build connect it with \
             Django.",
            apart.dir
        );
        note("Front end", text, &facts.frontend.evidence);
    }
    for unlisted in ground.unlisted {
        let text = format!(
            "`{}` is installed too: the project imports `{}`, and nothing requires it.",
            unlisted.requirement, unlisted.module
        );
        note("Added", text, std::slice::from_ref(&unlisted.evidence));
    }
    for added in image::added(ground) {
        note(
            "Added",
            format!("`{}` is installed too: {}.", added.requirement, added.because),
            &added.evidence,
        );
    }
    if !settled.placeholders.is_empty() {
        let names: Vec<&String> = settled.placeholders.iter().collect();
        let text =
            format!("{} hold placeholders in `.env`, and only you know the values.", and_ticked(&names));
        note("Variables", text, &facts.variables.evidence);
    }
    let secret = settled.goals.iter().find(|goal| matches!(goal.want, Want::Something { .. }));
    if let Some(Value::Str(found)) = secret.and_then(|goal| goal.value(&settled.evaluation))
        && !settled.samples.has_secret(found)
    {
        let place = settled.evaluation.place("SECRET_KEY").cloned();
        let evidence: Vec<Evidence> =
            place.into_iter().map(|place| Evidence::new(place, "the key is written down here")).collect();
        let text = "`SECRET_KEY` stands in the settings: whoever reads the code can sign as the site.";
        note("Secrets", text.to_owned(), &evidence);
    }
    notes
}
