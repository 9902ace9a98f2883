//! The other files: scripts, env files, Python, JSON, `.dockerignore`.

use std::process::{Command, Stdio};

use djdock::stack::VariableValue;

use crate::support::pipeline::{SETTINGS, example, project_with, startproject};

const EXAMPLES: [&str; 3] = ["polls", "shop", "board"];

#[test]
fn f11_and_f15_entrypoints_are_scripts_that_become_their_command() {
    for name in EXAMPLES {
        let made = example(name);
        for file in ["docker/entrypoint.sh", "docker/entrypoint.prod.sh"] {
            let text = made.file(file);
            assert!(text.starts_with("#!/bin/sh\n"), "{name}: {file}");
            assert!(text.ends_with("\nexec \"$@\"\n"), "{name}: {file}");
            assert!(!text.contains('\r') && text.contains("\nset -eu\n"), "{name}: {file}");
            let parsed = Command::new("sh").args(["-n", "-c", text]).stderr(Stdio::null()).status();
            assert!(parsed.is_ok_and(|status| status.success()), "{name}: {file} is no shell script");
        }
    }
}

#[test]
fn every_file_has_unix_line_ends_and_ends_with_one() {
    for name in EXAMPLES {
        for (path, text) in &example(name).files {
            assert!(!text.contains('\r'), "{name}: {path}");
            assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{name}: {path} ends oddly");
            assert!(!text.contains("\n\n\n") || path.extension() == Some("py"), "{name}: {path} has a gap");
            let trailing = text.lines().find(|line| line.ends_with(' '));
            assert_eq!(trailing, None, "{name}: {path}");
        }
    }
}

#[test]
fn env_file_holds_what_the_plan_says() {
    for name in EXAMPLES {
        let made = example(name);
        let env = made.env();
        for variable in made.plan.variables() {
            let found = env.get(variable.name.as_str()).copied();
            match &variable.value {
                VariableValue::Plain { text } => assert_eq!(found, Some(text.as_str()), "{name}"),
                VariableValue::Generated { length, .. } => {
                    assert_eq!(found, Some("s".repeat(*length).as_str()));
                }
                VariableValue::Asked { placeholder } => {
                    assert_eq!(found, Some(placeholder.as_str()), "{name}");
                }
                VariableValue::Optional { .. } => assert_eq!(found, None, "{name}: it is a comment"),
                VariableValue::HostUser | VariableValue::HostGroup => {
                    assert_eq!(found, Some("1000"), "{name}");
                }
            }
        }
    }
}

#[test]
fn no_secret_is_in_any_file_but_those_that_hold_them() {
    for name in EXAMPLES {
        let made = example(name);
        let secret_files: Vec<_> = made.plan.secret_files.iter().map(|file| file.path.clone()).collect();
        for (path, text) in
            made.files.iter().filter(|(path, _)| *path != ".env" && !secret_files.contains(path))
        {
            assert!(!text.contains(&"s".repeat(20)), "{name}: {path} holds a secret");
        }
    }
}

#[test]
fn f16_dockerignore_keeps_secrets_out_and_hidden_folders_in() {
    for name in EXAMPLES {
        let made = example(name);
        let rules: Vec<&str> =
            made.file(".dockerignore").lines().filter(|line| !line.starts_with('#')).collect();
        for rule in
            ["**/.env", "**/.env.*", "**/.git", "**/.venv", "**/node_modules", "**/*.sqlite3", "**/*.pem"]
        {
            assert!(rules.contains(&rule), "{name}: {rule}");
        }
        for blanket in [".*", "**/.*", "*", "**"] {
            assert!(!rules.contains(&blanket), "{name}: {blanket} leaves out .requirements and the like");
        }
        for file in &made.plan.secret_files {
            assert!(rules.contains(&file.path.as_str()), "{name}: {} would be in the image", file.path);
        }
    }
}

#[test]
fn f13_f58_and_f59_gunicorn_is_told_what_a_container_is() {
    let made = example("polls");
    let text = made.file("docker/gunicorn.conf.py");
    for line in ["control_socket_disable = True", "worker_tmp_dir = \"/dev/shm\"", "bind = \"0.0.0.0:8000\""]
    {
        assert!(text.lines().any(|found| found == line), "{line}");
    }
    for part in [
        "/sys/fs/cgroup/cpu.max",
        "cpu.cfs_quota_us",
        "memory.max",
        "memory.limit_in_bytes",
        "WEB_CONCURRENCY",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains("cpu_count("), "that is the host's number");
}

#[test]
fn comments_can_be_left_out() {
    let files = startproject(SETTINGS, "Django==5.2.19\ngunicorn==27.0.1\n");
    let without = project_with(&files, &[("comments", "none")]);
    let comments =
        |path: &str| without.file(path).lines().filter(|line| line.trim().starts_with("# ")).count();
    for path in ["Dockerfile", "Dockerfile.prod", "compose.yaml", "compose.prod.yaml"] {
        assert_eq!(comments(path), 1, "{path}: only who made it");
    }
}
