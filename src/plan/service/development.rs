//! How the front end is built in development.

use super::words;
use crate::inspect::facts::Frontend;
use crate::plan::frontend;
use crate::plan::ground::Ground;
use crate::plan::image::PNPM_STORE;
use crate::stack::Command;

/// How the front end is built in development.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::plan) struct Development {
    /// The command of the container.
    pub command: Command,
    /// As a person types it: `npm run dev`.
    pub script: String,
    /// The port of a Vite server.
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
fn bring_packages_up_to_date(ground: &Ground<'_>, frontend: &Frontend) -> String {
    let root = frontend.workspace.as_ref().map_or(&frontend.dir, |workspace| &workspace.root);
    let has = |name: &str| crate::base::path::join(root, name).is_some_and(|file| ground.tree.is_file(file));
    let is_old_yarn = frontend.manager_version.as_deref().is_none_or(|version| version.starts_with("1."));
    let install = match frontend.package_manager.as_str() {
        "yarn" if is_old_yarn && has("yarn.lock") => "yarn install --frozen-lockfile",
        "yarn" if is_old_yarn => "yarn install --no-lockfile",
        "yarn" => "yarn install --immutable",
        // Nobody is there to be asked whether what another version installed may be removed.
        "pnpm" => {
            return format!(
                "pnpm install --frozen-lockfile --store-dir {PNPM_STORE} --config.confirmModulesPurge=false"
            );
        }
        "bun" => "bun install --frozen-lockfile",
        _ if frontend.legacy_peers => "npm install --no-save --no-audit --no-fund --legacy-peer-deps",
        _ => "npm install --no-save --no-audit --no-fund",
    };
    install.to_owned()
}

/// The name of the service.
pub(in crate::plan) const NAME: &str = "assets";
