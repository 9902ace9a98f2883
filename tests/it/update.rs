//! The laws of writing: nothing foreign is changed, no edit is lost, writing twice changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use djdock::base::Tree;
use djdock::render::GeneratedFile;
use djdock::update::merge::Side;
use djdock::update::{Change, ChangeKind, FileToWrite, Record, Replace, Settle, Wishes, changes, writes};
use proptest::prelude::*;

mod cases;

/// A folder: what a path holds.
type Files = BTreeMap<Utf8PathBuf, String>;

const NAMES: &[&str] = &["Dockerfile", "compose.yaml", "docker/entrypoint.sh", ".env", "DOCKER.md"];

fn tree(files: &Files) -> Tree {
    Tree::from_literals(files.iter().map(|(path, text)| (path.as_str(), text.as_bytes())))
}

/// One run of djdock over `files`, as the shell carries it out.
fn run(
    files: &Files,
    generated: &[GeneratedFile],
    replace: &Replace,
) -> (Files, Vec<Change>, Vec<FileToWrite>) {
    run_as_wished(files, generated, &Wishes::to_replace(replace.clone()))
}

fn run_as_wished(
    files: &Files,
    generated: &[GeneratedFile],
    wishes: &Wishes,
) -> (Files, Vec<Change>, Vec<FileToWrite>) {
    let tree = tree(files);
    let record = Record::read(&tree).unwrap();
    let changes = changes(&tree, &record, generated, wishes);
    let writes = writes(&tree, &record, &changes, generated);
    let mut after = files.clone();
    for write in &writes {
        let before = match &write.bytes {
            Some(bytes) => after.insert(write.path.clone(), String::from_utf8(bytes.clone()).unwrap()),
            None => after.remove(&write.path),
        };
        assert!(write.replaces || before.is_none(), "{} was there", write.path);
        assert!(write.bytes.is_some() || before.is_some(), "{} was not there", write.path);
    }
    (after, changes, writes)
}

/// The files that are a person's business: without djdock's notes.
fn visible(files: &Files) -> Files {
    let own = |path: &Utf8PathBuf| path.starts_with(".djdock");
    files.iter().filter(|(path, _)| !own(path)).map(|(path, text)| (path.clone(), text.clone())).collect()
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec("[A-C]=[a-c]{0,2}(\r)?", 0..4)
        .prop_map(|lines| lines.into_iter().map(|line| line + "\n").collect())
}

fn generated_text() -> impl Strategy<Value = String> {
    prop::collection::vec("[A-C]=[a-c]{0,2}", 1..4)
        .prop_map(|lines| lines.into_iter().map(|line| line + "\n").collect())
}

fn generated() -> impl Strategy<Value = Vec<GeneratedFile>> {
    prop::sample::subsequence(NAMES, 1..=NAMES.len()).prop_flat_map(|names| {
        let texts = prop::collection::vec(generated_text(), names.len());
        texts.prop_map(move |texts| {
            let file = |(name, contents): (&&str, String)| GeneratedFile {
                path: (*name).into(),
                contents,
                executable: name.ends_with(".sh"),
                secret: *name == ".env",
                because: "a test".to_owned(),
            };
            names.iter().zip(texts).map(file).collect()
        })
    })
}

fn folder() -> impl Strategy<Value = Files> {
    let name = prop::sample::select([NAMES, &["manage.py", "README.md"]].concat());
    prop::collection::btree_map(name.prop_map(Utf8PathBuf::from), text(), 0..5)
}

