//! The purpose that a settings module's name tells.

/// The purpose of a module or class, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    Production,
    /// Before production: staging, acceptance.
    Staging,
    /// Named for the place it runs in rather than for a purpose: `docker`, `heroku`.
    Platform,
    /// `settings`, `main`: says nothing.
    Plain,
    /// A base that others build on: `base`, `common`.
    Base,
    Development,
    Test,
}

const PRODUCTION: &[&str] = &[
    "prod",
    "production",
    "prd",
    "live",
    "deploy",
    "deployment",
    "deployed",
    "release",
    "server",
    "online",
    "real",
];
const DEVELOPMENT: &[&str] = &[
    "dev",
    "devel",
    "develop",
    "development",
    "developer",
    "local",
    "localhost",
    "debug",
    "devcontainer",
    "sandbox",
];
const TEST: &[&str] = &[
    "test",
    "tests",
    "testing",
    "unittest",
    "pytest",
    "ci",
    "cicd",
    "e2e",
    "fuzz",
    "travis",
    "circleci",
    "jenkins",
    "github",
    "selenium",
    "benchmark",
    "lint",
    "docs",
];
const STAGING: &[&str] = &[
    "staging",
    "stage",
    "stg",
    "qa",
    "uat",
    "preprod",
    "preproduction",
    "acceptance",
    "beta",
    "demo",
    "review",
];
const BASE: &[&str] = &[
    "base",
    "common",
    "default",
    "defaults",
    "shared",
    "global",
    "globals",
    "core",
    "django",
    "partials",
    "base_settings",
    "generic",
];
const PLATFORM: &[&str] = &[
    "docker",
    "compose",
    "container",
    "heroku",
    "aws",
    "azure",
    "gcp",
    "k8s",
    "kubernetes",
    "cloud",
    "vagrant",
    "fly",
    "render",
    "railway",
];

/// The purpose of a module (`config.settings.prod`) or class (`ProductionSettings`).
pub(crate) fn purpose(name: &str) -> Purpose {
    let last = name.rsplit(['.', ':']).next().unwrap_or(name);
    let words = split(last);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    // `not_production`, and a machine of one's own that uses what production uses.
    let but_not = has(&["not", "non", "no"]) || has(DEVELOPMENT);
    if has(PRODUCTION) && but_not {
        return Purpose::Development;
    }
    for (list, purpose) in [
        (TEST, Purpose::Test),
        (STAGING, Purpose::Staging),
        (PRODUCTION, Purpose::Production),
        (DEVELOPMENT, Purpose::Development),
        (PLATFORM, Purpose::Platform),
        (BASE, Purpose::Base),
    ] {
        if has(list) {
            return purpose;
        }
    }
    Purpose::Plain
}

/// Words that readers take for true, each with its contrary.
const TRUTHS: &[(&str, &str)] = &[
    ("True", "False"),
    ("true", "false"),
    ("1", "0"),
    ("on", "off"),
    ("yes", "no"),
    ("TRUE", "FALSE"),
    ("y", "n"),
    ("t", "f"),
    ("Yes", "No"),
    ("YES", "NO"),
    ("ON", "OFF"),
    ("On", "Off"),
];

/// Returns whether a word stands for true, and its contrary; `None` for a word that is no truth.
pub(crate) fn truth_of(word: &str) -> Option<(bool, &'static str)> {
    TRUTHS.iter().find_map(|(yes, no)| match word {
        _ if word == *yes => Some((true, *no)),
        _ if word == *no => Some((false, *yes)),
        _ => None,
    })
}

/// Returns the environment that a switch is called after and nothing else: `PRODUCTION`, `IS_DEV`, `DJANGO_LOCAL`.
pub(crate) fn switched_environment(name: &str) -> Option<Purpose> {
    const FILL: &[&str] = &["is", "in", "on", "app", "django", "env", "mode", "run", "running"];
    let words: Vec<String> = split(name).into_iter().filter(|word| !FILL.contains(&word.as_str())).collect();
    match words.as_slice() {
        [one] if ["production", "prod"].contains(&one.as_str()) => Some(Purpose::Production),
        [one] if ["development", "develop", "dev", "local"].contains(&one.as_str()) => {
            Some(Purpose::Development)
        }
        _ => None,
    }
}

/// Tells whether the name says its purpose and nothing else: `prod`, `production_settings`.
pub(crate) fn is_plainly(name: &str) -> bool {
    let last = name.rsplit(['.', ':']).next().unwrap_or(name);
    split(last).iter().filter(|word| *word != "settings").count() == 1
}

/// The purpose of a file that names settings, by its path: `docker-compose.prod.yml`, `.github/workflows/ci.yml`.
pub(crate) fn purpose_of_path(path: &str) -> Purpose {
    let words = split(path);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let tools = ["workflows", "tox", "pytest", "gitlab", "appveyor", "setup", "conftest", "pyproject"];
    if has(TEST) || has(&tools) {
        Purpose::Test
    } else if has(STAGING) {
        Purpose::Staging
    } else if has(PRODUCTION) {
        Purpose::Production
    } else if has(DEVELOPMENT) || has(&["override", "vagrant", "idea", "vscode"]) {
        Purpose::Development
    } else {
        Purpose::Plain
    }
}

/// The lower-case words of a name in snake, kebab or camel case.
fn split(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_lower = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || (letter.is_uppercase() && before_lower) {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        before_lower = letter.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_its_purpose_in_any_case() {
        let check = |name: &str, expected: Purpose| assert_eq!(purpose(name), expected, "{name}");
        check("config.settings.production", Purpose::Production);
        check("shop.settings_prod", Purpose::Production);
        check("shop.settings-prod", Purpose::Production);
        check("pyconkr.production_settings", Purpose::Production);
        check("settings:ProductionSettings", Purpose::Production);
        check("x.local", Purpose::Development);
        check("x.test_local", Purpose::Test);
        check("x.preprod", Purpose::Staging);
        check("x.settings", Purpose::Plain);
        check("x.base", Purpose::Base);
        check("x.docker_compose", Purpose::Platform);
        check("x.product", Purpose::Plain);
        check("x.not_production_settings", Purpose::Development);
        check("x.settings_prod_local", Purpose::Development);
    }

    #[test]
    fn a_path_says_for_what_its_file_is() {
        assert_eq!(purpose_of_path("docker-compose.prod.yml"), Purpose::Production);
        assert_eq!(purpose_of_path(".github/workflows/deploy.yml"), Purpose::Test);
        assert_eq!(purpose_of_path("compose/local/Dockerfile"), Purpose::Development);
        assert_eq!(purpose_of_path("Dockerfile"), Purpose::Plain);
    }
}
