//! Whole runs of the commands that write: what is there afterwards, what is said, and that a second run changes
//! nothing.

use std::os::unix::fs::PermissionsExt;

use crate::support::program::Folder;

const EXAMPLES: &[&str] = &["polls", "shop", "board"];

#[test]
fn a_second_run_changes_nothing() {
    for example in EXAMPLES {
        let folder = Folder::example(example);
        let first = folder.djdock(&["init", "--yes"]);
        assert_eq!(first.code, 0, "{example}: {}", first.shown());
        let written = folder.snapshot();
        for arguments in [&["init", "--yes"][..], &["update"], &["check"], &["init", "--dry-run", "--diff"]] {
            let run = folder.djdock(arguments);
            assert_eq!(run.code, 0, "{example} {arguments:?}: {}", run.shown());
            assert!(folder.snapshot() == written, "{example} {arguments:?} wrote: {}", run.shown());
        }
        let changes = folder.djdock(&["update", "--json"]).json();
        for change in changes["changes"].as_array().unwrap() {
            assert_eq!(change["change"], "unchanged", "{example}: {change}");
        }
    }
}

#[test]
fn the_demo_needs_no_engine_and_the_folder_must_be_empty() {
    let folder = Folder::empty();
    let run = folder.djdock_with(&["demo", "new"], &[("PATH", ""), ("DOCKER_HOST", "unix:///nowhere")]);
    assert_eq!(run.code, 0, "{}", run.shown());
    assert!(folder.has("new/manage.py") && folder.has("new/compose.yaml") && folder.has("new/.env"));
    let again = folder.djdock(&["demo", "new"]);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("error[folder-not-empty]"), "{}", again.shown());
}

