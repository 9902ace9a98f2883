//! A person's choices that change what is read.

use camino::Utf8PathBuf;

use super::facts::PackageManager;

/// The person's choices about the project. `None` leaves the choice to inspect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// One of [`Facts::manage_py_candidates`].
    pub manage_py: Option<Utf8PathBuf>,
    /// Dotted, with `:Class` for class-based settings.
    pub settings_dev: Option<String>,
    pub settings_prod: Option<String>,
    /// `3.13`.
    pub python: Option<String>,
    pub package_manager: Option<PackageManager>,
}

impl Said {
    /// Returns the choices of either, those of this one first.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            manage_py: self.manage_py.or(other.manage_py),
            settings_dev: self.settings_dev.or(other.settings_dev),
            settings_prod: self.settings_prod.or(other.settings_prod),
            python: self.python.or(other.python),
            package_manager: self.package_manager.or(other.package_manager),
        }
    }
}
