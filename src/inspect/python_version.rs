//! The Python version: solved from every constraint that the project states, and from what Django and old
//! pinned distributions support.

mod dockerfile;
mod messages;
mod removed;
mod stated;

use camino::Utf8Path;

use self::removed::RemovedImport;
use super::dependencies::Dependencies;
use super::stated_python::{StatedPython, Strength, in_order, preferred_of};
use crate::base::{Diagnostic, Evidence, Fact, Place, Tree};
use crate::knowledge::{django, pythons, wheels};
use crate::python::{Minor, Specifiers, Version};

pub use stated::stated;

/// The facts about Python and, because they decide each other, about Django.
#[derive(Clone, Debug, Default)]
pub struct PythonVersion {
    /// The Python that the project states, as a PEP 440 specifier.
    pub requirement: Fact<Option<String>>,
    /// The version chosen for the image: `3.13`.
    pub version: Fact<Option<String>>,
    /// Locked or implied, `X.Y`.
    pub django_version: Fact<Option<String>>,
}

/// Solves the version for the project in `project_dir`. Never fails.
pub fn read(
    tree: &Tree,
    project_dir: &Utf8Path,
    dependencies: &Dependencies,
) -> (PythonVersion, Vec<Diagnostic>) {
    read_as(tree, project_dir, dependencies, &stated(tree, project_dir), None)
}

/// Solves it as [`read`] does, with what [`stated`] found, and with the version that the person said (`3.12`), where
/// they did.
pub fn read_as(
    tree: &Tree,
    project_dir: &Utf8Path,
    dependencies: &Dependencies,
    stated_elsewhere: &[StatedPython],
    said: Option<&str>,
) -> (PythonVersion, Vec<Diagnostic>) {
    let mut all = dependencies.python.clone();
    all.extend_from_slice(stated_elsewhere);
    let django = DjangoWanted::of(dependencies);
    let mut solver = Solver::new(django.as_ref());
    let removed = removed::find(tree, project_dir, dependencies);
    solver.solve(&all, dependencies, said);
    solver.removed_modules(&removed);
    let (version, mut diagnostics) = solver.finish(&all);
    diagnostics.extend(stated::version_file_without_version(tree, project_dir));
    let django_version = django_version(django.as_ref(), version.value.as_deref());
    if let Some(chosen) = version.value.as_deref().and_then(Minor::parse) {
        diagnostics.extend(messages::of_distributions(dependencies, chosen));
        let failing = removed.iter().filter(|import| chosen >= import.removal.since);
        diagnostics.extend(failing.map(messages::module_removed));
    }
    diagnostics.extend(messages::django_end_of_life(django.as_ref(), &django_version));
    (PythonVersion { requirement: requirement(&all), version, django_version }, diagnostics)
}

/// Returns the project's own statement: the range of the manifest first, else the version that it is run on.
fn requirement(all: &[StatedPython]) -> Fact<Option<String>> {
    let said = in_order(all).find(|one| one.strength != Strength::Weak);
    match said {
        Some(one) => Fact::new(Some(one.specifier.clone()), one.place.clone(), one.reason.clone()),
        None => Fact::new(None, Place::Default, "no manifest, platform file or Dockerfile names a Python"),
    }
}

/// The Django that is wanted.
pub(super) struct DjangoWanted {
    specifiers: Option<Specifiers>,
    version: Option<Version>,
    place: Place,
    written: String,
}

impl DjangoWanted {
    fn of(dependencies: &Dependencies) -> Option<Self> {
        let distribution = dependencies.get("django")?;
        let written = distribution.specifier.clone().unwrap_or_default();
        Some(Self {
            specifiers: Specifiers::parse_exact(&written).filter(|all| !all.is_any()),
            version: distribution.version.as_deref().and_then(Version::parse),
            place: distribution.place.clone(),
            written: distribution.version.as_ref().map_or(written, |version| format!("=={version}")),
        })
    }

    /// The line, where one is locked, pinned or the newest of a bounded range.
    fn line(&self, python: Option<Minor>) -> Option<Minor> {
        if let Some(version) = &self.version {
            return version.minor();
        }
        let specifiers = self.specifiers.as_ref().filter(|all| all.has_upper_bound())?;
        let fitting =
            django::newest(Some(specifiers), python).or_else(|| django::newest(Some(specifiers), None));
        fitting.map(|release| release.line)
    }

