//! The parts of a URL, where a function that the evaluator does not see through puts it together: each variable is told
//! by the last word of its name.

use std::collections::BTreeMap;

use super::login::Credentials;
use crate::python::EnvRead;

/// Assignments of all parts at once, the likeliest first; nothing where no variable is called a host.
pub(super) fn of_url(
    reads: &[&EnvRead],
    schemes: &[String],
    (host, port): (&str, u16),
    login: &Credentials,
) -> Vec<BTreeMap<String, String>> {
    let is_host = |read: &&&EnvRead| HOSTS.contains(&last_word(&read.name).as_str());
    if reads.len() < 2 || reads.iter().find(is_host).is_none() {
        return Vec::new();
    }
    // A path with a slash, or the number after one that the function adds.
    let with_path = |path: &str| {
        let part = |read: &&EnvRead| {
            let text = match last_word(&read.name).as_str() {
                word if HOSTS.contains(&word) => host.to_owned(),
                "PORT" => port.to_string(),
                "SCHEME" | "PROTOCOL" | "PROTO" | "TRANSPORT" => schemes.first()?.clone(),
                "PATH" | "VHOST" => path.to_owned(),
                "DB" | "DATABASE" | "NUMBER" | "INDEX" => "0".to_owned(),
                "USER" | "USERNAME" => login.user.clone(),
                "PASSWORD" | "PASS" => login.password.clone(),
                "PARAMS" | "QUERY" | "OPTIONS" => String::new(),
                _ => return None,
            };
            Some((read.name.clone(), text))
        };
        reads.iter().filter_map(part).collect::<BTreeMap<_, _>>()
    };
    vec![with_path("/0"), with_path("0")]
}

const HOSTS: &[&str] = &["HOST", "HOSTNAME", "SERVER", "ADDRESS"];

fn last_word(name: &str) -> String {
    name.rsplit('_').next().unwrap_or(name).to_ascii_uppercase()
}
