//! The JavaScript build whose output the project serves: which folder, which package manager, which script.

pub mod bundlers;
mod fetched;
mod package;
mod packages;
mod scripts;
mod watched;

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use self::package::{Package, line_of};
use self::packages::{has_old_bundler, has_old_lock, manager, manager_version, packages_above, workspace};
use self::scripts::{build_script, vite_script, watch_script};
use self::watched::watched_build;
use super::facts::Frontend;
use crate::base::{Evidence, Fact, Place, Tree, path};

const DEEPEST: usize = 3;

/// The weight of a Dockerfile that runs the build: more than names have.
const BUILT: usize = 8;

/// Commands that build with Node.
const NODE: &[&str] = &["npm run ", "yarn run ", "yarn build", "pnpm run ", "pnpm build", "bun run "];

/// Folders whose package.json is for something else than the site.
const ASIDE: &[&str] = &[
    "node_modules",
    "docs",
    "doc",
    "website",
    "e2e",
    "tests",
    "test",
    "cypress",
    "playwright",
    "storybook",
    ".storybook",
    "cspell",
    "example",
    "examples",
    "mobile",
    "app-mobile",
    "android",
    "ios",
    "lambda",
    "lambdas",
    "cdk",
    "infra",
    "infrastructure",
    ".github",
    "scripts",
    "tools",
    "functions",
    "electron",
    "desktop",
    "extension",
    "packages",
];

/// The script of a front end, and the command that builds once where the script only watches.
type Build = (String, Option<String>);

/// Reads the front end that a script builds.
pub(super) fn read(tree: &Tree, project_dir: &Utf8Path) -> Fact<Option<Frontend>> {
    read_with(tree, project_dir, |package| build_script(package).map(|script| (script, None)))
}

/// Reads the front end whose scripts watch, and none of them builds: `tailwindcss -i a.css -o b.css --watch`.
pub(super) fn read_watched(tree: &Tree, project_dir: &Utf8Path) -> Fact<Option<Frontend>> {
    read_with(tree, project_dir, |package| {
        let (script, command) = watched_build(package).filter(|_| build_script(package).is_none())?;
        Some((script, Some(command)))
    })
}

fn read_with(
    tree: &Tree,
    project_dir: &Utf8Path,
    build: impl Fn(&Package) -> Option<Build>,
) -> Fact<Option<Frontend>> {
    let mut found: Vec<(usize, Utf8PathBuf, Build, Evidence)> = Vec::new();
    let mut looked = Vec::new();
    for file in tree.files_named("package.json") {
        let folder = path::parent(file);
        let aside = folder.components().any(|part| ASIDE.contains(&part.as_str()));
        if path::depth(file) > DEEPEST || aside {
            continue;
        }
        let Some(text) = tree.text(file) else { continue };
        let package: Package = serde_json::from_str(text).unwrap_or_default();
        if is_other_product(&package) {
            continue;
        }
        match build(&package) {
            Some(built) => {
                let place = Place::line(file.to_owned(), line_of(text, &built.0));
                let evidence = Evidence::new(place, format!("has the script `{}`", built.0));
                found.push((weight(&package, folder, project_dir), folder.to_owned(), built, evidence));
            }
            None => looked.push(Evidence::new(Place::Path(file.to_owned()), "has no script that builds")),
        }
    }
    if let Some(built) = built_by_dockerfiles(tree, found.iter().map(|(_, folder, ..)| folder.as_path())) {
        for (weight, folder, ..) in &mut found {
            *weight += usize::from(built.contains(folder)) * BUILT;
        }
    }
    found.sort_by(|a, b| (std::cmp::Reverse(a.0), &a.1).cmp(&(std::cmp::Reverse(b.0), &b.1)));
    let mut found = found.into_iter();
    let Some((_, dir, (build_script, build_command), evidence)) = found.next() else {
        if looked.is_empty() {
            looked.push(Evidence::new(Place::Absent("package.json".into()), "looked for"));
        }
        return Fact::with(None, looked);
    };
    let (package_manager, by) = manager(tree, &dir);
    let workspace = workspace(tree, &dir);
    let root = workspace.as_ref().map_or(&dir, |workspace| &workspace.root);
    let inside = |folder: &Utf8Path| project_dir == "." || folder.starts_with(project_dir);
    let apart =
        |folder: &Utf8PathBuf| inside(folder) && !folder.starts_with(root) && !dir.starts_with(folder);
    let (watch_script, vite_server) = in_development(tree, &dir);
    let watch_script = watch_script.or_else(|| build_command.as_ref().map(|_| build_script.clone()));
    let others = found.map(|(_, folder, ..)| folder).filter(apart).collect();
    let above = packages_above(tree, root);
    let members = workspace.iter().flat_map(|workspace| &workspace.members);
    let installed: Vec<&Utf8Path> =
        above.iter().chain([root, &dir]).chain(members).map(Utf8PathBuf::as_path).collect();
    let frontend = Frontend {
        watch_script,
        vite_server,
        from_git: fetched::from_git(tree, &installed, &package_manager),
        packages_above: above,
        others,
        workspace,
        legacy_peers: package_manager == "npm" && has_old_lock(tree, &dir),
        legacy_hashes: has_old_bundler(tree, &dir),
        manager_version: manager_version(tree, &dir, &package_manager),
        dir,
        package_manager,
        build_script,
        build_command,
    };
    let mut fact = Fact::with(Some(frontend), vec![evidence]);
    fact.evidence.extend(by);
    fact
}

