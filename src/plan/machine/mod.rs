//! The contents of images beside the distributions: locales, downloads of libraries, variables and commands of the project's own
//! Dockerfiles.

mod commands;
mod messages;
mod own_steps;

use std::collections::BTreeMap;

use crate::base::{Diagnostic, Evidence, Place, Tree};
use crate::check::Subject;
use crate::inspect::Facts;
use crate::knowledge::downloads::Row;
use crate::knowledge::locales::{self, Known, Locale};
use crate::knowledge::static_builds;

/// The contents that images get so that the code finds what it counts on.
#[derive(Clone, Debug, Default)]
pub(super) struct Machine {
    /// Locales to make, with what asks for each.
    pub locales: BTreeMap<Locale, Evidence>,
    /// The downloads while images are built, sorted.
    pub downloads: Vec<Download>,
    /// Variables of the project's own Dockerfile that its settings do not read.
    pub environment: BTreeMap<String, (String, Evidence)>,
    /// Management commands that make static files, in the order in which they run, before these are collected.
    pub static_builds: Vec<StaticBuild>,
    /// Steps of the project's own Dockerfiles that no image does.
    pub left: Vec<Left>,
}

/// Something that a library needs and that an image can fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Download {
    pub row: &'static Row,
    pub name: String,
    pub evidence: Evidence,
}

/// A management command and the folders of what it fetches for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StaticBuild {
    /// The words behind `manage.py`.
    pub arguments: Vec<String>,
    /// Beside `manage.py`.
    pub caches: Vec<String>,
    pub evidence: Evidence,
}

/// A step that is left to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Left {
    /// As the file says it: `RUN wget …`.
    pub text: String,
    pub place: Place,
}

/// Returns the contents that the project counts on, and the diagnostics about them.
pub(super) fn find(tree: &Tree, facts: &Facts) -> (Machine, Vec<Diagnostic>) {
    let mut machine = Machine::default();
    let mut diagnostics = Vec::new();
    let asked = &facts.machine;
    for (name, place) in &asked.locales {
        if !machine.add_locale(name, Evidence::new(place.clone(), format!("sets the locale `{name}`"))) {
            diagnostics.push(messages::no_such_locale(name, place));
        }
    }
    diagnostics.extend(messages::open_locales(&asked.open_locales));
    for wanted in &asked.downloads {
        let command = wanted.name.as_ref().filter(|name| wanted.row.command(name, "").is_some());
        match command {
            Some(name) if is_required(facts, name) => {}
            Some(name) => {
                let reason = format!("asks `{}` for `{name}`", wanted.row.module);
                machine.add_download(wanted.row, name, Evidence::new(wanted.place.clone(), reason));
            }
            None => diagnostics.push(messages::fetched_at_run(wanted)),
        }
    }
    for row in static_builds::of_apps(&facts.installed_apps.value) {
        let place =
            facts.installed_apps.evidence.first().map_or(Place::Default, |evidence| evidence.place.clone());
        machine.static_builds.push(StaticBuild {
            arguments: row.command.clone(),
            caches: row.caches.clone(),
            evidence: Evidence::new(place, format!("has the app `{}`, which makes static files", row.app)),
        });
    }
    own_steps::add(&Subject::new(tree, facts), &mut machine);
    machine.downloads.sort_by(|a, b| (&a.row.module, &a.name).cmp(&(&b.row.module, &b.name)));
    diagnostics.extend(messages::left_out(&machine.left));
    (machine, diagnostics)
}

/// Tells whether a distribution brings what is asked for: models of spaCy are distributions.
fn is_required(facts: &Facts, name: &str) -> bool {
    let normalised = name.replace(['_', '.'], "-").to_lowercase();
    facts.distributions.iter().any(|distribution| distribution.name == normalised)
}

impl Machine {
    /// Tells whether there is such a locale.
    fn add_locale(&mut self, name: &str, evidence: Evidence) -> bool {
        match locales::find(name) {
            Known::Always => true,
            Known::Makeable(locale) => {
                self.locales.entry(locale).or_insert(evidence);
                true
            }
            Known::No => false,
        }
    }

    fn add_download(&mut self, row: &'static Row, name: &str, evidence: Evidence) {
        if !self.downloads.iter().any(|known| known.row == row && known.name == name) {
            self.downloads.push(Download { row, name: name.to_owned(), evidence });
        }
    }

    /// Returns the steps that were taken over from the project's own files, for DOCKER.md: a sentence with its places.
    pub fn notes(&self) -> Vec<(&'static str, String, Vec<Evidence>)> {
        use crate::base::wording::and_ticked;
        let mut notes = Vec::new();
        let mut note = |topic, names: Vec<String>, says: &str, evidence: Vec<Evidence>| {
            if !names.is_empty() {
                notes.push((topic, format!("{} {says}", and_ticked(&names)), evidence));
            }
        };
        let names = self.locales.keys().map(|locale| locale.name.clone()).collect();
        let made = "made in both images: images of Python have no locale of a language.";
        let verb = |count: usize| if count == 1 { "is" } else { "are" };
        note(
            "Locales",
            names,
            &format!("{} {made}", verb(self.locales.len())),
            self.locales.values().cloned().collect(),
        );
        let names = self.downloads.iter().map(|one| one.name.clone()).collect();
        let says = format!("{} fetched while the images are built.", verb(self.downloads.len()));
        note("Downloads", names, &says, self.downloads.iter().map(|one| one.evidence.clone()).collect());
        let names =
            self.static_builds.iter().map(|one| format!("manage.py {}", one.arguments.join(" "))).collect();
        let says = "makes static files before they are collected.";
        let says =
            if self.static_builds.len() == 1 { says } else { "make static files before they are collected." };
        note(
            "Static files",
            names,
            says,
            self.static_builds.iter().map(|one| one.evidence.clone()).collect(),
        );
        let names = self.environment.keys().cloned().collect();
        let says =
            format!("{} set in both images, as your own Dockerfile does.", verb(self.environment.len()));
        note(
            "Variables",
            names,
            &says,
            self.environment.values().map(|(_, evidence)| evidence.clone()).collect(),
        );
        if !self.left.is_empty() {
            let text = "Your own Dockerfile does what the images do not. Add to `Dockerfile.prod` and `Dockerfile` what the \
                        site needs: `djdock update` keeps it.";
            let evidence =
                self.left.iter().map(|left| Evidence::new(left.place.clone(), format!("`{}`", left.text)));
            notes.push(("Left out", text.to_owned(), evidence.collect()));
        }
        notes
    }
}
