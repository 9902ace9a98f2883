//! Messages about installing: locks that are out of date, versions from git, alternative files for development.

use super::super::facts::{Development, DistributionSource, Offer, OfferKind, PackageManager};
use super::lock::Lock;
use super::stated::Stated;
use crate::base::codes::dependencies as codes;
use crate::base::{Diagnostic, Place, wording};
use crate::knowledge::version_sources::VersionSource;
use crate::python::{Target, Version};

/// The manifest states what the lock does not hold, or holds in another version.
pub(super) fn lock_out_of_date(
    manager: PackageManager,
    lock: &Lock,
    stated: &[Stated],
    target: Option<&Target>,
) -> Option<Diagnostic> {
    let target = target?;
    if lock.packages.is_empty() {
        return None;
    }
    let mut places: Vec<(&Stated, String)> = Vec::new();
    for one in stated {
        if one.source != DistributionSource::Index || !one.marker.holds(target, &[]) {
            continue;
        }
        let mut locked = lock.packages.iter().filter(|package| package.name == one.name).peekable();
        if locked.peek().is_none() {
            places.push((one, "is not locked".to_owned()));
            continue;
        }
        let wanted = one.specifiers.as_ref();
        let versions: Vec<&str> = locked.filter_map(|package| package.version.as_deref()).collect();
        let fits = |version: &&str| {
            let version = Version::parse(version);
            version.zip(wanted).is_none_or(|(version, wanted)| wanted.contains(&version))
        };
        if let Some(version) = versions.first().filter(|_| !versions.iter().any(fits)) {
            places.push((one, format!("is locked at {version}")));
        }
    }
    let ((first, said), more) = places.split_first()?;
    let path = &lock.path;
    let (effect, command) = match manager {
        PackageManager::Uv => ("`uv sync --locked` stops at it while the image is built", "uv lock"),
        PackageManager::Poetry => ("`poetry export` stops at it while the image is built", "poetry lock"),
        PackageManager::Pipenv => ("images get what is locked", "pipenv lock"),
        PackageManager::Pdm => ("images get what is locked", "pdm lock"),
        _ => ("images get what is locked", "lock it again"),
    };
    let title = format!("`{path}` is out of date: it does not hold what the manifest asks for");
    let mut diagnostic = Diagnostic::warning(codes::LOCKFILE_OUT_OF_DATE, title)
        .at(&first.place, format!("`{}{}` {said}", first.name, first.written))
        .because(effect);
    if !more.is_empty() {
        let names: Vec<&str> = more.iter().map(|(one, _)| one.name.as_str()).collect();
        diagnostic = diagnostic.because(format!("the same is true of {}", wording::and_ticked(&names)));
    }
    Some(diagnostic.help(format!("lock again and commit the file: `{command}`")))
}

/// The version is read from git, and an image holds no repository.
pub(super) fn version_from_git(source: &VersionSource, place: &Place) -> Diagnostic {
    let tool = source.distributions.first().map_or("the build backend", String::as_str);
    match (&source.variable, &source.remedy) {
        (Some(variable), _) => Diagnostic::note(
            codes::VERSION_FROM_GIT,
            format!("the version is read from git, which no image holds: it is `{}` there", source.value),
        )
        .at(place, "builds with it")
        .because(format!("`{variable}={}` is set for the commands that install", source.value))
        .help("leave it: nothing in a Django project needs the right number"),
        (None, remedy) => {
            let title = format!("`{tool}` reads the version from git, which no image holds");
            let diagnostic = Diagnostic::warning(codes::VERSION_FROM_GIT, title)
                .at(place, "builds with it")
                .because("the install in an image stops at it");
            match remedy {
                Some(remedy) => diagnostic.help(remedy.clone()),
                None => diagnostic,
            }
        }
    }
}

/// Files for developers that cannot be installed beside the one that is taken.
pub(super) fn left_out(development: &Development) -> Option<Diagnostic> {
    let (first, more) = development.left_out.split_first()?;
    let title = if more.is_empty() {
        format!("the development image is made without `{first}`")
    } else {
        format!("the development image is made without {}", wording::and_ticked(&development.left_out))
    };
    let because = match development.requirement_files.first() {
        Some(taken) => format!("`{taken}` is installed, and pins other versions of the same distributions"),
        None => {
            "it pins other versions than what production installs, and pip cannot install both".to_owned()
        }
    };
    Some(
        Diagnostic::note(codes::DEVELOPMENT_REQUIREMENTS_LEFT_OUT, title)
            .at(&Place::Path(first.clone()), "is left out")
            .because(because)
            .help("delete the file that nobody uses, or let the other one include it with `-r`"),
    )
}

/// The site imports what only a group or extra for developers brings.
///
/// `place` imports `module`; `through` is the line of the site that imports the file of `place`, where that is for tests.
pub(super) fn needed_by_the_site(
    offer: &Offer,
    module: &str,
    place: &Place,
    through: Option<&Place>,
) -> Diagnostic {
    let kind = match offer.kind {
        OfferKind::Group => "group",
        OfferKind::Extra => "extra",
    };
    let title =
        format!("the site imports `{module}` when it starts, which only the {kind} `{}` brings", offer.name);
    let mut diagnostic =
        Diagnostic::warning(codes::SITE_IMPORTS_DEVELOPMENT, title).at(place, "imported here");
    if let Some(through) = through {
        diagnostic = diagnostic.at(through, "the site imports this file for tests");
    }
    diagnostic
        .because(format!(
            "production would stop with `ModuleNotFoundError`: its image gets the {kind} `{}`, with all that is in it",
            offer.name
        ))
        .help(if through.is_some() {
            "move what the site needs out of the files for tests".to_owned()
        } else {
            format!("import `{module}` inside the function that needs it, or only where it is installed (`try: … except ImportError: …`)")
        })
        .help(format!("or state the distribution that brings `{module}` among the requirements of production"))
}
