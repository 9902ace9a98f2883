//! The production images: built in stages, so that no compiler and no package manager is in what runs.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::{
    APP, PROD_FILE, assets, build_time, bytecode, compression, install, machine, runtime_environment, system,
    translations,
};
use crate::base::Evidence;
use crate::catalog::package_manager::VENV;
use crate::knowledge::images;
use crate::plan::ground::Ground;
use crate::plan::settle::Settled;
use crate::plan::{layout, service, writable};
use crate::stack::{AppServer, Command, HealthCheck, Image, RunPurpose, Stage, Step};

/// The image of the project, and that of the proxy where there is one. `None` where nothing says what to install.
pub(in crate::plan) fn prod(
    ground: &Ground<'_>,
    settled: &Settled,
    app_server: &AppServer,
    server: &Command,
    health: &HealthCheck,
    owned: &[String],
) -> Option<Vec<Image>> {
    let mut stages = vec![builder(ground)?];
    let assets = assets::stage(ground);
    let messages = messages(ground, assets.is_some());
    let source = messages.as_ref().or(assets.as_ref()).map(|stage| stage.name.clone());
    stages.extend(assets);
    stages.extend(messages);
    stages.push(app(ground, settled, source, app_server, server, health, owned));
    let is_copied = ground.collects_static() && ground.serves_static_by_proxy();
    let static_root = build_time::static_root(ground, settled).filter(|_| is_copied);
    if ground.has_proxy() {
        let compressed = static_root.as_deref().and_then(|root| compression::stage(ground, root));
        let stage = compressed.as_ref().map_or(APP, |stage| &stage.name).to_owned();
        let static_files = static_root.map(|root| (stage, root));
        stages.extend(compressed);
        stages.push(proxy_stage(ground, static_files)?);
    }
    let image = |name: &str, target: &str| Image {
        name: format!("{}-{name}", ground.answers.name),
        dockerfile: Utf8PathBuf::from(PROD_FILE),
        target: Some(target.to_owned()),
        stages: stages.clone(),
        because: ground.facts.python_version.evidence.clone(),
    };
    let mut images = vec![image(layout::WEB, APP)];
    if let Some(proxy) = ground.answers.proxy.run.filter(|_| ground.has_proxy()) {
        let because = vec![Evidence::new(
            crate::base::Place::Default,
            if is_copied {
                "static files are in the proxy's own image, so they are never old"
            } else {
                "the proxy's configuration is in its own image"
            },
        )];
        images.push(Image { because, ..image(proxy.service, proxy.service) });
    }
    Some(images)
}

fn builder(ground: &Ground<'_>) -> Option<Stage> {
    let mut steps = Vec::new();
    let packages = system::of_builder(ground);
    if !packages.is_empty() {
        steps.push(Step::SystemPackages { packages });
    }
    steps.extend(install::steps(ground)?);
    Some(Stage { name: "builder".to_owned(), from: ground.base.clone(), steps })
}

/// Compiles the catalogues of translations, which needs gettext; what runs does not.
fn messages(ground: &Ground<'_>, has_assets: bool) -> Option<Stage> {
    let commands = translations::compile(ground)?;
    let source = if has_assets {
        Step::CopyFrom {
            stage: assets::STAGE.to_owned(),
            from: layout::SOURCE.to_owned(),
            to: layout::SOURCE.to_owned(),
            owner: None,
        }
    } else {
        Step::CopySource { from: ".".to_owned(), to: layout::SOURCE.to_owned() }
    };
    let steps = vec![
        Step::SystemPackages { packages: system::build_tools(ground, system::TRANSLATIONS) },
        Step::WorkFolder { path: layout::SOURCE.to_owned() },
        source,
        Step::Run {
            commands,
            variables: BTreeMap::new(),
            caches: Vec::new(),
            purpose: RunPurpose::CompileMessages,
        },
    ];
    Some(Stage { name: "messages".to_owned(), from: "builder".to_owned(), steps })
}

