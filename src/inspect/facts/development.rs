//! Distributions that development installs beside production.

use camino::Utf8PathBuf;

use super::Distribution;

/// The installs of development beside those of production.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Development {
    /// For pip: further arguments of `-r`, in order.
    pub requirement_files: Vec<Utf8PathBuf>,
    /// The files stand for those of production: they state all, and some of it in other versions.
    pub instead: bool,
    /// Files for developers that pin what another one pins otherwise.
    pub left_out: Vec<Utf8PathBuf>,
    /// Files to copy beside [`Install::manifests`], sorted.
    pub manifests: Vec<Utf8PathBuf>,
    pub local_packages: Vec<Utf8PathBuf>,
    /// Groups that the manager installs only when asked to.
    pub groups: Vec<String>,
    pub extras: Vec<String>,
    /// The requirements of the groups, as pip takes them: for a manager that knows no groups.
    pub requirements: Vec<String>,
    /// The distributions that production does not install.
    pub distributions: Vec<Distribution>,
    /// Groups and extras that development installs, with what each brings.
    pub taken: Vec<Offer>,
    /// Groups and extras that nothing asks for.
    pub offers: Vec<Offer>,
}

/// A group or an extra that production does without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub kind: OfferKind,
    pub name: String,
    /// As pip takes them.
    pub requirements: Vec<String>,
    pub distributions: Vec<Distribution>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferKind {
    Group,
    Extra,
}
