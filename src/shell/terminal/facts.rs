//! Facts for people: each with the place that decided.

use std::fmt::Write;

use serde_json::Value;

use super::style::{aside, doubtful, heading};
use super::{harmless, table};
use crate::inspect::Facts;

/// All facts as text, in the order of the JSON.
pub fn facts(facts: &Facts) -> String {
    let Ok(Value::Object(found)) = serde_json::to_value(facts) else { return String::new() };
    let mut text = String::new();
    for (key, fact) in found {
        let _ = writeln!(text, "{}", heading(&key));
        text.push_str(&match fact.get("unknown").and_then(Value::as_str) {
            Some(why) => format!("  {}\n", doubtful(&format!("unknown: {}", harmless(why)))),
            None => value(&key, &fact["value"]),
        });
        for evidence in fact["evidence"].as_array().into_iter().flatten() {
            let _ = writeln!(text, "    {}", aside(&harmless(&reason(evidence))));
        }
    }
    text
}

fn value(key: &str, value: &Value) -> String {
    match value {
        Value::Array(variables) if key == "variables" && !variables.is_empty() => {
            table(2, &variables.iter().map(variable).collect::<Vec<_>>())
        }
        Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_object) => {
            table(2, &items.iter().map(row).collect::<Vec<_>>())
        }
        Value::String(specifier) if specifier.is_empty() && key == "django_requirement" => {
            "  any version\n".to_owned()
        }
        Value::Object(entries) => {
            let rows: Vec<[String; 2]> =
                entries.iter().map(|(name, value)| [harmless(name), harmless(&in_line(value))]).collect();
            table(2, &rows)
        }
        Value::Array(items) if items.len() > 3 => {
            items.iter().map(|item| format!("  {}\n", harmless(&in_line(item)))).collect()
        }
        other => format!("  {}\n", harmless(&in_line(other))),
    }
}

/// Returns the name, the kind and the start command.
fn row(entry: &Value) -> [String; 3] {
    ["name", "kind", "command"]
        .map(|key| harmless(entry.get(key).and_then(Value::as_str).unwrap_or_default()))
}

/// Name, whether the settings need it, its default, what it becomes.
fn variable(variable: &Value) -> [String; 4] {
    let default = match &variable["default"] {
        Value::Null => String::new(),
        value => format!("= {value}"),
    };
    let required = if variable["required"] == true { "required" } else { "" };
    let feeds = if variable["feeds"].as_array().is_some_and(|feeds| !feeds.is_empty()) {
        format!("→ {}", in_line(&variable["feeds"]))
    } else {
        String::new()
    };
    [harmless(&in_line(&variable["name"])), required.to_owned(), harmless(&default), aside(&harmless(&feeds))]
}

fn in_line(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(in_line).collect::<Vec<_>>().join(", "),
        Value::Object(entries) => {
            let entry = |(name, value): (&String, &Value)| format!("{name} {}", in_line(value));
            entries.iter().map(entry).collect::<Vec<_>>().join(", ")
        }
    }
}

/// `manage.py:9: sets DJANGO_SETTINGS_MODULE`.
fn reason(evidence: &Value) -> String {
    let text = |key: &str| evidence.get(key).and_then(Value::as_str).unwrap_or_default();
    let mut place = format!("{}{}", text("path"), text("source"));
    if let Some(line) = evidence.get("line") {
        let _ = write!(place, ":{line}");
    }
    format!("{place}: {}", text("reason"))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;

    fn shown(key: &str, found: &Value) -> String {
        anstream::adapter::strip_str(&value(key, found)).to_string()
    }

    #[test]
    fn values_read_as_text_not_as_json() {
        let databases = json!({"default": {"dev": "sqlite", "prod": "postgresql"}, "log": {"dev": "sqlite", "prod": "sqlite"}});
        let variables = json!([
            {"name": "SECRET_KEY", "required": true, "settings": [], "default": null, "feeds": ["SECRET_KEY"]},
            {"name": "DEBUG", "required": false, "settings": [], "default": false, "feeds": []},
        ]);
        let text = [
            shown("databases", &databases),
            shown("variables", &variables),
            shown("cache_backends", &json!([])),
            shown("channels", &json!(true)),
            shown(
                "processes",
                &json!([{"name": "web", "kind": "web", "command": "gunicorn shop.wsgi"}, {"name": "clock", "kind": "other", "command": "x"}]),
            ),
            shown("django_requirement", &json!("")),
        ];
        expect![[r#"
            default  dev sqlite, prod postgresql
            log      dev sqlite, prod sqlite
            SECRET_KEY  required           → SECRET_KEY
            DEBUG                 = false
            none
            yes
            web    web    gunicorn shop.wsgi
            clock  other  x
            any version
        "#]]
        .assert_eq(&text.concat().lines().map(|line| format!("{}\n", &line[2..])).collect::<String>());
    }
}
