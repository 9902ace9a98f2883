//! Values that services are given: secrets, and texts that compose reads otherwise than they are meant.

use camino::Utf8PathBuf;

use super::{ComposeFile, Service, compose_files};
use crate::base::codes::check::compose::{
    COMPOSE_DOLLAR, COMPOSE_ENV_FILE_ABSENT, COMPOSE_QUOTES, COMPOSE_SECRET,
};
use crate::base::tree::LeftOut;
use crate::base::wording::is_secret_variable;
use crate::base::{Diagnostic, Place, Severity, path, wording};
use crate::check::{Rule, Subject, at_places, says_none};

pub const RULES: &[Rule] = &[
    Rule { codes: &[COMPOSE_SECRET], find: secrets },
    Rule { codes: &[COMPOSE_DOLLAR, COMPOSE_QUOTES], find: readings },
    Rule { codes: &[COMPOSE_ENV_FILE_ABSENT], find: env_files },
];

/// A variable of a service, and its line.
struct Given<'a> {
    name: &'a str,
    place: Place,
}

/// The variables of a file's services for which `wanted`, in the order of the services.
fn given<'a>(file: &'a ComposeFile, wanted: impl Fn(&str, &str) -> bool) -> Vec<Given<'a>> {
    let of = |service: &'a Service| {
        service.environment.iter().filter_map(move |(name, value)| Some((service, name, value.as_deref()?)))
    };
    file.services
        .iter()
        .flat_map(of)
        .filter(|(_, name, value)| wanted(name, value))
        .map(|(service, name, _)| Given { name, place: file.line_of(service, name) })
        .collect()
}

