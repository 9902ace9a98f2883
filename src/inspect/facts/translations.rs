//! Catalogues of translations that images compile.

use camino::{Utf8Path, Utf8PathBuf};

use crate::base::Evidence;

/// The folders whose catalogues an image has to compile, each with folders of languages in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Translations {
    /// The folders called `locale`, which `compilemessages` finds by their name. Sorted.
    pub called_locale: Vec<Utf8PathBuf>,
    /// The folders that only `LOCALE_PATHS` names. Sorted.
    pub named_by_settings: Vec<Utf8PathBuf>,
    /// The first catalogue of each folder.
    pub evidence: Vec<Evidence>,
}

impl Translations {
    pub fn is_empty(&self) -> bool {
        self.called_locale.is_empty() && self.named_by_settings.is_empty()
    }

    /// Every folder, those called `locale` first.
    pub fn folders(&self) -> impl Iterator<Item = &Utf8Path> {
        self.called_locale.iter().chain(&self.named_by_settings).map(Utf8PathBuf::as_path)
    }
}
