//! Placeholders for variables that only the person can know: values that let the project start.

use crate::plan::layout;
use crate::python::{Cast, EnvRead, Value};

/// Text for a variable, by how it is read and what it is called.
pub fn placeholder(read: Option<&EnvRead>, name: &str) -> String {
    // `os.environ.get("X")`: the word `None` would be a value that nobody wrote.
    let default = read.and_then(|read| read.default.as_ref()).filter(|default| **default != Value::None);
    let default = default.and_then(Value::as_text);
    let by_cast = read.and_then(|read| match &read.cast {
        Cast::Bool => Some("False"),
        Cast::Int => Some(number(name)),
        Cast::Float => Some("1"),
        Cast::List(_) | Cast::Dict => Some(""),
        Cast::Json => Some("{}"),
        Cast::EmailUrl => Some("consolemail://"),
        Cast::CacheUrl => Some("locmemcache://"),
        Cast::SearchUrl => Some("simple://"),
        Cast::DatabaseUrl => Some("postgres://user:change-me@localhost:5432/name"),
        Cast::Str | Cast::Path | Cast::Other(_) => None,
    });
    if let Some(separator) = read.and_then(|read| separator_of_parts(&read.cast)) {
        return default.filter(|text| is_plain(text)).unwrap_or_else(|| in_parts(by_name(name), separator));
    }
    match (by_cast, default) {
        (Some(text), _) => text.to_owned(),
        (None, Some(default)) if is_plain(&default) => default,
        (None, _) => by_name(name).to_owned(),
    }
}

/// Returns the separator of a text that settings take apart, such as an address: `URL.split("//")[1]`. A list of items may
/// be empty; such a text may not.
fn separator_of_parts(cast: &Cast) -> Option<&str> {
    const OF_ITEMS: [&str; 6] = [",", ";", " ", "|", "\n", ""];
    match cast {
        Cast::List(separator) if !OF_ITEMS.contains(&separator.trim_matches(' ')) && separator != " " => {
            Some(separator)
        }
        _ => None,
    }
}

/// Returns `text`, with a second part behind the separator where there is none.
fn in_parts(text: &str, separator: &str) -> String {
    if text.contains(separator) { text.to_owned() } else { format!("{text}{separator}{text}") }
}

/// Text for a variable that a check wants to hold something, where the usual placeholder is nothing.
pub fn insistent(read: Option<&EnvRead>, name: &str) -> String {
    let Some(read) = read else { return by_name(name).to_owned() };
    match (&read.cast, read.default.as_ref()) {
        (Cast::Bool, _) => "True".to_owned(),
        (Cast::Int | Cast::Float, _) => number(name).to_owned(),
        // The form of an address to which Sentry sends; nobody listens there.
        _ if name.to_ascii_uppercase().split('_').any(|word| word == "DSN") => {
            "http://change-me@localhost/1".to_owned()
        }
        (Cast::List(separator), Some(Value::List(items))) if !items.is_empty() => {
            let texts: Vec<String> = items.iter().filter_map(Value::as_text).collect();
            texts.join(separator)
        }
        _ => by_name(name).to_owned(),
    }
}

/// Tells whether every reader of env files takes the text literally.
pub fn is_plain(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || "_-./:@+,=*%&?~[]{}".contains(c))
}

fn number(name: &str) -> &'static str {
    let name = name.to_ascii_uppercase();
    match () {
        () if name.contains("EMAIL") || name.contains("SMTP") => "587",
        () if name.contains("REDIS") => "6379",
        () if ["POSTGRES", "PG_", "DB_", "DATABASE"].iter().any(|word| name.contains(word)) => "5432",
        () if name.contains("MYSQL") => "3306",
        () if name.contains("PORT") => "8000",
        () => "1",
    }
}

/// A URL with the scheme that the client of what the name speaks of asks for: others are refused when it is made.
fn url(name: &str) -> &'static str {
    const SCHEMES: &[(&[&str], &str)] = &[
        (&["REDIS", "VALKEY", "CACHE"], "redis://localhost:6379/0"),
        (&["AMQP", "RABBIT", "BROKER"], "amqp://localhost:5672//"),
        (&["MONGO"], "mongodb://localhost:27017"),
        (&["LDAP"], "ldap://localhost"),
        (&["NEO4J", "BOLT"], "bolt://localhost:7687"),
        (&["ELASTIC", "OPENSEARCH"], "http://localhost:9200"),
        (&["MYSQL", "MARIADB"], "mysql://user:change-me@localhost:3306/name"),
        (&["DATABASE", "POSTGRES", "DB_"], "postgres://user:change-me@localhost:5432/name"),
    ];
    let of = |(words, _): &&(&[&str], &str)| words.iter().any(|word| name.contains(word));
    SCHEMES.iter().find(of).map_or("http://localhost", |(_, url)| url)
}

