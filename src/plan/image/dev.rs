//! The development image: everything but the source, which is mounted.

use camino::Utf8PathBuf;

use super::{DEV_FILE, build_time, install, machine, prod, runtime_environment, system};
use crate::plan::ground::Ground;
use crate::plan::layout;
use crate::plan::stack::{Command, HealthCheck, Image, Stage, Step};

/// `None` where nothing says what to install.
pub(in crate::plan) fn dev(ground: &Ground<'_>, server: &Command, health: &HealthCheck) -> Option<Image> {
    let packages = system::packages(ground);
    let mut all: Vec<String> = packages.build.into_iter().chain(packages.run).collect();
    all.sort();
    all.dedup();
    let mut steps = Vec::new();
    if !all.is_empty() {
        steps.push(Step::SystemPackages { packages: all });
    }
    steps.extend(machine::locales_and_variables(ground));
    steps.extend(install::steps(ground)?);
    steps.push(runtime_environment(ground.python, prod::python_path(ground)));
    steps.extend(build_time::import_check(ground));
    let script = ground.answers.config_dir.join("entrypoint.sh");
    steps.push(Step::CopyScript { from: script, to: layout::ENTRYPOINT.to_owned() });
    // Files that the container makes in the bind mount belong to the person who started it.
    for (name, default) in [("UID", "1000"), ("GID", "1000")] {
        steps.push(Step::Argument { name: name.to_owned(), default: default.to_owned() });
    }
    steps.push(Step::MakeUser {
        uid: "${UID}".into(),
        gid: "${GID}".into(),
        name: layout::USER_NAME.to_owned(),
    });
    steps.push(Step::WorkFolder { path: ground.working.clone() });
    steps.push(Step::User { user: "${UID}:${GID}".to_owned() });
    steps.push(Step::Expose { port: layout::PORT });
    steps.push(Step::HealthCheck(health.clone()));
    steps.push(Step::Entrypoint { argv: super::command(&[layout::ENTRYPOINT]) });
    steps.push(Step::Cmd { argv: server.clone() });
    Some(Image {
        name: format!("{}-dev", ground.answers.name),
        dockerfile: Utf8PathBuf::from(DEV_FILE),
        target: None,
        stages: vec![Stage { name: "dev".to_owned(), from: ground.base.clone(), steps }],
        because: ground.facts.python_version.evidence.clone(),
    })
}
