//! A package manager that could install the project, with its manifest and the evidence for it.

use camino::Utf8PathBuf;

use super::super::facts::PackageManager;
use super::StatedPython;
use super::manifest::Manifest;
use super::pip_files::{PipFiles, brings_django};
use super::usage::Usage;
use crate::base::{Evidence, Place};

/// A line of a manifest that is no requirement, and why.
pub(super) type Malformed = (String, String, Place);

/// Everything that could install the project.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub candidates: Vec<Candidate>,
    /// Statements about Python of manifests that install nothing, those for tools too.
    pub python: Vec<StatedPython>,
    /// Manifests that cannot be parsed: path, what is wrong, line.
    pub broken: Vec<(Utf8PathBuf, String, u32)>,
}

/// A manager with its manifest.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub manager: PackageManager,
    pub manifest: Manifest,
    /// For pip; for another manager the files that were exported from it.
    pub pip: Option<PipFiles>,
    pub lock: Option<Utf8PathBuf>,
    pub malformed: Vec<Malformed>,
    /// For and, below zero, against; the deciding one first.
    pub score: i64,
    pub evidence: Vec<Evidence>,
}

impl Candidate {
    pub(super) fn new(manager: PackageManager, manifest: Manifest) -> Self {
        Self {
            manager,
            manifest,
            pip: None,
            lock: None,
            malformed: Vec::new(),
            score: 0,
            evidence: Vec::new(),
        }
    }

    pub(super) fn because(&mut self, place: &Place, reason: impl Into<String>) {
        if self.evidence.iter().all(|known| known.place != *place) {
            self.evidence.push(Evidence::new(place.clone(), reason));
        }
    }

    /// Locks say most, then whether Django is stated, then what build files run.
    pub(super) fn weigh(&mut self, usages: &[Usage]) {
        if let Some(lock) = self.lock.clone() {
            self.score += 100;
            self.because(&Place::Path(lock), "is its lockfile");
        }
        let stated = self.manifest.find("django").map(|django| django.place.clone());
        let brings = |name: &str| brings_django(name);
        if let Some(place) = stated {
            self.score += 40;
            self.because(&place, "states Django");
        } else if self.manifest.main.iter().any(|one| brings(&one.name)) || self.lock.is_some() {
            self.score += 20;
        } else if self.pip.is_none() {
            // Something else than the Django project is described here.
            self.score -= 40;
        }
        let used = usages.iter().filter(|usage| {
            usage.manager == self.manager
                && (usage.files.is_empty()
                    || self
                        .pip
                        .as_ref()
                        .is_some_and(|pip| usage.files.iter().any(|file| pip.read.files.contains(file))))
        });
        if let Some(usage) = used.max_by_key(|usage| usage.weight) {
            self.score += i64::from(usage.weight) * 3;
            self.because(&usage.place, format!("runs `{}`", usage.command));
        }
    }
}
