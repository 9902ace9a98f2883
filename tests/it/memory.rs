//! What djdock remembers between runs, and answers that it refuses.

use crate::support::program::Folder;

/// A project that has been in containers before, in its own way.
fn with_own_docker_files() -> Folder {
    let folder = Folder::example("shop");
    folder.write(
        "Dockerfile",
        "FROM python:3.12-slim\nRUN apt-get update && apt-get install -y ffmpeg\nENV API_TOKEN=tr0ub4dor\nEXPOSE 9000\n",
    );
    folder.write(
        "compose.yaml",
        "services:\n  db:\n    image: postgres\n    environment:\n      POSTGRES_PASSWORD: tr0ub4dor\n  bot:\n    build: .\n    command: python manage.py runbot\n",
    );
    folder.write(".dockerignore", "customer-exports\n*.rdb\n");
    folder
}

#[test]
fn what_was_read_in_replaced_files_is_known_ever_after() {
    let folder = with_own_docker_files();
    let first = folder.djdock(&["init", "--yes", "--replace-all"]);
    assert_eq!(first.code, 0, "{}", first.shown());
    let written = folder.snapshot();
    for arguments in [&["check"][..], &["update"], &["init", "--yes"]] {
        let run = folder.djdock(arguments);
        assert!(!run.shown().contains("file-out-of-date"), "{arguments:?}: {}", run.shown());
        assert!(!run.shown().contains(".bak"), "{arguments:?}: {}", run.shown());
        assert!(folder.snapshot() == written, "{arguments:?}: {}", run.shown());
    }
    // A fresh checkout has no backups, and comes to the same.
    for name in ["Dockerfile.bak", "compose.yaml.bak", ".dockerignore.bak"] {
        std::fs::remove_file(folder.path().join(name)).unwrap();
    }
    let run = folder.djdock(&["update", "--json"]).json();
    for change in run["changes"].as_array().unwrap() {
        assert_eq!(change["change"], "unchanged", "{change}");
    }
    assert!(folder.read(".dockerignore").contains("\ncustomer-exports\n*.rdb\n"));
    assert!(folder.read("Dockerfile.prod").contains("ffmpeg"));
    assert!(folder.djdock(&["check"]).stderr.contains("runbot"));
    // What is kept for djdock goes into version control, and a secret does not.
    for name in ["Dockerfile", "compose.yaml"] {
        assert!(!folder.read(&format!(".djdock/replaced/{name}")).contains("tr0ub4dor"), "{name}");
    }
}

#[test]
fn a_python_that_only_a_replaced_dockerfile_named_stays_an_answer() {
    let folder = Folder::example("polls");
    folder.write("Dockerfile", "FROM python:3.12-slim\nCOPY . /app\n");
    assert_eq!(folder.djdock(&["init", "--yes", "--replace", "Dockerfile"]).code, 0);
    assert!(folder.read("djdock.toml").contains("python = \"3.12\" # said by Dockerfile:1"));
    std::fs::remove_dir_all(folder.path().join(".djdock/replaced")).unwrap();
    assert_eq!(folder.djdock(&["update"]).code, 0);
    assert!(folder.read("Dockerfile.prod").contains("FROM python:3.12-slim"));
}

#[test]
fn the_package_manager_that_only_a_replaced_dockerfile_named_is_an_answer_that_update_takes() {
    let project = "[project]\nname = \"board\"\nversion = \"1\"\nrequires-python = \">=3.12\"\ndependencies = [\"django==5.2.1\"]\n";
    for (word, install, more) in [
        ("pdm", "RUN pip install pdm && pdm install --prod", "[tool.pdm]\ndistribution = false\n"),
        ("setuptools", "RUN pip install .", "[build-system]\nrequires = [\"setuptools\"]\n"),
    ] {
        let folder = Folder::example("polls");
        std::fs::remove_file(folder.path().join("requirements.txt")).unwrap();
        folder.write("pyproject.toml", format!("{project}{more}"));
        folder.write("Dockerfile", format!("FROM python:3.12-slim\nCOPY . /app\n{install}\n"));
        let first = folder.djdock(&["init", "--yes", "--replace", "Dockerfile"]);
        assert_eq!(first.code, 0, "{word}: {}", first.shown());
        let dockerfile = folder.read("Dockerfile.prod");
        let run = folder.djdock(&["update"]);
        assert_eq!(run.code, 0, "{word}: {}", run.shown());
        assert_eq!(folder.read("Dockerfile.prod"), dockerfile, "{word}");
        assert_eq!(folder.djdock(&["update", "--package-manager", word]).code, 0, "{word}");
    }
}

