//! Which of a front end's packages come from git, and over ssh: images of Node hold neither program.

use camino::{Utf8Path, Utf8PathBuf};

use super::packages::package;
use crate::base::{Place, Tree, path};
use crate::inspect::facts::FromGit;

/// Hosts that npm asks over https first, whatever the address says:
/// <https://github.com/npm/pacote/blob/main/lib/git.js>.
const ASKED_OVER_HTTPS: &[&str] = &["github.com", "gitlab.com", "bitbucket.org", "gist.github.com"];

/// Short forms of the addresses of well-known hosts: <https://docs.npmjs.com/cli/configuring-npm/package-json#git-urls-as-dependencies>.
const SHORT: &[&str] = &["github:", "gitlab:", "bitbucket:", "gist:"];

/// Returns the programs that fetch the packages of these folders from git; the folders are installed together.
pub(super) fn from_git(tree: &Tree, folders: &[&Utf8Path], manager: &str) -> FromGit {
    let mut found = FromGit::default();
    for folder in folders {
        for address in stated(tree, folder) {
            found.note(&address);
        }
        for address in locked(tree, folder) {
            // Its own lockfile always says ssh, whatever package.json says.
            let is_form = manager == "npm"
                && ASKED_OVER_HTTPS.iter().any(|host| address.text.contains(&format!("@{host}/")));
            found.note(&Address { is_over_ssh: address.is_over_ssh && !is_form, ..address });
        }
    }
    found
}

struct Address {
    text: String,
    place: Place,
    is_over_ssh: bool,
}

impl FromGit {
    fn note(&mut self, address: &Address) {
        self.git.get_or_insert_with(|| address.place.clone());
        if address.is_over_ssh {
            self.ssh.get_or_insert_with(|| (address.text.clone(), address.place.clone()));
        }
    }
}

/// Addresses of git among what a package.json requires, or puts in the place of what others require.
fn stated(tree: &Tree, folder: &Utf8Path) -> Vec<Address> {
    let Some(file) = path::join(folder, "package.json") else { return Vec::new() };
    let (Some(package), Some(text)) = (package(tree, folder), tree.text(&file)) else { return Vec::new() };
    let tables = [
        &package.dependencies,
        &package.dev_dependencies,
        &package.optional_dependencies,
        &package.overrides,
        &package.resolutions,
        &package.pnpm.overrides,
    ];
    let mut found = Vec::new();
    for version in tables.into_iter().flat_map(|table| texts(table)) {
        if is_git(version) {
            found.push(address(&file, line_with(text, version), version));
        }
    }
    found
}

/// The texts of a table, and of the tables in it: `overrides` may nest.
fn texts(table: &serde_json::Map<String, serde_json::Value>) -> Vec<&str> {
    let mut found = Vec::new();
    let mut tables = vec![table];
    while let Some(table) = tables.pop() {
        found.extend(table.values().filter_map(serde_json::Value::as_str));
        tables.extend(table.values().filter_map(serde_json::Value::as_object));
    }
    found
}

/// Addresses of git in a lockfile: those of packages that others require are there alone.
fn locked(tree: &Tree, folder: &Utf8Path) -> Vec<Address> {
    const NAMES: &[&str] =
        &["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock"];
    let files: Vec<Utf8PathBuf> = NAMES.iter().filter_map(|name| path::join(folder, name)).collect();
    let mut found = Vec::new();
    for file in files {
        for (number, line) in (1_u32..).zip(tree.text(&file).unwrap_or_default().lines()) {
            let words = line.split(['"', '\'', ' ', ',', '{', '}', '(', ')']);
            let addresses = words.map(without_name).filter(|word| has_git_scheme(word));
            found.extend(addresses.map(|word| address(&file, number, word)));
        }
    }
    found
}

/// The address in `gauge@git+https://…`, as yarn and pnpm write it.
fn without_name(word: &str) -> &str {
    let marks = ["@git+", "@git://", "@ssh://", "@git@", "@http"];
    let at = marks.iter().filter_map(|mark| word.find(mark)).min();
    at.map_or(word, |at| &word[at + 1..])
}

fn address(file: &Utf8Path, line: u32, text: &str) -> Address {
    let is_over_ssh = text.contains("ssh://") || text.starts_with("git@");
    Address { text: text.to_owned(), place: Place::line(file.to_owned(), line), is_over_ssh }
}

fn line_with(text: &str, version: &str) -> u32 {
    let at = text.lines().position(|line| line.contains(version));
    at.map_or(1, |at| u32::try_from(at + 1).unwrap_or(1))
}

