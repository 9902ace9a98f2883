//! Small documents of data, written and read in the formats in which projects keep their configuration.

use serde_json::{Map, Value};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentFormat {
    Json,
    Toml,
    Yaml,
    /// Sections of texts: `[section]`, `key = value`.
    Ini,
}

/// The document as text, with a line break at its end.
pub fn write(format: DocumentFormat, document: &Map<String, Value>) -> String {
    let mut text = match format {
        DocumentFormat::Json => serde_json::to_string_pretty(document).unwrap_or_default(),
        // TOML has no `null`.
        DocumentFormat::Toml => toml::to_string(&without_nothing(document)).unwrap_or_default(),
        DocumentFormat::Yaml => yaml(document, 0),
        DocumentFormat::Ini => ini(document),
    };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// Returns the value that the text holds; `None` if the text is not in this format.
pub fn read(format: DocumentFormat, text: &str) -> Option<Value> {
    match format {
        DocumentFormat::Json => serde_json::from_str(text).ok(),
        DocumentFormat::Toml => serde_json::to_value(toml::from_str::<toml::Table>(text).ok()?).ok(),
        DocumentFormat::Yaml => serde_saphyr::from_str(text).ok(),
        DocumentFormat::Ini => {
            let parsed = ini::Ini::load_from_str(text).ok()?;
            let mut document = Map::new();
            for (section, entries) in &parsed {
                let entries = entries.iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
                document.insert(section.unwrap_or_default().to_owned(), Value::Object(entries));
            }
            Some(Value::Object(document))
        }
    }
}

fn without_nothing(document: &Map<String, Value>) -> Map<String, Value> {
    let kept = document.iter().filter(|(_, value)| !value.is_null());
    let kept = kept.map(|(key, value)| {
        let value = value.as_object().map_or_else(|| value.clone(), |inner| without_nothing(inner).into());
        (key.clone(), value)
    });
    kept.collect()
}

/// A scalar or list of JSON is one of YAML too.
fn yaml(document: &Map<String, Value>, depth: usize) -> String {
    let mut text = String::new();
    for (key, value) in document {
        let indent = "  ".repeat(depth);
        let is_plain = key.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && key.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter))
            && !matches!(
                key.to_lowercase().as_str(),
                "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null"
            );
        let key = if is_plain { key.clone() } else { Value::from(key.as_str()).to_string() };
        match value.as_object().filter(|inner| !inner.is_empty()) {
            Some(inner) => text.push_str(&format!("{indent}{key}:\n{}", yaml(inner, depth + 1))),
            None => text.push_str(&format!("{indent}{key}: {value}\n")),
        }
    }
    text
}

fn ini(document: &Map<String, Value>) -> String {
    let mut text = String::new();
    for (section, entries) in document {
        text.push_str(&format!("[{section}]\n"));
        for (key, value) in entries.as_object().into_iter().flatten() {
            text.push_str(&format!("{key} = {}\n", plain(value)));
        }
    }
    text
}

/// A value on one line, as a person writes it.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.replace(['\n', '\r'], " "),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let document = json!({
            "key": "a: \"b\" # c", "on": true, "ports": [1, 2],
            "db": { "host": "db", "port": 5432, "more keys": { "x": "y" } },
        });
        let document = document.as_object().unwrap();
        for format in [DocumentFormat::Json, DocumentFormat::Toml, DocumentFormat::Yaml] {
            let text = write(format, document);
            assert_eq!(read(format, &text), Some(Value::Object(document.clone())), "{text}");
        }
    }

    #[test]
    fn sections_hold_texts() {
        let document = json!({ "django": { "hosts": ["a", "b"], "debug": false, "key": "x=y" } });
        let text = write(DocumentFormat::Ini, document.as_object().unwrap());
        assert_eq!(text, "[django]\nhosts = a,b\ndebug = false\nkey = x=y\n");
        let read = read(DocumentFormat::Ini, &text).unwrap();
        assert_eq!(read["django"]["key"], "x=y");
    }
}
