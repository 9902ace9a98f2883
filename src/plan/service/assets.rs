//! Services that keep stylesheets and scripts built while their sources are edited.

use super::project::{Shared, arguments};
use super::{plain, words};
use crate::base::{Evidence, Place};
use crate::inspect::facts::Frontend;
use crate::knowledge::static_builds;
use crate::plan::ground::Ground;
use crate::plan::image::{manage, package_folders};
use crate::plan::stack::{Command, Mount, PublishedPort, Role, Service, ServiceImage, Volume};
use crate::plan::{frontend, layout};

/// How the front end is built in development.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::plan) struct Development {
    /// What the container runs.
    pub command: Command,
    /// As a person types it: `npm run dev`.
    pub script: String,
    /// Where a server of Vite listens.
    pub port: Option<u16>,
    /// It ends when everything is built.
    pub ends: bool,
}

/// How the front end is built in development: by the server that its tags load from, by a script that watches, else once,
/// before the site starts.
pub(in crate::plan) fn development(ground: &Ground<'_>) -> Option<Development> {
    let frontend = frontend::of(ground).filter(|_| !ground.is_prod())?;
    let loads_from_vite = ground.facts.installed_apps.value.iter().any(|app| app == "django_vite");
    let (script, port, ends) = match (&frontend.vite_server, &frontend.watch_script) {
        (Some((script, port)), _) if loads_from_vite => (script, Some(*port), false),
        (_, Some(script)) => (script, None, false),
        _ => (&frontend.build_script, None, true),
    };
    let manager = frontend.package_manager.as_str();
    let mut run = format!("{manager} run {script}");
    if let Some(port) = port {
        let dashes = if manager == "npm" { " --" } else { "" };
        run = format!("{run}{dashes} --host 0.0.0.0 --port {port}");
    }
    // What was added to package.json since the image was built is installed now.
    let line = format!("{} && exec {run}", bring_packages_up_to_date(ground, frontend));
    Some(Development {
        command: words(&["sh", "-c", &line]),
        script: format!("{manager} run {script}"),
        port,
        ends,
    })
}

/// The command that changes no file but those of packages.
fn bring_packages_up_to_date(ground: &Ground<'_>, frontend: &Frontend) -> &'static str {
    let root = frontend.workspace.as_ref().map_or(&frontend.dir, |workspace| &workspace.root);
    let has = |name: &str| crate::base::path::join(root, name).is_some_and(|file| ground.tree.is_file(file));
    let is_old_yarn = frontend.manager_version.as_deref().is_none_or(|version| version.starts_with("1."));
    match frontend.package_manager.as_str() {
        "yarn" if is_old_yarn && has("yarn.lock") => "yarn install --frozen-lockfile",
        "yarn" if is_old_yarn => "yarn install --no-lockfile",
        "yarn" => "yarn install --immutable",
        "pnpm" => "pnpm install --frozen-lockfile",
        "bun" => "bun install --frozen-lockfile",
        _ if frontend.legacy_peers => "npm install --no-save --no-audit --no-fund --legacy-peer-deps",
        _ => "npm install --no-save --no-audit --no-fund",
    }
}

/// The name of the service.
pub(in crate::plan) const NAME: &str = "assets";

/// The service that builds the front end, and the volumes of its packages.
pub(in crate::plan) fn assets(ground: &Ground<'_>, image: &str) -> Option<(Service, Vec<Volume>)> {
    let development = development(ground)?;
    let frontend = frontend::of(ground)?;
    let image = ServiceImage::Built { image: image.to_owned(), arguments: arguments(ground) };
    let mut service = plain(NAME, Role::Assets, image);
    service.no_new_privileges = true;
    service.init = true;
    // Bundlers that watch end with their input.
    service.stdin_open = !development.ends;
    service.mounts =
        vec![Mount::Bind { source: ".".to_owned(), target: layout::SOURCE.to_owned(), read_only: false }];
    service.mounts.extend(package_mounts(frontend));
    service.ports.extend(development.port.map(|port| PublishedPort {
        interface: Some("127.0.0.1".to_owned()),
        variable: "ASSETS_PORT".to_owned(),
        published: port,
        container: port,
    }));
    service.because = ground.facts.frontend.evidence.clone();
    let volume = |mount: Mount| match mount {
        Mount::Volume { volume, .. } => {
            let because = Evidence::new(
                Place::Default,
                "packages of this machine's system must not hide the container's",
            );
            Some(Volume { name: volume, because: vec![because] })
        }
        _ => None,
    };
    Some((service, package_mounts(frontend).into_iter().filter_map(volume).collect()))
}

/// Volumes over the folders of packages.
pub(in crate::plan) fn package_mounts(frontend: &Frontend) -> Vec<Mount> {
    let folders = package_folders(frontend).into_iter().enumerate();
    let mount = |(index, target): (usize, String)| {
        let volume = if index == 0 { "packages".to_owned() } else { format!("packages-{}", index + 1) };
        Mount::Volume { volume, target, read_only: false }
    };
    folders.map(mount).collect()
}

/// Services of apps whose management command makes static files again and again.
pub(in crate::plan) fn styles(ground: &Ground<'_>, shared: &Shared) -> Vec<Service> {
    if ground.is_prod() {
        return Vec::new();
    }
    let rows = static_builds::of_apps(&ground.facts.installed_apps.value).filter(|row| !row.watch.is_empty());
    let service = |(index, row): (usize, &static_builds::Row)| {
        let name = if index == 0 { "styles".to_owned() } else { format!("styles-{}", index + 1) };
        let mut service = super::project::base(ground, shared, &name, Role::Assets);
        let arguments: Vec<&str> = row.watch.iter().map(String::as_str).collect();
        service.command = manage(ground, &arguments);
        service.stdin_open = true;
        service.because = ground.facts.installed_apps.evidence.clone();
        service
    };
    rows.enumerate().map(service).collect()
}