    /// The oldest line that may be installed: it says which Pythons are too old in any case.
    fn oldest_line(&self) -> Option<Minor> {
        match (&self.version, &self.specifiers) {
            (Some(version), _) => version.minor(),
            (None, Some(specifiers)) => django::oldest(specifiers).map(|release| release.line),
            (None, None) => None,
        }
    }
}

fn django_version(wanted: Option<&DjangoWanted>, python: Option<&str>) -> Fact<Option<String>> {
    let Some(wanted) = wanted else {
        return Fact::unknown(None, Vec::new(), "no manifest or lockfile names Django");
    };
    let python = python.and_then(Minor::parse);
    if let Some(line) = wanted.line(python) {
        let reason = if wanted.version.is_some() {
            format!("`django{}`", wanted.written)
        } else {
            format!("the newest line that `django{}` allows", wanted.written)
        };
        Fact::new(Some(line.to_string()), wanted.place.clone(), reason)
    } else {
        let evidence = vec![Evidence::new(wanted.place.clone(), "has no upper bound")];
        Fact::unknown(
            None,
            evidence,
            "Django is not pinned: the newest release on the day of the build is installed",
        )
    }
}

/// Narrows the releases, one constraint after the other.
struct Solver<'a> {
    django: Option<&'a DjangoWanted>,
    allowed: Vec<Minor>,
    evidence: Vec<Evidence>,
    diagnostics: Vec<Diagnostic>,
    said: bool,
}

impl<'a> Solver<'a> {
    fn new(django: Option<&'a DjangoWanted>) -> Self {
        let allowed = pythons::releases().iter().map(|release| release.version).collect();
        Self { django, allowed, evidence: Vec::new(), diagnostics: Vec::new(), said: false }
    }

    /// Keeps what fits; where nothing would be left, keeps all and says so.
    fn narrow(&mut self, fits: impl Fn(Minor) -> bool) -> bool {
        let fitting: Vec<Minor> = self.allowed.iter().copied().filter(|python| fits(*python)).collect();
        let possible = !fitting.is_empty();
        if possible {
            self.allowed = fitting;
        }
        possible
    }

    fn solve(&mut self, all: &[StatedPython], dependencies: &Dependencies, said: Option<&str>) {
        let said = said.and_then(Minor::parse);
        if let Some(said) = said {
            self.said = self.narrow(|python| python == said);
            self.evidence.push(Evidence::new(Place::Answer("python".to_owned()), "chosen by you"));
        }
        let oldest = self.django.and_then(DjangoWanted::oldest_line).and_then(django::release);
        if let Some(release) = oldest
            && let Some(floor) = release.oldest_python()
        {
            self.narrow(|python| python >= floor);
        }
        let mut first_exact: Option<&StatedPython> = None;
        for one in in_order(all) {
            let Some(specifiers) = Specifiers::parse(&one.specifier) else { continue };
            if self.narrow(|python| specifiers.allows(python)) {
                self.evidence.push(Evidence::new(one.place.clone(), one.reason.clone()));
                if one.strength == Strength::Exact {
                    first_exact.get_or_insert(one);
                }
            } else if one.strength != Strength::Weak && !self.said {
                self.contradiction(one, &specifiers, first_exact, all);
            }
        }
        self.django_upper_bound(first_exact);
        self.wheels(dependencies);
    }

    /// A statement that leaves nothing: because of Django, or because of another statement.
    fn contradiction(
        &mut self,
        one: &StatedPython,
        specifiers: &Specifiers,
        exact: Option<&StatedPython>,
        all: &[StatedPython],
    ) {
        let oldest = self.django.and_then(DjangoWanted::oldest_line).and_then(django::release);
        let floor = oldest.and_then(django::Release::oldest_python);
        let newest_wanted = pythons::releases()
            .iter()
            .rev()
            .map(|release| release.version)
            .find(|python| specifiers.allows(*python));
        if let (Some(django), Some(release), Some(floor), Some(wanted)) =
            (self.django, oldest, floor, newest_wanted)
            && wanted < floor
        {
            let newest = preferred_of(&self.allowed);
            self.diagnostics.push(messages::python_too_old(django, release.line, floor, wanted, one, newest));
        } else {
            let other = exact.or_else(|| in_order(all).find(|other| *other != one));
            self.diagnostics.push(messages::statements_differ(one, other));
        }
    }

