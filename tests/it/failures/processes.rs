//! Failures 11, 13, 15, 16, 19, 20 and 24: what runs in the container, and what is in it.

use ignore::gitignore::GitignoreBuilder;

use crate::support::pipeline::{MANAGE, SETTINGS, WSGI, example, project, startproject};

const EXAMPLES: [&str; 3] = ["polls", "shop", "board"];

#[test]
fn f11_command_takes_the_place_of_its_shell() {
    for name in EXAMPLES {
        let made = example(name);
        for (dockerfile, script) in
            [("Dockerfile", "docker/entrypoint.sh"), ("Dockerfile.prod", "docker/entrypoint.prod.sh")]
        {
            let last = made.file(script).lines().rev().find(|line| !line.trim().is_empty());
            assert_eq!(last, Some("exec \"$@\""), "{name}/{script}");
            for stage in made.dockerfile(dockerfile).stages {
                for keyword in ["ENTRYPOINT", "CMD"] {
                    for line in stage.all(keyword) {
                        assert!(
                            line.starts_with('['),
                            "{name}/{dockerfile}: a shell stays in front of `{line}`"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn f13_gunicorn_opens_no_control_socket() {
    for name in EXAMPLES {
        let made = example(name);
        let configuration = made.file("docker/gunicorn.conf.py");
        assert!(configuration.lines().any(|line| line == "control_socket_disable = True"), "{name}");
        let flag = made.files.iter().find(|(_, text)| text.contains("--control-socket-disable"));
        assert_eq!(flag.map(|(path, _)| path), None, "older versions refuse the flag");
    }
}

#[test]
fn f15_scripts_have_line_ends_that_a_shell_accepts() {
    for name in EXAMPLES {
        let made = example(name);
        for (path, text) in &made.files {
            assert!(!text.contains('\r'), "{name}/{path}");
        }
        for file in ["Dockerfile", "Dockerfile.prod"] {
            let dockerfile = made.dockerfile(file);
            let mut copied = 0;
            for stage in &dockerfile.stages {
                let Some(copy) = stage.position("COPY", "entrypoint") else { continue };
                let mend =
                    stage.position("RUN", r"sed -i 's/\r$//'").expect("a checkout may have changed them");
                assert!(mend > copy, "{name}/{file}: mended before they are copied");
                copied += 1;
            }
            assert!(copied > 0, "{name}/{file} copies no entrypoint");
        }
    }
}

#[test]
fn f16_image_has_no_secrets_and_everything_the_build_needs() {
    for (name, needed) in [
        ("polls", &["requirements.txt", "manage.py", "docker/entrypoint.prod.sh"][..]),
        ("shop", &["pyproject.toml", "poetry.lock", ".python-version", "config/settings/prod.py"]),
        ("board", &[".requirements/base.txt", ".requirements/prod.txt", "django-board-14th/settings.py"]),
    ] {
        let made = example(name);
        let text = made.file(".dockerignore");
        let mut rules = GitignoreBuilder::new("");
        for line in text.lines() {
            // Docker's patterns start at the context's root, where Git's without a slash match anywhere.
            let (not, pattern) = line.strip_prefix('!').map_or(("", line), |pattern| ("!", pattern));
            let anchored = if pattern.starts_with("**/") || pattern.starts_with('#') || pattern.is_empty() {
                pattern.to_owned()
            } else {
                format!("/{}", pattern.trim_start_matches('/'))
            };
            rules.add_line(None, &format!("{not}{anchored}")).expect("a pattern");
        }
        let rules = rules.build().expect("patterns");
        let left_out = |path: &str| rules.matched_path_or_any_parents(path, false).is_ignore();
        for path in [
            ".env",
            ".env.production",
            "sub/.env",
            ".git/config",
            "db.sqlite3",
            "key.pem",
            ".venv/bin/python",
            "node_modules/x/y.js",
        ] {
            assert!(left_out(path), "{name}: {path} gets into the image\n{text}");
        }
        for path in needed {
            assert!(!left_out(path), "{name}: {path} does not get into the image\n{text}");
        }
    }
    let made = example("board");
    assert!(made.file(".dockerignore").contains("secrets.json"), "settings read it, an image never holds it");
}

#[test]
fn f19_health_check_is_an_allowed_host_and_survives_the_redirect() {
    let made = example("shop");
    let dockerfile = made.dockerfile("Dockerfile.prod");
    let compose = made.compose("compose.prod.yaml");
    let in_image = dockerfile.stage(&made.web_stage()).last("HEALTHCHECK").unwrap_or_default();
    let check = format!("{in_image} {}", compose["services"]["web"]["healthcheck"]);
    assert!(check.contains("Host: localhost"), "ALLOWED_HOSTS need not hold localhost: {check}");
    assert!(
        !check.contains("200") && !check.contains("X-Forwarded-Proto"),
        "a redirect to https is an answer: {check}"
    );
}

#[test]
fn f20_health_check_needs_nothing_that_slim_images_lack() {
    for name in EXAMPLES {
        let made = example(name);
        for file in ["compose.yaml", "compose.prod.yaml"] {
            let compose = made.compose(file);
            let services = compose["services"].as_object().expect("services");
            let image = &services["web"]["image"];
            for (service, definition) in services.iter().filter(|(_, service)| service["image"] == *image) {
                let check = definition["healthcheck"]["test"].to_string();
                assert!(
                    !check.contains("curl") && !check.contains("wget"),
                    "{name}/{file}: {service} {check}"
                );
            }
            let web = compose["services"]["web"]["healthcheck"]["test"].to_string();
            assert!(web.contains("python"), "{name}/{file}: {web}");
        }
    }
}

#[test]
fn f24_server_finds_the_application_wherever_it_is() {
    // In a folder of its own, and beside other Python code that has the same names.
    for folder in ["app", "src"] {
        let files = startproject(SETTINGS, "Django==5.2.19\ngunicorn==27.0.1\n");
        let moved: Vec<(String, &str)> = files
            .into_iter()
            .map(|(path, text)| match path {
                "requirements.txt" => (path.to_owned(), text),
                _ => (format!("{folder}/{path}"), text),
            })
            .collect();
        let borrowed: Vec<(&str, &str)> = moved.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        let made = project(&borrowed);
        assert_eq!(starts(&made, "mysite.wsgi"), format!("/app/{folder}"));
    }
    let root = project(&startproject(SETTINGS, "Django==5.2.19\ngunicorn==27.0.1\n"));
    assert_eq!(starts(&root, "mysite.wsgi"), "/app");
    assert_eq!(starts(&example("board"), "django-board-14th.wsgi"), "/app");

    // The module is the one that WSGI_APPLICATION names, not the one that looks usual.
    let settings = SETTINGS.replace("mysite.wsgi.application", "mysite.serving.entry.application");
    let mut files = vec![
        ("manage.py", MANAGE),
        ("mysite/__init__.py", ""),
        ("mysite/settings.py", settings.as_str()),
        ("mysite/serving/__init__.py", ""),
        ("mysite/serving/entry.py", WSGI),
        ("requirements.txt", "Django==5.2.19\n"),
    ];
    files.push(("mysite/urls.py", "urlpatterns = []\n"));
    assert_eq!(starts(&project(&files), "mysite.serving.entry"), "/app");
}

/// The folder in which the production image starts gunicorn on `module`.
fn starts(made: &crate::support::pipeline::Made, module: &str) -> String {
    let dockerfile = made.dockerfile("Dockerfile.prod");
    let compose = made.compose("compose.prod.yaml");
    let lineage = dockerfile.lineage(&made.web_stage());
    let command = lineage.iter().rev().find_map(|stage| stage.last("CMD")).unwrap_or_default();
    let command = format!("{command} {}", compose["services"]["web"]["command"]);
    assert!(
        command.contains(&format!("\"{module}:application\"")) || command.contains(&format!("\"{module}\"")),
        "{command}"
    );
    let folder = lineage.iter().rev().find_map(|stage| stage.last("WORKDIR"));
    folder.expect("a folder to work in").to_owned()
}
