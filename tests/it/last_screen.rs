//! What is said at the end, in DOCKER.md and of files that the person has: `.env`, `.gitignore`.

use std::os::unix::fs::PermissionsExt;

use crate::support::program::Folder;

#[test]
fn an_env_file_that_is_there_is_completed_and_its_values_stay() {
    let folder = Folder::example("shop");
    folder.write(".env", "DJANGO_SECRET_KEY=m1ne\r\nOTHER=x\r\n");
    let run = folder.djdock(&["init", "--yes"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    let env = folder.read(".env");
    assert!(env.starts_with("DJANGO_SECRET_KEY=m1ne\r\nOTHER=x\r\n\r\n# Added by djdock"), "{env}");
    assert!(env.lines().count() > 5 && !env.replace("\r\n", "").contains('\n'), "{env:?}");
    let mode = folder.path().join(".env").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let written = folder.snapshot();
    for command in ["check", "update"] {
        assert_eq!(folder.djdock(&[command]).code, 0, "{command}");
        assert!(folder.snapshot() == written, "{command}");
    }
}

#[test]
fn a_pasted_line_of_the_last_screen_does_what_it_says_and_no_more() {
    let folder = Folder::example("shop");
    folder.write(".git/HEAD", "ref: refs/heads/main\n");
    folder.write(".gitignore", "*.pyc\n");
    let run = folder.djdock(&["init", "--yes"]);
    let line = run.stderr.lines().find(|line| line.contains(">> .gitignore")).unwrap();
    let pasted =
        std::process::Command::new("sh").args(["-c", line]).current_dir(folder.path()).status().unwrap();
    assert!(pasted.success());
    assert_eq!(folder.read(".gitignore"), "*.pyc\n/.env\n");
    assert!(!folder.djdock(&["update"]).stderr.contains(">> .gitignore"));
    for said in
        ["http://localhost:8000", "--file compose.prod.yaml up --build --detach --wait", "less DOCKER.md"]
    {
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
}

#[test]
fn a_flag_keeps_secrets_out_of_git_and_nothing_else_does() {
    for (gitignore, expected) in [
        (None, "/.env\n"),
        (Some("*.pyc"), "*.pyc\n/.env\n"),
        (Some("*.pyc\r\n"), "*.pyc\r\n/.env\r\n"),
        (Some(".env*\n"), ".env*\n"),
    ] {
        let folder = Folder::example("shop");
        std::fs::remove_file(folder.path().join(".gitignore")).unwrap();
        if let Some(text) = gitignore {
            folder.write(".gitignore", text);
        }
        assert_eq!(folder.djdock(&["init", "--yes"]).code, 0);
        assert_eq!(folder.has(".gitignore").then(|| folder.read(".gitignore")).as_deref(), gitignore);
        assert_eq!(folder.djdock(&["init", "--yes", "--gitignore"]).code, 0);
        assert_eq!(folder.read(".gitignore"), expected);
    }
}

#[test]
fn what_was_found_is_said_first_also_where_nothing_is_asked() {
    let run = Folder::example("shop").djdock(&["init", "--yes"]);
    let at = |text: &str| run.stderr.find(text).unwrap_or_else(|| panic!("no {text}: {}", run.stderr));
    assert!(at("Found") < at("Files") && at("postgresql") < at("Files"), "{}", run.stderr);
}

#[test]
fn docker_md_says_what_a_fresh_checkout_needs_and_how_to_stop() {
    let folder = Folder::example("shop");
    assert_eq!(folder.djdock(&["init", "--yes"]).code, 0);
    let document = folder.read("DOCKER.md");
    for said in [
        "## After a fresh checkout",
        "djdock update",
        "cp .env.example .env",
        "`WEB_PORT`",
        "`HTTP_PORT`",
        "--detach --wait",
        "docker compose down`",
        "docker compose down --volumes`",
    ] {
        assert!(document.contains(said), "{said}: {document}");
    }
    // As in a fresh checkout.
    let example = folder.read(".env.example");
    std::fs::remove_file(folder.path().join(".env")).unwrap();
    assert_eq!(folder.djdock(&["update"]).code, 0);
    assert!(folder.has(".env") && folder.read(".env") != example);
}

#[test]
fn commands_of_django_are_run_as_the_stack_runs_them() {
    let folder = Folder::example("polls");
    let manage = folder.read("manage.py");
    let overruled = manage.replace(
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings')",
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'mysite.settings'",
    );
    assert_ne!(manage, overruled);
    folder.write("manage.py", overruled);
    assert_eq!(folder.djdock(&["init", "--yes"]).code, 0);
    let document = folder.read("DOCKER.md");
    assert!(document.contains("exec web python -m django createsuperuser"), "{document}");
    assert!(!document.contains("python manage.py"), "{document}");
}

#[test]
fn files_in_folders_with_spaces_are_copied_as_they_are_called() {
    let folder = Folder::empty();
    for (path, contents) in Folder::example("polls").snapshot() {
        let inside = path.iter().skip_while(|part| *part != "shop").skip(1).collect::<std::path::PathBuf>();
        folder.write(&format!("my site/{}", inside.display()), contents);
    }
    let run = folder.djdock(&["init", "--yes"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    let text = folder.read("Dockerfile.prod");
    assert!(text.contains(r#"COPY ["my site/requirements.txt", "/app/my site/"]"#), "{text}");
    assert!(!text.lines().any(|line| line.starts_with("COPY \"")), "{text}");
}

#[test]
fn a_value_with_a_dollar_is_named_and_never_shown() {
    let folder = Folder::example("shop");
    folder.write(".env", "OTHER=a$b\nDJANGO_SECRET_KEY=tr0ub$dor\nDB_PASSWORD='a$b'\n");
    let run = folder.djdock(&["init", "--yes"]);
    assert!(run.stderr.contains("warning[env-dollar]"), "{}", run.shown());
    assert!(run.stderr.contains(".env:2") && run.stderr.contains("DJANGO_SECRET_KEY='…'"), "{}", run.shown());
    assert!(!run.shown().contains("tr0ub"), "{}", run.shown());
    assert!(!run.stderr.contains("`OTHER`") && !run.stderr.contains("`DB_PASSWORD` for"), "{}", run.shown());
}
