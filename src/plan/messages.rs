//! The wording of what plan has to say.

use std::collections::BTreeMap;

use super::unlisted::Unlisted;
use super::wiring::{Goal, Standing, Want};
use crate::base::codes::plan::{
    BROKER_MISSING, DATABASE_TOO_OLD, IMPORT_UNLISTED, MANAGER_UNSUPPORTED, NOTHING_TO_INSTALL,
    OVERLAY_NEEDED, PLAN_NOT_PROVEN, PROCESS_NOT_RUN, PYTHON_AND_DJANGO_DISAGREE, SETTING_ASSUMED,
    SETTINGS_IMPORT_FAILS,
};
use crate::base::{Diagnostic, Place, wording};
use crate::inspect::Facts;
use crate::python::{Failure, FailureKind};
use crate::stack::Environment;

/// Returns the wish of a goal, as a phrase.
fn wanted(want: &Want) -> String {
    match want {
        Want::Truth(true) => "`True`".to_owned(),
        Want::Truth(false) => "`False`".to_owned(),
        Want::Text { text, .. } => format!("`{text}`"),
        Want::Item { item, .. } => format!("a list with `{item}`"),
        Want::Entry { entry, .. } => format!("a list with `{entry}`"),
        Want::Origins { .. } => "a list of origins, each with its scheme".to_owned(),
        Want::Host { host, .. } => format!("an address at `{host}`"),
        Want::Folder { path } => format!("a folder, such as `{path}`"),
        Want::File { path, .. } => format!("`{path}`"),
        Want::Engine { usual, .. } => format!("`{usual}`"),
        Want::Something { .. } => "text".to_owned(),
        Want::Stream => "a handler that writes to no file".to_owned(),
        Want::Nothing => "nothing".to_owned(),
    }
}

fn found(standing: &Standing) -> String {
    match standing {
        Standing::Missed(found) => format!("it comes to `{found}`"),
        Standing::Absent => "it is not set".to_owned(),
        Standing::Unknown => "what it comes to cannot be read from the code".to_owned(),
        Standing::Met => "it is".to_owned(),
    }
}

pub(super) fn stack(environment: Environment) -> &'static str {
    match environment {
        Environment::Dev => "development",
        Environment::Prod => "production",
    }
}

fn flag(environment: Environment) -> &'static str {
    match environment {
        Environment::Dev => "dev",
        Environment::Prod => "prod",
    }
}

/// `password` never shows: its goal's text is a stand-in, and what is found may be a real one.
fn hides(goal: &Goal) -> bool {
    let last = goal.path.last().map(|last| last.to_ascii_uppercase()).unwrap_or_default();
    last.ends_with("PASSWORD") || last == "SECRET_KEY"
}

pub(super) fn detail(goal: &Goal, standing: &Standing) -> String {
    if hides(goal) {
        "what stands there is not the secret of this stack".to_owned()
    } else {
        format!("{} was wanted, and {}", wanted(&goal.want), found(standing))
    }
}

/// The settings hold something that no variable changes, and no overlay may be written.
pub(super) fn overlay_needed(goal: &Goal, standing: &Standing, place: Option<&Place>) -> Diagnostic {
    let setting = goal.setting();
    let mut diagnostic = Diagnostic::error(OVERLAY_NEEDED, format!("`{setting}` cannot be set from outside"))
        .because(detail(goal, standing));
    if let Some(place) = place {
        diagnostic = diagnostic.at(place, "decided here");
    }
    diagnostic
        .because(goal.because.clone())
        .help(format!(
            "read `{setting}` from a variable: `os.environ[\"{}\"]`",
            goal.path.last().map_or("", String::as_str)
        ))
        .help("or let djdock set it in a module of its own, beside yours: `--overlay`")
}

/// The settings, evaluated under the plan, do not come to what the stack needs.
pub(super) fn not_proven(
    environment: Environment,
    goal: &Goal,
    standing: &Standing,
    place: Option<&Place>,
) -> Diagnostic {
    let setting = goal.setting();
    let mut diagnostic = Diagnostic::error(
        PLAN_NOT_PROVEN,
        format!("`{setting}` is not what the {} stack needs", stack(environment)),
    )
    .because(detail(goal, standing));
    if let Some(place) = place {
        diagnostic = diagnostic.at(place, "decided here");
    }
    diagnostic.because(goal.because.clone()).help(format!(
        "read `{setting}` from a variable: `os.environ[\"{}\"]`",
        goal.path.last().map_or("", String::as_str)
    ))
}