/// Returns the scripts that build the front end while its sources are edited: the one that watches, and that of Vite's server.
fn in_development(tree: &Tree, dir: &Utf8Path) -> (Option<String>, Option<(String, u16)>) {
    let Some(package) = packages::package(tree, dir) else { return (None, None) };
    let configuration = bundlers::vite_configuration(tree, dir).and_then(|file| tree.text(&file));
    let vite = vite_script(&package).map(|(script, port)| {
        let port = port.or_else(|| bundlers::port(configuration?)).unwrap_or(bundlers::VITE_PORT);
        (script, port)
    });
    (watch_script(&package), vite)
}

/// Which of these folders the project's own Dockerfiles build, where one runs a package manager of Node: those that it
/// names, else the folder that it lies in.
fn built_by_dockerfiles<'a>(
    tree: &Tree,
    folders: impl Iterator<Item = &'a Utf8Path>,
) -> Option<BTreeSet<Utf8PathBuf>> {
    let folders: Vec<&Utf8Path> = folders.collect();
    let mut built = BTreeSet::new();
    for file in tree.files().filter(|file| path::name(file).to_ascii_lowercase().contains("dockerfile")) {
        let Some(text) = tree.text(file).filter(|text| NODE.iter().any(|run| text.contains(run))) else {
            continue;
        };
        let named = |folder: &&&Utf8Path| {
            folder.as_str() != "."
                && folder.file_name().is_some_and(|name| {
                    text.split(|c: char| !(c.is_alphanumeric() || "_-.".contains(c))).any(|word| word == name)
                })
        };
        let mut here: Vec<&Utf8Path> = folders.iter().filter(named).copied().collect();
        if here.is_empty() {
            here.extend(folders.iter().filter(|folder| **folder == path::parent(file)));
        }
        built.extend(here.into_iter().map(Utf8Path::to_owned));
    }
    (!built.is_empty()).then_some(built)
}

/// A mobile or desktop application, or tools for releases.
fn is_other_product(package: &Package) -> bool {
    let has =
        |name: &str| package.dependencies.contains_key(name) || package.dev_dependencies.contains_key(name);
    has("react-native") || has("expo") || has("electron") || has("@capacitor/core")
}

