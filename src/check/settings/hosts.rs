//! `ALLOWED_HOSTS`.

use crate::base::codes::check::settings::{ALLOWED_HOSTS_EMPTY, ALLOWED_HOSTS_FIXED};
use crate::base::{Diagnostic, wording};
use crate::check::{Rule, Subject};

pub const RULES: &[Rule] = &[Rule { codes: &[ALLOWED_HOSTS_EMPTY, ALLOWED_HOSTS_FIXED], find }];

const READ_FROM_A_VARIABLE: &str =
    "read them from a variable: `ALLOWED_HOSTS = os.environ.get(\"ALLOWED_HOSTS\", \"\").split(\",\")`";

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let Some((value, place)) = subject.setting("ALLOWED_HOSTS") else { return Vec::new() };
    let Some(items) = value.items() else { return Vec::new() };
    if items.is_empty() {
        // With DEBUG on Django allows localhost by itself, and the rule about DEBUG speaks.
        if subject.is_on("DEBUG") {
            return Vec::new();
        }
        return vec![
            Diagnostic::error(ALLOWED_HOSTS_EMPTY, "`ALLOWED_HOSTS` is empty in the production settings")
                .at(place, "set here")
                .because("with `DEBUG` off Django answers every request with 400, the health check's too")
                .help(READ_FROM_A_VARIABLE)
                .help("or leave the file as it is: `djdock init` adds to it in a settings module of its own"),
        ];
    }
    let Some(hosts) = items.iter().map(|item| item.as_str()).collect::<Option<Vec<&str>>>() else {
        return Vec::new();
    };
    if hosts.contains(&"*") {
        return Vec::new();
    }
    vec![
        Diagnostic::warning(
            ALLOWED_HOSTS_FIXED,
            format!("`ALLOWED_HOSTS` allows only {}", wording::and_ticked(&hosts)),
        )
        .at(place, "a list that no variable can change")
        .because(
            "behind another name, on a test machine or for a health check by address, Django answers 400",
        )
        .help(READ_FROM_A_VARIABLE),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_settings as findings;

    #[test]
    fn hosts_must_be_there_and_changeable() {
        let empty = "DEBUG = False\nALLOWED_HOSTS = []";
        assert_eq!(findings(RULES, empty, &[]), ["allowed-hosts-empty:2"]);
        assert_eq!(findings(RULES, "ALLOWED_HOSTS = ['example.org']", &[]), ["allowed-hosts-fixed:1"]);
        assert!(findings(RULES, "DEBUG = True\nALLOWED_HOSTS = []", &[]).is_empty());
        assert!(findings(RULES, "ALLOWED_HOSTS = ['*']", &[]).is_empty());
        let read = "import os\nALLOWED_HOSTS = os.environ.get('HOSTS', '').split(',')";
        assert!(findings(RULES, read, &[]).is_empty());
    }
}
