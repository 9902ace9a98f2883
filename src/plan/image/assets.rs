//! The front end, built by Node before static files are collected.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;

use super::command;
use crate::inspect::facts::Frontend;
use crate::knowledge::images;
use crate::plan::ground::Ground;
use crate::plan::layout;
use crate::plan::stack::{RunPurpose, Stage, Step};

pub(super) const STAGE: &str = "assets";

/// The stage that builds the front end; what it makes stays in its folder of the source.
pub(super) fn stage(ground: &Ground<'_>) -> Option<Stage> {
    let frontend = ground.facts.frontend.value.as_ref()?;
    let node = images::choose("node", None)?;
    let folder = layout::source(&frontend.dir);
    let manifests = manifests(ground, frontend);
    let has_lock = manifests.len() > 1;
    let (install, cache) = install(frontend, has_lock);
    let run = |purpose: RunPurpose, commands: Vec<Vec<String>>, caches: Vec<String>| Step::Run {
        commands,
        variables: BTreeMap::new(),
        caches,
        purpose,
    };
    let manager = frontend.package_manager.as_str();
    Some(Stage {
        name: STAGE.to_owned(),
        from: node.reference,
        steps: vec![
            Step::WorkFolder { path: folder },
            Step::CopyManifests { files: manifests, to: layout::SOURCE.to_owned() },
            run(RunPurpose::Frontend, install, vec![cache.to_owned()]),
            Step::CopySource { from: ".".to_owned(), to: layout::SOURCE.to_owned() },
            run(RunPurpose::Frontend, vec![command(&[manager, "run", &frontend.build_script])], Vec::new()),
            // What only builds is not served.
            run(RunPurpose::Frontend, vec![command(&["rm", "-rf", "node_modules"])], Vec::new()),
        ],
    })
}

fn manifests(ground: &Ground<'_>, frontend: &Frontend) -> Vec<Utf8PathBuf> {
    const NAMES: &[&str] = &[
        "package.json",
        "package-lock.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "bun.lock",
        "bun.lockb",
        ".npmrc",
        ".yarnrc.yml",
        "pnpm-workspace.yaml",
    ];
    let at =
        |name: &&str| if frontend.dir == "." { Utf8PathBuf::from(*name) } else { frontend.dir.join(name) };
    NAMES.iter().map(at).filter(|file| ground.tree.is_file(file)).collect()
}

fn install(frontend: &Frontend, has_lock: bool) -> (Vec<Vec<String>>, &'static str) {
    match (frontend.package_manager.as_str(), has_lock) {
        ("yarn", _) => (
            vec![command(&["corepack", "enable"]), command(&["yarn", "install", "--frozen-lockfile"])],
            "/usr/local/share/.cache/yarn",
        ),
        ("pnpm", _) => (
            vec![command(&["corepack", "enable"]), command(&["pnpm", "install", "--frozen-lockfile"])],
            "/root/.local/share/pnpm/store",
        ),
        ("bun", _) => (
            vec![
                command(&["npm", "install", "--global", "bun"]),
                command(&["bun", "install", "--frozen-lockfile"]),
            ],
            "/root/.bun/install/cache",
        ),
        (_, true) => (vec![command(&["npm", "ci"])], "/root/.npm"),
        (_, false) => (vec![command(&["npm", "install"])], "/root/.npm"),
    }
}
