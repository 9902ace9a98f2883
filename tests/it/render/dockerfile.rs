//! Dockerfiles, parsed, have the stages and steps of the plan, in order.

use djdock::stack::{Image, Stage, Step};

use crate::support::dockerfile::{Dockerfile, Stage as Parsed};
use crate::support::pipeline::{Made, example};

/// What a step must have become: a keyword, and words that stand behind it.
fn expected(step: &Step) -> Vec<(&'static str, Vec<String>)> {
    let one =
        |keyword, words: &[&str]| vec![(keyword, words.iter().map(|word| (*word).to_owned()).collect())];
    match step {
        Step::SystemPackages { packages } => vec![("RUN", packages.clone())],
        Step::Environment { variables } => {
            let quote = |value: &str| if value.contains(' ') { "\"" } else { "" };
            let word = |(name, value): (&String, &String)| format!("{name}={0}{value}{0}", quote(value));
            vec![("ENV", variables.iter().map(word).collect())]
        }
        Step::Argument { name, default } => one("ARG", &[&format!("{name}={default}")]),
        Step::WorkFolder { path } => one("WORKDIR", &[path]),
        Step::CopyManifests { files, .. } => {
            files.iter().map(|file| ("COPY", vec![file.to_string()])).collect()
        }
        Step::Install { commands, caches, .. } => {
            let words = commands.iter().flatten().cloned();
            vec![(
                "RUN",
                words.chain(caches.iter().map(|cache| format!("type=cache,target={cache}"))).collect(),
            )]
        }
        Step::CopySource { from, to } => one("COPY", &[from, to]),
        Step::CopyTemplate { from, to } => one("COPY", &[from.as_str(), to]),
        Step::CopyScript { from, to } => {
            let mut both = one("COPY", &["--chmod=0755", from.as_str(), to]);
            both.extend(one("RUN", &["sed -i 's/\\r$//'", to]));
            both
        }
        Step::CopyFrom { stage, from, to, .. } => one("COPY", &[&format!("--from={stage}"), from, to]),
        Step::Run { commands, variables, caches, .. } => {
            let words = commands.iter().flatten().map(|word| word.replace('\'', r"'\''"));
            let variables = variables.iter().map(|(name, value)| {
                let is_quoted = value.contains(['?', '&']);
                if is_quoted { format!("{name}='{value}'") } else { format!("{name}={value}") }
            });
            let caches = caches.iter().map(|cache| format!("type=cache,target={cache}"));
            vec![("RUN", words.chain(variables).chain(caches).collect())]
        }
        Step::MakeUser { uid, gid, name } => {
            one("RUN", &["groupadd", "useradd", &format!("--uid {uid}"), &format!("--gid {gid}"), name])
        }
        Step::User { user } => one("USER", &[user]),
        Step::OwnedFolders { paths, filled, owner } => {
            let (user, group) = owner.split_once(':').expect("uid:gid");
            let mut words = paths.clone();
            words.extend([format!("--owner={user}"), format!("--group={group}")]);
            words.extend((!filled.is_empty()).then(|| format!("chown --recursive {owner}")));
            words.extend(filled.iter().cloned());
            vec![("RUN", words)]
        }
        Step::Expose { port } => one("EXPOSE", &[&port.to_string()]),
        Step::Entrypoint { argv, .. } => {
            one("ENTRYPOINT", &[&serde_json::json!(argv).to_string().replace("\",\"", "\", \"")])
        }
        Step::Cmd { argv } => one("CMD", &[&serde_json::json!(argv).to_string().replace("\",\"", "\", \"")]),
        Step::HealthCheck(check) => one(
            "HEALTHCHECK",
            &[
                &format!("--interval={}s", check.interval),
                &format!("--retries={}", check.retries),
                &format!("--start-interval={}s", check.start_interval),
                &check.test[0],
            ],
        ),
        Step::StopSignal { signal } => one("STOPSIGNAL", &[signal]),
    }
}

/// Every step is found, none before one that comes earlier in the plan.
fn compare(stage: &Stage, parsed: &Parsed, place: &str) {
    assert_eq!((&stage.name, &stage.from), (&parsed.name, &parsed.from), "{place}");
    let mut at = 0;
    for step in &stage.steps {
        for (keyword, words) in expected(step) {
            let fits = |(found, rest): &(String, String)| {
                found == keyword && words.iter().all(|word| rest.contains(word.as_str()))
            };
            // Several steps may have become one instruction.
            let next = parsed.instructions[at..].iter().position(fits).map(|more| at + more);
            let same = at.checked_sub(1).filter(|before| fits(&parsed.instructions[*before]));
            let here = same.or(next).unwrap_or_else(|| {
                panic!("{place}: {keyword} {words:?} is not among {:#?}", &parsed.instructions[at..])
            });
            at = here + 1;
        }
    }
    assert_eq!(at, parsed.instructions.len(), "{place}: more than the plan says: {:#?}", parsed.instructions);
}

/// Compares the Dockerfile of an image with the plan.
pub(crate) fn check(made: &Made, image: &Image, name: &str) {
    let parsed: Dockerfile = made.dockerfile(image.dockerfile.as_str());
    assert_eq!(image.stages.len(), parsed.stages.len(), "{name}: {}", image.dockerfile);
    for (stage, parsed) in image.stages.iter().zip(&parsed.stages) {
        compare(stage, parsed, &format!("{name}: {}: {}", image.dockerfile, stage.name));
    }
}

#[test]
fn dockerfiles_do_what_the_plan_says() {
    for name in ["polls", "shop", "board"] {
        let made = example(name);
        for stack in made.plan.stacks() {
            for image in &stack.images {
                check(&made, image, name);
            }
        }
    }
}

#[test]
fn nothing_asks_for_a_syntax_that_has_to_be_pulled() {
    for name in ["polls", "shop", "board"] {
        let made = example(name);
        for file in ["Dockerfile", "Dockerfile.prod"] {
            assert!(!made.file(file).contains("# syntax="), "{name}: {file}");
        }
    }
}

#[test]
fn f64_the_source_comes_after_what_is_installed() {
    for name in ["polls", "shop", "board"] {
        let made = example(name);
        let parsed = made.dockerfile("Dockerfile.prod");
        let app = parsed.stage("app");
        let venv = app.position("COPY", "/opt/venv").expect("the virtual environment comes in");
        let source = app.position("COPY", ". /app").expect("the source comes in");
        assert!(venv < source, "{name}: an edited view would build everything after the source again");
    }
}
