//! Messages about a project as a whole.

use camino::{Utf8Path, Utf8PathBuf};

use super::dependencies::Dependencies;
use super::existing::Installed;
use super::facts::{Distribution, Frontend, StartedProgram};
use super::naming::Named;
use crate::base::codes::dependencies::{
    DRIVER_OF_VENDOR, PROGRAM_NOT_IN_IMAGE, REQUIREMENT_OVER_SSH, SYSTEM_PACKAGE_GONE,
};
use crate::base::codes::inspect::{
    INSPECT_FAILED, NO_DJANGO_PROJECT, SETTINGS_MODULE_MISSING, SEVERAL_PROJECTS,
};
use crate::base::{Diagnostic, Place, Tree};
use crate::catalog::target::{self, Act};
use crate::knowledge::{distributions, pythons};
use crate::stack::Environment;

pub(super) fn no_django_project(tree: &Tree, dependencies: &Dependencies) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(NO_DJANGO_PROJECT, "no Django project in this folder").because(
        "looked for `manage.py` here and three folders down, and for a `wsgi.py` that names settings",
    );
    diagnostic = diagnostic.because(
        match (dependencies.get("django"), dependencies.requirements_files.value.first()) {
            (Some(django), _) => format!("`django` is required at {}", django.place),
            (None, Some(file)) => format!("found `{file}`, which does not list `django`"),
            (None, None) => {
                let files = crate::base::wording::count(tree.files().count(), "file");
                format!("found {files}, and none that states requirements")
            }
        },
    );
    diagnostic
        .help("run djdock in the folder that holds `manage.py`, or name it: `djdock init path/to/project`")
}

/// A defect that stopped the reading of the project as a whole.
pub(super) fn broke_down(cause: &str) -> Diagnostic {
    Diagnostic::error(INSPECT_FAILED, format!("djdock broke down while it read the project: {cause}"))
        .because("this is a defect of djdock, and nothing was found out")
        .help("report it, with the file that shows it if you may: leave files out until it no longer breaks down")
}

pub(super) fn several_projects(candidates: &[Utf8PathBuf]) -> Diagnostic {
    let (first, others) = candidates
        .split_first()
        .map_or((Utf8Path::new("manage.py"), candidates), |(first, others)| (first.as_path(), others));
    let title = format!("there are {} Django projects here, and `{first}` is assumed", candidates.len());
    let mut diagnostic = Diagnostic::warning(SEVERAL_PROJECTS, title)
        .because(format!("the others are {}", crate::base::wording::and_ticked(others)));
    if let Some(other) = others.first() {
        diagnostic = diagnostic.help(format!(
            "to take another one: `--project {other}`, or `project = \"{other}\"` in djdock.toml"
        ));
    }
    diagnostic
}

/// A package of the front end is where only ssh reaches it.
pub(super) fn frontend_over_ssh(frontend: &Frontend) -> Option<Diagnostic> {
    let (address, place) = frontend.from_git.ssh.as_ref()?;
    let title = format!("the front end in `{}` fetches a package over ssh from `{address}`", frontend.dir);
    Some(
        Diagnostic::warning(REQUIREMENT_OVER_SSH, title)
            .at(place, "the builder has no key of its own")
            .help(format!(
                "build with your agent's key: `{}`",
                target::DEFAULT.usual_command(Environment::Prod, Act::BuildWithKeys)
            ))
            .help("or use an `https` address"),
    )
}

/// A module that settings import, and of which there is a template.
pub(super) fn imported_module_missing(module: &str, place: &Place, template: &Utf8Path) -> Diagnostic {
    let title = format!("the module `{module}` is not in the project");
    from_template(Diagnostic::warning(SETTINGS_MODULE_MISSING, title).at(place, "imported here"), template)
}

fn from_template(diagnostic: Diagnostic, template: &Utf8Path) -> Diagnostic {
    diagnostic.because(format!("`{template}` is read in its place, and containers get a copy of it")).help(
        format!("for other values, copy `{template}` to the module's name yourself, and change the copy"),
    )
}