/// How likely it is that this build is the site's own.
fn weight(package: &Package, folder: &Utf8Path, project_dir: &Utf8Path) -> usize {
    const BUNDLERS: &[&str] = &[
        "webpack",
        "vite",
        "next",
        "react-scripts",
        "@vue/cli-service",
        "parcel",
        "rollup",
        "esbuild",
        "gulp",
        "tailwindcss",
        "nuxt",
        "@angular/cli",
        "@rsbuild/core",
        "sass",
        "laravel-mix",
        "svelte",
        "@tailwindcss/cli",
        "grunt",
        "browserify",
        "postcss-cli",
    ];
    let has = |name: &&&str| {
        package.dependencies.contains_key(**name) || package.dev_dependencies.contains_key(**name)
    };
    let bundles = BUNDLERS.iter().filter(has).count();
    let inside = folder == project_dir || folder.starts_with(project_dir);
    let named = folder.file_name().is_some_and(|name| {
        matches!(
            name,
            "frontend"
                | "front"
                | "client"
                | "web"
                | "webapp"
                | "ui"
                | "assets"
                | "theme"
                | "static_src"
                | "vue_app"
                | "react_app"
        )
    });
    bundles.min(3) * 4
        + usize::from(named) * 3
        + usize::from(inside)
        + 3_usize.saturating_sub(path::depth(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frontend(files: &[(&str, &str)]) -> Option<(String, String, String)> {
        let tree = Tree::from_literals(files.iter().copied());
        read(&tree, Utf8Path::new("."))
            .value
            .map(|it| (it.dir.to_string(), it.package_manager, it.build_script))
    }

    #[expect(clippy::unnecessary_wraps, reason = "it is compared with what may be nothing")]
    fn found(dir: &str, manager: &str, script: &str) -> Option<(String, String, String)> {
        Some((dir.to_owned(), manager.to_owned(), script.to_owned()))
    }

    #[test]
    fn linting_and_watching_is_no_build() {
        assert_eq!(
            frontend(&[(
                "package.json",
                r#"{"scripts": {"lint": "eslint .", "tw": "tailwindcss --watch"}}"#
            )]),
            None
        );
        assert_eq!(
            frontend(&[("package.json", r#"{"scripts": {"build": "tailwindcss -i a -o b --watch"}}"#)]),
            None
        );
        assert_eq!(frontend(&[("package.json", "{broken")]), None);
    }

    #[test]
    fn the_script_for_production_is_taken_and_the_one_for_all_parts() {
        let scripts = r#"{"scripts": {"build": "webpack --config webpack.dev.js --mode development", "build:prod": "webpack --mode production"}}"#;
        assert_eq!(frontend(&[("package.json", scripts)]), found(".", "npm", "build:prod"));
        let scripts = r#"{"scripts": {"build:css": "tailwindcss -i a", "build:css:all": "npm run build:css && npm run build:js", "build:docs": "x"}}"#;
        assert_eq!(frontend(&[("package.json", scripts)]), found(".", "npm", "build:css:all"));
        let scripts = r#"{"scripts": {"build:css:sass": "sass main.scss main.css"}}"#;
        assert_eq!(frontend(&[("package.json", scripts)]), found(".", "npm", "build:css:sass"));
    }

    #[test]
    fn the_lockfile_of_a_workspace_decides_for_its_parts() {
        let vite = r#"{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "5"}}"#;
        let files = [
            ("package.json", r#"{"workspaces": ["frontend"]}"#),
            ("package-lock.json", "{}"),
            ("frontend/package.json", vite),
        ];
        assert_eq!(frontend(&files), found("frontend", "npm", "build"));
        let files = [("pnpm-lock.yaml", ""), ("frontend/package.json", vite), ("e2e/package.json", vite)];
        assert_eq!(frontend(&files), found("frontend", "pnpm", "build"));
        let version = |files: &[(&str, &str)]| {
            let tree = Tree::from_literals(files.iter().copied());
            read(&tree, Utf8Path::new(".")).value.unwrap().manager_version
        };
        let files = [("pnpm-lock.yaml", "lockfileVersion: '6.0'\n"), ("frontend/package.json", vite)];
        assert_eq!(version(&files).as_deref(), Some("8"));
        let named = vite.replacen('{', r#"{"packageManager": "pnpm@10.4.1+sha512.ab", "#, 1);
        assert_eq!(version(&[("package.json", &named)]).as_deref(), Some("10.4.1"));
    }

    #[test]
    fn packages_above_old_locks_and_old_bundlers_are_noticed() {
        let react =
            r#"{"scripts": {"build": "react-scripts build"}, "dependencies": {"react-scripts": "^4.0.2"}}"#;
        let tree = Tree::from_literals([
            ("package.json", r#"{"dependencies": {"@material-ui/core": "^4.12.4"}}"#),
            ("site/package.json", r#"{"private": true}"#),
            ("site/frontend/package.json", react),
            ("site/frontend/package-lock.json", r#"{"lockfileVersion": 1}"#),
        ]);
        let found = read(&tree, Utf8Path::new(".")).value.unwrap();
        assert_eq!(found.packages_above, ["."]);
        assert!(found.legacy_peers && found.legacy_hashes);
        let newer = react.replace("^4.0.2", "5.0.1");
        let tree = Tree::from_literals([
            ("package.json", newer.as_str()),
            ("package-lock.json", r#"{"lockfileVersion": 3}"#),
        ]);
        let found = read(&tree, Utf8Path::new(".")).value.unwrap();
        assert!(found.packages_above.is_empty() && !found.legacy_peers && !found.legacy_hashes);
    }

    #[test]
    fn what_package_json_says_of_its_manager_comes_first() {
        let files = [
            ("package.json", r#"{"packageManager": "yarn@4.1.0", "scripts": {"build": "webpack"}}"#),
            ("package-lock.json", "{}"),
        ];
        assert_eq!(frontend(&files), found(".", "yarn", "build"));
    }
}