/// The settings module is not in the project, nor a template of it.
pub(super) fn no_module(environment: Environment, module: &str) -> Diagnostic {
    let title = format!("`{module}` cannot be imported in the {} stack", stack(environment));
    Diagnostic::error(SETTINGS_IMPORT_FAILS, title)
        .because("there is no such module in the project, so there is none in its image")
        .help(format!("keep a `{module}` in the project that reads what differs from variables"))
        .help(format!("or choose another one: `--settings-{} MODULE`", flag(environment)))
}

/// Something stops the import of the settings whatever is set.
pub(super) fn import_fails(environment: Environment, module: &str, failure: &Failure) -> Diagnostic {
    let (what, help) = match &failure.kind {
        FailureKind::MissingVariable(name) => {
            (format!("it needs the variable `{name}`"), format!("give `{name}` a default, or set it in .env"))
        }
        FailureKind::Raise { exception, message } => {
            let said = if message.is_empty() { String::new() } else { format!(": {message}") };
            (format!("it raises `{exception}`{said}"), help_against(exception).to_owned())
        }
        FailureKind::MissingModule(name) if name == module => {
            return no_module(environment, module);
        }
        FailureKind::MissingModule(name) => (
            format!("it imports `{name}`, which is not in the project"),
            format!("add the module `{name}`, or the distribution that brings it"),
        ),
        FailureKind::MissingFile(path) => {
            (format!("it opens `{path}`, which is not in the project"), format!("add `{path}`"))
        }
    };
    Diagnostic::error(
        SETTINGS_IMPORT_FAILS,
        format!("`{module}` cannot be imported in the {} stack", stack(environment)),
    )
    .at(&failure.place, what)
    .help(help)
}

fn help_against(exception: &str) -> &'static str {
    match exception {
        "KeyError" | "IndexError" | "AttributeError" | "TypeError" => {
            "give what is missing a default, or let the line do without it"
        }
        git if git.contains("Git") => {
            "an image holds no `.git`: read the version from a variable, or catch the error"
        }
        // Somebody wrote this to stop the import.
        _ => "make the check pass under the variables of the stack, or drop it",
    }
}

/// Reports a setting whose value cannot be read, and which the stack takes to be right: one for all that lies in it.
pub(super) fn assumed(stacks: &[Environment], goals: &[&Goal], place: Option<&Place>) -> Diagnostic {
    let setting = match goals {
        [one] => one.setting(),
        goals => goals.first().map_or_else(String::new, |goal| goal.path[0].clone()),
    };
    let title = match stacks {
        [one] => format!("`{setting}` is assumed to be right in the {} stack", stack(*one)),
        _ => format!("`{setting}` is assumed to be right in both stacks"),
    };
    let mut diagnostic = Diagnostic::warning(SETTING_ASSUMED, title);
    // Caches that are all to be at one address are one thing to look at.
    let mut alike: BTreeMap<(String, &str), Vec<String>> = BTreeMap::new();
    for goal in goals {
        alike.entry((wanted(&goal.want), &goal.because)).or_default().push(goal.setting());
    }
    for ((wanted, _), settings) in &alike {
        let what =
            if goals.len() == 1 { String::new() } else { format!(" of {}", wording::and_ticked(settings)) };
        diagnostic = diagnostic
            .because(format!("{wanted} was wanted{what}, and what it comes to cannot be read from the code"));
    }
    if let Some(place) = place {
        diagnostic = diagnostic.at(place, "decided here");
    }
    let mut reasons: Vec<&str> = alike.keys().map(|(_, because)| *because).collect();
    reasons.dedup();
    diagnostic.help(format!("look whether {}; if not, read it from a variable", reasons.join(", and ")))
}

