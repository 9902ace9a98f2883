//! Groups and extras for developers whose modules the site imports when it starts: production installs them too, since the
//! site stops at the import without them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use camino::{Utf8Path, Utf8PathBuf};

use super::super::facts::{Distribution, Install, Offer, OfferKind, PackageManager};
use super::super::import_lines::import_lines;
use super::super::project::Settings;
use super::super::sources::Sources;
use super::super::words::Words;
use super::super::{imports, started};
use super::{Dependencies, install_messages};
use crate::base::{Diagnostic, Place};
use crate::knowledge::modules;

/// An import of a module that production lacks.
struct Missing {
    module: String,
    place: Place,
    /// The line of the site that imports the module's file, where that is a file for tests.
    through: Option<Place>,
}

/// Files for tests that are followed from one line of the site.
const MOST_ASIDE: usize = 50;

/// Lets production install the groups and extras for developers that the site imports when it starts, and says so.
pub(in crate::inspect) fn complete(
    sources: &Sources<'_>,
    words: &Words,
    settings: &Settings,
    dependencies: &mut Dependencies,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(install) = &mut dependencies.install else { return };
    // Of these it is known how production asks for a group that is meant for developers.
    if !matches!(install.manager, PackageManager::Uv | PackageManager::Poetry | PackageManager::Pipenv) {
        return;
    }
    let development = &install.development;
    let offers: Vec<Offer> = development.taken.iter().chain(&development.offers).cloned().collect();
    let search = Search { sources, production: &dependencies.distributions, offers: &offers };
    for (at, missing) in search.needed(words, settings) {
        let Some(offer) = offers.get(at) else { continue };
        let Missing { module, place, through } = &missing;
        diagnostics.push(install_messages::needed_by_the_site(offer, module, place, through.as_ref()));
        move_to_production(install, offer);
        for one in &offer.distributions {
            if dependencies.distributions.iter().all(|known| known.name != one.name) {
                dependencies.distributions.push(one.clone());
            }
        }
    }
    dependencies.distributions.sort_by(|a, b| a.name.cmp(&b.name));
}

fn move_to_production(install: &mut Install, offer: &Offer) {
    let names = match offer.kind {
        OfferKind::Group => &mut install.groups,
        OfferKind::Extra => &mut install.extras,
    };
    names.push(offer.name.clone());
    names.sort();
    let is_other = |name: &String| *name != offer.name;
    if offer.kind == OfferKind::Group {
        install.unneeded_groups.retain(is_other);
    }
    let development = &mut install.development;
    match offer.kind {
        OfferKind::Group => development.groups.retain(is_other),
        OfferKind::Extra => development.extras.retain(is_other),
    }
    for offers in [&mut development.taken, &mut development.offers] {
        offers.retain(|one| one.kind != offer.kind || one.name != offer.name);
    }
    development.distributions.retain(|one| offer.distributions.iter().all(|known| known.name != one.name));
}

struct Search<'a> {
    sources: &'a Sources<'a>,
    production: &'a [Distribution],
    offers: &'a [Offer],
}

