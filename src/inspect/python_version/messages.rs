//! Messages about versions of Python and Django: one function per situation.

use super::super::dependencies::{Dependencies, StatedPython};
use super::DjangoWanted;
use super::removed::RemovedImport;
use crate::base::codes::dependencies as codes;
use crate::base::{Diagnostic, Evidence, Fact, Place};
use crate::knowledge::{distributions, django, pythons, wheels};
use crate::python::{Minor, Requirement, Version};

/// The project asks for a Python on which its Django does not run.
pub(super) fn python_too_old(
    django: &DjangoWanted,
    line: Minor,
    floor: Minor,
    wanted: Minor,
    one: &StatedPython,
    newest: Minor,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::PYTHON_TOO_OLD,
        format!("Django {line} needs Python {floor} or newer, and the project asks for {wanted}"),
    )
    .at(&one.place, "chosen here")
    .because(format!("`django{}` at {}", django.written, django.place));
    let file = one.place.path().map_or_else(|| one.place.to_string(), ToString::to_string);
    diagnostic
        .help(format!("write `{newest}` in {file} (newest that every other requirement allows)"))
        .help(format!("or stay on Python {wanted} with `django<{}`", next_below(line, wanted)))
}

/// The first line that does not run on `python` any more, at most `line`.
fn next_below(line: Minor, python: Minor) -> Minor {
    let runs = |release: &&django::Release| {
        release.line < line
            && release.newest_python() >= Some(python)
            && release.oldest_python() <= Some(python)
    };
    let last = django::releases().iter().rev().find(runs).map(|release| release.line);
    django::releases().iter().map(|release| release.line).find(|next| Some(*next) > last).unwrap_or(line)
}

pub(super) fn python_too_new(
    django: &DjangoWanted,
    line: Minor,
    newest: Minor,
    chosen: Minor,
    exact: Option<&StatedPython>,
) -> Diagnostic {
    let diagnostic = Diagnostic::warning(
        codes::PYTHON_TOO_NEW,
        format!("Django {line} runs on Python up to {newest}, and the project asks for {chosen}"),
    );
    let diagnostic = match exact {
        Some(one) => diagnostic.at(&one.place, "chosen here"),
        None => diagnostic,
    };
    let file = exact.and_then(|one| one.place.path()).map(|path| format!(" in {path}")).unwrap_or_default();
    diagnostic
        .because(format!("`django{}` at {}", django.written, django.place))
        .help(format!("write `{newest}`{file}, or raise Django"))
}

pub(super) fn statements_differ(one: &StatedPython, other: Option<&StatedPython>) -> Diagnostic {
    let title = match other {
        Some(other) => {
            format!("two places ask for different Pythons: `{}` and `{}`", other.specifier, one.specifier)
        }
        None => format!("no image of Python fits `{}`", one.specifier),
    };
    let mut diagnostic =
        Diagnostic::warning(codes::PYTHON_STATEMENTS_DIFFER, title).at(&one.place, one.reason.clone());
    if let Some(other) = other {
        diagnostic = diagnostic
            .because(format!("`{}` at {}, which is used", other.specifier, other.place))
            .help(format!("make {} say what {} says", one.place, other.place));
    } else {
        diagnostic = diagnostic.help("choose one yourself: `--python 3.13`");
    }
    diagnostic
}

pub(super) fn end_of_life(
    said: &str,
    chosen: Minor,
    deciding: Option<&Evidence>,
    django: Option<&DjangoWanted>,
) -> Diagnostic {
    let mut diagnostic = Diagnostic::warning(codes::PYTHON_END_OF_LIFE, said);
    match deciding.map(|evidence| (&evidence.place, &evidence.reason)) {
        Some((Place::Row(row), reason)) => {
            diagnostic = diagnostic.because(format!("what decides the version: {reason}"));
            if let Some(name) = row.strip_prefix("wheels: ") {
                return diagnostic.help(match standard_since(name) {
                    Some(since) => marked(since),
                    None => format!("raise `{name}` to a release that has wheels for a Python with fixes"),
                });
            }
        }
        Some((place, _)) => diagnostic = diagnostic.at(place, "decides the version"),
        None => {}
    }
    let newest = django
        .and_then(|django| django.line(None))
        .and_then(django::release)
        .and_then(django::Release::newest_python);
    match newest {
        Some(newest) if newest > chosen && !pythons::is_over(newest) => {
            diagnostic.help(format!("its Django runs on Python {newest}: `--python {newest}`"))
        }
        Some(_) => diagnostic.help("raise Django first: its release runs on no Python that still gets fixes"),
        None => diagnostic.help(format!("choose a newer one: `--python {}`", pythons::preferred())),
    }
}

