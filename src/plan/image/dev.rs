//! The development image: everything but the source, which is mounted.

use camino::Utf8PathBuf;

use super::{DEV_FILE, assets, build_time, install, machine, runtime_environment, system};
use crate::base::Evidence;
use crate::plan::ground::Ground;
use crate::plan::layout;
use crate::stack::{Command, HealthCheck, Image, Stage, Step};

/// The image of the project, and that which keeps its front end built. `None` where nothing says what to install.
pub(in crate::plan) fn dev(
    ground: &Ground<'_>,
    server: &Command,
    health: &HealthCheck,
    frontend: Option<&Command>,
) -> Option<Vec<Image>> {
    let packages = system::development_packages(ground);
    let mut all: Vec<String> = packages.build.into_iter().chain(packages.run).collect();
    all.sort();
    all.dedup();
    let mut steps = Vec::new();
    if !all.is_empty() {
        steps.push(Step::SystemPackages { packages: all });
    }
    steps.extend(machine::locales_and_variables(ground));
    steps.extend(install::steps(ground)?);
    steps.push(runtime_environment(ground));
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
    steps.push(Step::Entrypoint { argv: super::command(&[layout::ENTRYPOINT]), ends_in_time: false });
    steps.push(Step::Cmd { argv: server.clone() });
    let assets = frontend.and_then(|command| assets::stage_of_development(ground, command));
    let project = Stage { name: "dev".to_owned(), from: ground.base.clone(), steps };
    // The last one is what is built where nobody names a stage.
    let stages: Vec<Stage> = assets.clone().into_iter().chain([project]).collect();
    let image = |name: &str, target: Option<&str>, because: &[Evidence]| Image {
        name: format!("{}-{name}", ground.answers.name),
        dockerfile: Utf8PathBuf::from(DEV_FILE),
        target: target.map(str::to_owned),
        stages: stages.clone(),
        because: because.to_vec(),
    };
    let facts = ground.facts;
    let mut images = vec![image("dev", assets.as_ref().map(|_| "dev"), &facts.python_version.evidence)];
    images.extend(assets.map(|_| image("assets", Some(assets::STAGE), &facts.built_frontend().evidence)));
    Some(images)
}