proptest! {
    #[test]
    fn a_foreign_file_is_never_written(files in folder(), first in generated(), second in generated()) {
        let (once, _, _) = run(&files, &first, &Replace::default());
        let (twice, _, _) = run(&once, &second, &Replace::default());
        for (path, text) in &files {
            let same = second.iter().chain(&first).any(|file| {
                file.path == *path && !file.secret && file.contents == text.replace("\r\n", "\n")
            });
            // A file that says the same as djdock's is djdock's from then on.
            if !same && path != ".env" {
                prop_assert_eq!(twice.get(path), Some(text), "{}", path);
            }
        }
    }

    #[test]
    fn a_foreign_env_is_never_written(env in text(), first in generated(), second in generated()) {
        let lacks = |file: &GeneratedFile| {
            file.secret && file.contents.lines().any(|line| !env.contains(&line[..2]))
        };
        prop_assume!(first.iter().any(lacks));
        let files = Files::from([(".env".into(), env.clone())]);
        let (once, ..) = run(&files, &first, &Replace::default());
        let (twice, ..) = run(&once, &second, &Replace::default());
        let kept = twice.get(&Utf8PathBuf::from(".env")).cloned().unwrap_or_default();
        prop_assert!(kept.starts_with(&env));
    }

    #[test]
    fn writing_twice_changes_nothing(files in folder(), generated in generated()) {
        let (once, _, _) = run(&files, &generated, &Replace::All);
        let (twice, changes, writes) = run(&once, &generated, &Replace::default());
        prop_assert_eq!(once, twice);
        prop_assert!(writes.is_empty(), "{:?}", writes);
        prop_assert!(changes.iter().all(|change| change.kind == ChangeKind::Unchanged), "{:?}", changes);
    }

    #[test]
    fn after_no_edits_updating_is_overwriting(first in generated(), second in generated()) {
        let (once, ..) = run(&Files::new(), &first, &Replace::default());
        let (twice, ..) = run(&once, &second, &Replace::default());
        for file in second.iter().filter(|file| !file.secret) {
            prop_assert_eq!(&twice[&file.path], &file.contents);
        }
        for file in first.iter().filter(|file| !file.secret && second.iter().all(|other| other.path != file.path)) {
            prop_assert!(!twice.contains_key(&file.path), "{} is not needed", file.path);
        }
    }

    #[test]
    fn edits_stay_when_there_is_nothing_new(generated in generated(), edit in text()) {
        let (mut once, ..) = run(&Files::new(), &generated, &Replace::default());
        for file in &generated {
            once.insert(file.path.clone(), format!("{}{edit}# mine\n", file.contents));
        }
        let (twice, changes, _) = run(&once, &generated, &Replace::default());
        prop_assert_eq!(visible(&once), visible(&twice));
        prop_assert!(changes.iter().all(|change| change.kind == ChangeKind::Unchanged));
    }

    #[test]
    fn an_edit_is_never_lost(
        first in generated(),
        second in generated(),
        at in 0..4_usize,
        all in any::<bool>(),
        side in prop::sample::select(vec![None, Some(Side::Ours), Some(Side::Theirs), Some(Side::Inline)]),
    ) {
        let (mut once, ..) = run(&Files::new(), &first, &Replace::default());
        for file in &first {
            let mut lines: Vec<&str> = file.contents.split_inclusive('\n').collect();
            let mine = format!("# mine {}\n", file.path);
            lines.insert(at.min(lines.len()), &mine);
            once.insert(file.path.clone(), lines.concat());
        }
        let replace = if all { Replace::All } else { Replace::default() };
        let settle = Settle { all: side, ..Settle::default() };
        let (twice, ..) = run_as_wished(&once, &second, &Wishes { replace, settle });
        for file in &first {
            let mine = format!("# mine {}", file.path);
            let kept = visible(&twice).values().any(|text| text.lines().any(|line| line == mine));
            prop_assert!(kept, "the edit of {} is gone", file.path);
        }
    }

    #[test]
    fn edits_and_changes_in_different_lines_both_stand(
        edited in 0..6_usize,
        changed in 0..6_usize,
        edit in "[a-c]{0,3}",
        change in "[a-c]{0,3}",
    ) {
        // Lines that touch are one place, to git as well.
        prop_assume!(edited.abs_diff(changed) > 1);
        let lines: Vec<String> = (0..6).map(|number| format!("line {number}\n")).collect();
        let with = |at: usize, text: &str| {
            let mut lines = lines.clone();
            lines[at] = format!("{at}{text}\n");
            lines
        };
        let first = file("Dockerfile", &lines.concat());
        let (mut once, ..) = run(&Files::new(), std::slice::from_ref(&first), &Replace::default());
        once.insert("Dockerfile".into(), with(edited, &edit).concat());
        let second = file("Dockerfile", &with(changed, &change).concat());
        let (twice, changes, _) = run(&once, std::slice::from_ref(&second), &Replace::default());
        prop_assert_eq!(changes[0].kind, ChangeKind::Merged);
        let mut expected = with(edited, &edit);
        expected[changed] = format!("{changed}{change}\n");
        prop_assert_eq!(&twice[&Utf8PathBuf::from("Dockerfile")], &expected.concat());
        // The merge is the person's text from now on.
        let (thrice, changes, writes) = run(&twice, &[second], &Replace::default());
        prop_assert_eq!((thrice, changes[0].kind, writes), (twice, ChangeKind::Unchanged, vec![]));
    }

    #[test]
    fn variables_of_env_keep_their_values(first in generated(), second in generated()) {
        let (once, ..) = run(&Files::new(), &first, &Replace::default());
        let (twice, ..) = run(&once, &second, &Replace::All);
        let env = Utf8PathBuf::from(".env");
        if let Some(before) = once.get(&env) {
            let after = &twice[&env];
            prop_assert!(after.starts_with(before.as_str()));
            let names = |text: &str| text.lines().filter_map(|line| line.split_once('=').map(|(name, _)| name.to_owned())).collect::<BTreeSet<_>>();
            let needed = second.iter().filter(|file| file.secret).flat_map(|file| names(&file.contents));
            prop_assert!(needed.collect::<BTreeSet<_>>().is_subset(&names(after)));
        }
    }

    #[test]
    fn no_secret_is_recorded(files in folder(), generated in generated()) {
        let (after, ..) = run(&files, &generated, &Replace::All);
        prop_assert!(!after.contains_key(&Utf8PathBuf::from(".djdock/base/.env")));
        let record = &after[&Utf8PathBuf::from(".djdock/record.toml")];
        let entry = record.split("[files.\".env\"]").nth(1).map(|rest| rest.split("[files").next().unwrap_or(""));
        prop_assert!(entry.is_none_or(|entry| !entry.contains("hash")), "{}", record);
    }
}

fn file(path: &str, text: &str) -> GeneratedFile {
    GeneratedFile {
        path: path.into(),
        contents: text.to_owned(),
        executable: false,
        secret: path == ".env",
        because: "a test".to_owned(),
    }
}
