//! Loading from and writing to a real disk.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use djdock::base::Kind;
use djdock::base::tree::LeftOut;
use djdock::shell::disk;
use djdock::shell::interrupt::Stopped;
use djdock::update::{FileToWrite, Mode};

/// A folder that is removed again.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    fn path(&self) -> &Utf8Path {
        Utf8Path::from_path(self.0.path()).unwrap()
    }
}

#[test]
fn names_are_read_and_contents_on_demand() {
    let folder = Folder::new(&[("manage.py", "import os\n"), ("shop/settings.py", "DEBUG = True\n")]);
    let tree = disk::load(folder.path()).unwrap();
    assert_eq!(tree.files().collect::<Vec<_>>(), ["manage.py", "shop/settings.py"]);
    std::fs::write(folder.path().join("manage.py"), "changed\n").unwrap();
    assert_eq!(tree.text("manage.py"), Some("changed\n"), "read before it was asked for");
}

#[test]
fn what_tools_made_is_not_entered() {
    let folder = Folder::new(&[
        ("manage.py", ""),
        ("venv/pyvenv.cfg", ""),
        ("venv/lib/python3.13/site-packages/django/conf/global_settings.py", ""),
        ("old-env/bin/activate_this.py", ""),
        ("old-env/bin/manage.py", ""),
        ("shop/__pycache__/settings.pyc", ""),
        ("node_modules/left-pad/index.js", ""),
        (".git/HEAD", ""),
        ("target/CACHEDIR.TAG", ""),
        ("env/settings.py", ""),
    ]);
    let tree = disk::load(folder.path()).unwrap();
    assert_eq!(tree.files().collect::<Vec<_>>(), ["env/settings.py", "manage.py"]);
    assert_eq!(tree.left_out("node_modules/left-pad"), Some(&LeftOut::Made));
    assert_eq!(tree.left_out("venv"), Some(&LeftOut::Made));
}

#[test]
fn thousands_of_committed_files_in_node_modules_cost_nothing() {
    let folder = Folder::new(&[("manage.py", "")]);
    for package in 0..15 {
        let path = folder.path().join(format!("frontend/node_modules/package-{package}"));
        std::fs::create_dir_all(&path).unwrap();
        for file in 0..200 {
            std::fs::write(path.join(format!("{file}.js")), "").unwrap();
        }
    }
    let start = Instant::now();
    let tree = disk::load(folder.path()).unwrap();
    let took = start.elapsed();
    assert_eq!(tree.files().count(), 1);
    assert!(took < Duration::from_millis(100), "{took:?}");
}

#[test]
fn links_are_entries_whose_files_are_found_by_name() {
    let folder = Folder::new(&[("src/manage.py", "text"), ("src/conf/settings.py", "")]);
    symlink("src/manage.py", folder.path().join("manage.py")).unwrap();
    symlink("conf", folder.path().join("src/config")).unwrap();
    symlink("..", folder.path().join("src/loop")).unwrap();
    symlink("/etc/passwd", folder.path().join("passwd")).unwrap();
    let tree = disk::load(folder.path()).unwrap();
    assert_eq!(tree.kind("manage.py"), Some(Kind::Symlink));
    assert_eq!(tree.text("manage.py"), None);
    assert_eq!(tree.resolve("manage.py"), Some(Utf8PathBuf::from("src/manage.py")));
    assert_eq!(tree.resolve("src/config/settings.py"), Some(Utf8PathBuf::from("src/conf/settings.py")));
    assert_eq!(tree.resolve("passwd"), None);
    assert_eq!(tree.files().count(), 2, "a loop was walked");
}

#[test]
fn what_is_no_file_is_never_opened() {
    let folder = Folder::new(&[("manage.py", "")]);
    let made = Command::new("mkfifo").arg(folder.path().join("pipe")).status().unwrap();
    assert!(made.success());
    let tree = disk::load(folder.path()).unwrap();
    assert_eq!(tree.kind("pipe"), None);
    assert_eq!(tree.left_out("pipe"), Some(&LeftOut::NotRegular));
}

#[test]
fn a_name_that_is_not_utf8_is_skipped_with_a_note() {
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new(&[("manage.py", "")]);
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.txt");
    std::fs::write(Path::new(folder.path()).join(name), "").unwrap();
    let tree = disk::load(folder.path()).unwrap();
    let said: Vec<_> = disk::troubles(&tree).into_iter().map(|diagnostic| diagnostic.title).collect();
    assert_eq!(said, ["the name `caf\u{fffd}.txt` is not UTF-8 and was skipped"]);
}