pub(super) fn django_end_of_life(
    wanted: Option<&DjangoWanted>,
    version: &Fact<Option<String>>,
) -> Option<Diagnostic> {
    let line = Minor::parse(version.value.as_deref()?)?;
    let release = django::release(line).filter(|release| release.line == line && release.is_over())?;
    let next = django::releases().iter().find(|release| release.line > line && !release.is_over())?;
    let wanted = wanted?;
    Some(
        Diagnostic::warning(
            codes::DJANGO_END_OF_LIFE,
            format!("Django {line} had its last security fixes on {}", release.end_of_life),
        )
        .at(&wanted.place, "asked for here")
        .help(format!(
            "plan the upgrade to Django {}, which is supported until {}",
            next.line, next.end_of_life
        )),
    )
}

/// Reports an import of a module that the chosen Python no longer has.
pub(super) fn module_removed(import: &RemovedImport) -> Diagnostic {
    let Minor(major, minor) = import.removal.since;
    let diagnostic = Diagnostic::warning(codes::MODULE_REMOVED, import.reason())
        .at(&import.place, "stops with `ModuleNotFoundError`")
        .help(format!("build on an older Python: `--python {}`", Minor(major, minor.saturating_sub(1))));
    match import.removal.brought_by {
        Some(name) => diagnostic.help(format!("or add `{name}` to the requirements, which brings it")),
        None => diagnostic.help("or raise or change what imports it"),
    }
}

/// The first Python that brings what this distribution was written for.
fn standard_since(name: &str) -> Option<Minor> {
    wheels::distribution(name)?.standard_since
}

fn marked(since: Minor) -> String {
    format!(
        "Python {since} brings the module itself: write `; python_version < \"{since}\"` after the version"
    )
}

/// Reports single distributions that fail on the chosen Python.
pub(super) fn of_distributions(dependencies: &Dependencies, python: Minor) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    let has_setuptools = dependencies.get("setuptools").is_some();
    for distribution in &dependencies.distributions {
        let version = distribution.version.as_deref().and_then(Version::parse);
        let Some(written) = distribution.version.as_deref() else { continue };
        let name = &distribution.name;
        if let Some(wheels::Newest::Python(newest)) = wheels::newest(name, version.as_ref())
            && python > newest
        {
            let compiles = wheels::distribution(name).is_some_and(|row| row.sdist);
            let diagnostic = if compiles {
                Diagnostic::warning(
                    codes::NO_WHEEL,
                    format!("`{name}=={written}` is compiled: it has no wheel for Python {python}"),
                )
            } else {
                Diagnostic::error(
                    codes::NO_WHEEL,
                    format!("`{name}=={written}` cannot be installed on Python {python}"),
                )
            };
            let mut diagnostic = diagnostic
                .at(&distribution.place, format!("has wheels for Python up to {newest}"))
                .help(match standard_since(name) {
                    Some(since) => marked(since),
                    None => format!("raise `{name}` to a release with wheels for Python {python}"),
                });
            // A compiler costs a minute, a Python without security fixes costs more: only where nothing else helps.
            if !compiles || !pythons::is_over(newest) {
                diagnostic = diagnostic.help(format!("or build on Python {newest}: `--python {newest}`"));
            }
            all.push(diagnostic);
        }
        if let Some(need) = distributions::unstated_need(name, version.as_ref(), python)
            && !has_setuptools
            && !need.brought_by.iter().any(|requirement| is_installed(requirement, dependencies))
        {
            all.push(
                Diagnostic::warning(
                    codes::UNSTATED_NEED,
                    format!(
                        "`{name}=={written}` imports what only `{}` brings, and nothing installs it",
                        need.distribution
                    ),
                )
                .at(&distribution.place, format!("starts with `ModuleNotFoundError` on Python {python}"))
                .help(format!("raise `{name}`, or add `{}` beside it", need.distribution)),
            );
        }
    }
    all
}

/// Tells whether a version that `requirement` names is installed.
fn is_installed(requirement: &str, dependencies: &Dependencies) -> bool {
    let Ok(wanted) = Requirement::parse(requirement) else { return false };
    let Some(there) = dependencies.get(&wanted.name) else { return false };
    let version = there.version.as_deref().and_then(Version::parse);
    match (wanted.specifiers, version) {
        (Some(specifiers), Some(version)) => specifiers.contains(&version),
        (specifiers, _) => specifiers.is_none(),
    }
}
