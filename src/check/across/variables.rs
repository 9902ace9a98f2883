//! Variables that the settings cannot do without, and that a service is not given.

use std::collections::{BTreeMap, BTreeSet};

use super::Stack;
use crate::base::codes::check::across::VARIABLE_NOT_GIVEN;
use crate::base::{Diagnostic, Place, path, wording};
use crate::check::containers::{Container, filled_in};
use crate::check::subject::settings_with;
use crate::check::{Subject, at_places};
use crate::python::{Evaluation, FailureKind};

/// Names of services, and where they begin.
type Services = Vec<(String, Place)>;

pub(super) fn find(stack: &Stack<'_>) -> Vec<Diagnostic> {
    // By compose file and by what is missing.
    let mut missing: BTreeMap<(&str, Vec<String>), Services> = BTreeMap::new();
    for container in stack.django() {
        let Some((file, service)) = container.service else { continue };
        // Where it is not said which settings run, only what all of them miss is missing.
        let missed = evaluated(stack, container).into_iter().map(|evaluation| missed(&evaluation));
        let names =
            missed.reduce(|all, names| all.intersection(&names).cloned().collect()).unwrap_or_default();
        let names: Vec<String> = names.into_iter().collect();
        if !names.is_empty() {
            let services = missing.entry((file.path.as_str(), names)).or_default();
            services.push((service.name.clone(), file.line_of_service(service)));
        }
    }
    missing.into_iter().map(|((file, names), services)| not_given(file, &names, &services)).collect()
}

fn missed(evaluation: &Evaluation) -> BTreeSet<String> {
    let names = evaluation.failures.iter().filter_map(|failure| match &failure.kind {
        FailureKind::MissingVariable(name) => Some(name.clone()),
        _ => None,
    });
    names.collect()
}

fn not_given(file: &str, names: &[String], services: &[(String, Place)]) -> Diagnostic {
    let who: Vec<&str> = services.iter().map(|(name, _)| name.as_str()).collect();
    let title = format!(
        "`{file}` does not give {} to {}, and the settings cannot be imported without {}",
        wording::and_ticked(names),
        wording::and_ticked(&who),
        if names.len() == 1 { "it" } else { "them" },
    );
    let first = names.first().map_or("", String::as_str);
    at_places(
        Diagnostic::error(VARIABLE_NOT_GIVEN, title),
        services.iter().map(|(_, place)| (place, "neither `environment` nor `env_file` names it".to_owned())),
    )
    .because("the process ends at its start; the `.env` beside a compose file fills in `${…}` there, and reaches no container by itself")
    .help(format!("add below `environment`: `{first}: ${{{first}}}`"))
}

/// The settings of a container as its own variables let them come out, for each module that it may run with; none where
/// something that is not read may give more.
pub(super) fn evaluated(stack: &Stack<'_>, container: &Container<'_>) -> Vec<Evaluation> {
    let Some(given) = given(stack, container) else { return Vec::new() };
    given.iter().flat_map(|given| with(stack.subject, given)).collect()
}

/// The settings with these variables: of the module that they name, else of each that may be meant.
pub(super) fn with(subject: &Subject<'_>, given: &BTreeMap<String, String>) -> Vec<Evaluation> {
    let facts = subject.facts;
    let named = given.get("DJANGO_SETTINGS_MODULE").map(String::as_str);
    let production = facts.settings_prod.value.as_deref().and_then(|module| module.split(':').next());
    let mut modules: Vec<&str> = match named {
        Some(named) => vec![named],
        None => facts.settings_module.value.as_deref().into_iter().chain(production).collect(),
    };
    modules.dedup();
    modules.into_iter().filter_map(|module| settings_with(subject, module, given)).collect()
}

/// Every variable that a container is given: by its own file, and by all files of the folder, which may be given to
/// compose together. `None` where something that is not read may give more.
fn given(stack: &Stack<'_>, container: &Container<'_>) -> Option<[BTreeMap<String, String>; 2]> {
    let subject = stack.subject;
    let (_, service) = container.service?;
    let runs_django = container.runs.iter().any(|run| {
        run.command.serves() || run.command.management().is_some_and(|command| !command.is_empty())
    });
    // Scripts set variables, and files of variables are read by the settings themselves.
    let brings = container.runs.iter().any(|run| {
        let command = &run.command;
        matches!(
            command.program(),
            "export"
                | "source"
                | "."
                | "eval"
                | "set"
                | "doppler"
                | "chamber"
                | "vault"
                | "envdir"
                | "dotenv"
                | "printenv"
        ) && !(command.program() == "set"
            && command.words.iter().skip(1).all(|word| word.starts_with(['-', '+']) || word == "pipefail"))
    });
    let reads_file = subject.tree.files().any(|file| file.file_name() == Some(".env"))
        || subject.tree.all_left_out().any(|(file, _)| file.file_name() == Some(".env"))
            && subject.prod().files.iter().any(|read| read.path.file_name() == Some(".env"));
    if !runs_django || brings || reads_file || service.extends {
        return None;
    }
    let mut given: BTreeMap<String, String> = container.image.as_ref()?.variables.clone();
    let mut alone = given.clone();
    let (own, _) = container.service?;
    let folder = path::parent(&own.path);
    for part in stack.compose.iter().filter(|part| path::parent(&part.path) == folder) {
        for same in part.services.iter().filter(|other| other.name == service.name) {
            for written in &same.env_files {
                let path = path::join(path::parent(&part.path), written)?;
                // What is in a file that git does not have is not known; neither is what its template leaves out.
                let text = subject.tree.text(&path)?;
                given.extend(assignments(text));
                if part.path == own.path {
                    alone.extend(assignments(text));
                }
            }
            for (name, value) in &same.environment {
                given.insert(name.clone(), value_of(value.as_deref()));
                if part.path == own.path {
                    alone.insert(name.clone(), value_of(value.as_deref()));
                }
            }
        }
    }
    Some([alone, given])
}