#[test]
fn an_answer_that_djdock_would_suggest_as_well_is_recorded_all_the_same() {
    let folder = Folder::example("polls");
    let flags = [
        "init",
        "--yes",
        "--database",
        "sqlite",
        "--comments",
        "brief",
        "--settings-prod",
        "mysite.settings",
    ];
    assert_eq!(folder.djdock(&flags).code, 0);
    let toml = folder.read("djdock.toml");
    for line in ["database = \"sqlite\"", "comments = \"brief\"", "settings_prod = \"mysite.settings\""] {
        assert!(toml.contains(line), "{toml}");
    }
}

#[test]
fn an_answer_that_nothing_can_come_of_is_refused_with_the_nearest_that_works() {
    for (example, flags, nearest) in [
        ("polls", &["--worker"][..], "--no-worker"),
        ("polls", &["--package-manager", "poetry"], "--package-manager pip"),
        ("polls", &["--project", "site/manage.py"], "--project manage.py"),
        ("polls", &["--settings-prod", "mysite.setings"], "--settings-prod mysite.settings"),
        ("polls", &["--static", "storage"], "--static image"),
        ("polls", &["--database", "external"], "--database sqlite"),
        ("polls", &["--python", "3.99"], "--python 3."),
        ("polls", &["--python", "3.8"], "--python 3."),
        ("polls", &["--cache"], "--no-cache"),
    ] {
        let folder = Folder::example(example);
        let before = folder.snapshot();
        let run = folder.djdock(&[&["init", "--yes"], flags].concat());
        assert_eq!(run.code, 2, "{flags:?}: {}", run.shown());
        let said = run.stderr.split("error[answer-does-nothing]").nth(1).unwrap_or_default();
        assert!(said.contains(&flags.join(" ")) && said.contains(nearest), "{flags:?}: {}", run.shown());
        assert!(folder.snapshot() == before, "{flags:?} wrote");
        // The same in djdock.toml, which every command reads.
        let value = match flags {
            [_, word] => format!("\"{word}\""),
            _ => "true".to_owned(),
        };
        folder.write("djdock.toml", format!("{} = {value}\n", flags[0][2..].replace('-', "_")));
        for command in ["init", "check"] {
            let run = folder.djdock(&[command]);
            assert_ne!(run.code, 0, "{command} {flags:?}");
            assert!(
                run.stderr.contains("error[answer-does-nothing]"),
                "{command} {flags:?}: {}",
                run.shown()
            );
        }
    }
}

#[test]
fn answers_that_leave_static_files_to_nobody_are_refused_with_the_nearest_that_works() {
    for (example, flags, nearest) in [
        (
            "polls",
            &["--proxy", "none", "--static", "image"][..],
            &["--static whitenoise", "--proxy nginx"][..],
        ),
        ("polls", &["--proxy", "none", "--static", "storage"], &["--static whitenoise", "STORAGES"]),
        ("polls", &["--proxy", "none", "--no-overlay"], &["--overlay", "--proxy nginx", "to MIDDLEWARE"]),
        ("polls", &["--static", "whitenoise", "--no-overlay"], &["--overlay", "--static image"]),
    ] {
        let folder = Folder::example(example);
        let before = folder.snapshot();
        let run = folder.djdock(&[&["init", "--yes"], flags].concat());
        assert_eq!(run.code, 2, "{flags:?}: {}", run.shown());
        let said = run.stderr.split("error[answer-does-nothing]").nth(1).unwrap_or_default();
        assert!(nearest.iter().all(|nearest| said.contains(nearest)), "{flags:?}: {}", run.shown());
        assert!(folder.snapshot() == before, "{flags:?} wrote");
    }
}