fn names<'a>(given: &[Given<'a>]) -> Vec<&'a str> {
    let mut names: Vec<&str> = given.iter().map(|one| one.name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn secrets(subject: &Subject<'_>) -> Vec<Diagnostic> {
    compose_files(subject.tree).iter().filter_map(secrets_of).collect()
}

fn secrets_of(file: &ComposeFile) -> Option<Diagnostic> {
    let literal = given(file, |name, value| {
        // What a template fills in is none, nor is a row of one letter.
        let is_filled_in = value.contains('$') || value.contains("{{");
        let is_row = value.len() > 2 && value.chars().all(|letter| value.starts_with(letter));
        is_secret_variable(name) && !value.is_empty() && !is_filled_in && !is_row && !says_none(value)
    });
    let names = names(&literal);
    let first = names.first()?;
    let verb = if names.len() == 1 { "stands" } else { "stand" };
    // On a developer's own machine it guards nothing.
    let severity = if file.is_for_development() { Severity::Note } else { Severity::Warning };
    let mut diagnostic = Diagnostic::new(
        COMPOSE_SECRET,
        severity,
        format!("{} {verb} in the compose file", wording::and_ticked(&names)),
    );
    let (shown, more) = literal.split_at(literal.len().min(crate::check::SHOWN));
    for one in shown {
        diagnostic = diagnostic.at_secret(&one.place, "in the source");
    }
    if !more.is_empty() {
        diagnostic = diagnostic.because(format!("and on {} below", wording::count(more.len(), "more line")));
    }
    Some(
        diagnostic
            .because("compose files are committed, and the same secret then guards every copy of the stack")
            .help(format!("write `{first}: ${{{first}}}` and keep the value in `.env`, which git ignores")),
    )
}

fn readings(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in compose_files(subject.tree) {
        let cut = given(&file, |name, value| is_secret_variable(name) && has_reference_inside(value));
        if !cut.is_empty() {
            let mut diagnostic = Diagnostic::error(
                COMPOSE_DOLLAR,
                format!(
                    "compose reads a `$` in the value of {} as a variable",
                    wording::and_ticked(&names(&cut))
                ),
            );
            for one in &cut {
                diagnostic = diagnostic.at_secret(&one.place, "what follows the `$` is replaced by nothing");
            }
            found.push(
                diagnostic
                    .because("the container gets another value than the one that is written, and compose only warns that a variable is not set")
                    .help("write `$$` for each `$`; better, keep the secret out of the file and make a new one without `$`"),
            );
        }
        let quoted = given(&file, |_, value| is_quoted(value));
        if !quoted.is_empty() {
            let title =
                format!("the quotes are part of the value of {}", wording::and_ticked(&names(&quoted)));
            let places = quoted.iter().map(|one| (&one.place, "in the list form".to_owned()));
            found.push(
                at_places(Diagnostic::warning(COMPOSE_QUOTES, title), places)
                    .because("in `- NAME=\"value\"` the whole of `NAME=\"value\"` is the text, and nothing takes the quotes off")
                    .help("leave them out, or write a map: `NAME: \"value\"`"),
            );
        }
    }
    found
}

/// Tells whether a text of its own has a `$` that compose replaces: not one that only refers to another variable.
fn has_reference_inside(value: &str) -> bool {
    let is_url = value.contains("://");
    let text = value.replace("$$", "");
    let (mut own, mut rest, mut references) = (String::new(), text.as_str(), 0);
    while let Some((before, after)) = rest.split_once('$') {
        own.push_str(before);
        // What is in braces is meant as a reference.
        if after.starts_with('{') {
            return false;
        }
        references += 1;
        rest = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    }
    own.push_str(rest);
    references > 0 && !is_url && own.chars().count() >= 8
}

fn is_quoted(value: &str) -> bool {
    ['"', '\''].iter().any(|quote| value.len() > 1 && value.starts_with(*quote) && value.ends_with(*quote))
}

fn env_files(subject: &Subject<'_>) -> Vec<Diagnostic> {
    compose_files(subject.tree).iter().flat_map(|file| absent_files(subject, file)).collect()
}

/// An env file that a fresh clone does not have.
struct Absent {
    path: Utf8PathBuf,
    place: Place,
    template: Option<Utf8PathBuf>,
}

/// One finding for what has a template, and one for what has none.
fn absent_files(subject: &Subject<'_>, file: &ComposeFile) -> Vec<Diagnostic> {
    let mut absent: Vec<Absent> = Vec::new();
    for service in &file.services {
        for written in service.env_files.iter().filter(|path| !path.contains('$')) {
            let Some(path) = path::join(path::parent(&file.path), written) else { continue };
            if subject.tree.is_file(&path) || absent.iter().any(|one| one.path == path) {
                continue;
            }
            let is_here = subject.tree.left_out(&path) == Some(&LeftOut::Ignored);
            let template = template_of(subject, &path);
            // Where a template says what belongs into it, whoever has the file has done what is to be done.
            if !(is_here && template.is_some()) {
                absent.push(Absent { path, place: file.line_of(service, written), template });
            }
        }
    }
    let (templated, bare): (Vec<Absent>, Vec<Absent>) =
        absent.into_iter().partition(|one| one.template.is_some());
    let with = without_file(Severity::Note, &templated, "").map(|diagnostic| {
        templated.iter().fold(diagnostic, |diagnostic, one| match &one.template {
            Some(template) => {
                diagnostic.help(format!("begin with the template: `cp {template} {}`", one.path))
            }
            None => diagnostic,
        })
    });
    let without =
        without_file(Severity::Warning, &bare, ", and no template lies beside it").map(|diagnostic| {
            diagnostic
                .help("commit a template that names the variables: `.env.example`; `djdock init` writes one")
        });
    [with, without].into_iter().flatten().collect()
}

fn without_file(severity: Severity, absent: &[Absent], more: &str) -> Option<Diagnostic> {
    let paths: Vec<&Utf8PathBuf> = absent.iter().map(|one| &one.path).collect();
    if paths.is_empty() {
        return None;
    }
    let title = format!("a clone of the project has no {}{more}", wording::or_ticked(&paths));
    let places = absent.iter().map(|one| (&one.place, "compose stops where the file is missing".to_owned()));
    Some(
        at_places(Diagnostic::new(COMPOSE_ENV_FILE_ABSENT, severity, title), places).because(
            "an env file holds secrets and is rightly kept out of git, so each machine needs its own",
        ),
    )
}

/// A file beside it whose name says that it is its template.
fn template_of(subject: &Subject<'_>, env_file: &camino::Utf8Path) -> Option<Utf8PathBuf> {
    const WORDS: [&str; 4] = ["example", "sample", "template", "dist"];
    let name = env_file.file_name()?.trim_start_matches('.');
    let folder = path::parent(env_file);
    let templates = subject.tree.files().filter(|path| path::parent(path) == folder).filter(|path| {
        let own = path.file_name().unwrap_or_default();
        WORDS.iter().any(|word| own.contains(word)) && (own.contains(name) || own.contains("env"))
    });
    // The one that is named for it before one that is only an env file too.
    templates.max_by_key(|path| path.file_name().is_some_and(|own| own.contains(name))).map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_file as findings;

    fn check(environment: &str) -> Vec<String> {
        let text = format!("services:\n  web:\n    build: .\n    environment:\n{environment}\n");
        findings(RULES, "compose.yaml", &text, &[])
    }

    #[test]
    fn secrets_do_not_stand_in_compose_files() {
        assert_eq!(check("      POSTGRES_PASSWORD: abc\n      SECRET_KEY: def"), ["compose-secret:5"]);
        assert!(check("      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}").is_empty());
        assert!(check("      POSTGRES_PASSWORD:").is_empty());
        assert!(check("      - VAULT_TOKEN={{ .Data.TOKEN }}").is_empty());
        assert!(check("      API_TOKEN: xxxxxxxxxxxxxxxx").is_empty());
    }

    #[test]
    fn failure_45_a_dollar_is_not_read_as_a_variable() {
        assert_eq!(check("      SECRET_KEY: django-insecure-a$bc+d"), ["compose-dollar:5"]);
        for fine in ["$$abcdefghij", "${SECRET_KEY}", "$SECRET_KEY", "${A}-abcdefghijkl", "$USER:$WORD"] {
            let found = check(&format!("      SECRET_KEY: {fine}"));
            assert!(!found.contains(&"compose-dollar:5".to_owned()), "{fine}: {found:?}");
        }
    }

    #[test]
    fn failure_47_quotes_stay_in_the_list_form() {
        assert_eq!(check("      - TZ=\"Asia/Seoul\""), ["compose-quotes:5"]);
        assert!(check("      - \"TZ=Asia/Seoul\"").is_empty());
        assert!(check("      TZ: \"Asia/Seoul\"").is_empty());
        assert!(check("      - HINT=say \"hello\" to all").is_empty());
    }

    #[test]
    fn an_env_file_can_be_made_from_its_template() {
        let of = |env_file: &str, more: &[(&str, &str)]| {
            let text = format!("services:\n  web:\n    build: .\n    env_file: {env_file}\n");
            findings(RULES, "compose.yaml", &text, more)
        };
        assert_eq!(of(".env", &[]), ["compose-env-file-absent:4"]);
        assert_eq!(of(".env", &[(".env.example", "A=\n")]), ["compose-env-file-absent:4"]);
        assert!(of(".env", &[(".env", "A=1\n")]).is_empty());
        assert!(of("[{path: .env, required: false}]", &[]).is_empty());
        assert!(of("${ENV_FILE}", &[]).is_empty());
    }

    #[test]
    fn an_env_file_that_is_here_and_has_a_template_is_not_mentioned() {
        let check = |files: &[(&str, &str)]| {
            let tree = crate::base::Tree::from_literals(files.iter().copied())
                .with_left_out([(".env".into(), LeftOut::Ignored)].into());
            env_files(&Subject::new(&tree, &crate::inspect::Facts::default())).len()
        };
        let compose = ("compose.yaml", "services:\n  web:\n    build: .\n    env_file: .env\n");
        assert_eq!(check(&[compose]), 1);
        assert_eq!(check(&[compose, (".env.example", "A=\n")]), 0);
    }
}