pub(super) fn settings_module_missing(named: &Named, template: Option<&Utf8Path>) -> Diagnostic {
    let title = format!("the settings module `{}` is not in the project", named.module);
    let diagnostic = Diagnostic::warning(SETTINGS_MODULE_MISSING, title).at(&named.place, "named here");
    match template {
        Some(template) => from_template(diagnostic, template),
        None => diagnostic.help("choose another one: `--settings-prod` and `--settings-dev`"),
    }
}

pub(super) fn system_package_gone(
    distribution: &Distribution,
    packages: &[String],
    suite: &str,
    python: Option<&pythons::Release>,
) -> Diagnostic {
    let name = &distribution.name;
    let diagnostic = Diagnostic::warning(
        SYSTEM_PACKAGE_GONE,
        format!(
            "`{name}` runs {}, which Debian {suite} does not have",
            crate::base::wording::and_ticked(packages)
        ),
    )
    .at(&distribution.place, "required here")
    .because(BUILT_WITHOUT);
    on_older_debian(diagnostic, python)
        .help(format!("or replace `{name}` with a distribution that needs no such program"))
}

/// Drivers that come from the vendor of a database alone: images are built without them.
pub(super) fn drivers_of_vendors(distributions: &[Distribution]) -> Vec<Diagnostic> {
    let known = distributions.iter().filter_map(|one| Some((one, distributions::vendor_driver(&one.name)?)));
    let message = |(distribution, row): (&Distribution, &distributions::VendorDriver)| {
        let title = format!("`{}` needs {}, which Debian does not have", distribution.name, row.driver);
        let diagnostic = Diagnostic::warning(DRIVER_OF_VENDOR, title)
            .at(&distribution.place, "required here")
            .because("the images are built without it, and the first query fails");
        row.remedies.iter().fold(diagnostic, |diagnostic, remedy| diagnostic.help(remedy.clone()))
    };
    known.map(message).collect()
}

pub(super) fn program_gone(
    installed: &Installed,
    suite: &str,
    python: Option<&pythons::Release>,
) -> Diagnostic {
    let title =
        format!("`{}` is installed for the project, and Debian {suite} does not have it", installed.name);
    let diagnostic = Diagnostic::warning(SYSTEM_PACKAGE_GONE, title)
        .at(&installed.place, "installed here")
        .because(BUILT_WITHOUT);
    on_older_debian(diagnostic, python)
}

/// A program that the code starts, and that the image's Debian has no more.
pub(super) fn started_program_gone(
    started: &StartedProgram,
    suite: &str,
    python: Option<&pythons::Release>,
) -> Diagnostic {
    let title = format!("the code starts `{}`, which Debian {suite} does not have", started.name);
    let diagnostic = Diagnostic::warning(SYSTEM_PACKAGE_GONE, title)
        .at(&started.place, "started here")
        .because(BUILT_WITHOUT);
    on_older_debian(diagnostic, python)
}

/// A program that the code starts, and of which djdock does not know the package.
pub(super) fn program_not_in_image(started: &StartedProgram) -> Diagnostic {
    let name = &started.name;
    Diagnostic::warning(
        PROGRAM_NOT_IN_IMAGE,
        format!("the code starts `{name}`, and no image has that program"),
    )
    .at(&started.place, "started here")
    .because(format!("djdock knows no package of Debian that brings `{name}`"))
    .help("install it in `Dockerfile.prod` and `Dockerfile`: `djdock update` keeps what you add")
    .help(format!("if it is a distribution of Python, name `{name}` among the requirements"))
}

const BUILT_WITHOUT: &str =
    "the image is built without it, and what the project does with it fails when it is first asked for";

fn on_older_debian(diagnostic: Diagnostic, python: Option<&pythons::Release>) -> Diagnostic {
    match python {
        Some(release) => diagnostic.help(format!(
            "build on a Python whose image stands on an older Debian: `--python {}`",
            release.version
        )),
        None => diagnostic,
    }
}
