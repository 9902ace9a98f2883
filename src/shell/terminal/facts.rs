//! Facts for people: one line per fact, with the place that decided.

use std::fmt::Write;

use serde_json::Value;

use super::harmless;
use crate::inspect::Facts;

/// All facts as text, in the order of the JSON.
pub fn facts(facts: &Facts) -> String {
    let mut text = String::new();
    let Ok(Value::Object(rows)) = serde_json::to_value(facts) else { return text };
    for (key, fact) in rows {
        let value = match fact.get("unknown").and_then(Value::as_str) {
            Some(why) => format!("unknown: {why}"),
            None => shown(&fact["value"]),
        };
        let _ = writeln!(text, "{key:<20} {}", harmless(&value));
        for evidence in fact["evidence"].as_array().into_iter().flatten() {
            let _ = writeln!(text, "{:<20}   {}", "", harmless(&evidence_line(evidence)));
        }
    }
    text
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn evidence_line(evidence: &Value) -> String {
    let text = |key: &str| evidence.get(key).and_then(Value::as_str).unwrap_or_default();
    let mut place = format!("{}{}", text("path"), text("source"));
    if let Some(line) = evidence.get("line") {
        let _ = write!(place, ":{line}");
    }
    format!("{place}: {}", text("reason"))
}