fn app(
    ground: &Ground<'_>,
    settled: &Settled,
    source: Option<String>,
    app_server: &AppServer,
    server: &Command,
    health: &HealthCheck,
    owned: &[String],
) -> Stage {
    let mut steps = vec![runtime_environment(ground)];
    let packages = system::packages(ground).run;
    if !packages.is_empty() {
        steps.push(Step::SystemPackages { packages });
    }
    steps.extend(machine::locales_and_variables(ground));
    let (uid, gid) = layout::USER.split_once(':').unwrap_or((layout::USER, layout::USER));
    steps.push(Step::MakeUser {
        uid: uid.to_owned(),
        gid: gid.to_owned(),
        name: layout::USER_NAME.to_owned(),
    });
    steps.push(Step::CopyFrom {
        stage: "builder".to_owned(),
        from: VENV.to_owned(),
        to: VENV.to_owned(),
        owner: None,
    });
    steps.extend(build_time::import_check(ground));
    steps.extend(bytecode::of_distributions(ground, app_server).map(|command| Step::Run {
        commands: vec![command],
        variables: BTreeMap::new(),
        caches: Vec::new(),
        purpose: RunPurpose::DistributionBytecode,
    }));
    let script = ground.answers.config_dir.join("entrypoint.prod.sh");
    steps.push(Step::CopyScript { from: script, to: layout::ENTRYPOINT.to_owned() });
    // Before the source, so that an edit of it does not make them again; but copying over a folder changes its owner.
    let (copied_over, apart): (Vec<String>, Vec<String>) =
        owned.iter().cloned().partition(|folder| is_in_source(ground, folder));
    let folders = |paths: Vec<String>| {
        // Django's commands ran as root: what they wrote beside what was there must be the user's too.
        let is_filled = |folder: &&String| {
            writable::brought(ground, folder).is_some()
                || (ground.collects_static() && is_in_source(ground, folder))
        };
        let filled = paths.iter().filter(is_filled).cloned().collect();
        (!paths.is_empty()).then(|| Step::OwnedFolders { paths, filled, owner: layout::USER.to_owned() })
    };
    steps.push(Step::WorkFolder { path: ground.working.clone() });
    steps.extend(folders(apart.clone()));
    steps.extend(ground.facts.module_templates.iter().map(|copy| Step::CopyTemplate {
        from: copy.template.clone(),
        to: format!("{}/{}", layout::SOURCE, copy.path),
    }));
    steps.push(match source {
        Some(stage) => Step::CopyFrom {
            stage,
            from: layout::SOURCE.to_owned(),
            to: layout::SOURCE.to_owned(),
            owner: None,
        },
        None => Step::CopySource { from: ".".to_owned(), to: layout::SOURCE.to_owned() },
    });
    let compile = bytecode::of_project(ground, app_server);
    if ground.collects_static() || build_time::makes_sources(ground) || compile.is_some() {
        let logs = writable::log_folders(ground, settled);
        let logs: Vec<&String> = apart.iter().filter(|folder| logs.contains(*folder)).collect();
        steps.push(build_time::with_settings(ground, settled, compile, &logs));
    }
    steps.extend(folders(copied_over));
    steps.push(Step::User { user: layout::USER.to_owned() });
    steps.push(Step::Expose { port: layout::PORT });
    steps.push(Step::HealthCheck(health.clone()));
    steps.push(Step::Entrypoint { argv: super::command(&[layout::ENTRYPOINT]), ends_in_time: false });
    steps.push(Step::Cmd { argv: server.clone() });
    Stage { name: APP.to_owned(), from: ground.base.clone(), steps }
}

/// Tells whether the project has something in this folder of the image.
fn is_in_source(ground: &Ground<'_>, folder: &str) -> bool {
    let inside = folder.strip_prefix(layout::SOURCE).map(|inside| inside.trim_start_matches('/'));
    inside.is_some_and(|inside| ground.tree.kind_on_disk(Utf8Path::new(inside)).is_some())
}

/// Folders beside that of `manage.py` from which the project imports.
pub(super) fn python_path(ground: &Ground<'_>) -> Option<String> {
    let more: Vec<String> = ground
        .roots()
        .iter()
        .map(|root| layout::source(root))
        .filter(|root| *root != ground.working)
        .collect();
    (!more.is_empty())
        .then(|| std::iter::once(ground.working.clone()).chain(more).collect::<Vec<_>>().join(":"))
}

/// The image of the proxy. `static_files` are the stage and the folder of static files.
fn proxy_stage(ground: &Ground<'_>, static_files: Option<(String, String)>) -> Option<Stage> {
    let proxy = ground.answers.proxy.run.as_ref()?;
    let image = images::choose(proxy.image, None)?;
    let mut steps = Vec::new();
    if let Some((stage, from)) = static_files {
        steps.push(Step::CopyFrom { stage, from, to: layout::PROXY_STATIC.to_owned(), owner: None });
    }
    let volumes = proxy.volumes.iter().map(|volume| volume.target);
    let folders: Vec<String> =
        volumes.chain(service::certificates_folder(ground)).map(str::to_owned).collect();
    if !folders.is_empty() {
        steps.push(Step::OwnedFolders {
            paths: folders.clone(),
            // The image may have made folders in them, which are root's.
            filled: folders,
            owner: proxy.user.to_owned(),
        });
    }
    steps.push(Step::CopySource {
        from: ground.answers.config_dir.join(proxy.configuration.file).to_string(),
        to: proxy.configuration_target.to_owned(),
    });
    if !proxy.build.is_empty() {
        steps.push(Step::Run {
            commands: proxy.build.iter().map(|command| super::command(command)).collect(),
            variables: BTreeMap::new(),
            caches: Vec::new(),
            purpose: RunPurpose::ProxySettings,
        });
    }
    // Its configuration names the variable, which must be there wherever the image runs.
    let trusted = format!("{}{}", proxy.trusted_networks, layout::NOBODY_ELSE);
    let mut variables = BTreeMap::from([(proxy.trusted_address.to_owned(), trusted)]);
    let fixed = proxy.environment.iter();
    variables.extend(fixed.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let routing = service::routing(ground);
    variables.extend(routing.map(|routing| (routing.variable, routing.usual)));
    steps.push(Step::Environment { variables });
    steps.push(Step::User { user: proxy.user.to_owned() });
    steps.push(Step::Expose { port: proxy.port });
    if let Some(start) = proxy.ends_in_time.filter(|_| ground.serves_asgi()) {
        let argv = super::command(start.entrypoint);
        steps.push(Step::Entrypoint { argv, ends_in_time: true });
        steps.push(Step::Cmd { argv: super::command(start.command) });
    }
    Some(Stage { name: proxy.service.to_owned(), from: image.reference, steps })
}