impl Search<'_> {
    /// Returns the offers, by their index, of which the site imports something when it starts, each with the first import.
    fn needed(&self, words: &Words, settings: &Settings) -> BTreeMap<usize, Missing> {
        let mut found = BTreeMap::new();
        if self.offers.iter().all(|offer| offer.distributions.is_empty()) {
            return found;
        }
        let mut known = HashMap::new();
        let mut by_file: BTreeMap<&Utf8Path, (usize, Missing)> = BTreeMap::new();
        let is_of_site = |file: &&Utf8Path| !file.as_str().contains("/management/commands/");
        let is_offered = |module: &str| self.only_offered(module).is_some();
        for file in words.importers(is_offered).filter(is_of_site) {
            let Some(text) = self.sources.glance(file) else { continue };
            if let Some(missing) = self.missing_in(file, &text, &mut known) {
                by_file.insert(file, missing);
            } else if let Some(missing) = self.missing_through(file, &text, &mut known) {
                by_file.insert(file, missing);
            }
        }
        for file in started::certainly_imported_of(self.sources, settings, by_file.keys().copied()) {
            if let Some((at, missing)) = by_file.remove(file) {
                found.entry(at).or_insert(missing);
            }
        }
        found
    }

    /// The first import at the beginning of a line that only an offer brings.
    fn missing_in(
        &self,
        file: &Utf8Path,
        text: &str,
        known: &mut HashMap<String, Option<usize>>,
    ) -> Option<(usize, Missing)> {
        imports::at_load(text).find_map(|(line, module)| {
            let at = match known.get(module) {
                Some(at) => *at,
                None => *known.entry(module.to_owned()).or_insert(self.only_offered(module)),
            }?;
            let is_own = imports::is_own(self.sources.tree, &self.sources.roots, Some(file), module);
            let place = Place::line(file, line);
            (!is_own).then(|| (at, Missing { module: module.to_owned(), place, through: None }))
        })
    }

    fn only_offered(&self, module: &str) -> Option<usize> {
        if modules::comes_along(module) {
            return None;
        }
        // A distribution that the table of modules lacks is usually called after its module.
        let brings = |one: &Distribution| {
            modules::brings(&one.name, module) || one.name == module.to_ascii_lowercase().replace('_', "-")
        };
        if self.production.iter().any(brings) {
            return None;
        }
        self.offers.iter().position(|offer| offer.distributions.iter().any(brings))
    }

    /// The first such import in files for tests that a line of the site imports.
    fn missing_through(
        &self,
        file: &Utf8Path,
        text: &str,
        known: &mut HashMap<String, Option<usize>>,
    ) -> Option<(usize, Missing)> {
        let mut lines =
            imports::lines_at_load(text).filter(|(_, _, line)| imports::may_be_of_tests(line)).peekable();
        lines.peek()?;
        let imported = import_lines(text);
        for (number, _, line) in lines {
            let written = line.split_whitespace().nth(1).unwrap_or_default();
            let module = written.trim_start_matches('.');
            let level = u32::try_from(written.len() - module.len()).unwrap_or_default();
            let names =
                imported.iter().filter(|one| one.module == module && one.level == level && one.indent == 0);
            let files =
                names.flat_map(|one| self.files_of(file, one.level, &one.module, one.name.as_deref()));
            let aside = files.filter(|file| imports::is_aside(file)).collect();
            if let Some((at, missing)) = self.missing_below(aside, known) {
                return Some((at, Missing { through: Some(Place::line(file, number)), ..missing }));
            }
        }
        None
    }

    fn missing_below(
        &self,
        mut queue: Vec<Utf8PathBuf>,
        known: &mut HashMap<String, Option<usize>>,
    ) -> Option<(usize, Missing)> {
        let mut seen = BTreeSet::new();
        while let Some(file) = queue.pop() {
            if seen.len() >= MOST_ASIDE || !seen.insert(file.clone()) {
                continue;
            }
            let Some(text) = self.sources.glance(&file) else { continue };
            if let Some(missing) = self.missing_in(&file, &text, known) {
                return Some(missing);
            }
            for one in import_lines(&text).into_iter().filter(|one| one.indent == 0) {
                let files = self.files_of(&file, one.level, &one.module, one.name.as_deref());
                queue.extend(files.filter(|file| imports::is_aside(file)));
            }
        }
        None
    }

    /// The files of the project that an import reads.
    fn files_of(
        &self,
        file: &Utf8Path,
        level: u32,
        module: &str,
        name: Option<&str>,
    ) -> impl Iterator<Item = Utf8PathBuf> + use<> {
        let module = self.sources.absolute(file, level, module).unwrap_or_default();
        let below = name.and_then(|name| self.sources.file_of(&format!("{module}.{name}")));
        self.sources.file_of(&module).into_iter().chain(below)
    }
}
