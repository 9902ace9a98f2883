//! What the documents say is so: commands run as written, tables are complete.

use std::process::Command;

use camino::Utf8Path;

use crate::support::repository::{files, path, read, root};

/// The README's command that needs no Docker, run as written but for the folder it writes to.
#[test]
fn first_command_of_the_readme_does_the_main_job() {
    let command = indented_command("cargo run -- ");
    let arguments = command.strip_prefix("cargo run -- ").expect("it was found by this");
    let written = arguments.split(' ').find(|word| word.starts_with('/')).expect("it names a folder");
    let scratch = tempfile::tempdir().expect("a folder to write to");
    let folder = scratch.path().join("polls");
    let arguments = arguments.replace(written, folder.to_str().expect("a name in UTF-8"));

    let output = Command::new(env!("CARGO_BIN_EXE_djdock"))
        .args(arguments.split(' '))
        .current_dir(root())
        .output()
        .expect("djdock starts");

    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "`{command}` failed:\n{said}");
    for file in
        ["manage.py", "Dockerfile", "Dockerfile.prod", "compose.yaml", "compose.prod.yaml", "DOCKER.md"]
    {
        assert!(folder.join(file).is_file(), "`{command}` wrote no {file}:\n{said}");
    }
}

#[test]
fn second_command_of_the_readme_runs_these_tests() {
    assert_eq!(indented_command("cargo test"), "cargo test");
}

#[test]
fn readme_fits_on_a_screen() {
    let lines = read("README.md").lines().count();
    assert!(lines <= 70, "README.md has {lines} lines");
}

#[test]
fn link_in_a_document_leads_somewhere() {
    for document in files(".").into_iter().filter(|file| file.ends_with(".md")) {
        // A settings specification is a program in prose, and an example's README is a stranger's.
        if document.starts_with("tests/settings/") || document.starts_with("examples/") {
            continue;
        }
        let folder = Utf8Path::new(&document).parent().unwrap_or(Utf8Path::new(""));
        for target in links(&read(&document)) {
            let target = folder.join(target);
            assert!(path(target.as_str()).exists(), "{document} leads to {target}, which is not there");
        }
    }
}

#[test]
fn changelog_says_what_comes_next_and_what_this_version_brought() {
    let changelog = read("CHANGELOG.md");
    let headings: Vec<&str> = changelog.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(headings.first(), Some(&"Unreleased"), "the newest comes first");
    let current = env!("CARGO_PKG_VERSION");
    let released = headings.iter().any(|heading| heading.starts_with(current));
    assert!(released || headings == ["Unreleased"], "CHANGELOG.md says nothing of {current}");
}

#[test]
fn example_is_listed_and_says_how_to_check_it() {
    let readme = read("README.md");
    for example in subfolders("examples") {
        assert!(readme.contains(&format!("`{example}`")), "README.md does not list the example {example}");
        let smoke: toml::Table =
            read(&format!("examples/{example}/smoke.toml")).parse().expect("smoke.toml is TOML");
        let checks = smoke["check"].as_array().expect("a list of checks");
        for check in checks {
            assert!(check["path"].as_str().is_some_and(|path| path.starts_with('/')), "{example}: {check}");
            assert!(check["status"].as_integer().is_some(), "{example}: {check}");
        }
        let with_text = checks.iter().filter(|check| check.get("text").is_some()).count();
        assert!(with_text >= 3, "{example} checks the text of {with_text} pages");
    }
}

#[test]
fn folder_of_tests_is_described() {
    let readme = read("tests/README.md");
    for folder in subfolders("tests") {
        assert!(readme.contains(&format!("`{folder}/`")), "tests/README.md does not describe {folder}");
    }
}

/// The one command in the README's indented blocks that starts with `start`.
fn indented_command(start: &str) -> String {
    let readme = read("README.md");
    let mut found =
        readme.lines().filter_map(|line| line.strip_prefix("    ")).filter(|line| line.starts_with(start));
    let command = found.next().unwrap_or_else(|| panic!("README.md has no command `{start}…`"));
    assert_eq!(found.next(), None, "README.md has two commands `{start}…`");
    command.trim_end().to_owned()
}

/// What `[text](target)` leads to inside the repository.
fn links(markdown: &str) -> Vec<String> {
    let after = markdown.split("](").skip(1);
    let targets = after.filter_map(|rest| rest.split_once(')').map(|(target, _)| target));
    let inside = targets.filter(|target| !target.contains(':') && !target.starts_with('#'));
    inside.map(|target| target.split('#').next().unwrap_or(target).to_owned()).collect()
}

fn subfolders(folder: &str) -> Vec<String> {
    let start = format!("{folder}/");
    let inside = files(folder);
    let mut names: Vec<String> = inside
        .iter()
        .filter_map(|file| file.strip_prefix(&start)?.split_once('/'))
        .map(|(name, _)| name.to_owned())
        .collect();
    names.dedup();
    names
}
