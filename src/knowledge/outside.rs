//! Calls that need an answer of another machine, or what no image holds.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Date;
use crate::python::OutsideCall;

pub(super) const TEXT: &str = include_str!("outside.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[expect(dead_code, reason = "for whoever edits the table")]
    checked: Date,
    row: Vec<Row>,
}

/// Calls of one kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The rest of a sentence: "asks Google Cloud".
    pub does: String,
    calls: Vec<String>,
    #[serde(default)]
    but: Vec<String>,
    #[serde(default)]
    lets_be: Vec<String>,
    /// First arguments that mean the machine itself.
    #[serde(default)]
    own: Vec<String>,
    #[serde(default)]
    with_argument: bool,
    /// The programs that are meant, where the call starts one.
    #[serde(default)]
    starts: Vec<String>,
    pub source: String,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

/// Returns the row of a call that asks for what may not be there.
pub fn find(call: &OutsideCall) -> Option<&'static Row> {
    TABLE.row.iter().find(|row| row.fits(call))
}

impl Row {
    fn fits(&self, call: &OutsideCall) -> bool {
        let first = call.first.as_deref();
        let has = |names: &[String], wanted: &str| names.iter().any(|name| name == wanted);
        self.calls.iter().any(|pattern| is_named(&call.name, pattern))
            && !has(&self.but, &call.name)
            && !call.keywords.iter().any(|keyword| has(&self.lets_be, keyword))
            && !first.is_some_and(|first| has(&self.own, first))
            && (!self.with_argument || first.is_some())
            && (self.starts.is_empty()
                || first.is_some_and(|command| {
                    command.split_whitespace().next().is_some_and(|program| has(&self.starts, program))
                }))
    }
}

fn is_named(name: &str, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Place;

    fn call(name: &str, first: Option<&str>, keywords: &[&str]) -> OutsideCall {
        OutsideCall {
            name: name.to_owned(),
            first: first.map(str::to_owned),
            keywords: keywords.iter().map(ToString::to_string).collect(),
            place: Place::Default,
        }
    }

    #[test]
    fn a_call_that_asks_another_machine_is_known() {
        for (name, first) in [
            ("boto3.client().get_secret_value", None),
            ("hvac.Client().secrets.kv.v2.read_secret_version", None),
            ("requests.get", Some("http://169.254.169.254/latest/meta-data/local-ipv4")),
            ("socket.gethostbyname", Some("db")),
            ("subprocess.check_output", Some("git rev-parse HEAD")),
            ("smtplib.SMTP", Some("mail")),
            ("google.auth.default", None),
        ] {
            assert!(find(&call(name, first, &[])).is_some(), "{name}");
        }
    }

    #[test]
    fn a_call_that_only_makes_an_object_or_asks_the_machine_itself_is_none() {
        for (name, first, keywords) in [
            ("boto3.client", Some("s3"), &[][..]),
            ("boto3.client().generate_presigned_url", None, &[]),
            ("socket.gethostbyname", None, &[]),
            ("subprocess.check_output", Some("hostname"), &[]),
            ("subprocess.run", Some("git describe"), &["shell"]),
            ("google.cloud.storage.Client", None, &["credentials"]),
            ("smtplib.SMTP", None, &[]),
            ("requests.Session", None, &[]),
        ] {
            assert!(find(&call(name, first, keywords)).is_none(), "{name}");
        }
    }

    #[test]
    fn every_row_has_its_source() {
        assert!(!TABLE.row.is_empty());
        for row in &TABLE.row {
            assert!(row.source.starts_with("https://") && !row.does.is_empty(), "{:?}", row.calls);
        }
    }
}
