//! Single situations of files that a person edited, deleted or moved.

use std::collections::BTreeSet;

use camino::Utf8PathBuf;
use djdock::update::merge::Side;
use djdock::update::{Change, ChangeKind, Replace, Settle, Wishes};

use super::{Files, file, run, run_as_wished};

/// The kind of change at each path.
fn kinds(changes: &[Change]) -> Vec<(&str, ChangeKind)> {
    changes.iter().map(|change| (change.path.as_str(), change.kind)).collect()
}

#[test]
fn a_file_that_is_not_needed_any_more_goes_and_an_edited_one_stays() {
    let (mut once, ..) =
        run(&Files::new(), &[file("a", "x\n"), file("b", "x\n"), file("c", "x\n")], &Replace::default());
    once.insert("c".into(), "x\nmine\n".to_owned());
    let (twice, changes, _) = run(&once, &[file("a", "x\n")], &Replace::default());
    assert_eq!(
        kinds(&changes),
        [("a", ChangeKind::Unchanged), ("b", ChangeKind::Remove), ("c", ChangeKind::Orphan)]
    );
    let names: Vec<&str> = twice.keys().map(|path| path.as_str()).collect();
    assert_eq!(names, [".djdock/base/a", ".djdock/base/c", ".djdock/record.toml", "a", "c"]);
    // Back again, it is merged as before.
    let (thrice, ..) = run(&twice, &[file("a", "x\n"), file("c", "new\n\nx\n")], &Replace::default());
    assert_eq!(thrice[&Utf8PathBuf::from("c")], "new\n\nx\nmine\n");
}

#[test]
fn edits_move_along_with_their_file() {
    let text = "one\ntwo\nthree\n";
    let (mut once, ..) = run(
        &Files::new(),
        &[
            file("docker/nginx/site.conf", text),
            file("docker/gunicorn.py", text),
            file("docker/x/site.conf", text),
        ],
        &Replace::default(),
    );
    once.insert("docker/nginx/site.conf".into(), format!("mine\n{text}"));
    let moved = [
        file("deploy/nginx/site.conf", "one\ntwo\n3\n"),
        file("deploy/gunicorn.py", text),
        file("deploy/x/site.conf", text),
    ];
    let (twice, changes, _) = run(&once, &moved, &Replace::default());
    assert_eq!(
        kinds(&changes),
        [
            ("deploy/gunicorn.py", ChangeKind::Create),
            ("deploy/nginx/site.conf", ChangeKind::Merged),
            ("deploy/x/site.conf", ChangeKind::Create),
            ("docker/gunicorn.py", ChangeKind::Remove),
            ("docker/nginx/site.conf", ChangeKind::Remove),
            ("docker/x/site.conf", ChangeKind::Remove),
        ]
    );
    assert_eq!(twice[&Utf8PathBuf::from("deploy/nginx/site.conf")], "mine\none\ntwo\n3\n");
    let (thrice, changes, _) = run(&twice, &moved, &Replace::default());
    assert_eq!(thrice, twice);
    assert!(changes.iter().all(|change| change.kind == ChangeKind::Unchanged), "{changes:?}");
}

#[test]
fn a_move_that_clashes_waits_for_the_person() {
    let (mut once, ..) = run(&Files::new(), &[file("docker/a", "one\n")], &Replace::default());
    once.insert("docker/a".into(), "mine\n".to_owned());
    let moved = [file("deploy/a", "new\n")];
    let (_, changes, _) = run(&once, &moved, &Replace::default());
    assert_eq!(kinds(&changes), [("deploy/a", ChangeKind::Conflict), ("docker/a", ChangeKind::Orphan)]);
    let settle = Settle { files: [("deploy/a".into(), Side::Ours)].into(), ..Settle::default() };
    let (twice, changes, _) = run_as_wished(&once, &moved, &Wishes { settle, ..Wishes::default() });
    assert_eq!(kinds(&changes), [("deploy/a", ChangeKind::Merged), ("docker/a", ChangeKind::Remove)]);
    assert_eq!(twice[&Utf8PathBuf::from("deploy/a")], "mine\n");
}

#[test]
fn a_deleted_file_stays_deleted_until_it_is_asked_for() {
    let (first, second) = ([file("a", "x\n"), file("b", "x\n")], [file("a", "y\n"), file("b", "y\n")]);
    let (mut once, ..) = run(&Files::new(), &first, &Replace::default());
    once.remove(&Utf8PathBuf::from("b"));
    let (twice, changes, _) = run(&once, &second, &Replace::default());
    assert_eq!(kinds(&changes), [("a", ChangeKind::Update), ("b", ChangeKind::Deleted)]);
    assert!(!twice.contains_key(&Utf8PathBuf::from("b")));
    let (thrice, changes, _) = run(&twice, &second, &Replace::These(BTreeSet::from(["b".into()])));
    assert_eq!(kinds(&changes), [("a", ChangeKind::Unchanged), ("b", ChangeKind::Create)]);
    assert_eq!(thrice[&Utf8PathBuf::from("b")], "y\n");
    // A folder without any of them is not one in which somebody deleted files.
    let notes = thrice.into_iter().filter(|(path, _)| path.starts_with(".djdock")).collect();
    let (again, ..) = run(&notes, &second, &Replace::default());
    assert!(again.contains_key(&Utf8PathBuf::from("a")) && again.contains_key(&Utf8PathBuf::from("b")));
}