#[test]
fn a_file_that_git_ignores_is_not_overwritten_as_if_it_were_not_there() {
    use djdock::render::GeneratedFile;
    use djdock::update::{ChangeKind, Record, Replace, Wishes, changes, writes};
    let folder = Folder::new(&[(".gitignore", "Dockerfile\n/.secrets/\n"), (".git/HEAD", "")]);
    let generated: Vec<GeneratedFile> = [".secrets/base.json", "Dockerfile"]
        .map(|path| GeneratedFile {
            path: path.into(),
            contents: "new".to_owned(),
            executable: false,
            secret: false,
            because: String::new(),
        })
        .into();
    let change = |replace: &Replace| {
        let tree = disk::load(folder.path()).unwrap();
        assert_eq!((tree.kind("Dockerfile"), tree.text("Dockerfile")), (None, None));
        let changes = changes(&tree, &Record::default(), &generated, &Wishes::to_replace(replace.clone()));
        let written = writes(&tree, &Record::default(), &changes, &generated);
        (changes.iter().map(|change| change.kind).collect::<Vec<_>>(), written)
    };
    assert_eq!(change(&Replace::default()).0, [ChangeKind::Create, ChangeKind::Create]);
    std::fs::write(folder.path().join("Dockerfile"), "theirs").unwrap();
    std::fs::create_dir(folder.path().join(".secrets")).unwrap();
    std::fs::write(folder.path().join(".secrets/base.json"), "theirs").unwrap();
    assert_eq!(change(&Replace::default()).0, [ChangeKind::Foreign, ChangeKind::Foreign]);
    let (_, written) = change(&Replace::All);
    let backup = written.iter().find(|file| file.path == "Dockerfile.bak").unwrap();
    assert_eq!(backup.bytes.as_deref(), Some(b"theirs".as_slice()));
}

#[test]
fn what_is_no_folder_is_said_so() {
    let folder = Folder::new(&[("manage.py", "")]);
    let said = |path: &Utf8Path| {
        let diagnostic = disk::load(path).unwrap_err();
        (diagnostic.code.0, diagnostic.title.replace(folder.path().as_str(), "DIR"), diagnostic.helps.len())
    };
    let file = folder.path().join("manage.py");
    assert_eq!(said(&file), ("not-a-folder", "`DIR/manage.py` is not a folder".to_owned(), 1));
    assert_eq!(
        said(&folder.path().join("no/such")),
        ("folder-missing", "no folder `DIR/no/such`".to_owned(), 1)
    );
    assert_eq!(said(&file.join("x")).0, "folder-missing");
}

/// `djdock inspect` in `folder`, as somebody who is not root.
fn inspect_as_nobody(folder: &Utf8Path) -> String {
    let place = tempfile::tempdir().unwrap();
    std::fs::set_permissions(place.path(), PermissionsExt::from_mode(0o755)).unwrap();
    // Where the binary lies may be closed to others.
    let binary = place.path().join("djdock");
    std::fs::copy(env!("CARGO_BIN_EXE_djdock"), &binary).unwrap();
    let mut command = Command::new(&binary);
    command.arg("inspect").arg(folder).env("NO_COLOR", "1").current_dir("/");
    if rustix::process::geteuid().is_root() {
        command.uid(65534).gid(65534);
    }
    // A test beside this one may have forked while the copy was open for writing.
    let busy = |error: &std::io::Error| error.kind() == std::io::ErrorKind::ExecutableFileBusy;
    let output = loop {
        match command.output() {
            Err(error) if busy(&error) => std::thread::sleep(Duration::from_millis(20)),
            other => break other.unwrap(),
        }
    };
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_folder_that_may_not_be_read_is_named_with_the_user() {
    let folder = Folder::new(&[("manage.py", ""), ("data/pg/base", "")]);
    let open = |path: &str, mode: u32| {
        std::fs::set_permissions(folder.path().join(path), PermissionsExt::from_mode(mode)).unwrap();
    };
    open("", 0o755);
    open("data", 0o000);
    let said = inspect_as_nobody(folder.path());
    assert!(said.contains("cannot read the folder `data`: permission denied for `"), "{said}");
    open("", 0o000);
    let said = inspect_as_nobody(folder.path());
    open("", 0o755);
    open("data", 0o755);
    assert!(said.contains("error[folder-unreadable]: cannot read the folder `"), "{said}");
}

fn file(path: &str, text: &str, mode: Mode, replaces: bool) -> FileToWrite {
    FileToWrite { path: path.into(), bytes: Some(text.into()), mode, replaces }
}

/// Every name below `folder` with its mode, its kind and its text.
fn snapshot(folder: &Utf8Path) -> String {
    let mut lines = Vec::new();
    for entry in walkdir::WalkDir::new(folder).min_depth(1).sort_by_file_name() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        let name = entry.path().strip_prefix(folder).unwrap().display().to_string();
        lines.push(match entry.file_type() {
            kind if kind.is_dir() => format!("{name}/"),
            kind if kind.is_symlink() => {
                format!("{name} -> {}", std::fs::read_link(entry.path()).unwrap().display())
            }
            _ => format!("{name} {mode:o} {:?}", std::fs::read_to_string(entry.path()).unwrap()),
        });
    }
    lines.join("\n")
}

