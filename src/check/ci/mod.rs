//! Rules about the files of continuous integration: what they hold, and what they call.

use camino::Utf8Path;

use crate::base::codes::check::ci::{CI_ACTION_FLOATS, CI_SECRET, CI_SECRET_IN_SHELL, COMPOSE_V1};
use crate::base::wording::is_secret_variable;
use crate::base::{Diagnostic, Place, Severity, wording};
use crate::check::{Rule, Subject, at_places, is_made_by_djdock, is_stand_in, says_none};

mod tokens;

pub const RULES: &[Rule] = &[
    Rule { codes: &[CI_SECRET], find: secrets },
    Rule { codes: &[CI_SECRET_IN_SHELL, CI_ACTION_FLOATS], find: workflows },
    Rule { codes: &[COMPOSE_V1], find: compose_v1 },
];

/// A file that a CI service reads.
fn is_ci(path: &Utf8Path) -> bool {
    const NAMES: [&str; 6] = [
        ".gitlab-ci.yml",
        ".circleci/config.yml",
        "bitbucket-pipelines.yml",
        "azure-pipelines.yml",
        ".travis.yml",
        ".drone.yml",
    ];
    is_workflow(path) || NAMES.contains(&path.as_str())
}

fn is_workflow(path: &Utf8Path) -> bool {
    path.as_str().starts_with(".github/workflows/") && matches!(path.extension(), Some("yml" | "yaml"))
}

/// The CI files, each with its lines and their numbers, without comments.
fn files<'a>(
    subject: &Subject<'a>,
    wanted: fn(&Utf8Path) -> bool,
) -> Vec<(&'a Utf8Path, Vec<(u32, &'a str)>)> {
    let tree = subject.tree;
    let texts = tree.files().filter(|path| wanted(path)).filter_map(|path| Some((path, tree.text(path)?)));
    texts.filter(|(_, text)| !is_made_by_djdock(text)).map(|(path, text)| (path, lines(text))).collect()
}

fn lines(text: &str) -> Vec<(u32, &str)> {
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim_start().starts_with('#')).collect()
}

fn secrets(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let find = |(path, lines): (&Utf8Path, Vec<(u32, &str)>)| {
        let deploys = deploys(path, &lines);
        let (mut names, mut places) = (Vec::new(), Vec::new());
        for (number, line) in lines {
            let Some((name, value)) = assignment(line) else { continue };
            let is_real = tokens::is_known(value) || deploys && is_secret_variable(name) && is_likely(value);
            if is_real {
                names.push(name);
                places.push(Place::line(path, number));
            }
        }
        let verb = if names.len() == 1 { "stands" } else { "stand" };
        names.dedup();
        let mut diagnostic =
            Diagnostic::warning(CI_SECRET, format!("{} {verb} in `{path}`", wording::and_ticked(&names)));
        for place in places.iter().take(crate::check::SHOWN) {
            diagnostic = diagnostic.at_secret(place, "readable by whoever can read the repository");
        }
        (!names.is_empty()).then(|| {
            diagnostic
                .because("taking the line out does not take it out of git's history")
                .help("keep it with the CI service and refer to it: `${{ secrets.NAME }}` on GitHub, a masked variable on GitLab; and make a new one")
        })
    };
    files(subject, is_ci).into_iter().filter_map(find).collect()
}

/// Tells whether a file deploys: what stands in one that only tests is thrown away.
fn deploys(path: &Utf8Path, lines: &[(u32, &str)]) -> bool {
    const WORDS: [&str; 3] = ["deploy", "production", "release"];
    let says = |text: &str| WORDS.iter().any(|word| text.to_lowercase().contains(word));
    says(path.file_name().unwrap_or_default())
        || lines.iter().any(|(_, line)| line.starts_with("name:") && says(line))
}

/// `NAME: value`, `- NAME=value` or `export NAME=value`.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = line.trim().trim_start_matches("- ").trim_start_matches("export ");
    let at = line.find([':', '='])?;
    let (name, value) = (line.get(..at)?.trim_matches(['"', '\'']), line.get(at + 1..)?);
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let value = value.trim().trim_matches(['"', '\'']);
    (is_name && !value.contains(['$', '{', '<', ' '])).then_some((name, value))
}

/// Tells whether a text looks made, and not typed for a test.
fn is_likely(value: &str) -> bool {
    const TYPED: [&str; 11] =
        ["test", "insecure", "dummy", "secret", "pass", "ci-", "key", "foo", "smoke", "demo", "admin"];
    let lower = value.to_lowercase();
    value.len() >= 12
        && value.chars().any(|c| c.is_ascii_digit())
        && value.chars().any(|c| c.is_ascii_alphabetic())
        && !is_stand_in(value)
        && !says_none(value)
        && !TYPED.iter().any(|word| lower.contains(word))
}