/// Tells whether a package manager fetches such a version with git.
fn is_git(version: &str) -> bool {
    has_git_scheme(version)
        || SHORT.iter().any(|short| version.starts_with(short))
        || is_owner_and_name(version)
}

fn has_git_scheme(address: &str) -> bool {
    let address = address.trim_end_matches(':');
    let before_commit = address.split('#').next().unwrap_or(address);
    ["git+", "git://", "ssh://", "git@"].iter().any(|start| address.starts_with(start))
        || (address.starts_with("http") && before_commit.ends_with(".git"))
}

/// `toorshia/justgage`, which means a repository of GitHub.
fn is_owner_and_name(version: &str) -> bool {
    let before_commit = version.split('#').next().unwrap_or(version);
    let is_word =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    before_commit
        .split_once('/')
        .is_some_and(|(owner, name)| is_word(owner) && is_word(name) && !owner.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(manager: &str, files: &[(&str, &str)]) -> (bool, bool) {
        let tree = Tree::from_literals(files.iter().copied());
        let found = from_git(&tree, &[Utf8Path::new("."), Utf8Path::new("ui")], manager);
        (found.git.is_some(), found.ssh.is_some())
    }

    fn version(text: &str) -> (bool, bool) {
        of("yarn", &[("package.json", &format!("{{\"dependencies\": {{\"gauge\": \"{text}\"}}}}"))])
    }

    #[test]
    fn every_form_of_an_address_of_git_is_known() {
        for text in [
            "git+https://example.org/team/gauge.git#1.3.5",
            "git://example.org/gauge.git",
            "https://example.org/team/gauge.git#main",
            "github:team/gauge",
            "gitlab:team/gauge#semver:^2",
            "team/gauge",
            "team/gauge#v2",
        ] {
            assert_eq!(version(text), (true, false), "{text}");
        }
        for text in [
            "git+ssh://git@example.org/team/gauge.git",
            "git@example.org:team/gauge.git",
            "ssh://git@example.org/a.git",
        ] {
            assert_eq!(version(text), (true, true), "{text}");
        }
    }

    #[test]
    fn versions_folders_and_archives_are_not_from_git() {
        for text in [
            "^1.2.0",
            "latest",
            "file:../gauge",
            "workspace:*",
            "link:../x",
            "npm:@team/gauge@2",
            "https://example.org/gauge-1.0.tgz",
            "./vendor/gauge",
            "catalog:",
        ] {
            assert_eq!(version(text), (false, false), "{text}");
        }
    }

    #[test]
    fn what_only_a_lockfile_says_counts_and_the_form_of_npm_is_no_ssh() {
        let lock = |host: &str| {
            format!(
                "{{\"packages\": {{\"node_modules/x\": {{\"resolved\": \"git+ssh://git@{host}/team/x.git#0a1b\"}}}}}}"
            )
        };
        assert_eq!(of("npm", &[("package-lock.json", &lock("github.com"))]), (true, false));
        assert_eq!(of("npm", &[("package-lock.json", &lock("git.example.org"))]), (true, true));
        let yarn = "\"gauge@git+https://example.org/gauge.git#1.3\":\n  resolved \"git+https://example.org/gauge.git#ab\"\n";
        assert_eq!(of("yarn", &[("yarn.lock", yarn)]), (true, false));
        let pnpm = "  gauge@git+ssh://git@example.org/gauge.git#ab:\n    resolution: {commit: ab, repo: ssh://git@example.org/gauge.git, type: git}\n";
        assert_eq!(of("pnpm", &[("pnpm-lock.yaml", pnpm)]), (true, true));
        assert_eq!(
            of(
                "yarn",
                &[(
                    "yarn.lock",
                    "gauge@^1.0:\n  resolved \"https://registry.example.org/gauge/-/gauge-1.0.tgz\"\n"
                )]
            ),
            (false, false)
        );
    }

    #[test]
    fn members_of_a_workspace_and_what_replaces_others_count() {
        assert_eq!(
            of("npm", &[("ui/package.json", r#"{"devDependencies": {"x": "team/x"}}"#)]),
            (true, false)
        );
        assert_eq!(
            of("npm", &[("package.json", r#"{"overrides": {"a": {"b": "github:team/b"}}}"#)]),
            (true, false)
        );
        assert_eq!(
            of("yarn", &[("package.json", r#"{"resolutions": {"b": "https://example.org/b.git"}}"#)]),
            (true, false)
        );
    }
}