#[test]
fn a_variable_that_was_deleted_stays_deleted_and_new_ones_are_added() {
    let (mut once, ..) =
        run(&Files::new(), &[file("a", "x\n"), file(".env", "A=1\nB=2\n")], &Replace::default());
    once.insert(".env".into(), "A=mine\n".to_owned());
    let second = [file("a", "x\n"), file(".env", "A=1\nB=2\nC=3\n")];
    let (twice, ..) = run(&once, &second, &Replace::default());
    let env = Utf8PathBuf::from(".env");
    assert_eq!(twice[&env], "A=mine\n\n# Added by djdock: the stack needs these too.\nC=3\n");
    let (thrice, changes, _) = run(&twice, &second, &Replace::default());
    assert_eq!((&thrice[&env], changes[0].because.as_str()), (&twice[&env], "lacks `B`, which you deleted"));
    let (back, ..) = run(&twice, &second, &Replace::These(BTreeSet::from([env.clone()])));
    assert!(back[&env].ends_with("B=2\n"), "{}", back[&env]);
}

#[test]
fn line_ends_of_an_unedited_file_stay() {
    let (mut once, ..) = run(&Files::new(), &[file("a", "1\n2\n")], &Replace::default());
    once.insert("a".into(), "1\r\n2\r\n".to_owned());
    let second = [file("a", "one\n2\n")];
    let (twice, ..) = run(&once, &second, &Replace::default());
    assert_eq!(twice[&Utf8PathBuf::from("a")], "one\r\n2\r\n");
    let (thrice, changes, _) = run(&twice, &second, &Replace::default());
    assert_eq!((thrice, changes[0].kind), (twice, ChangeKind::Unchanged));
}

#[test]
fn a_file_that_was_deleted_stays_deleted_where_its_place_changes() {
    let (mut once, ..) =
        run(&Files::new(), &[file("a", "x\n"), file("docker/b", "x\n")], &Replace::default());
    once.remove(&Utf8PathBuf::from("docker/b"));
    let moved = [file("a", "x\n"), file("deploy/b", "x\n")];
    let (mut files, ..) = run(&once, &moved, &Replace::default());
    for _ in 0..2 {
        let (again, changes, _) = run(&files, &moved, &Replace::default());
        assert_eq!(kinds(&changes), [("a", ChangeKind::Unchanged), ("deploy/b", ChangeKind::Deleted)]);
        files = again;
    }
    let (back, ..) = run(&files, &moved, &Replace::These(BTreeSet::from(["deploy/b".into()])));
    assert!(back.contains_key(&Utf8PathBuf::from("deploy/b")));
}

#[test]
fn marks_of_an_earlier_conflict_are_never_merged_into_others() {
    let (mut once, ..) = run(&Files::new(), &[file("a", "1\n2\n3\n")], &Replace::default());
    let marked = "<<<<<<< HEAD\n1\n=======\none\n>>>>>>> branch\n2\n3\n";
    once.insert("a".into(), marked.to_owned());
    let settle = Settle { all: Some(Side::Theirs), ..Settle::default() };
    let (twice, changes, _) =
        run_as_wished(&once, &[file("a", "1\n2\nnew\n")], &Wishes { settle, ..Wishes::default() });
    assert_eq!((changes[0].kind, &twice[&Utf8PathBuf::from("a")][..]), (ChangeKind::Conflict, marked));
}

#[test]
fn replacing_all_merges_where_that_is_possible() {
    let (mut once, ..) = run(&Files::new(), &[file("a", "1\n2\n3\n"), file("b", "1\n")], &Replace::default());
    once.insert("a".into(), "mine\n1\n2\n3\n".to_owned());
    once.insert("b".into(), "mine\n".to_owned());
    let (twice, ..) = run(&once, &[file("a", "1\n2\nnew\n"), file("b", "new\n")], &Replace::All);
    let text = |name: &str| twice[&Utf8PathBuf::from(name)].as_str();
    assert_eq!((text("a"), text("b"), text("b.bak")), ("mine\n1\n2\nnew\n", "new\n", "mine\n"));
    assert!(!twice.contains_key(&Utf8PathBuf::from("a.bak")));
}

#[test]
fn line_ends_of_an_edited_file_stay() {
    let (mut once, ..) = run(&Files::new(), &[file("a", "1\n2\n3\n4\n")], &Replace::default());
    once.insert("a".into(), "1\r\n2\r\n3\r\n4\r\nmine\r\n".to_owned());
    let (twice, ..) = run(&once, &[file("a", "one\n2\n3\n4\n")], &Replace::default());
    assert_eq!(twice[&Utf8PathBuf::from("a")], "one\r\n2\r\n3\r\n4\r\nmine\r\n");
}

#[test]
fn backups_are_never_overwritten() {
    let files = Files::from([("a".into(), "mine\n".to_owned()), ("a.bak".into(), "older\n".to_owned())]);
    let file = file("a", "x\n");
    let replace = Replace::These(BTreeSet::from(["a".into()]));
    let (after, ..) = run(&files, &[file], &replace);
    let text = |name: &str| after[&Utf8PathBuf::from(name)].as_str();
    assert_eq!((text("a"), text("a.bak"), text("a.bak2")), ("x\n", "older\n", "mine\n"));
}
