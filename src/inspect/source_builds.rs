//! Pinned releases that exist as source alone and that only build tools of their time build.

use super::facts::{Distribution, DistributionSource, Install};
use crate::base::Diagnostic;
use crate::base::codes::dependencies::OLD_SOURCE_DISTRIBUTION;
use crate::catalog::Listed;
use crate::catalog::package_manager::{BuildConstraints, PackageManager};
use crate::knowledge::build_constraints::{self, Row};
use crate::python::{Minor, Version};

/// Returns the distributions that are built with older tools, each with its row; those of which no tool is left for
/// this Python are not among them.
pub fn held<'a>(
    distributions: impl Iterator<Item = &'a Distribution>,
    python: Minor,
) -> Vec<(&'a Distribution, &'static Row)> {
    let rows = distributions.flat_map(|one| rows(one, python).into_iter().map(move |row| (one, row)));
    rows.filter(|(_, row)| row.runs_on(python)).collect()
}

fn rows(distribution: &Distribution, python: Minor) -> Vec<&'static Row> {
    let from_index = distribution.source == DistributionSource::Index;
    let version = distribution.version.as_deref().and_then(Version::parse).filter(|_| from_index);
    let known = version.map(|version| build_constraints::rows_of(&distribution.name, &version, python));
    known.unwrap_or_default()
}

/// Says which distributions djdock holds to older build tools, or which cannot be built at all.
pub(super) fn diagnostics(
    distributions: &[Distribution],
    install: &Install,
    python: Minor,
) -> Vec<Diagnostic> {
    let manager = PackageManager::named(install.manager.word());
    let constraints = manager
        .map_or(BuildConstraints::Unheeded, |manager| (manager.build_constraints)(install.lock.is_some()));
    let mut all = Vec::new();
    for distribution in distributions {
        for row in rows(distribution, python) {
            all.push(message(distribution, row, python, constraints));
        }
    }
    all
}

fn message(
    distribution: &Distribution,
    row: &Row,
    python: Minor,
    constraints: BuildConstraints,
) -> Diagnostic {
    let version = distribution.version.as_deref().unwrap_or_default();
    let what = format!("`{}=={version}`", distribution.name);
    let raise = format!("raise `{}` to a release that has a wheel", distribution.name);
    if !row.runs_on(python) {
        let title = format!("{what} cannot be built on Python {python}: it needs `{}`", row.constraint);
        let diagnostic = Diagnostic::error(OLD_SOURCE_DISTRIBUTION, title)
            .at(&distribution.place, "pinned here")
            .because(format!("{}, and that tool does not run on Python {python}", row.because));
        return match row.until_python {
            Some(until) => diagnostic.help(format!("build on an older Python: `--python {until}`")),
            None => diagnostic,
        }
        .help(format!("or {raise}"));
    }
    let needs = || {
        Diagnostic::warning(
            OLD_SOURCE_DISTRIBUTION,
            format!("{what} exists as source alone, and needs `{}` to be built", row.constraint),
        )
        .at(&distribution.place, "pinned here")
        .because(row.because.clone())
    };
    match constraints {
        BuildConstraints::Pip => Diagnostic::note(
            OLD_SOURCE_DISTRIBUTION,
            format!("{what} exists as source alone, and is built with `{}`", row.constraint),
        )
        .at(&distribution.place, "pinned here")
        .because(row.because.clone())
        .help(format!("leave it, or {raise}")),
        BuildConstraints::OfProject(remedy) => {
            needs().help(remedy.replace("{}", &row.constraint)).help(format!("or {raise}"))
        }
        BuildConstraints::Unheeded => needs().help(raise),
    }
}