/// Returns the text that compose puts in for a value; some text for a variable that is not known.
fn value_of(value: Option<&str>) -> String {
    const SOME: &str = "x";
    match value {
        None => SOME.to_owned(),
        Some(text) => {
            let filled = filled_in(text, &BTreeMap::new());
            if filled.contains('$') { SOME.to_owned() } else { filled }
        }
    }
}

/// The lines of an env file.
fn assignments(text: &str) -> Vec<(String, String)> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.trim_start_matches("export ").split_once('='));
    pairs
        .map(|(name, value)| (name.trim().to_owned(), value.trim().trim_matches(['"', '\'']).to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::check::across::RULES;
    use crate::check::testing::of_settings;

    const SETTINGS: &str = "import os\nSECRET_KEY = os.environ['SECRET_KEY']\nHOST = os.environ['DB_HOST']";
    const IMAGE: (&str, &str) = (
        "Dockerfile",
        "FROM python:3.13\nCOPY . /app\nWORKDIR /app\nENV SECRET_KEY=x\nCMD [\"gunicorn\", \"site.wsgi\"]\n",
    );

    fn check(web: &str, more: &[(&str, &str)]) -> Vec<String> {
        let compose = format!("services:\n  web:\n    build: .\n    {web}\n");
        let mut files = vec![IMAGE, ("site/wsgi.py", ""), ("compose.yaml", compose.as_str())];
        files.extend_from_slice(more);
        of_settings(RULES, SETTINGS, &files)
    }

    const MISSING: [&str; 1] = ["variable-not-given:2"];

    #[test]
    fn a_service_is_given_what_the_settings_need() {
        assert_eq!(check("environment: {POSTGRES_HOST: db}", &[]), MISSING);
        assert!(check("environment: {DB_HOST: db}", &[]).is_empty());
        assert!(check("environment: ['DB_HOST=db']", &[]).is_empty());
        assert!(check("environment: ['DB_HOST']", &[]).is_empty());
        assert!(check("environment: ['DB_HOST=${DB_HOST:?missing}']", &[]).is_empty());
    }

    #[test]
    fn env_files_give_variables() {
        assert!(check("env_file: web.env", &[("web.env", "DB_HOST=db\n")]).is_empty());
        assert_eq!(check("env_file: web.env", &[("web.env", "POSTGRES_HOST=db\n")]), MISSING);
        // What is in a file that is not in the project is not known.
        let mut found = check("env_file: secret.env", &[]);
        found.retain(|one| one.starts_with("variable-not-given"));
        assert!(found.is_empty());
    }

    #[test]
    fn files_beside_give_variables_to_the_same_service() {
        let more = "services:\n  web:\n    environment: {DB_HOST: db}\n";
        assert!(check("restart: always", &[("compose.prod.yaml", more)]).is_empty());
        assert_eq!(check("restart: always", &[("compose.prod.yaml", &more.replace("web", "api"))]), MISSING);
    }

    #[test]
    fn anchors_and_merges_are_followed() {
        let web = "environment: &shared {DB_HOST: db}\n  worker:\n    build: .\n    command: celery -A site worker\n    environment:\n      <<: *shared\n      QUEUE: mail";
        assert!(check(web, &[("site/celery.py", "")]).is_empty());
    }

    #[test]
    fn each_service_that_runs_django_needs_them() {
        let worker =
            "environment: {DB_HOST: db}\n  tasks:\n    build: .\n    command: python manage.py run_tasks";
        assert_eq!(check(worker, &[]), ["variable-not-given:5"]);
        let other = worker.replace("python manage.py run_tasks", "python -m http.server");
        assert!(check(&other, &[]).is_empty());
    }

    #[test]
    fn what_a_script_or_the_settings_read_themselves_is_not_missed() {
        let script = "#!/bin/sh\nset -e\nexport DB_HOST=db\nexec gunicorn site.wsgi\n";
        assert!(check("command: sh start.sh", &[("start.sh", script)]).is_empty());
        let strict = "#!/bin/sh\nset -eu\nexec gunicorn site.wsgi\n";
        assert_eq!(check("command: sh start.sh", &[("start.sh", strict)]), MISSING);
        assert!(check("restart: always", &[(".env", "DB_HOST=db\n")]).is_empty());
    }
}
