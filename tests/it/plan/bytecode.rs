//! Bytecode: the production image holds what will be imported, and development is left alone.

use djdock::plan::Plan;
use djdock::stack::{RunPurpose, Stack, Step};

use super::site::*;

fn site(requirements: &str) -> Site {
    Site::new(&format!("{OPEN}{}", database("postgresql")), &format!("{POSTGRES}{requirements}"))
}

/// Returns the commands that run in the project's image, in order, with the purpose and the cache mounts of each.
fn runs(stack: &Stack) -> Vec<(RunPurpose, String, Vec<String>)> {
    let steps = stack.images[0].stages.iter().flat_map(|stage| &stage.steps);
    let run = |step: &Step| match step {
        Step::Run { commands, caches, purpose, .. } => {
            let lines: Vec<String> = commands.iter().map(|command| command.join(" ")).collect();
            Some((*purpose, lines.join("\n"), caches.clone()))
        }
        _ => None,
    };
    steps.filter_map(run).collect()
}

fn is_bytecode(purpose: RunPurpose) -> bool {
    matches!(purpose, RunPurpose::DistributionBytecode | RunPurpose::ProjectBytecode)
}

fn folder(stack: &Stack) -> Option<String> {
    let steps = stack.images[0].stages.iter().flat_map(|stage| &stage.steps);
    let variables = steps
        .filter_map(|step| if let Step::Environment { variables } = step { Some(variables) } else { None });
    variables.filter_map(|variables| variables.get("PYTHONPYCACHEPREFIX")).next_back().cloned()
}

fn place(plan: &Plan, is_wanted: impl Fn(&Step) -> bool) -> usize {
    let app = plan.prod.images[0].stages.iter().find(|stage| stage.name == "app").unwrap();
    app.steps.iter().position(is_wanted).unwrap()
}

#[test]
fn bytecode_stays_in_the_production_image_and_in_memory_in_development() {
    let plan = site("").plan();
    let prod = folder(&plan.prod).unwrap();
    assert!(!prod.starts_with("/tmp"), "what lies in memory is gone after each start: {prod}");
    assert!(folder(&plan.dev).unwrap().starts_with("/tmp/"));
    assert!(runs(&plan.prod).iter().all(|(_, _, caches)| !caches.contains(&prod)));
}

#[test]
fn bytecode_of_distributions_outlives_an_edit_of_the_source() {
    let plan = site("").plan();
    let compiles =
        place(&plan, |step| matches!(step, Step::Run { purpose: RunPurpose::DistributionBytecode, .. }));
    let source = place(&plan, |step| matches!(step, Step::CopySource { .. }));
    let installed = place(&plan, |step| matches!(step, Step::CopyFrom { .. }));
    assert!(installed < compiles && compiles < source);
}

#[test]
fn project_is_imported_as_the_app_server_does_and_a_failure_ends_no_build() {
    let plan = site("").plan();
    let all = runs(&plan.prod);
    let line = all.iter().flat_map(|(_, lines, _)| lines.lines()).find(|line| line.contains("import_module"));
    let line = line.unwrap();
    assert!(
        line.contains(" site1.wsgi ") && line.starts_with("sh -c timeout ") && line.ends_with("; true"),
        "{line}"
    );
}

#[test]
fn project_whose_static_files_lie_elsewhere_is_compiled_too() {
    let more = "STORAGES = {'staticfiles': {'BACKEND': 'storages.backends.s3.S3Storage'}}\nSTATIC_URL = 'https://cdn.example.com/'\n";
    let requirements = format!("{POSTGRES}django-storages==1.14.6\nboto3==1.40.0\n");
    let plan = Site::new(&format!("{OPEN}{}{more}", database("postgresql")), &requirements).plan();
    let all = runs(&plan.prod);
    assert!(all.iter().any(|(_, lines, _)| lines.contains("import_module")), "{all:?}");
}

#[test]
fn modules_of_the_chosen_server_and_packages_of_installed_workers_are_compiled() {
    let of_gunicorn = runs(&site("").plan().prod);
    let compiled = |all: &[(RunPurpose, String, Vec<String>)], word: &str| {
        all.iter().any(|(purpose, lines, _)| is_bytecode(*purpose) && lines.contains(word))
    };
    assert!(compiled(&of_gunicorn, "gunicorn.workers.gthread") && !compiled(&of_gunicorn, "celery"));
    let with_worker = runs(&celery().plan_with_redis().prod);
    assert!(
        compiled(&with_worker, "/site-packages/celery") && compiled(&with_worker, "/site-packages/kombu")
    );
}

#[test]
fn python_without_a_folder_for_bytecode_writes_none() {
    let old = Site::new(
        &format!("{OPEN}{}", database("postgresql")),
        "Django==2.2.28\npsycopg2-binary==2.8.6\ngunicorn==20.0.4\n",
    )
    .with(".python-version", "3.7\n");
    let plan = old.plan();
    assert_eq!(folder(&plan.prod), None);
    assert!(
        runs(&plan.prod)
            .iter()
            .all(|(purpose, lines, _)| !is_bytecode(*purpose) && !lines.contains("import_module"))
    );
}