#[test]
fn answers_that_something_comes_of_are_taken() {
    for (example, flags) in [
        ("shop", &["--database", "external"][..]),
        ("shop", &["--python", "3.13"]),
        ("shop", &["--package-manager", "poetry"]),
        ("board", &["--no-cache"]),
        ("polls", &["--proxy", "none"]),
        ("polls", &["--static", "whitenoise"]),
        ("shop", &["--proxy", "none", "--static", "whitenoise"]),
        ("polls", &["--no-worker", "--static", "image", "--settings-prod", "mysite.settings"]),
    ] {
        let run = Folder::example(example).djdock(&[&["init", "--yes"], flags].concat());
        assert_eq!(run.code, 0, "{example} {flags:?}: {}", run.shown());
    }
}

#[test]
fn no_rule_lets_a_secret_into_images_that_another_keeps_out() {
    let folder = Folder::example("polls");
    folder.write(".dockerignore", "docker\n*.md\n");
    let settings = folder.read("mysite/settings.py");
    folder.write(
        "mysite/settings.py",
        format!("{settings}\nSECRET_KEY = open('/etc/polls/secret.key').read()\n").as_str(),
    );
    let run = folder.djdock(&["init", "--yes", "--replace-all"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    let secret = "docker/secrets/secret.key";
    assert!(folder.has(secret), "{}", run.shown());
    let rules = folder.read(".dockerignore");
    let rules: Vec<&str> = rules.lines().collect();
    let at = |rule: &str| rules.iter().position(|line| *line == rule);
    // The last rule that fits decides, and a rule for a folder counts for what is in it.
    let let_in: Vec<&str> = rules.iter().filter_map(|line| line.strip_prefix('!')).collect();
    assert!(let_in.contains(&"docker/entrypoint.prod.sh"), "{rules:?}");
    assert!(let_in.iter().all(|path| !secret.starts_with(&format!("{path}/"))), "{rules:?}");
    let kept_out = at("**/*.key").unwrap();
    assert!(rules[kept_out..].iter().all(|line| !line.starts_with('!')), "{rules:?}");
    assert!(at("docker") < at("!docker/entrypoint.prod.sh"));
}

#[test]
fn a_fresh_checkout_lacks_its_secrets_and_is_up_to_date() {
    for example in ["shop", "board"] {
        let folder = Folder::example(example);
        assert_eq!(folder.djdock(&["init", "--yes"]).code, 0);
        std::fs::remove_file(folder.path().join(".env")).unwrap();
        let run = folder.djdock(&["check"]);
        assert_eq!(run.code, 0, "{}", run.shown());
        assert!(run.stderr.contains("`.env` is not on this machine yet"), "{}", run.shown());
        assert!(run.stderr.contains("djdock update"), "{}", run.shown());
        assert_eq!(folder.djdock(&["update"]).code, 0);
        assert!(!folder.djdock(&["check"]).stderr.contains("not on this machine yet"));
    }
}

#[test]
fn what_only_an_overlay_says_is_no_finding_in_the_projects_own_proxy() {
    let folder = Folder::example("polls");
    folder.write(
        "deploy/nginx.conf",
        "server {\n    listen 80;\n    location / {\n        proxy_pass http://web:8000;\n        proxy_set_header Host $http_host;\n    }\n}\n",
    );
    assert_eq!(folder.djdock(&["init", "--yes"]).code, 0);
    assert!(folder.read("mysite/settings_container.py").contains("SECURE_PROXY_SSL_HEADER"));
    let run = folder.djdock(&["check"]);
    assert!(!run.stderr.contains("nginx-forwarded-proto"), "{}", run.shown());
    // The project's own settings ask for it.
    let settings = folder.read("mysite/settings.py");
    let own = "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')\n";
    folder.write("mysite/settings.py", format!("{settings}\n{own}").as_str());
    let run = folder.djdock(&["check"]);
    assert!(run.stderr.contains("nginx-forwarded-proto"), "{}", run.shown());
}
