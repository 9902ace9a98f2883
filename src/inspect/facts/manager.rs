//! The program that installs the project's distributions.

use serde::Serialize;

/// The program that installs the project's distributions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PackageManager {
    Pip,
    Poetry,
    Uv,
    Pipenv,
    Pdm,
    Conda,
    Setuptools,
    #[default]
    None,
}

impl PackageManager {
    /// Every manager that a fact or an answer can name.
    pub const ALL: &[Self] = &[
        Self::Pip,
        Self::Poetry,
        Self::Uv,
        Self::Pipenv,
        Self::Pdm,
        Self::Conda,
        Self::Setuptools,
        Self::None,
    ];

    /// Returns the manager's word in flags, answers and the catalog.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pip => "pip",
            Self::Poetry => "poetry",
            Self::Uv => "uv",
            Self::Pipenv => "pipenv",
            Self::Pdm => "pdm",
            Self::Conda => "conda",
            Self::Setuptools => "setuptools",
            Self::None => "none",
        }
    }
}
