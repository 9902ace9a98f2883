//! Secrets that stand in the source, and files of secrets that are not there.

use std::collections::BTreeMap;

use camino::Utf8Path;

use crate::base::codes::check::settings::{
    PASSWORD_IN_SETTINGS, SECRET_FILE_ABSENT, SECRET_KEY_EMPTY, SECRET_KEY_IN_SETTINGS, SUPERUSER_IN_SETTINGS,
};
use crate::base::{Code, Diagnostic, Place, wording};
use crate::check::{Rule, SHOWN, Subject, is_stand_in, says_none};
use crate::python::{FileRead, Value};

pub const RULES: &[Rule] = &[
    Rule { codes: &[SECRET_KEY_IN_SETTINGS, SECRET_KEY_EMPTY], find: secret_key },
    Rule { codes: &[PASSWORD_IN_SETTINGS, SUPERUSER_IN_SETTINGS], find: passwords },
    Rule { codes: &[SECRET_FILE_ABSENT], find: absent_files },
];

fn secret_key(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let Some((Value::Str(key), place)) = subject.setting("SECRET_KEY") else { return Vec::new() };
    if key.is_empty() {
        let title = "`SECRET_KEY` is empty in the production settings";
        return vec![
            Diagnostic::error(SECRET_KEY_EMPTY, title)
                .at(place, "set here")
                .because("Django stops at it: `The SECRET_KEY setting must not be empty`")
                .help("read it from a variable: `SECRET_KEY = os.environ[\"SECRET_KEY\"]`")
                .help("or leave the file as it is: `djdock init` sets it in a settings module of its own"),
        ];
    }
    vec![
        Diagnostic::warning(SECRET_KEY_IN_SETTINGS, "`SECRET_KEY` stands in the settings")
            .at_secret(place, "in the source, so in every image and every clone")
            .because("whoever can pull the image can sign sessions and password resets")
            .help("read it from a variable: `SECRET_KEY = os.environ[\"SECRET_KEY\"]`, and make a new one")
            .help("or leave the file as it is: `djdock init` makes one in a settings module of its own"),
    ]
}

/// Settings whose name says that they hold a secret, at the top level.
fn passwords(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut files: BTreeMap<Option<&Utf8Path>, Vec<(&str, &Place)>> = BTreeMap::new();
    for (name, setting) in &subject.prod().settings {
        let Value::Str(text) = &setting.value else { continue };
        if text.is_empty()
            || name == "SECRET_KEY"
            || says_none(text)
            || is_stand_in(text)
            || is_dotted_path(text)
        {
            continue;
        }
        if name.starts_with("SUPERUSER") && name.ends_with("PASSWORD") {
            found.push(
                literal(SUPERUSER_IN_SETTINGS, &[(name, &setting.place)])
                    .help("give it when it is needed: `DJANGO_SUPERUSER_PASSWORD=… python manage.py createsuperuser --noinput`"),
            );
        } else if is_secret_name(name) {
            files.entry(setting.place.path()).or_default().push((name, &setting.place));
        }
    }
    found.extend(files.into_values().map(|secrets| {
        let first = secrets.first().map_or("NAME", |(name, _)| *name);
        let object = if secrets.len() == 1 { "it" } else { "each" };
        literal(PASSWORD_IN_SETTINGS, &secrets).help(format!(
            "read {object} from a variable: `{first} = os.environ[\"{first}\"]`, and change the secret"
        ))
    }));
    found
}

/// One finding for the secrets of a file.
fn literal(code: Code, secrets: &[(&str, &Place)]) -> Diagnostic {
    let names: Vec<&str> = secrets.iter().map(|(name, _)| *name).collect();
    let verb = if names.len() == 1 { "stands" } else { "stand" };
    let mut diagnostic =
        Diagnostic::warning(code, format!("{} {verb} in the settings", wording::and_ticked(&names)));
    for (_, place) in secrets.iter().take(SHOWN) {
        diagnostic = diagnostic.at_secret(place, "in the source, so in every image and every clone");
    }
    diagnostic.because("an image is copied to servers and registries, and each copy holds it")
}