fn workflows(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (path, lines) in files(subject, is_workflow) {
        found.extend(in_shell(path, &lines));
        if deploys(path, &lines) || lines.iter().any(|(_, line)| line.contains("docker")) {
            found.extend(floating_actions(path, &lines));
        }
    }
    found
}

/// Secrets that a shell reads as part of its own line.
fn in_shell(path: &Utf8Path, lines: &[(u32, &str)]) -> Option<Diagnostic> {
    let places: Vec<Place> = lines
        .iter()
        // A text in base64 has nothing that a shell reads.
        .filter(|(_, line)| !line.contains("base64"))
        .filter(|(_, line)| {
            line.split_once("echo ").is_some_and(|(_, rest)| {
                rest.split_once("${{ secrets.").is_some_and(|(_, rest)| rest.contains('>'))
            })
        })
        .map(|(number, _)| Place::line(path, *number))
        .collect();
    let diagnostic = Diagnostic::warning(
        CI_SECRET_IN_SHELL,
        format!("`{path}` puts a secret into a shell line before the shell reads it"),
    );
    (!places.is_empty()).then(|| {
        at_places(diagnostic, places.iter().map(|place| (place, "the shell reads the secret's text as its own".to_owned())))
            .because("`$`, quotes and backticks in the secret are expanded, lost or run: the file gets another text, and a backtick runs a command")
            .help("give it by the environment: `env: {ENV_VARS: \"${{ secrets.ENV_VARS }}\"}`, and in the line `printf '%s\\n' \"$ENV_VARS\" > .env`")
    })
}

fn floating_actions(path: &Utf8Path, lines: &[(u32, &str)]) -> Option<Diagnostic> {
    let mut names: Vec<&str> = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    for (number, line) in lines {
        let line = line.trim().trim_start_matches("- ");
        let Some(action) = line.strip_prefix("uses:").map(|rest| rest.trim().trim_matches(['"', '\'']))
        else {
            continue;
        };
        let action = action.split_whitespace().next().unwrap_or_default();
        let Some((_, reference)) = action.rsplit_once('@') else { continue };
        let is_workflow = action.contains("/.github/workflows/");
        if matches!(reference, "master" | "main" | "latest" | "develop" | "HEAD")
            && !action.starts_with('.')
            && !is_workflow
        {
            names.push(action);
            places.push(Place::line(path, *number));
        }
    }
    names.sort_unstable();
    names.dedup();
    let verb = if names.len() == 1 { "is" } else { "are" };
    let title = format!("`{path}` runs whatever {} {verb} on the day", wording::and_ticked(&names));
    (!names.is_empty()).then(|| {
        at_places(
            Diagnostic::note(CI_ACTION_FLOATS, title),
            places.iter().map(|place| (place, "moves with every change".to_owned())),
        )
        .because("an action gets the repository's secrets; whoever can change it can read them")
        .help("name a release, or the commit that it stands for")
    })
}

/// `docker-compose`, which is not installed any more where nobody installs it.
fn compose_v1(subject: &Subject<'_>) -> Vec<Diagnostic> {
    old_compose(subject).into_iter().collect()
}

fn old_compose(subject: &Subject<'_>) -> Option<Diagnostic> {
    let calls = |path: &Utf8Path| {
        is_ci(path) || path.extension() == Some("sh") || path.file_name() == Some("Makefile")
    };
    let mut places: Vec<Place> = Vec::new();
    let mut on_runner = false;
    for path in subject.tree.files().filter(|path| calls(path)) {
        let Some(text) = subject.tree.text(path).filter(|text| text.contains("docker-compose")) else {
            continue;
        };
        let lines = lines(text);
        // Who installs it has it.
        let installs = lines.iter().any(|(_, line)| {
            line.contains("docker-compose")
                && ["install", "releases/download", "curl", "which ", "command -v"]
                    .iter()
                    .any(|word| line.contains(word))
        });
        let first = lines.iter().find(|(_, line)| calls_v1(line)).filter(|_| !installs);
        if let Some((number, _)) = first {
            places.push(Place::line(path, *number));
            // What goes through ssh runs on a server of its own.
            on_runner |= is_workflow(path) && !text.contains("ssh");
        }
    }
    let first = places.first()?;
    let severity = if on_runner { Severity::Warning } else { Severity::Note };
    let files: Vec<String> = places.iter().filter_map(|place| Some(place.path()?.to_string())).collect();
    let mut diagnostic = Diagnostic::new(
        COMPOSE_V1,
        severity,
        "`docker-compose` is the first version of Compose, which has ended",
    )
    .at(first, "not installed with Docker any more");
    if files.len() > 1 {
        diagnostic = diagnostic.because(format!("called in {}", wording::and_ticked(&files)));
    }
    if on_runner {
        diagnostic = diagnostic.because(
            "GitHub's runners have had only the plugin since July 2024: `docker-compose: command not found`",
        );
    }
    Some(
        diagnostic
            .because("it got its last fixes in July 2023, and names containers and reads files otherwise than today's")
            .help("write `docker compose`"),
    )
}

