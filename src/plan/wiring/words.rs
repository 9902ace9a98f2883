//! Words that variables are tried with.

use std::collections::BTreeMap;

use super::assignment::Assignment;
use crate::inspect::truth_of;
use crate::python::{Evaluation, Value};
use crate::stack::Environment;

/// Words that readers take for true, the commonest first.
pub const TRUE: &[&str] = &["True", "true", "1", "on", "yes", "TRUE", "y", "t"];
/// Words that readers take for false. The empty word is false for `bool()` itself.
pub const FALSE: &[&str] = &["False", "false", "0", "off", "no", "FALSE", "n", "f", ""];
/// Words of a variable that names the environment, in production.
pub const PRODUCTION: &[&str] =
    &["production", "prod", "PRODUCTION", "PROD", "Production", "live", "deploy", "release"];
/// … and in development.
pub const DEVELOPMENT: &[&str] =
    &["development", "dev", "local", "DEVELOPMENT", "DEV", "LOCAL", "Development", "debug"];

/// Which of two environments a word speaks of, if of one: `docker_local` of development.
pub fn environment_of(word: &str) -> Option<Environment> {
    let word = word.to_ascii_lowercase();
    let says =
        |known: &[&str]| word.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| known.contains(&part));
    match () {
        () if says(PRODUCTION) => Some(Environment::Prod),
        () if says(DEVELOPMENT) => Some(Environment::Dev),
        () => None,
    }
}

/// Words for a truth, its usual form first, then those of a test that may be inverted.
pub fn for_truth(wanted: bool) -> Vec<&'static str> {
    let (first, then, environment) =
        if wanted { (TRUE, FALSE, DEVELOPMENT) } else { (FALSE, TRUE, PRODUCTION) };
    [first, then, environment].concat()
}

/// Returns the name of an environment as the settings spell it, if a truth follows from the name:
/// `DEBUG = STAGE == "Development"`.
pub fn for_comparison(value: &Value, wanted: bool, open: &Evaluation) -> Vec<Assignment> {
    let environment = if wanted { Environment::Dev } else { Environment::Prod };
    let mut found = Vec::new();
    for read in value.reads() {
        let compared = open.compared.get(&read.name).into_iter().flatten();
        let fitting = compared.filter(|word| environment_of(word) == Some(environment));
        found.extend(fitting.map(|word| BTreeMap::from([(read.name.clone(), word.clone())])));
    }
    found
}

/// Returns the words of a truth that the settings compare a variable with, and their contraries: what stands in a comparison
/// is told from everything else, so no other word says more (`os.environ.get("PRODUCTION") == "1"`). The likelier comes first.
pub fn for_compared_truth(value: &Value, wanted: bool, open: &Evaluation) -> Vec<Assignment> {
    let mut found = Vec::new();
    for read in value.reads() {
        let words = open.compared.get(&read.name).map(Vec::as_slice).unwrap_or_default();
        let truths: Vec<(bool, &str, &str)> = words
            .iter()
            .filter_map(|word| truth_of(word).map(|(is_true, contrary)| (is_true, word.as_str(), contrary)))
            .collect();
        if truths.len() < words.len() {
            continue;
        }
        let mut both: Vec<&str> = truths
            .iter()
            .map(|(is_true, word, contrary)| if *is_true == wanted { *word } else { *contrary })
            .collect();
        both.extend(
            truths.iter().map(|(is_true, word, contrary)| if *is_true == wanted { *contrary } else { *word }),
        );
        found.extend(both.into_iter().map(|text| BTreeMap::from([(read.name.clone(), text.to_owned())])));
    }
    found
}

/// Returns the words that the settings look up for an engine, those that name the
/// engine first: `ENGINES[os.environ["DB_KIND"]]`.
pub fn for_engine(value: &Value, engine: &str, open: &Evaluation) -> Vec<Assignment> {
    let mut found = Vec::new();
    for read in value.reads() {
        let known = open.compared.get(&read.name);
        let mut words: Vec<&String> = known.into_iter().flatten().filter(|word| !word.is_empty()).collect();
        words.sort_by_key(|word| !word.to_ascii_lowercase().contains(engine));
        found.extend(words.into_iter().map(|word| BTreeMap::from([(read.name.clone(), word.clone())])));
    }
    found
}

/// Returns the values that a variable for the engine may have to hold: the dotted name, its last part, the database's name.
pub fn of_engine(usual: &str, word: &str) -> Vec<String> {
    let last = usual.rsplit('.').next().unwrap_or(usual);
    let mut words = vec![usual.to_owned(), last.to_owned()];
    for more in [word, "postgres", "psql", "pgsql"] {
        if (word.starts_with("postg") || more == word) && !words.iter().any(|known| known == more) {
            words.push(more.to_owned());
        }
    }
    words.extend([usual.to_ascii_uppercase(), last.to_ascii_uppercase()]);
    words
}

/// Tells whether a variable's name says that it names the environment.
pub fn names_environment(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let words: Vec<&str> = name.split('_').collect();
    ["ENV", "ENVIRONMENT", "STAGE", "MODE", "TIER"].iter().any(|word| words.contains(word))
}

/// Tells whether a variable's name says that it holds the path of a file that holds the value: `DB_PASSWORD_FILE`. Entries
/// of files are called otherwise.
pub fn names_file(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    super::entries::split(&name).is_none() && (name.ends_with("_FILE") || name.ends_with("_FILE_PATH"))
}

/// Tells whether a variable's name says that it is set where tests run: no stack is such a place.
pub fn names_test_run(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let words: Vec<&str> = name.split('_').collect();
    let known =
        ["CI", "CIRCLECI", "TRAVIS", "TEST", "TESTS", "TESTING", "PYTEST", "TOX", "COVERAGE", "BUILDKITE"];
    known.iter().any(|word| words.contains(word)) || name == "GITHUB_ACTIONS" || name == "GITHUB_WORKFLOW"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_by_their_environment() {
        assert_eq!(environment_of("docker_local"), Some(Environment::Dev));
        assert_eq!(environment_of("PROD"), Some(Environment::Prod));
        assert_eq!(environment_of("staging"), None);
        assert_eq!(environment_of("product"), None);
    }

    #[test]
    fn words_that_are_looked_up_come_in_the_order_of_their_engine() {
        let read = crate::python::EnvRead {
            name: "KIND".to_owned(),
            default: None,
            cast: crate::python::Cast::Str,
            fails_when_unset: true,
            place: crate::base::Place::Default,
        };
        let mut open = Evaluation::default();
        open.compared
            .insert("KIND".to_owned(), vec!["aurora-mysql".to_owned(), "aurora-postgresql".to_owned()]);
        let found = for_engine(&Value::Env(Box::new(read)), "postgresql", &open);
        assert_eq!(found[0], BTreeMap::from([("KIND".to_owned(), "aurora-postgresql".to_owned())]));
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn names_of_environments_are_told_from_others() {
        for name in ["DJANGO_ENV", "ENVIRONMENT", "APP_STAGE", "env"] {
            assert!(names_environment(name), "{name}");
        }
        for name in ["ENVELOPE", "DEBUG", "MODEL"] {
            assert!(!names_environment(name), "{name}");
        }
    }
}
