//! The front end, built by Node before static files are collected.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::{command, system};
use crate::inspect::facts::Frontend;
use crate::knowledge::images;
use crate::plan::ground::Ground;
use crate::plan::{frontend, layout, needs};
use crate::python::Value;
use crate::stack::{RunPurpose, Stage, Step};

pub(super) const STAGE: &str = "assets";

/// The folder of pnpm's store, for every user: pnpm removes all packages that were installed from another one.
pub(in crate::plan) const PNPM_STORE: &str = "/tmp/pnpm-store";

/// The stage that builds the front end; what it makes stays in its folder of the source.
pub(super) fn stage(ground: &Ground<'_>) -> Option<Stage> {
    let frontend = frontend::of(ground)?;
    let node = images::choose("node", None)?;
    let run = |command: Vec<String>, variables: BTreeMap<String, String>| Step::Run {
        commands: vec![command],
        variables,
        caches: Vec::new(),
        purpose: RunPurpose::Frontend,
    };
    let mut steps = packages(ground, frontend);
    steps.extend([
        Step::CopySource { from: ".".to_owned(), to: layout::SOURCE.to_owned() },
        run(build(frontend), old_hashes(frontend)),
    ]);
    if !are_served(ground) {
        let mut remove = command(&["rm", "-rf"]);
        // Its own are in the folder that the stage works in.
        remove.push("node_modules".to_owned());
        let own = format!("{}/node_modules", layout::source(&frontend.dir));
        remove.extend(package_folders(frontend).into_iter().filter(|folder| *folder != own));
        steps.push(run(remove, BTreeMap::new()));
    }
    Some(Stage { name: STAGE.to_owned(), from: node.reference, steps })
}

/// The stage that keeps the front end built in development, with the packages and without the source. `command` is run
/// whenever the container starts.
pub(super) fn stage_of_development(ground: &Ground<'_>, command: &[String]) -> Option<Stage> {
    let frontend = frontend::of(ground)?;
    let node = images::choose("node", None)?;
    let mut steps = packages(ground, frontend);
    for (name, default) in [("UID", "1000"), ("GID", "1000")] {
        steps.push(Step::Argument { name: name.to_owned(), default: default.to_owned() });
    }
    // Who started the container also owns what the package manager adds later.
    let folders = package_folders(frontend);
    let owner = "${UID}:${GID}".to_owned();
    steps.push(Step::OwnedFolders { paths: folders.clone(), filled: folders, owner: owner.clone() });
    let mut variables = BTreeMap::from([("HOME".to_owned(), layout::HOME.to_owned())]);
    variables.extend(old_hashes(frontend));
    steps.push(Step::Environment { variables });
    steps.push(Step::User { user: owner });
    steps.push(Step::Cmd { argv: command.to_vec() });
    Some(Stage { name: STAGE.to_owned(), from: node.reference, steps })
}

