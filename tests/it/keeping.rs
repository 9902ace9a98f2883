//! Edits of a person in every kind of file, and every kind of change after them: each edit stays and counts, or nothing is
//! written and the person is told.
//!
//! All of the table: `cargo test --test it keeping -- --include-ignored --nocapture`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::support::program::{Folder, Run};

/// An edit: the file, the text that is found in it, and the text that takes its place. The text found is empty for an edit at
/// the end.
type Edit = (&'static str, &'static str, &'static str);

const EDITS: [Edit; 15] = [
    (".dockerignore", "", "mine/\n"),
    (".env", "", "MINE=1\n"),
    (".env.example", "", "MINE=1\n"),
    ("DOCKER.md", "", "\n## Mine\n\nAsk me before you deploy.\n"),
    ("Dockerfile", "EXPOSE 8000", "EXPOSE 8000\nLABEL mine=1"),
    ("Dockerfile.prod", "USER 10001:10001", "RUN echo mine > /etc/mine\nUSER 10001:10001"),
    ("compose.yaml", "services:\n", "services:\n  mine:\n    image: busybox\n"),
    ("compose.prod.yaml", "shm_size: '128m'", "shm_size: '999m'"),
    ("config/settings/container.py", "", "\nMINE = True\n"),
    ("djdock.toml", "", "# mine\n"),
    ("docker/entrypoint.sh", "exec \"$@\"", "echo mine\n\nexec \"$@\""),
    ("docker/entrypoint.prod.sh", "set -eu\n", "set -eu\necho mine\n"),
    ("docker/gunicorn.conf.py", "timeout = 60\ngraceful", "timeout = 999\ngraceful"),
    (
        "docker/nginx/default.conf.template",
        "server_tokens off;",
        "server_tokens off;\n    add_header X-Mine 1;",
    ),
    ("docker/poetry-constraints.txt", "", "# mine\n"),
];

/// A change of the project or of the answers.
struct Change {
    name: &'static str,
    arguments: &'static [&'static str],
    project: fn(&Folder),
}

fn nothing(_: &Folder) {}

const CHANGES: [Change; 9] = [
    Change { name: "no change", arguments: &[], project: nothing },
    Change { name: "new dependency", arguments: &[], project: add_dependency },
    Change { name: "other proxy", arguments: &["--proxy", "caddy"], project: nothing },
    Change { name: "other database", arguments: &["--database", "external"], project: nothing },
    Change { name: "other Python", arguments: &["--python", "3.12"], project: nothing },
    Change { name: "other name", arguments: &["--name", "other"], project: nothing },
    Change { name: "no comments", arguments: &["--comments", "none"], project: nothing },
    Change { name: "other settings", arguments: &[], project: read_another_variable },
    Change { name: "other folder", arguments: &["--config-dir", "deploy"], project: nothing },
];

fn add_dependency(folder: &Folder) {
    let manifest = folder.read("pyproject.toml");
    folder.write(
        "pyproject.toml",
        manifest.replacen(
            "[tool.poetry.dependencies]\n",
            "[tool.poetry.dependencies]\nmysqlclient = \"*\"\n",
            1,
        ),
    );
    let lock = folder.read("poetry.lock");
    let package = "[[package]]\nname = \"mysqlclient\"\nversion = \"2.2.7\"\ndescription = \"\"\noptional = false\npython-versions = \">=3.8\"\ngroups = [\"main\"]\nfiles = []\n\n";
    folder.write("poetry.lock", lock.replacen("[metadata]", &format!("{package}[metadata]"), 1));
}

fn read_another_variable(folder: &Folder) {
    let path = "config/settings/base.py";
    folder.write(path, folder.read(path) + "\nNEW_KEY = env(\"NEW_KEY\")\n");
}

/// Returns the text that shows that an edit is there.
fn mark(edit: &Edit) -> String {
    let kept = |line: &&str| !line.trim().is_empty() && !edit.1.contains(line.trim());
    edit.2.lines().find(kept).unwrap().to_owned()
}

fn apply(folder: &Folder, (path, find, put): &Edit) {
    let text = folder.read(path);
    assert!(text.contains(find), "{path} has no {find:?}");
    folder.write(path, if find.is_empty() { text + put } else { text.replacen(find, put, 1) });
}