    /// Newer Pythons than its Django runs on are left out, unless the project runs on one.
    fn django_upper_bound(&mut self, exact: Option<&StatedPython>) {
        let Some(django) = self.django else { return };
        let Some(release) = django.line(None).and_then(django::release) else { return };
        let Some(newest) = release.newest_python() else { return };
        let before = self.allowed.clone();
        if self.narrow(|python| python <= newest) {
            if self.allowed != before {
                let reason = format!("Django {} runs on Python up to {newest}", release.line);
                self.evidence.push(Evidence::new(Place::Row(format!("django: {}", release.line)), reason));
            }
        } else if let Some(chosen) = self.allowed.first()
            && !self.said
        {
            self.diagnostics.push(messages::python_too_new(django, release.line, newest, *chosen, exact));
        }
    }

    /// Pythons for which pinned distributions have wheels come before those for which they are compiled.
    fn wheels(&mut self, dependencies: &Dependencies) {
        let mut limits: Vec<(Minor, &str, &str)> = Vec::new();
        for distribution in &dependencies.distributions {
            let Some(written) = distribution.version.as_deref() else { continue };
            let version = Version::parse(written);
            if let Some(wheels::Newest::Python(newest)) =
                version.as_ref().and_then(|version| wheels::newest(&distribution.name, Some(version)))
            {
                limits.push((newest, &distribution.name, written));
            }
        }
        // The mildest first, so that a single very old pin does not decide over the others.
        limits.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        for (newest, name, version) in limits {
            let before = preferred_of(&self.allowed);
            if self.narrow(|python| python <= newest) && preferred_of(&self.allowed) != before {
                let reason = format!("`{name}=={version}` has wheels for Python up to {newest}");
                self.evidence.push(Evidence::new(Place::Row(format!("wheels: {name}")), reason));
            }
        }
    }

    /// Leaves out the Pythons that no longer have a module which is imported.
    fn removed_modules(&mut self, imports: &[RemovedImport]) {
        for import in imports {
            let before = preferred_of(&self.allowed);
            if self.narrow(|python| python < import.removal.since) && preferred_of(&self.allowed) != before {
                self.evidence.push(Evidence::new(import.place.clone(), import.reason()));
            }
        }
    }

    fn finish(mut self, all: &[StatedPython]) -> (Fact<Option<String>>, Vec<Diagnostic>) {
        let chosen = preferred_of(&self.allowed);
        // What decided stands first: the last statement that says exactly one version, else the last to narrow.
        let exact = self.evidence.iter().position(|evidence| {
            all.iter().any(|one| {
                one.strength != Strength::Weak
                    && one.place == evidence.place
                    && Specifiers::parse(&one.specifier).is_some_and(|specifiers| {
                        pythons::releases()
                            .iter()
                            .filter(|release| specifiers.allows(release.version))
                            .count()
                            == 1
                    })
            })
        });
        if let Some(index) = exact.filter(|_| !self.said) {
            let deciding = self.evidence.remove(index);
            self.evidence.insert(0, deciding);
        } else if self.evidence.is_empty()
            || (exact.is_none() && !self.said && chosen == pythons::preferred())
        {
            let reason = if self.evidence.is_empty() {
                "no place states a version; this one is preferred"
            } else {
                "the preferred version, which every constraint allows"
            };
            self.evidence.insert(0, Evidence::new(Place::Row(format!("python: {chosen}")), reason));
        }
        if let Some(said) = pythons::end_of_life(chosen) {
            let exactly = exact.is_some() || self.said;
            let deciding = if exactly { self.evidence.first() } else { self.evidence.last() };
            self.diagnostics.push(messages::end_of_life(&said, chosen, deciding, self.django));
        }
        (Fact::with(Some(chosen.to_string()), self.evidence), self.diagnostics)
    }
}
