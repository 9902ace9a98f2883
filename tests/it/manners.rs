//! How djdock behaves beside its work: how much it says, what it gives to shells, editors and `man`.

use std::process::{Command, Stdio};

use djdock::choose::question::Kind;
use djdock::choose::{QUESTIONS, file};
use jsonschema::Validator;
use serde_json::Value;

use crate::support::program::Folder;

const COMMANDS: &[&str] =
    &["init", "inspect", "check", "update", "smoke", "demo", "explain", "schema", "completions", "man"];

fn schema() -> Validator {
    let run = Folder::empty().djdock(&["schema"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    jsonschema::validator_for(&serde_json::from_str(&run.stdout).unwrap()).unwrap()
}

fn as_json(text: &str) -> Value {
    serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap()
}

/// Tells whether djdock takes every line of a `djdock.toml`.
fn djdock_takes(text: &str) -> bool {
    let (draft, wrong) = file::read(text);
    let is_answer = |key: &'static str| draft.given(key).map(|given| given.word.clone());
    let mut answers = QUESTIONS.iter().filter_map(|question| Some((question, is_answer(question.key)?)));
    wrong.is_empty() && answers.all(|(question, word)| question.accepts(&word))
}

#[test]
fn schema_takes_every_answer_that_djdock_takes() {
    let schema = schema();
    for question in QUESTIONS {
        let values: Vec<String> = match &question.kind {
            Kind::YesNo => vec!["true".to_owned(), "false".to_owned()],
            Kind::Choice { .. } => question.words().iter().map(|word| format!("{word:?}")).collect(),
            Kind::OneOfThese { form, .. } | Kind::Open { form, .. } => {
                let words = form.en.split('`').skip(1).step_by(2);
                words.filter(|word| question.accepts(word)).map(|word| format!("{word:?}")).collect()
            }
        };
        assert!(!values.is_empty(), "{}", question.key);
        for value in values {
            let text = format!("{} = {value}\n", question.key);
            assert!(djdock_takes(&text), "djdock refuses {text}");
            assert!(schema.is_valid(&as_json(&text)), "the schema refuses {text}");
        }
    }
}

#[test]
fn schema_and_djdock_agree_about_each_line() {
    let schema = schema();
    let right = [
        "",
        "version = 1",
        "version = 1\nname = \"shop\"\nignore = []",
        "ignore = [\"own-steps-left-out\"]",
        "project = \"backend/manage.py\"",
        "project = \".src/manage.py\"",
        "project = \"한글 폴더/manage.py\"",
        "settings_prod = \"config.settings:Prod\"",
        "settings_dev = \"설정.개발\"",
        "settings_dev = \"my-site.settings\"",
        "python = \"3.9\"",
        "python = \"3.14\"",
        "body_size = \"2g\"",
        "body_size = \"50\"",
        "body_size = \"10MB\"",
        "name = \"2024_blog-x\"",
        "config_dir = \".config\"",
        "config_dir = \"deploy/docker/\"",
        "config_dir = \"a..b\"",
    ];
    for text in right {
        assert!(djdock_takes(text), "djdock refuses {text}");
        assert!(schema.is_valid(&as_json(text)), "the schema refuses {text}");
    }
    let wrong = [
        "version = 0",
        "version = 2",
        "version = \"1\"",
        "proxi = \"none\"",
        "proxy = \"ngnix\"",
        "proxy = true",
        "cache = \"yes\"",
        "python = 3.13",
        "python = \"2.7\"",
        "python = \"3.13.1\"",
        "ignore = \"own-steps-left-out\"",
        "ignore = [\"own-steps-left-ou\"]",
        "project = \"/srv/manage.py\"",
        "project = \"../manage.py\"",
        "project = \"a/../manage.py\"",
        "project = \"manage\"",
        "settings_prod = \"config/settings.py\"",
        "settings_prod = \"config..prod\"",
        "body_size = \"50k\"",
        "body_size = \"-1m\"",
        "name = \"Shop\"",
        "name = \"-shop\"",
        "name = \"my shop\"",
        "config_dir = \"../docker\"",
        "config_dir = \"/etc\"",
        "config_dir = \"\"",
        "config_dir = \"a b\"",
        "[proxy]\nword = \"nginx\"",
    ];
    for text in wrong {
        assert!(!djdock_takes(text), "djdock takes {text}");
        assert!(!schema.is_valid(&as_json(text)), "the schema takes {text}");
    }
}

#[test]
fn file_that_init_writes_is_valid_by_the_schema() {
    let schema = schema();
    for example in djdock::command::demo::examples::EXAMPLES {
        let folder = Folder::example(example.name);
        let run =
            folder.djdock(&["init", "--yes", "--overlay", "--comments", "none", "--config-dir", "deploy"]);
        assert_ne!(run.code, 2, "{}", run.shown());
        let text = folder.read("djdock.toml");
        assert!(text.contains("\nversion = 1\n"), "{text}");
        assert!(schema.is_valid(&as_json(&text)), "{text}");
    }
}

#[test]
fn quiet_run_says_warnings_and_errors_only() {
    let usual = Folder::example("polls").djdock(&["init", "--yes"]);
    assert!(usual.stderr.contains("Wrote"), "{}", usual.stderr);
    let folder = Folder::example("polls");
    let quiet = folder.djdock(&["init", "--yes", "--quiet"]);
    assert_eq!(quiet.code, usual.code);
    assert!(folder.has("compose.prod.yaml"));
    for line in quiet.stderr.lines().filter(|line| line.starts_with(|first: char| first.is_alphabetic())) {
        assert!(line.starts_with("warning[") || line.starts_with("error["), "{line}");
    }
    assert_eq!(Folder::example("polls").djdock(&["demo", "new", "-q"]).stdout, "");
    let failed = Folder::empty().djdock(&["-q", "check"]);
    assert!(failed.code == 2 && failed.stderr.contains("error[no-django-project]"), "{}", failed.shown());
}

#[test]
fn quiet_run_gives_the_same_data() {
    let folder = Folder::example("shop");
    for arguments in
        [&["inspect", "--json"][..], &["check", "--json"], &["init", "--yes", "--dry-run", "--json"]]
    {
        let usual = folder.djdock(arguments);
        let quiet = folder.djdock(&[arguments, &["--quiet"]].concat());
        let verbose = folder.djdock(&[arguments, &["--verbose"]].concat());
        assert!(!usual.stdout.is_empty());
        assert_eq!((quiet.code, &quiet.stdout), (usual.code, &usual.stdout));
        assert_eq!((verbose.code, &verbose.stdout), (usual.code, &usual.stdout));
    }
}

#[test]
fn verbose_run_says_why_of_each_decision() {
    let folder = Folder::example("shop");
    let usual = folder.djdock(&["init", "--yes", "--dry-run"]).stderr;
    let verbose = folder.djdock(&["init", "--yes", "--dry-run", "--verbose", "--proxy", "caddy"]).stderr;
    assert!(!usual.contains("\nAnswers\n"), "{usual}");
    for title in ["\nAnswers\n", "\nImages\n", "\nServices\n", "\nVariables\n"] {
        assert!(verbose.contains(title), "{title} is missing in {verbose}");
    }
    let line =
        |name: &str| verbose.lines().find(|line| line.trim_start().starts_with(name)).unwrap_or_default();
    // An answer that was given, one that rests on a file of the project, and a service.
    assert!(line("proxy").contains("--proxy"), "{verbose}");
    let database = line("database");
    assert!(
        database.split_whitespace().any(|word| word.contains(".txt:") || word.contains(".py:")),
        "{database}"
    );
    assert!(line("production: db").contains('('), "{verbose}");
    // After it was written, the same commands say it.
    folder.djdock(&["init", "--yes"]);
    for command in ["update", "check"] {
        let said = folder.djdock(&[command, "-v"]).stderr;
        assert!(said.contains("\nServices\n"), "{command}: {said}");
    }
}

#[test]
fn every_command_has_a_manual_page_with_examples() {
    let page = |arguments: &[&str]| {
        let run = Folder::empty().djdock(arguments);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        run.stdout
    };
    let whole = page(&["man"]);
    for command in COMMANDS {
        assert!(whole.contains(&format!("djdock\\-{command}(1)")), "{command} is not named in\n{whole}");
        let one = page(&["man", command]);
        for title in
            [".SH NAME\n", ".SH SYNOPSIS\n", ".SH EXAMPLES\n", ".SH OPTIONS\n", ".SH \"EXIT STATUS\"\n"]
        {
            assert!(one.contains(title), "{command} lacks {title}in\n{one}");
        }
        assert!(one.contains(&format!(".TH djdock-{command} 1")), "{one}");
    }
    let wrong = Folder::empty().djdock(&["man", "initt"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("'init'"), "{}", wrong.shown());
}

#[test]
fn reader_that_goes_away_stops_nobody() {
    let folder = Folder::example("shop");
    for arguments in [
        &["inspect"][..],
        &["inspect", "--json"],
        &["check", "--sarif"],
        &["init", "--yes", "--dry-run", "--diff"],
        &["explain"],
        &["schema"],
        &["man"],
        &["init", "--help"],
        &["--version"],
    ] {
        let usual = folder.djdock(arguments);
        let mut child = Command::new(env!("CARGO_BIN_EXE_djdock"))
            .args(arguments)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Both go away before djdock has anything to say.
        drop(child.stdout.take());
        drop(child.stderr.take());
        assert_eq!(child.wait().unwrap().code(), Some(usual.code), "{arguments:?}");
    }
}