/// Reports distributions that are imported and not required.
pub(super) fn unlisted(unlisted: &[Unlisted]) -> Option<Diagnostic> {
    /// Places that are shown.
    const FEW: usize = 4;
    let requirements: Vec<&str> = unlisted.iter().map(|one| one.requirement.as_str()).collect();
    let title = match unlisted {
        [] => return None,
        [one] => {
            format!("`{}` is imported, and the requirements do not name `{}`", one.module, one.requirement)
        }
        _ => format!(
            "the code imports what the requirements do not name: {}",
            wording::and_ticked(&requirements)
        ),
    };
    let mut diagnostic = Diagnostic::warning(IMPORT_UNLISTED, title);
    for one in unlisted.iter().take(FEW) {
        diagnostic = diagnostic.at(&one.evidence.place, one.evidence.reason.clone());
    }
    for one in unlisted.iter().skip(FEW) {
        diagnostic = diagnostic.because(format!("{} {}", one.evidence.place, one.evidence.reason));
    }
    let object = if unlisted.len() == 1 { "it" } else { "them" };
    Some(
        diagnostic
            .because(format!("images install {object} too, in case that nothing else brings {object} along"))
            .help(format!("write {} into the requirements", wording::and_ticked(&requirements))),
    )
}

/// Something is run elsewhere, or never returns, and no service runs it.
pub(super) fn process_not_run(command: &str, place: &Place, reason: &str) -> Diagnostic {
    Diagnostic::note(PROCESS_NOT_RUN, format!("no service of the stack runs `{command}`"))
        .at(place, reason)
        .help("if the site needs it, add a service with the image of `web` and this command to the compose files")
}

/// A step of a release is run elsewhere, and no service runs it.
pub(super) fn step_not_run(command: &str, place: &Place) -> Diagnostic {
    Diagnostic::note(PROCESS_NOT_RUN, format!("no service of the stack runs `{command}`"))
        .at(place, "run here before a release")
        .help("if the site needs it, run it in the service `web` when the stack is up")
}

/// No manifest states a distribution.
pub(super) fn nothing_to_install(facts: &Facts) -> Diagnostic {
    let mut diagnostic =
        Diagnostic::error(NOTHING_TO_INSTALL, "nothing says which distributions the project needs")
            .because("looked for requirements files, pyproject.toml, Pipfile, setup.cfg and setup.py");
    for evidence in &facts.package_manager.evidence {
        diagnostic = diagnostic.because(format!("{}: {}", evidence.place, evidence.reason));
    }
    diagnostic
        .help("write them down: `pip freeze > requirements.txt` in the environment in which the project runs")
}

/// Images are not built with this manager.
pub(super) fn manager_unsupported(name: &str, place: Option<&Place>) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(MANAGER_UNSUPPORTED, format!("images are not built with {name}"));
    if let Some(place) = place {
        diagnostic = diagnostic.at(place, format!("{name} is used here"));
    }
    diagnostic
        .because("official Python images have no conda, and its environments do not move between images")
        .help("list what pip can install in requirements.txt, and pass `--package-manager pip`")
}

/// The Python that was asked for in an answer and the project's Django do not go together.
pub(super) fn python_and_django(
    python: &str,
    django: &str,
    documented: &[String],
    place: Option<&Place>,
) -> Diagnostic {
    let mut diagnostic = Diagnostic::warning(
        PYTHON_AND_DJANGO_DISAGREE,
        format!("Django {django} is not documented to run on Python {python}"),
    );
    if let Some(place) = place {
        diagnostic = diagnostic.at(place, format!("Django {django} is required here"));
    }
    let newest = documented.last().map_or("VERSION", String::as_str);
    diagnostic
        .because(format!("Django {django} runs on Python {}", documented.join(", ")))
        .help(format!("choose a Python that it runs on: `--python {newest}`"))
}

/// No image of the database is new enough.
pub(super) fn database_too_old(database: &str, offered: &str, django: &str, floor: &str) -> Diagnostic {
    Diagnostic::error(DATABASE_TOO_OLD, format!("{database} {offered} is too old for Django {django}"))
        .because(format!("Django {django} needs {database} {floor} or newer"))
        .help("choose another database: `--database postgres`")
}

/// Workers are wanted, and nothing brings tasks to them.
pub(super) fn no_broker(place: Option<&Place>) -> Diagnostic {
    let mut diagnostic = Diagnostic::warning(BROKER_MISSING, "Celery is used, and the stack has no broker");
    if let Some(place) = place {
        diagnostic = diagnostic.at(place, "read here");
    }
    diagnostic
        .because("no worker is started, because it would wait for a broker for ever")
        .help("let the stack have Redis, and tasks go through it: `--cache`")
}
