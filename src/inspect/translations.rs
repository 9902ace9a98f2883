//! Catalogues of translations that have to be compiled: what Django reads are `*.mo`, what people edit are `*.po`.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::facts::Translations;
use super::imports;
use super::project::{Project, Settings};
use crate::base::{Evidence, Place, path};
use crate::python::Value;

/// Domains that Django loads: <https://docs.djangoproject.com/en/stable/topics/i18n/translation/#localization-how-to-create-language-files>.
const DOMAINS: &[&str] = &["django", "djangojs"];

/// The folders with a catalogue that Django would load and that nobody compiled. A compiled catalogue that git ignores is
/// on one machine alone, so it does not count.
pub(super) fn read(project: &Project<'_>) -> Translations {
    let tree = project.sources.tree;
    let stated = Stated::of(&project.prod, &project.dev, &project.sources.roots);
    let mut found = Translations::default();
    let mut seen = BTreeSet::new();
    for file in tree.files().filter(|file| path::extension(file) == Some("po")) {
        let Some(folder) = catalogues_of(file).filter(|folder| !seen.contains(*folder)) else { continue };
        let is_empty = tree.size(file).is_none_or(|size| size == 0);
        if is_empty || imports::is_aside(file) || tree.is_file(file.with_extension("mo")) {
            continue;
        }
        let is_called_locale = folder.file_name() == Some("locale");
        if !is_called_locale && !stated.includes(folder) {
            continue;
        }
        seen.insert(folder.to_owned());
        let folders = if is_called_locale { &mut found.called_locale } else { &mut found.named_by_settings };
        folders.push(folder.to_owned());
        let reason = "is a catalogue of translations, and its compiled form is not there";
        found.evidence.push(Evidence::new(Place::Path(file.to_owned()), reason));
    }
    found
}

/// `locale` of `locale/de/LC_MESSAGES/django.po`.
fn catalogues_of(file: &Utf8Path) -> Option<&Utf8Path> {
    let messages = file.parent().filter(|folder| folder.file_name() == Some("LC_MESSAGES"))?;
    DOMAINS.contains(&file.file_stem()?).then(|| messages.parent()?.parent())?
}

/// The folders of `LOCALE_PATHS`, as far as they are known.
struct Stated {
    folders: BTreeSet<Utf8PathBuf>,
    /// Any folder may be among them.
    is_open: bool,
}

impl Stated {
    fn of(prod: &Settings, dev: &Settings, roots: &[Utf8PathBuf]) -> Self {
        const NAME: &str = "LOCALE_PATHS";
        let mut stated =
            Self { folders: BTreeSet::new(), is_open: prod.name.is_none() && dev.name.is_none() };
        for settings in [prod, dev] {
            let Some(setting) = settings.get(NAME) else { continue };
            for list in setting.value.alternatives() {
                let Some(items) = list.items() else {
                    stated.is_open = true;
                    continue;
                };
                for item in items.iter().flat_map(Value::alternatives) {
                    match item {
                        Value::Path(path) => stated.folders.extend(path.in_project().map(Utf8Path::to_owned)),
                        // Relative to the folder that commands are started in.
                        Value::Str(text) => {
                            stated.folders.extend(roots.iter().filter_map(|root| path::join(root, text)));
                        }
                        _ => stated.is_open = true,
                    }
                }
            }
        }
        stated
    }

    fn includes(&self, folder: &Utf8Path) -> bool {
        self.is_open || self.folders.contains(folder)
    }
}