/// Folders of installed packages in the container: those above first, then the front end's own.
pub(in crate::plan) fn package_folders(frontend: &Frontend) -> Vec<String> {
    let root = frontend.workspace.as_ref().map_or(&frontend.dir, |workspace| &workspace.root);
    let mut folders: Vec<String> = Vec::new();
    for folder in frontend.packages_above.iter().chain([root, &frontend.dir]) {
        let folder = format!("{}/node_modules", layout::source(folder));
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    folders
}

/// The command that builds: the project's script, else its command in a shell that finds the programs of the packages.
fn build(frontend: &Frontend) -> Vec<String> {
    let manager = frontend.package_manager.as_str();
    let is_new_yarn = manager == "yarn"
        && frontend.manager_version.as_deref().is_some_and(|version| !version.starts_with("1."));
    match &frontend.build_command {
        None => command(&[manager, "run", &frontend.build_script]),
        Some(line) if is_new_yarn => command(&["yarn", "exec", line]),
        Some(line) => command(&["npm", "exec", "--call", line]),
    }
}

/// Returns the variables that old bundlers need with a new Node.
fn old_hashes(frontend: &Frontend) -> BTreeMap<String, String> {
    let old = [("NODE_OPTIONS".to_owned(), "--openssl-legacy-provider".to_owned())];
    old.into_iter().filter(|_| frontend.legacy_hashes).collect()
}

/// Installs the packages, and ends in the folder of the front end.
fn packages(ground: &Ground<'_>, frontend: &Frontend) -> Vec<Step> {
    let mut steps = fetching(ground, frontend);
    for above in &frontend.packages_above {
        // Node looks for packages in the folders above too.
        let manifests = manifests(ground, above);
        let (install, cache) = install(frontend, manifests.len() > 1);
        steps.push(Step::WorkFolder { path: layout::source(above) });
        steps.push(Step::CopyManifests { files: manifests, to: layout::SOURCE.to_owned() });
        steps.push(installing(frontend, install, cache));
    }
    let root = frontend.workspace.as_ref().map_or(&frontend.dir, |workspace| &workspace.root);
    let mut manifests = manifests(ground, root);
    let (install, cache) = install(frontend, manifests.len() > 1);
    let members = frontend.workspace.iter().flat_map(|workspace| &workspace.members);
    manifests.extend(members.map(|member| member.join("package.json")));
    steps.extend([
        Step::WorkFolder { path: layout::source(root) },
        Step::CopyManifests { files: manifests, to: layout::SOURCE.to_owned() },
        installing(frontend, install, cache),
    ]);
    if *root != frontend.dir {
        steps.push(Step::WorkFolder { path: layout::source(&frontend.dir) });
    }
    steps
}

/// Returns the steps that the stage needs before it can fetch packages from git.
fn fetching(ground: &Ground<'_>, frontend: &Frontend) -> Vec<Step> {
    let from_git = &frontend.from_git;
    let needs = [(from_git.git.is_some(), "git"), (from_git.ssh.is_some(), "ssh")];
    let needs = needs.into_iter().filter(|(is_needed, _)| *is_needed).map(|(_, name)| name);
    let mut packages: Vec<String> = needs.flat_map(|name| system::build_tools(ground, name)).collect();
    packages.sort();
    let mut steps = Vec::new();
    if !packages.is_empty() {
        steps.push(Step::SystemPackages { packages });
    }
    if from_git.ssh.is_some() {
        // Nobody is there to say that an unknown host is the right one.
        let ssh = "ssh -o StrictHostKeyChecking=accept-new".to_owned();
        steps.push(Step::Environment { variables: BTreeMap::from([("GIT_SSH_COMMAND".to_owned(), ssh)]) });
    }
    steps
}

/// The installation of packages, with the agent's keys where one is fetched over ssh.
fn installing(frontend: &Frontend, commands: Vec<Vec<String>>, cache: &str) -> Step {
    let caches = vec![cache.to_owned()];
    if frontend.from_git.ssh.is_some() {
        let (variables, secrets) = (BTreeMap::new(), Vec::new());
        return Step::Install { commands, caches, variables, secrets, ssh: true };
    }
    Step::Run { commands, variables: BTreeMap::new(), caches, purpose: RunPurpose::Frontend }
}

/// Tells whether static files are collected from installed packages; else what only builds is not kept.
fn are_served(ground: &Ground<'_>) -> bool {
    let stated = ground.open().get("STATICFILES_DIRS").and_then(Value::assumed);
    let items = stated.as_ref().and_then(Value::items).unwrap_or_default();
    items.iter().any(|item| {
        // A pair is a prefix and its folder.
        let item = item.items().and_then(<[Value]>::last).unwrap_or(item);
        let folder = needs::folder(item, &ground.working);
        folder.is_some_and(|folder| folder.split('/').any(|part| part == "node_modules"))
    })
}

fn manifests(ground: &Ground<'_>, folder: &Utf8Path) -> Vec<Utf8PathBuf> {
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
    let at = |name: &&str| if folder == "." { Utf8PathBuf::from(*name) } else { folder.join(name) };
    NAMES.iter().map(at).filter(|file| ground.tree.is_file(file)).collect()
}

fn install(frontend: &Frontend, has_lock: bool) -> (Vec<Vec<String>>, &'static str) {
    let version = frontend.manager_version.as_deref();
    // From the registry that npm is told of, and not by corepack, which later images of Node leave out.
    let bring = |name: &str| {
        let named = version.map_or_else(|| name.to_owned(), |version| format!("{name}@{version}"));
        command(&["npm", "install", "--global", &named])
    };
    let frozen = |manager: &str| command(&[manager, "install", "--frozen-lockfile"]);
    match (frontend.package_manager.as_str(), has_lock) {
        // Images of Node hold the first line of yarn. Later ones come by corepack alone.
        ("yarn", _) if version.is_none_or(|version| version.starts_with("1.")) => {
            (vec![frozen("yarn")], "/usr/local/share/.cache/yarn")
        }
        ("yarn", _) => (
            vec![command(&["corepack", "enable"]), command(&["yarn", "install", "--immutable"])],
            "/root/.yarn/berry/cache",
        ),
        ("pnpm", _) => {
            let mut pnpm = frozen("pnpm");
            pnpm.extend(command(&["--store-dir", PNPM_STORE]));
            (vec![bring("pnpm"), pnpm], PNPM_STORE)
        }
        ("bun", _) => (vec![bring("bun"), frozen("bun")], "/root/.bun/install/cache"),
        (_, has_lock) => {
            let mut npm = command(&["npm", if has_lock { "ci" } else { "install" }]);
            npm.extend(frontend.legacy_peers.then(|| "--legacy-peer-deps".to_owned()));
            (vec![npm], "/root/.npm")
        }
    }
}