#[test]
fn a_dry_run_writes_nothing_and_says_what_it_would() {
    let folder = Folder::example("polls");
    let before = folder.snapshot();
    let run = folder.djdock(&["init", "--yes", "--dry-run", "--diff"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    assert!(folder.snapshot() == before);
    assert!(run.stdout.contains("+++ b/compose.prod.yaml"), "{}", run.stdout);
    assert!(run.stdout.contains(".env holds secrets and is not shown"), "{}", run.stdout);
}

#[test]
fn json_is_the_contract_and_holds_no_secret() {
    let folder = Folder::example("shop");
    let run = folder.djdock(&["init", "--yes", "--json"]);
    let report = run.json();
    assert_eq!(report["schema"], "djdock.init/1");
    assert_eq!(report["answers"]["database"], "postgres");
    assert!(report["changes"].as_array().unwrap().iter().all(|change| change["change"] == "create"));
    let env = folder.read(".env");
    let secrets = env.lines().filter_map(|line| line.split_once('=')).map(|(_, value)| value);
    let said = run.shown() + &folder.read(".djdock/record.toml") + &folder.read(".env.example");
    let mut checked = 0;
    for secret in secrets.filter(|value| value.len() >= 20 && !value.contains(['.', '/', ':'])) {
        assert!(!said.contains(secret), "{secret}");
        checked += 1;
    }
    assert!(checked > 0, "{env}");
}

#[test]
fn secrets_are_made_once() {
    let folder = Folder::example("shop");
    assert_eq!(folder.djdock(&["init", "--yes"]).code, 0);
    let env = folder.read(".env");
    assert_eq!(folder.djdock(&["init", "--yes", "--config-dir", "deploy"]).code, 0);
    assert!(folder.read(".env").starts_with(&env));
    let mode = folder.path().join(".env").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_foreign_file_stops_everything_until_it_is_named() {
    let folder = Folder::example("polls");
    folder.write("compose.yaml", "services: {}\n");
    let before = folder.snapshot();
    let run = folder.djdock(&["init", "--yes"]);
    assert_eq!(run.code, 2, "{}", run.shown());
    assert!(run.stderr.contains("error[file-not-ours]: `compose.yaml`"), "{}", run.shown());
    assert!(folder.snapshot() == before);
    let run = folder.djdock(&["init", "--yes", "--replace", "./compose.yaml"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    assert_eq!(folder.read("compose.yaml.bak"), "services: {}\n");
}

#[test]
fn a_conflict_writes_nothing_until_the_person_decides() {
    let folder = Folder::example("polls");
    assert_eq!(folder.djdock(&["init", "--yes"]).code, 0);
    let edited = folder.read("compose.prod.yaml").replacen("name: ", "name: my-", 1);
    folder.write("compose.prod.yaml", &edited);
    assert_eq!(folder.djdock(&["update"]).code, 0);
    let before = folder.snapshot();
    let run = folder.djdock(&["update", "--name", "other"]);
    assert_eq!(run.code, 1, "{}", run.shown());
    assert!(run.stderr.contains("error[file-edited]"), "{}", run.shown());
    assert!(run.stderr.contains("djdock would write: name: other"), "{}", run.shown());
    assert!(folder.snapshot() == before, "nothing may be written");
    let run = folder.djdock(&["update", "--name", "other", "--conflict", "./compose.prod.yaml=ours"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    let merged = folder.read("compose.prod.yaml");
    assert!(merged.contains("\nname: my-shop\n") && merged.contains("other-web:"), "{merged}");
    assert!(folder.read("djdock.toml").contains("name = \"other\""));
    // Decided is decided.
    let run = folder.djdock(&["update"]);
    assert_eq!((run.code, folder.read("compose.prod.yaml")), (0, merged), "{}", run.shown());
}

#[test]
fn djdocks_side_of_a_conflict_keeps_the_persons_file_beside() {
    let folder = Folder::example("polls");
    assert_eq!(folder.djdock(&["init", "--yes"]).code, 0);
    let edited = folder.read("compose.prod.yaml").replacen("name: ", "name: my-", 1);
    folder.write("compose.prod.yaml", &edited);
    let run = folder.djdock(&["update", "--name", "other", "--conflict", "theirs"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    assert_eq!(folder.read("compose.prod.yaml.bak"), edited);
    assert!(folder.read("compose.prod.yaml").contains("\nname: other\n"));
}

#[test]
fn both_sides_of_a_conflict_stand_between_marks_until_somebody_chooses() {
    let folder = Folder::example("polls");
    assert_eq!(folder.djdock(&["init", "--yes"]).code, 0);
    folder.write("Dockerfile", folder.read("Dockerfile").replacen("FROM ", "FROM docker.io/", 1));
    let run = folder.djdock(&["update", "--python", "3.12", "--conflict", "inline"]);
    assert_eq!(run.code, 1, "{}", run.shown());
    for again in [&["update"][..], &["check"]] {
        let run = folder.djdock(again);
        assert_eq!(run.code, 1, "{}", run.shown());
        assert_eq!(run.stderr.matches("error[conflict-marks]").count(), 1, "{}", run.shown());
    }
    let chosen: Vec<String> = folder.read("Dockerfile").lines().map(ToOwned::to_owned).collect();
    let at = |mark: &str| chosen.iter().position(|line| line.starts_with(mark)).unwrap();
    let (begin, between, end) = (at("<<<<<<<"), at("======="), at(">>>>>>>"));
    let kept = [&chosen[..begin], &chosen[between + 1..end], &chosen[end + 1..]].concat().join("\n") + "\n";
    folder.write("Dockerfile", kept);
    let run = folder.djdock(&["update"]);
    assert_eq!(run.code, 0, "{}", run.shown());
}

#[test]
fn a_deleted_file_that_others_need_is_an_error() {
    let folder = Folder::example("polls");
    assert_eq!(folder.djdock(&["init", "--yes"]).code, 0);
    for path in ["Dockerfile", "docker/entrypoint.sh", "DOCKER.md"] {
        std::fs::remove_file(folder.path().join(path)).unwrap();
    }
    for command in ["update", "check"] {
        let run = folder.djdock(&[command]);
        assert_eq!(run.code, 1, "{}", run.shown());
        assert!(
            run.stderr.contains("error[file-deleted]: `Dockerfile` was deleted, and `compose.yaml` needs it"),
            "{}",
            run.shown()
        );
        assert!(
            run.stderr.contains("error[file-deleted]: `docker/entrypoint.sh` was deleted"),
            "{}",
            run.shown()
        );
        assert!(run.stderr.contains("note[file-deleted]: `DOCKER.md` was deleted"), "{}", run.shown());
    }
}

#[test]
fn a_folder_in_the_place_of_a_file_is_named_as_one() {
    let folder = Folder::example("polls");
    assert_eq!(folder.djdock(&["init", "--yes"]).code, 0);
    std::fs::remove_file(folder.path().join("Dockerfile")).unwrap();
    std::fs::create_dir(folder.path().join("Dockerfile")).unwrap();
    let run = folder.djdock(&["update", "--replace", "Dockerfile"]);
    assert_eq!(run.code, 2, "{}", run.shown());
    assert!(
        run.stderr.contains("`Dockerfile` is a folder")
            && run.stderr.contains("`mv Dockerfile Dockerfile.bak`"),
        "{}",
        run.shown()
    );
}

#[test]
fn a_side_that_nobody_knows_is_refused() {
    let folder = Folder::example("polls");
    let run = folder.djdock(&["update", "--conflict", "Dockerfile=mine"]);
    assert_eq!(run.code, 2, "{}", run.shown());
    assert!(run.stderr.contains("`inline`, `ours` or `theirs`"), "{}", run.shown());
}

#[test]
fn answers_come_from_flags_before_the_file() {
    let folder = Folder::example("polls");
    folder.write("djdock.toml", "comments = \"none\" # ours\nname = \"blog\"\n");
    let answers = folder.djdock(&["init", "--dry-run", "--json", "--name", "shop"]).json()["answers"].clone();
    assert_eq!((&answers["comments"], &answers["name"]), (&"none".into(), &"shop".into()));
}

#[test]
fn names_that_a_shell_or_a_terminal_would_take_apart_are_harmless() {
    let folder = Folder::example("polls");
    folder.write("it's a \"test\" $(id) \u{1b}[31m.py", "x = 1\n");
    folder.write("-rf/settings.py", "SECRET_KEY = 'x'\nINSTALLED_APPS = []\nDATABASES = {}\n");
    for arguments in [&["inspect"][..], &["check"], &["init", "--yes"]] {
        let run = folder.djdock(arguments);
        assert!(!run.shown().contains('\u{1b}'), "{}", run.shown());
        assert!(run.code < 2, "{arguments:?}: {}", run.shown());
    }
}

#[test]
fn a_secret_that_the_next_commit_would_take_along_is_named() {
    let said = |ignored: &str, line: &str| {
        let folder = Folder::example("polls");
        // A repository is a folder with `.git` to whoever looks at it.
        folder.write(".git/HEAD", "ref: refs/heads/main\n");
        folder.write(".gitignore", ignored);
        let run = folder.djdock(&["init", "--yes"]);
        assert_eq!(run.code, 0, "{}", run.shown());
        run.stderr.contains(line)
    };
    assert!(said("*.pyc\n", "echo /.env >> .gitignore"));
    assert!(said("*.pyc", "printf '\\n%s\\n' /.env >> .gitignore"));
    assert!(!said("*.pyc\n.env\n", ">> .gitignore"));
}

#[test]
fn commands_to_type_name_any_folder_as_a_shell_reads_it() {
    let folder = Folder::empty();
    for (path, contents) in Folder::example("polls").snapshot() {
        let inside = path.iter().skip_while(|part| *part != "shop").skip(1).collect::<std::path::PathBuf>();
        folder.write(&format!("it's $HOME/{}", inside.display()), contents);
    }
    let run = folder.djdock(&["init", "--yes", "it's $HOME"]);
    let line = |start: &str| {
        run.stderr.lines().map(str::trim).find(|line| line.starts_with(start)).map(str::to_owned)
    };
    let smoke = line("djdock smoke prod").unwrap_or_else(|| panic!("{}", run.shown()));
    assert!(smoke.starts_with(r"djdock smoke prod 'it'\''s $HOME'"), "{smoke}");
}

#[test]
fn settings_that_are_not_there_are_the_one_thing_that_is_said_to_be_wrong() {
    // The checkout is the package itself, and its settings are made by a script that is not run.
    let manage = "import os, sys\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\nfrom django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n";
    let files = [("manage.py", manage), ("__init__.py", ""), ("requirements.txt", "django==5.2.1\n")];
    let run = Folder::with(files).djdock(&["init", "--yes"]);
    assert_eq!(run.code, 2, "{}", run.shown());
    assert!(run.stderr.contains("error[settings-import-fails]"), "{}", run.shown());
    assert!(!run.stderr.contains("plan-not-proven"), "{}", run.shown());
}

/// Class-based settings that lack what an overlay adds.
const CLASSES: &str = "from configurations import Configuration, values\nclass Site(Configuration):\n    INSTALLED_APPS = ['django.contrib.staticfiles']\n    \
    ROOT_URLCONF = 'shop.urls'\n    SECRET_KEY = values.SecretValue()\n    DATABASES = values.DatabaseURLValue('sqlite:///db.sqlite3')\nclass Dev(Site):\n    \
    DEBUG = True\nclass Prod(Site):\n    DEBUG = False\n    ALLOWED_HOSTS = ['example.org']\n";
const MANAGE_CLASSES: &str = "import os, sys\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\nos.environ.setdefault('DJANGO_CONFIGURATION', 'Prod')\n\
    from configurations.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n";

#[test]
fn check_right_after_init_finds_no_more_than_init_said() {
    let classes = || {
        Folder::with([
            ("manage.py", MANAGE_CLASSES),
            ("shop/__init__.py", ""),
            ("shop/settings.py", CLASSES),
            ("shop/urls.py", "urlpatterns = []\n"),
            ("requirements.txt", "django==5.2.1\ndjango-configurations==2.5.1\n"),
            (".gitignore", ".env\n"),
        ])
    };
    let codes = |run: &crate::support::program::Run| -> Vec<String> {
        let lines = run.stderr.lines().filter_map(|line| {
            let (head, rest) = line.split_once('[')?;
            ["error", "warning", "note"].contains(&head).then(|| rest.split(']').next().unwrap().to_owned())
        });
        lines.collect()
    };
    // Its file of secrets is one that git ignores.
    let board = Folder::example("board");
    board.write(".git/HEAD", "ref: refs/heads/main\n");
    for (folder, flags) in [
        (classes(), &[][..]),
        (Folder::example("polls"), &[]),
        (Folder::example("shop"), &["--no-overlay"]),
        (board, &[]),
    ] {
        let init = folder.djdock(&[&["init", "--yes"][..], flags].concat());
        assert_eq!(init.code, 0, "{}", init.shown());
        let said = codes(&init);
        let check = folder.djdock(&["check"]);
        assert_eq!(check.code, 0, "{}", check.shown());
        for code in codes(&check) {
            // The project's own, which no stack can mend: its names of hosts, and what its git lacks.
            let is_own = ["allowed-hosts-fixed", "env-file-in-project"].contains(&code.as_str());
            assert!(said.contains(&code) || is_own, "{code}\n{}", check.shown());
        }
    }
}

#[test]
fn what_djdock_toml_ignores_is_said_neither_by_init_nor_by_check() {
    let folder = Folder::example("polls");
    folder.write("Dockerfile.old", "FROM python:3.13-slim\nWORKDIR /code\nCOPY fonts /usr/share/fonts/team\nRUN pip install -r requirements.txt\n");
    let code = "own-steps-left-out";
    let loud = folder.djdock(&["init", "--yes", "--dry-run"]);
    assert!(loud.stderr.contains(code), "{}", loud.shown());
    folder.write("djdock.toml", "ignore = [\"own-steps-left-out\"] # the font is for print\n");
    for arguments in [&["init", "--yes"][..], &["check"], &["update"]] {
        let run = folder.djdock(arguments);
        assert_eq!(run.code, 0, "{}", run.shown());
        assert!(!run.stderr.contains(code), "{}", run.shown());
    }
    assert!(
        folder.read("djdock.toml").starts_with("ignore = [\"own-steps-left-out\"] # the font is for print\n")
    );
    folder.write("djdock.toml", "ignore = [\"own-step-left-out\"]\n");
    let run = folder.djdock(&["check"]);
    assert!(run.stderr.contains("write `own-steps-left-out`"), "{}", run.shown());
}

#[test]
fn of_settings_that_python_cannot_import_nothing_else_is_said() {
    let folder = Folder::example("polls");
    let text = folder.read("mysite/settings.py");
    let utf16: Vec<u8> =
        std::iter::once(0xFEFF_u16).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    folder.write("mysite/settings.py", utf16);
    let run = folder.djdock(&["check"]);
    assert_eq!(run.stderr.matches("error[").count(), 1, "{}", run.shown());
    assert!(run.stderr.contains("error[settings-unreadable]"), "{}", run.shown());
    assert!(!run.stderr.contains("debug-on") && !run.stderr.contains("errors-unseen"), "{}", run.shown());
}

#[test]
fn smoke_ends_what_an_interrupted_run_had_begun_to_write() {
    let folder = Folder::example("polls");
    // A run that was killed before it had written anything.
    folder.write(".djdock/writing", "");
    let run = folder.djdock_with(&["smoke", "prod"], &[("DOCKER_HOST", "unix:///nowhere")]);
    assert!(run.stderr.contains("Took away what an earlier run had begun to write"), "{}", run.shown());
    assert!(run.stderr.contains("error[nothing-to-smoke]"), "{}", run.shown());
    assert!(!folder.has(".djdock/writing"));
}