/// Tells whether a line runs the program, and does not only name a file that is called so.
fn calls_v1(line: &str) -> bool {
    let mut before = "";
    line.split_whitespace().any(|word| {
        let starts = matches!(
            before,
            "" | "-" | "run:" | "sudo" | "&&" | ";" | "||" | "then" | "do" | "exec" | "@" | "|"
        );
        before = word;
        starts && word.trim_start_matches(['@', '(']) == "docker-compose"
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_file as findings;

    fn workflow(text: &str) -> Vec<String> {
        findings(RULES, ".github/workflows/deploy.yml", text, &[])
    }

    #[test]
    fn secrets_do_not_stand_in_the_files_that_deploy() {
        assert_eq!(workflow("env:\n  SECRET_KEY: 8f2kq0vxz41mmrt\n"), ["ci-secret:2"]);
        assert_eq!(workflow("run: |\n  export DB_PASSWORD=Xk29-qqpl-0042\n"), ["ci-secret:2"]);
        for fine in [
            "env:\n  SECRET_KEY: ${{ secrets.SECRET_KEY }}\n",
            "env:\n  SECRET_KEY: test-secret-key-123\n",
            "services:\n  db:\n    env:\n      POSTGRES_PASSWORD: postgres\n",
            "env:\n  TOKEN_LIFETIME: 8f2kq0vxz41mmrt\n",
            "# SECRET_KEY: 8f2kq0vxz41mmrt\n",
        ] {
            assert!(workflow(fine).is_empty(), "{fine}");
        }
        // What only tests is thrown away, but a token of a service is a token wherever it stands.
        let tests = |text: &str| findings(RULES, ".github/workflows/test.yml", text, &[]);
        assert!(tests("env:\n  SECRET_KEY: 8f2kq0vxz41mmrt\n").is_empty());
        let token = format!("env:\n  TOKEN: ghp_{}\n", "a1".repeat(18));
        assert_eq!(tests(&token), ["ci-secret:2"]);
    }

    #[test]
    fn secrets_reach_a_shell_by_the_environment() {
        assert_eq!(
            workflow("run: |\n  echo \"${{ secrets.ENV_VARS }}\" >> .env\n"),
            ["ci-secret-in-shell:2"]
        );
        assert!(workflow("run: |\n  printf '%s\\n' \"$ENV_VARS\" > .env\n").is_empty());
        assert!(workflow("run: docker login -p ${{ secrets.TOKEN }}\n").is_empty());
    }

    #[test]
    fn actions_have_versions() {
        assert_eq!(
            workflow("steps:\n  - uses: appleboy/ssh-action@master\n  - uses: a/b@main\n"),
            ["ci-action-floats:2"]
        );
        assert!(
            workflow("steps:\n  - uses: actions/checkout@v5\n  - uses: ./.github/actions/build\n").is_empty()
        );
        let docs = "steps:\n  - uses: a/publish@master\n";
        assert!(findings(RULES, ".github/workflows/docs.yml", docs, &[]).is_empty());
    }

    #[test]
    fn compose_is_a_plugin() {
        assert_eq!(workflow("steps:\n  - run: docker-compose up -d\n"), ["compose-v1:2"]);
        assert!(workflow("steps:\n  - run: docker compose -f docker-compose.yml up -d\n").is_empty());
        assert!(
            workflow("steps:\n  - run: pip install docker-compose\n  - run: docker-compose up\n").is_empty()
        );
        assert!(workflow("env:\n  RUN_MODE: docker-compose\n").is_empty());
        let script = "#!/bin/sh\nsudo docker-compose -f docker-compose.prod.yml up --build -d\n";
        assert_eq!(findings(RULES, "deploy.sh", script, &[]), ["compose-v1:2"]);
    }
}
