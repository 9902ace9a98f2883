//! The kind of thing that a variable holds, by its name and by where its value goes.
//!
//! A variable that settings compare with a word may name an environment, or be a host that is compared with
//! `localhost`: only the first may be set to another word of the same kind.

use crate::python::{Evaluation, Value};

/// Settings are trees of limited depth; what a variable is for shows near the top.
const DEEPEST: u8 = 6;

/// Last words of names that stand for something of the world: an address, a file, a key, a module.
const THINGS: &[&str] = &[
    "ADDR",
    "ADDRESS",
    "ADDRESSES",
    "BACKEND",
    "BUCKET",
    "CERT",
    "CLASS",
    "DIR",
    "DIRECTORY",
    "DOMAIN",
    "DOMAINS",
    "DSN",
    "EMAIL",
    "ENDPOINT",
    "FILE",
    "FILENAME",
    "FOLDER",
    "FROM",
    "HOST",
    "HOSTNAME",
    "HOSTS",
    "ID",
    "IP",
    "IPS",
    "KEY",
    "KEYS",
    "LOCATION",
    "MAIL",
    "MODULE",
    "ORIGIN",
    "ORIGINS",
    "PASSWORD",
    "PATH",
    "PORT",
    "PORTS",
    "RECIPIENT",
    "REGION",
    "ROOT",
    "SECRET",
    "SENDER",
    "SOCKET",
    "TIMEZONE",
    "TOKEN",
    "TZ",
    "URI",
    "URL",
    "URLS",
    "USER",
    "USERNAME",
];
/// How names of switches begin, whatever they switch.
const SWITCHES: &[&str] = &["USE_", "ENABLE_", "DISABLE_", "HAS_", "IS_", "NO_", "WITH_"];
/// Last words of names that stand for an environment.
const ENVIRONMENTS: &[&str] = &["ENV", "ENVIRONMENT", "STAGE", "MODE", "TIER", "DEPLOYMENT", "PROFILE"];

/// Tells whether a name says that it stands for something of the world, and for no word that is chosen: `EMAIL_HOST`.
pub(crate) fn names_thing(name: &str) -> bool {
    let is_switch = SWITCHES.iter().any(|verb| name.to_ascii_uppercase().starts_with(verb));
    !is_switch && last_word(name).is_some_and(|word| THINGS.contains(&word.as_str()))
}

/// Tells whether a name says that it stands for an environment: `APP_ENV`.
pub(super) fn names_environment(name: &str) -> bool {
    last_word(name).is_some_and(|word| ENVIRONMENTS.contains(&word.as_str()))
}

/// Tells whether a variable holds something of the world: its own name says so, or that of a setting which takes its value
/// over as it is (`EMAIL_HOST = os.getenv("RELAY")`).
pub(crate) fn holds_thing(open: &Evaluation, variable: &str) -> bool {
    if names_environment(variable) {
        return false;
    }
    names_thing(variable)
        || open
            .settings
            .iter()
            .any(|(name, setting)| goes_into_thing(&setting.value, name, variable, DEEPEST))
}

/// Tells whether `value`, which stands under `key`, is the variable's own or has it in an entry that names a thing.
fn goes_into_thing(value: &Value, key: &str, variable: &str, depth: u8) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    match value {
        Value::Env(read) => {
            let default = read.default.as_ref();
            read.name == variable && names_thing(key)
                || default.is_some_and(|default| goes_into_thing(default, key, variable, depth))
        }
        Value::OneOf(parts) | Value::List(parts) => {
            parts.iter().any(|part| goes_into_thing(part, key, variable, depth))
        }
        Value::Dict(entries) => entries.iter().any(|(name, value)| {
            name.as_str().is_some_and(|name| goes_into_thing(value, name, variable, depth))
        }),
        _ => false,
    }
}

fn last_word(name: &str) -> Option<String> {
    name.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().map(str::to_ascii_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_things_are_told_from_names_of_choices() {
        for name in ["EMAIL_HOST", "APP_MAIL_HOST", "URLCONF_MODULE", "cache-url", "REPORT_SENDER", "PORT"] {
            assert!(names_thing(name), "{name}");
        }
        for name in ["APP_ENV", "HOST_ENV", "DEBUG", "DB", "USE_EMAIL", "EMAIL_ENABLED", "SERVER_TYPE"] {
            assert!(!names_thing(name), "{name}");
        }
    }
}