/// Names that hold a secret whatever the project is about. `AUTH_PASSWORD_VALIDATORS`, `PASSWORD_HASHERS` and the
/// like are not text, so they never come here.
fn is_secret_name(name: &str) -> bool {
    const ENDS: [&str; 7] = [
        "_PASSWORD",
        "_SECRET",
        "_SECRET_KEY",
        "_SECRET_ACCESS_KEY",
        "_PRIVATE_KEY",
        "_AUTH_TOKEN",
        "_ACCESS_TOKEN",
    ];
    ENDS.iter().any(|end| name.ends_with(end))
}

/// Tells whether a text names a class to import: `authentication.backends.OIDCAuthPasswordBackend`.
fn is_dotted_path(text: &str) -> bool {
    let is_identifier = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    text.split('.').count() > 1
        && text.split('.').all(is_identifier)
        && text
            .rsplit('.')
            .next()
            .is_some_and(|last| last.starts_with(|first: char| first.is_ascii_uppercase()))
}

fn absent_files(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut absent: Vec<(&Place, Vec<&FileRead>)> = Vec::new();
    for file in subject.prod().files.iter().filter(|file| !file.exists && file.required) {
        // One line that opens what a variable decides is one finding.
        match absent.iter_mut().find(|(place, _)| *place == &file.place) {
            Some((_, files)) => files.push(file),
            None => absent.push((&file.place, vec![file])),
        }
    }
    absent.into_iter().map(|(place, files)| absent_file(place, &files)).collect()
}

fn absent_file(place: &Place, files: &[&FileRead]) -> Diagnostic {
    let paths: Vec<String> = files.iter().map(|file| file.path.to_string()).collect();
    let verb = if paths.len() == 1 { "is" } else { "are" };
    let mut diagnostic = Diagnostic::warning(
        SECRET_FILE_ABSENT,
        format!("the settings open {}, which {verb} not in the project", wording::or_ticked(&paths)),
    )
    .at(place, "opened here, while the settings are imported")
    .because("without the file no management command runs in the image, not even `collectstatic`");
    let mut keys: Vec<&String> = files.iter().flat_map(|file| &file.keys).collect();
    keys.dedup();
    if !keys.is_empty() {
        diagnostic =
            diagnostic.because(format!("keys that are read from it: {}", wording::and_ticked(&keys)));
    }
    diagnostic.help("keep it out of the image and give it at run time: `djdock init` mounts it as a secret and writes an example")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_settings as findings;

    #[test]
    fn secrets_do_not_stand_in_the_source() {
        assert_eq!(findings(RULES, "SECRET_KEY = 'abc'", &[]), ["secret-key-in-settings:1"]);
        assert_eq!(findings(RULES, "SECRET_KEY = ''", &[]), ["secret-key-empty:1"]);
        assert_eq!(findings(RULES, "EMAIL_HOST_PASSWORD = 'abc'", &[]), ["password-in-settings:1"]);
        let two = "EMAIL_HOST_PASSWORD = 'abc'\nSTRIPE_SECRET_KEY = 'def'";
        assert_eq!(findings(RULES, two, &[]), ["password-in-settings:1"]);
        assert_eq!(findings(RULES, "SUPERUSER_PASSWORD = 'abc'", &[]), ["superuser-in-settings:1"]);
        let backend = "AUTH_BACKEND_OIDC_PASSWORD = 'authentication.backends.OIDCAuthPasswordBackend'";
        assert!(findings(RULES, backend, &[]).is_empty());
        assert!(findings(RULES, "RECAPTCHA_SECRET_KEY = 'not-active'", &[]).is_empty());
        let read = "import os\nSECRET_KEY = os.environ['SECRET_KEY']\nEMAIL_HOST_PASSWORD = ''";
        assert!(findings(RULES, read, &[]).is_empty());
    }

    #[test]
    fn a_file_of_secrets_that_is_not_there_is_named() {
        let settings =
            "import json\nSECRETS = json.loads(open('secrets.json').read())\nSECRET_KEY = SECRETS['KEY']";
        assert_eq!(findings(RULES, settings, &[]), ["secret-file-absent:2"]);
    }

    #[test]
    fn one_line_that_opens_either_of_two_files_is_one_finding() {
        let settings = "import os\nDIR = '/data' if os.environ.get('PROD') else '/srv'\n\
            with open(os.path.join(DIR, 'secret.key')) as file:\n    SECRET_KEY = file.read()\n";
        assert_eq!(findings(RULES, settings, &[]), ["secret-file-absent:3"]);
    }
}