fn by_name(name: &str) -> &'static str {
    let name = name.to_ascii_uppercase();
    let words: Vec<&str> = name.split('_').collect();
    let has = |word: &str| words.contains(&word);
    let last = words.last().copied().unwrap_or_default();
    match () {
        // Empty text switches Sentry off, and anything else must be an address.
        () if has("DSN") => "",
        () if last == "BACKEND" && has("EMAIL") => "django.core.mail.backends.console.EmailBackend",
        () if last == "PORT" => number(&name),
        () if has("FERNET") || (has("ENCRYPTION") && has("KEY")) => {
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
        }
        () if has("MEDIA") && ["ROOT", "DIR", "DIRECTORY", "FOLDER"].contains(&last) => layout::MEDIA_ROOT,
        () if has("ADMIN") && last == "URL" => "admin/",
        () if ["URL", "URI", "ENDPOINT", "ORIGIN", "ORIGINS"].contains(&last) => url(&name),
        () if ["USER", "USERNAME"].contains(&last) => "user",
        () if ["HOST", "HOSTS", "DOMAIN", "HOSTNAME", "SERVER"].contains(&last) => "localhost",
        () if has("REGION") => "us-east-1",
        () if ["EMAIL", "MAIL"].contains(&last) => "admin@example.com",
        () if last == "DEBUG" || ["TLS", "SSL"].contains(&last) => "False",
        () => "change-me",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Place;

    fn read(cast: Cast) -> EnvRead {
        EnvRead {
            name: "X".into(),
            default: None,
            cast,
            fails_when_unset: true,
            place: Place::line("settings.py", 1),
        }
    }

    #[test]
    fn placeholders_can_be_cast() {
        assert_eq!(placeholder(Some(&read(Cast::Int)), "EMAIL_PORT"), "587");
        assert_eq!(placeholder(Some(&read(Cast::Bool)), "EMAIL_USE_TLS"), "False");
        assert_eq!(placeholder(Some(&read(Cast::Json)), "OPTIONS"), "{}");
        assert_eq!(placeholder(Some(&read(Cast::Str)), "SENTRY_DSN"), "");
        assert_eq!(placeholder(None, "FRONTEND_URL"), "http://localhost");
        assert_eq!(placeholder(None, "REDIS_URL"), "redis://localhost:6379/0");
        assert_eq!(placeholder(None, "MONGO_URI"), "mongodb://localhost:27017");
        assert_eq!(placeholder(None, "STRIPE_API_KEY"), "change-me");
    }

    #[test]
    fn a_text_that_is_taken_apart_has_parts() {
        let parts = |separator: &str, name| placeholder(Some(&read(Cast::List(separator.into()))), name);
        assert_eq!(parts("//", "BUCKET_ENDPOINT_URL"), "http://localhost");
        assert_eq!(parts(":", "API_PAIR"), "change-me:change-me");
        for separator in [",", ";", " ", ", ", "|"] {
            assert_eq!(parts(separator, "PARTNER_SITES"), "", "{separator:?} is between items");
        }
    }

    #[test]
    fn the_absence_of_a_default_is_no_text() {
        let unset = EnvRead { default: Some(Value::None), ..read(Cast::Str) };
        assert_eq!(placeholder(Some(&unset), "BUCKET_ENDPOINT_URL"), "http://localhost");
        assert_eq!(placeholder(Some(&unset), "BUCKET_NAME"), "change-me");
    }

    #[test]
    fn a_check_that_wants_something_gets_something() {
        let hosts = EnvRead {
            default: Some(Value::List(vec![Value::Str("localhost".into()), Value::Str("127.0.0.1".into())])),
            ..read(Cast::List(",".into()))
        };
        assert_eq!(insistent(Some(&hosts), "CLIENT_HOSTS"), "localhost,127.0.0.1");
        assert_eq!(insistent(Some(&read(Cast::List(",".into()))), "CLIENT_HOSTS"), "localhost");
        assert_eq!(insistent(Some(&read(Cast::Bool)), "ACCEPT_TERMS"), "True");
    }

    #[test]
    fn f45_and_f47_placeholders_need_no_quotes() {
        for name in ["SENTRY_DSN", "A_URL", "FERNET_KEY", "EMAIL", "X"] {
            assert!(is_plain(&placeholder(None, name)), "{name}");
        }
        assert!(!is_plain("a b") && !is_plain("a$b") && !is_plain("a#b") && !is_plain("\"a\""));
    }
}
