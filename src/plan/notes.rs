//! Notes for DOCKER.md: findings, decisions and assumptions as sentences.

use std::collections::BTreeSet;

use super::Note;
use super::collected;
use super::frontend;
use super::ground::Ground;
use super::image;
use super::layout;
use super::overlay::Overlay;
use super::service;
use super::settle::Settled;
use super::wiring::Want;
use crate::base::wording::and_ticked;
use crate::base::{Evidence, Place};
use crate::catalog::database::Kept;
use crate::catalog::target::Act;
use crate::python::Value;
use crate::stack::{Role, Stack};

/// The notes, in the order of interest. `settled` is production, `dev` development.
pub(super) fn notes(
    ground: &Ground<'_>,
    settled: &Settled,
    dev: &Settled,
    overlays: &[Overlay],
    [dev_stack, prod_stack]: [&Stack; 2],
    in_development: Option<service::Development>,
) -> Vec<Note> {
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
    let collect = prod_stack.role(Role::Collect).or(prod_stack.role(Role::Upload));
    if let Some(collect) = collect {
        let (text, evidence) = if collect.role == Role::Upload {
            let text = "A bucket holds them. At every start the service `{}` copies them there: after the migrations, and before \
                        the site, whose pages name them. It finds the bucket and its password in `.env`.";
            (text, &facts.static_on_service.evidence)
        } else {
            let text = "A volume holds them. At every start the service `{}` collects them there, after the migrations and \
                        before the site. Files that are gone from the project stay in the volume for 30 days, because pages that browsers \
                        keep may name them.";
            (text, &facts.collect_asks_database.evidence)
        };
        note("Static files", text.replace("{}", &collect.name), evidence);
    }
    if let Some(list) = collected::committed_list(ground, settled).filter(|_| ground.collects_static()) {
        let text = format!(
            "`{list}` is committed with files that somebody collected. Names in it whose sources are not in the project keep \
             the file that is committed; all others are collected anew."
        );
        note("Static files", text, &[Evidence::new(Place::Path(list), "is a list of collected files")]);
    }
    let sheets =
        if ground.collects_static() { collected::sheets_for_a_build(ground, settled) } else { Vec::new() };
    if !sheets.is_empty() {
        let files: Vec<&camino::Utf8Path> = sheets.iter().map(|(file, _)| file.as_path()).collect();
        let (stay, reads) = if files.len() == 1 {
            ("stays", "it imports a package")
        } else {
            ("stay", "they import packages")
        };
        let text = format!(
            "{} {stay} out of the collected files: {reads} by name, as the source of a build does, and the storage for static \
             files would stop at that.",
            and_ticked(&files)
        );
        let evidence =
            files.iter().map(|file| Evidence::new(Place::Path((*file).to_owned()), "imports a package"));
        note("Static files", text, &evidence.collect::<Vec<_>>());
    }
    if let Some(middleware) = ground.added_middleware() {
        let name = ground.answers.static_files.offer.label.en;
        let text = format!(
            "{name} serves them in the service `{}`. The project lacks `{}`, so djdock adds it for production.",
            prod_stack.project_service(),
            middleware.class
        );
        note("Static files", text, &facts.whitenoise_serves.evidence);
    }
    if ground.is_prod() && !ground.has_proxy() {
        let server = ground.answers.server;
        let name = server.offer.label.en;
        let trusted = layout::TRUSTED_PROXY;
        let text = match (service::trusted_variable(ground), server.trusted_variable) {
            (Some(variable), _) => format!(
                "{name} believes nobody about the client but the address in `{trusted}`, a line of `.env`: the compose file puts \
                 it into `{variable}`. Name there what ends TLS in front of the stack."
            ),
            (None, Some(_)) => format!(
                "{name} believes whoever reaches its port about the scheme (`X-Forwarded-Proto`): let only what ends TLS in front of \
                 the stack reach it."
            ),
            (None, None) => format!(
                "{name} believes nobody about the client: a header such as `X-Forwarded-For` changes nothing that it tells Django."
            ),
        };
        note("Proxy", text, &[]);
    }
    if let Some(apart) = frontend::apart(ground) {
        let text = format!(
            "The front end in `{}` is not part of the images: neither the settings nor its own build connect it with \
             Django.",
            apart.dir
        );
        note("Front end", text, &facts.built_frontend().evidence);
    }
    if let Some(built) = frontend::of(ground).filter(|built| !built.others.is_empty()) {
        let (have, theirs) = if built.others.len() == 1 {
            ("has a build of its own", "it")
        } else {
            ("have builds of their own", "them")
        };
        let text = format!(
            "{} {have}, which the images do not run: only `{}` is built. Build {theirs} in the stage \
             `assets` too, where the site needs what comes out.",
            and_ticked(&built.others),
            built.dir,
        );
        note("Front end", text, &facts.built_frontend().evidence);
    }
    if let Some(development) = in_development {
        let how = match (development.port, development.ends) {
            (Some(port), _) => format!(", whose server pages load from (http://localhost:{port})"),
            (None, false) => ", which makes the files again whenever a source is saved".to_owned(),
            (None, true) => {
                let again = Act::Once { service: service::ASSETS, words: &[] };
                let again = ground.target.command(dev_stack, again);
                format!(", once, before the site starts; after an edit: `{again}`")
            }
        };
        let text =
            format!("In development the service `{}` runs `{}`{how}.", service::ASSETS, development.script);
        note("Front end", text, &facts.built_frontend().evidence);
    }
    for (topic, text, evidence) in ground.machine.notes() {
        note(topic, text, &evidence);
    }
    let translations = &facts.translations;
    if !translations.is_empty() {
        let folders: Vec<&camino::Utf8Path> = translations.folders().collect();
        let words = image::manage(ground, &["compilemessages"]);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let compile = Act::Exec { service: dev_stack.project_service(), words: &words };
        let text = format!(
            "The catalogues in {} are compiled while the production image is built. In development Django reads what you \
             compile yourself: `{}`.",
            and_ticked(&folders),
            ground.target.command(dev_stack, compile),
        );
        note("Translations", text, &translations.evidence);
    }
    if !ground.unlisted.is_empty() {
        let requirements: Vec<&str> = ground.unlisted.iter().map(|one| one.requirement.as_str()).collect();
        let verb = if requirements.len() == 1 { "is" } else { "are" };
        let object = if requirements.len() == 1 { "it" } else { "them" };
        let text = format!(
            "{} {verb} installed too: the code imports {object}, and the requirements do not name {object}.",
            and_ticked(&requirements)
        );
        let evidence: Vec<Evidence> = ground.unlisted.iter().map(|one| one.evidence.clone()).collect();
        note("Added", text, &evidence);
    }
    for added in image::added(ground) {
        note(
            "Added",
            format!("`{}` is installed too: {}.", added.requirement, added.because),
            &added.evidence,
        );
    }
    let placeholders: BTreeSet<&String> = settled.placeholders.iter().chain(&dev.placeholders).collect();
    if !placeholders.is_empty() {
        let names: Vec<&String> = placeholders.iter().copied().collect();
        let (verb, object) = if names.len() == 1 {
            ("holds a placeholder", "the value")
        } else {
            ("hold placeholders", "the values")
        };
        let text = format!("{} {verb} in `.env`, and only you know {object}.", and_ticked(&names));
        let reads = facts.variables.value.iter().filter(|variable| placeholders.contains(&variable.name));
        let evidence: Vec<Evidence> = reads
            .filter_map(|variable| {
                Some(Evidence::new(variable.place.clone()?, format!("reads `{}`", variable.name)))
            })
            .collect();
        note("Variables", text, &evidence);
    }
    if let Some(text) = https(ground, settled) {
        note(HTTPS, text, &[]);
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

/// The topic of the note on https.
pub(crate) const HTTPS: &str = "HTTPS";

/// Settings that send a browser away from http, and the variable that says so, where one does.
fn https(ground: &Ground<'_>, settled: &Settled) -> Option<String> {
    const SETTING: &str = "SECURE_SSL_REDIRECT";
    let redirects = settled.evaluation.get(SETTING).and_then(Value::as_bool) == Some(true);
    let mut variables = ground.facts.variables.value.iter();
    let variable = variables.find(|variable| variable.feeds.iter().any(|feed| feed == SETTING));
    redirects.then(|| {
        let how = match variable {
            Some(variable) => {
                format!(" To look at it here without one, let `{}` in `.env` turn it off.", variable.name)
            }
            None => String::new(),
        };
        format!(
            "The settings redirect to https (`{SETTING}`), so a browser sees the site only through it.{how}"
        )
    })
}
