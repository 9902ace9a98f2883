//! Findings in SARIF 2.1.0, the form in which code hosts and editors take the results of static analysis.
//!
//! Source: OASIS, *Static Analysis Results Interchange Format (SARIF) Version 2.1.0*. A test holds the report to
//! the published schema.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::base::diagnostic::Label;
use crate::base::{Code, Diagnostic, Severity, codes};

/// The whole report: one run of one tool.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Debug, Serialize)]
struct Run<'a> {
    tool: Tool,
    results: Vec<Finding<'a>>,
    #[serde(rename = "columnKind")]
    column_kind: &'static str,
}

#[derive(Debug, Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Debug, Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    /// The codes that occur, sorted.
    rules: Vec<Rule>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: Code,
    short_description: Message,
    full_description: Message,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    rule_id: Code,
    level: &'static str,
    message: Message,
    /// Without a line of the project there is none, which SARIF allows.
    locations: Vec<Location<'a>>,
}

#[derive(Debug, Serialize)]
struct Message {
    text: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    physical_location: PhysicalLocation<'a>,
    message: Message,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation<'a> {
    artifact_location: ArtifactLocation<'a>,
    region: Region,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation<'a> {
    uri: Uri<'a>,
    uri_base_id: &'static str,
}

/// A relative path as a URI: what a URI may not hold is percent-encoded.
#[derive(Debug)]
struct Uri<'a>(&'a str);

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u32>,
}

/// The findings as a report.
pub fn report(findings: &[Diagnostic]) -> Report<'_> {
    let occurring: BTreeSet<Code> = findings.iter().map(|finding| finding.code).collect();
    let explained = codes::all().filter(|entry| occurring.contains(&entry.code));
    let mut rules: Vec<Rule> = explained.map(rule).collect();
    rules.sort_by_key(|rule| rule.id);
    Report {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver: Driver { name: "djdock", version: env!("CARGO_PKG_VERSION"), rules } },
            results: findings.iter().map(finding).collect(),
            column_kind: "unicodeCodePoints",
        }],
    }
}

fn rule(entry: &codes::Explained) -> Rule {
    Rule {
        id: entry.code,
        short_description: Message { text: entry.summary.to_owned() },
        full_description: Message { text: entry.explanation.to_owned() },
    }
}

fn finding(diagnostic: &Diagnostic) -> Finding<'_> {
    let mut text = diagnostic.title.clone();
    for note in &diagnostic.notes {
        text.push_str(&format!("\n{note}"));
    }
    for help in &diagnostic.helps {
        text.push_str(&format!("\nhelp: {help}"));
    }
    Finding {
        rule_id: diagnostic.code,
        level: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        message: Message { text },
        locations: diagnostic.labels.iter().map(location).collect(),
    }
}

fn location(label: &Label) -> Location<'_> {
    Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: Uri(label.path.as_str()), uri_base_id: "%SRCROOT%" },
            region: Region {
                start_line: label.line.max(1),
                start_column: (label.column > 0).then_some(label.column),
            },
        },
        message: Message { text: label.text.clone() },
    }
}

impl Serialize for Uri<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut encoded = String::new();
        for byte in self.0.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
                encoded.push(char::from(byte));
            } else {
                encoded.push_str(&format!("%{byte:02X}"));
            }
        }
        serializer.serialize_str(&encoded)
    }
}
