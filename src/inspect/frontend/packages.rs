//! How a front end's packages are installed: which manager, of which version, and in which folders.

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;

use super::package::{Package, line_of};
use crate::base::{Evidence, Place, Tree, path};
use crate::inspect::facts::Workspace;

pub(super) fn package(tree: &Tree, folder: &Utf8Path) -> Option<Package> {
    serde_json::from_str(tree.text(&path::join(folder, "package.json")?)?).ok()
}

/// The package manager: what `packageManager` says, then the lockfile of the folder or of a workspace above it.
pub(super) fn manager(tree: &Tree, dir: &Utf8Path) -> (String, Option<Evidence>) {
    const LOCKS: &[(&str, &str)] = &[
        ("pnpm-lock.yaml", "pnpm"),
        ("package-lock.json", "npm"),
        ("npm-shrinkwrap.json", "npm"),
        ("yarn.lock", "yarn"),
        ("bun.lockb", "bun"),
        ("bun.lock", "bun"),
    ];
    for folder in upwards(dir) {
        let at = |name: &str| path::join(folder, name);
        if let Some(manifest) = at("package.json")
            && let Some(text) = tree.text(&manifest)
            && let Some(said) = serde_json::from_str::<Package>(text).unwrap_or_default().manager
        {
            let name = said.split('@').next().unwrap_or(&said).to_owned();
            let place = Place::line(manifest, line_of(text, "packageManager"));
            return (name, Some(Evidence::new(place, "names the package manager")));
        }
        let lock = LOCKS.iter().find_map(|(lock, manager)| {
            at(lock).filter(|lock| tree.is_file(lock)).map(|lock| (lock, *manager))
        });
        if let Some((lock, manager)) = lock {
            return (manager.to_owned(), Some(Evidence::new(Place::Path(lock), "is its lockfile")));
        }
    }
    ("npm".to_owned(), None)
}

/// Returns the version that package.json names (`pnpm@10.4.1+sha512.…`), else the line of pnpm that writes such a lockfile.
pub(super) fn manager_version(tree: &Tree, dir: &Utf8Path, manager: &str) -> Option<String> {
    for folder in upwards(dir) {
        let stated = package(tree, folder).and_then(|package| package.manager);
        if let Some((name, version)) = stated.as_deref().and_then(|stated| stated.split_once('@'))
            && name == manager
        {
            return Some(version.split('+').next().unwrap_or(version).to_owned());
        }
        let lock = path::join(folder, "pnpm-lock.yaml").and_then(|lock| tree.text(&lock));
        let format =
            lock.and_then(|text| text.lines().find_map(|line| line.strip_prefix("lockfileVersion:")));
        if let Some(format) = format.filter(|_| manager == "pnpm") {
            let format = format.trim().trim_matches(['\'', '"']);
            let line = match format.split('.').next() {
                Some("5") => "7",
                Some("6") => "8",
                _ => "10",
            };
            return Some(line.to_owned());
        }
    }
    None
}

/// `dir` and the folders above it, the project's last.
fn upwards(dir: &Utf8Path) -> impl Iterator<Item = &Utf8Path> {
    let named = |folder: &'static str| Utf8Path::new(folder);
    let above = if dir == "." { None } else { Some(dir.ancestors()) };
    let above = above.into_iter().flatten().filter(|folder| !folder.as_str().is_empty());
    above.chain(std::iter::once(named(".")))
}

/// The folders above `dir` whose package.json requires something, the uppermost first.
pub(super) fn packages_above(tree: &Tree, dir: &Utf8Path) -> Vec<Utf8PathBuf> {
    let requires = |folder: &Utf8PathBuf| package(tree, folder).is_some_and(|it| !it.dependencies.is_empty());
    let mut found: Vec<Utf8PathBuf> = upwards(dir).skip(1).map(Utf8Path::to_owned).filter(requires).collect();
    found.reverse();
    found
}

/// Lockfiles of version 1 are older than npm 7, which refuses packages that want other versions of each other.
pub(super) fn has_old_lock(tree: &Tree, dir: &Utf8Path) -> bool {
    #[derive(Deserialize)]
    struct Lock {
        #[serde(rename = "lockfileVersion")]
        version: Option<u32>,
    }
    let text = path::join(dir, "package-lock.json").and_then(|lock| tree.text(&lock));
    text.and_then(|text| serde_json::from_str::<Lock>(text).ok()).is_some_and(|lock| lock.version == Some(1))
}

/// Tells whether the bundler is webpack 4 or older, or stands on it: <https://github.com/webpack/webpack/issues/14532>.
pub(super) fn has_old_bundler(tree: &Tree, dir: &Utf8Path) -> bool {
    const SINCE: &[(&str, u32)] =
        &[("webpack", 5), ("react-scripts", 5), ("@vue/cli-service", 5), ("laravel-mix", 6), ("next", 12)];
    let Some(package) = package(tree, dir) else { return false };
    SINCE.iter().any(|(name, since)| {
        let stated = package.dependencies.get(*name).or_else(|| package.dev_dependencies.get(*name));
        let stated = stated.and_then(|version| version.as_str()).unwrap_or_default();
        let major: String = stated
            .trim_start_matches(|c: char| !c.is_ascii_digit())
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        major.parse::<u32>().is_ok_and(|major| major < *since)
    })
}

/// The workspace of npm or yarn that has `dir` among its parts.
pub(super) fn workspace(tree: &Tree, dir: &Utf8Path) -> Option<Workspace> {
    upwards(dir).skip(1).find_map(|root| {
        let package = package(tree, root)?;
        let patterns = package.workspaces.patterns();
        let is_member = |folder: &Utf8Path| {
            let inside = if root == "." { Some(folder) } else { folder.strip_prefix(root).ok() };
            inside.is_some_and(|inside| patterns.iter().any(|pattern| fits(pattern, inside)))
        };
        if !is_member(dir) {
            return None;
        }
        let manifests = tree.files_named("package.json");
        let mut members: Vec<Utf8PathBuf> = manifests
            .into_iter()
            .map(path::parent)
            .filter(|folder| is_member(folder))
            .map(Utf8Path::to_owned)
            .collect();
        members.sort();
        Some(Workspace { root: root.to_owned(), members })
    })
}

/// Tells whether a pattern such as `./packages/*` names the folder.
fn fits(pattern: &str, folder: &Utf8Path) -> bool {
    let pattern: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let deep = pattern.last() == Some(&"**");
    let parts: Vec<&str> = folder.components().map(|part| part.as_str()).collect();
    let fitting =
        pattern.iter().zip(&parts).all(|(pattern, part)| matches!(*pattern, "*" | "**") || pattern == part);
    fitting
        && !parts.contains(&"node_modules")
        && (pattern.len() == parts.len() || deep && parts.len() >= pattern.len())
}