/// The code and title of what stood in the way of writing `files`; the folder must be as it was before.
fn refused(folder: &Folder, files: &[FileToWrite]) -> (&'static str, String) {
    let before = snapshot(folder.path());
    let Err(Stopped::Diagnosed(diagnostic)) = disk::write(folder.path(), files) else {
        panic!("it was written")
    };
    assert_eq!(snapshot(folder.path()), before);
    assert!(!diagnostic.helps.is_empty());
    (diagnostic.code.0, diagnostic.title)
}

#[test]
fn files_are_written_with_their_folders_and_modes_and_nothing_else_stays() {
    let folder = Folder::new(&[("Dockerfile", "old"), ("Dockerfile.bak", "older")]);
    let files = [
        file("Dockerfile.bak2", "old", Mode::Plain, false),
        file("Dockerfile", "new", Mode::Plain, true),
        file("docker/nginx/default.conf", "server", Mode::Plain, false),
        file("docker/entrypoint.sh", "exec", Mode::Executable, false),
        file(".env", "SECRET=x", Mode::Secret, false),
    ];
    disk::write(folder.path(), &files).unwrap();
    let expected = r#".env 600 "SECRET=x"
Dockerfile 644 "new"
Dockerfile.bak 644 "older"
Dockerfile.bak2 644 "old"
docker/
docker/entrypoint.sh 755 "exec"
docker/nginx/
docker/nginx/default.conf 644 "server""#;
    assert_eq!(snapshot(folder.path()), expected);
}

#[test]
fn permissions_that_a_person_gave_stay() {
    let folder = Folder::new(&[("compose.yaml", "old"), ("run.sh", "old")]);
    let mode = |path: &str, mode| {
        std::fs::set_permissions(folder.path().join(path), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode("compose.yaml", 0o600);
    mode("run.sh", 0o640);
    let files =
        [file("compose.yaml", "new", Mode::Plain, true), file("run.sh", "new", Mode::Executable, true)];
    disk::write(folder.path(), &files).unwrap();
    assert_eq!(snapshot(folder.path()), "compose.yaml 600 \"new\"\nrun.sh 751 \"new\"");
}

#[test]
fn one_file_that_cannot_be_written_undoes_all_the_others() {
    let folder = Folder::new(&[("Dockerfile", "old")]);
    let too_long = "x".repeat(300);
    let said = refused(
        &folder,
        &[
            file("docker/deep/new", "new", Mode::Plain, false),
            file("Dockerfile", "new", Mode::Plain, true),
            file(&too_long, "", Mode::Plain, false),
        ],
    );
    assert_eq!(said.0, "file-unwritable");
    // Staged, and found to be in the way only when it is to take its place.
    let said = refused(
        &folder,
        &[
            file("docker/deep/new", "new", Mode::Plain, false),
            file("Dockerfile", "new", Mode::Plain, true),
            file("twice", "1", Mode::Plain, false),
            file("twice", "2", Mode::Plain, false),
        ],
    );
    assert_eq!(said.0, "file-unwritable");
    let said = refused(
        &folder,
        &[file("docker/a", "", Mode::Plain, false), file("Dockerfile", "", Mode::Plain, false)],
    );
    assert_eq!(said, ("file-in-the-way", "`Dockerfile` exists".to_owned()));
}

#[test]
fn no_link_is_followed_and_nothing_leaves_the_folder() {
    let elsewhere = Folder::new(&[("victim", "theirs")]);
    let folder = Folder::new(&[("a/x", ""), ("folder/x", "")]);
    symlink(elsewhere.path(), folder.path().join("docker")).unwrap();
    symlink(elsewhere.path(), folder.path().join("a/nginx")).unwrap();
    symlink(elsewhere.path().join("victim"), folder.path().join("Dockerfile")).unwrap();
    let refuse = |path: &str| refused(&folder, &[file(path, "ours", Mode::Plain, true)]);
    let link = "path-through-link";
    assert_eq!(refuse("Dockerfile"), (link, "`Dockerfile` is a symbolic link".to_owned()));
    let through = "`docker/victim` would be written through the symbolic link `docker`".to_owned();
    assert_eq!(refuse("docker/victim"), (link, through));
    assert_eq!(refuse("a/nginx/victim").0, link);
    assert_eq!(refuse("../victim").0, "path-outside");
    assert_eq!(refuse("/tmp/victim").0, "path-outside");
    assert_eq!(refuse("folder"), ("file-in-the-way", "`folder` is a folder".to_owned()));
    assert_eq!(refuse("a/x/y"), ("file-in-the-way", "`a/x` is not a folder".to_owned()));
    assert_eq!(snapshot(elsewhere.path()), "victim 644 \"theirs\"");
}