/// The files of a folder, to copy a project that was written once into many folders.
fn written() -> Vec<(String, Vec<u8>)> {
    let folder = Folder::example("shop");
    let run = folder.djdock(&["init", "--yes"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    let root = folder.path();
    let name = |path: &PathBuf| path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
    folder.snapshot().iter().map(|(path, bytes)| (name(path), bytes.clone())).collect()
}

fn texts(folder: &Folder) -> BTreeMap<String, String> {
    let root = folder.path();
    let text = |(path, bytes): (PathBuf, Vec<u8>)| {
        (
            path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned(),
            String::from_utf8_lossy(&bytes).into_owned(),
        )
    };
    folder.snapshot().into_iter().map(text).collect()
}

/// Makes one edit and one change, runs `command`, and returns the fate of the edited file. Panics if the edit is lost, or
/// stops to count in silence.
fn fate(written: &[(String, Vec<u8>)], edit: &Edit, change: &Change, command: &[&str]) -> &'static str {
    let folder = Folder::with(written.iter().map(|(path, bytes)| (path, bytes)));
    apply(&folder, edit);
    (change.project)(&folder);
    let before = texts(&folder);
    let run = folder.djdock(&[command, change.arguments].concat());
    let after = texts(&folder);
    let case = format!("{} after {} ({}):\n{}", edit.0, change.name, command[0], run.shown());
    if run.code != 0 && before == after {
        assert_eq!(run.code, 1, "{case}");
        assert!(run.stderr.contains("error[file-edited]"), "{case}");
        return "conflict";
    }
    let mark = mark(edit);
    let holders: Vec<&String> = after
        .iter()
        .filter(|(path, text)| {
            !path.starts_with(".djdock/") && text.lines().any(|line| line.trim() == mark.trim())
        })
        .map(|(path, _)| path)
        .collect();
    assert_eq!(holders.len(), 1, "{mark:?} is in {holders:?}: {case}");
    let record = &after[".djdock/record.toml"];
    let is_in_use = |path: &str| {
        let entry = record.split("[files.").find(|entry| entry.trim_matches('"').starts_with(path));
        path == "djdock.toml" || entry.is_some_and(|entry| !entry.contains("unused = true"))
    };
    if !is_in_use(holders[0]) {
        told_that_it_is_unused(&run, edit.0, &case);
        return "unused, and said so";
    }
    assert_eq!(run.code, 0, "{case}");
    match after.get(edit.0) {
        None => "moved",
        Some(text) if *text == before[edit.0] => "as it was",
        Some(_) => "merged",
    }
}

fn told_that_it_is_unused(run: &Run, path: &str, case: &str) {
    assert_eq!(run.code, 1, "{case}");
    assert!(
        run.stderr.contains(&format!("you edited `{path}`, and no part of the stack reads it any more")),
        "{case}"
    );
}

/// Every edit with every change, in as many threads as there are files.
#[expect(clippy::print_stdout, reason = "the table is what the test is run for by hand")]
fn fates(command: &'static [&'static str], edits: &'static [Edit]) -> BTreeMap<&'static str, u32> {
    let written = written();
    let rows: Vec<Vec<&str>> = std::thread::scope(|scope| {
        let row = |edit: &'static Edit| {
            let written = &written;
            scope.spawn(move || {
                CHANGES.iter().map(|change| fate(written, edit, change, command)).collect::<Vec<_>>()
            })
        };
        let threads: Vec<_> = edits.iter().map(row).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut counts = BTreeMap::new();
    for (edit, row) in edits.iter().zip(&rows) {
        println!("{:36} {}", edit.0, row.join(" | "));
        for fate in row {
            *counts.entry(*fate).or_default() += 1;
        }
    }
    println!("{}: {counts:?}", command[0]);
    counts
}

#[test]
#[ignore = "135 runs take half a minute"]
fn update_keeps_every_edit_and_takes_what_is_new() {
    let counts = fates(&["update"], &EDITS);
    assert_eq!(counts.values().sum::<u32>(), 135);
    assert!(counts["merged"] + counts["moved"] >= 36, "{counts:?}");
    assert!(counts.get("conflict").is_none_or(|count| *count <= 8), "{counts:?}");
    // The configuration of a proxy that was changed for another, and nothing else.
    assert_eq!(counts["unused, and said so"], 1, "{counts:?}");
}

#[test]
fn init_keeps_every_edit_and_takes_what_is_new() {
    // The same code decides, so a few files show that it is asked.
    let counts = fates(&["init", "--yes"], &EDITS[4..6]);
    assert!(counts["merged"] >= 8, "{counts:?}");
}
